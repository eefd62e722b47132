#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_tool.sh - one call by `linehook tool': request, answer, result, status.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
[ -x "$LINEHOOK_EXEC" ] || {
	echo "1..0 # SKIP there is no $LINEHOOK_EXEC"
	exit 0
}

# one NAME STATUS KIND PATTERN ARG..: a call prints exactly one object, of this
# kind ("ok", or the error kind), and exits with this status.
one () {
	called=$1 wanted=$2 kind=$3 pattern=$4
	shift 4
	lh tool --log off "$@"
	check_one
}

check_one () {
	is "$called: status" "$status" "$wanted"
	whole "$called: one object of one line"
	if [ "$kind" = ok ]; then
		like "$called: ok" "$out" '"ok":true,"output":\{'
	else
		like "$called: $kind" "$out" \
			"\"ok\":false,(\"output\":.*,)?\"error\":\\{\"kind\":\"$kind\""
	fi
	like "$called: what it says" "$out" "$pattern"
	is "$called: --log off" "$err" ''
}

# whole NAME: a case that the checks at the end report, all of them in one
# interpreter: $tmp/out is one object of one line.
mkdir "$tmp/outputs"
n_outputs=0
whole () {
	n_outputs=$((n_outputs + 1))
	cp "$tmp/out" "$tmp/outputs/$n_outputs"
	printf '%s\n' "$1" >>"$tmp/outputs/names"
}

report_wholes () {
	python3 -c 'import json, sys
for n in range(1, int(sys.argv[2]) + 1):
    data = open("%s/%d" % (sys.argv[1], n), "rb").read()
    try:
        assert data.endswith(b"\n") and data.count(b"\n") == 1
        o = json.loads(data)
        assert {"tool_id", "tool_exec_id", "ok", "outcome", "stderr",
                "duration_ms"} <= set(o), o.keys()
        assert ("error" in o) != o["ok"] and ("output" in o or not o["ok"])
        print(0)
    except (AssertionError, TypeError, ValueError) as e:
        print("output", n, repr(e), data[-200:], file=sys.stderr)
        print(1)' "$tmp/outputs" "$n_outputs" >"$tmp/wrong"
	is 'all objects were checked' "$(wc -l <"$tmp/wrong")" "$n_outputs"
	paste -d ' ' "$tmp/wrong" "$tmp/outputs/names" >"$tmp/wholes"
	while read -r wrong name; do
		result "$wrong" "$name"
	done <"$tmp/wholes"
}

# field EXPRESSION: a Python expression about the result, which is o.
field () {
	python3 -c 'import json, sys
o = json.load(open(sys.argv[1]))
print(eval(sys.argv[2]))' "$tmp/out" "$1"
}

# says NAME ANSWER STATUS KIND PATTERN: the tool prints ANSWER.
says () {
	printf '%s' "$2" >"$tmp/answer"
	one "$1" "$3" "$4" "$5" -- cat "$tmp/answer"
}

# ---- what a result becomes ----

says object '{"result":{"a":[1,{}]}}' 0 ok '"output":\{"a":\[1,\{\}\]\}'
says string '{"result":"x"}' 0 ok '"output":\{"value":"x"\}'
says number '{"result":1.50}' 0 ok '"output":\{"value":1\.50?\}'
says boolean '{"result":false}' 0 ok '"output":\{"value":false\}'
says array '{"result":[1,"b"]}' 0 ok '"output":\{"value":\[1,"b"\]\}'
says null '{"result":null}' 0 ok '"output":\{\}'
says 'no result' '{}' 0 ok '"output":\{\}'
says 'nothing at all' '' 0 ok '"output":\{\}'
says 'white space' '
 	' 0 ok '"output":\{\}'
says 'the document null' ' null ' 0 ok '"output":\{\}'
says 'white space around' '
 {"result":{"a":1}}
' 0 ok '"output":\{"a":1\}'
says metadata '{"result":1,"metadata":{"execution_time":3}}' 0 ok \
	'"metadata":\{"execution_time":3\}'

# ---- errors of the tool ----

says 'thrown error' \
	'{"error":{"message":"no such city","name":"RangeError","stack":"at x"}}' \
	1 tool 'no such city.*RangeError'
unlike 'a stack stays out' "$out" '"stack"'
one 'a stack that was asked for' 1 tool '"stack":"at x"' --stack -- \
	cat "$tmp/answer"
says 'error ""' '{"result":1,"error":""}' 1 tool '"kind":"tool"'
says 'error 0' '{"error":0}' 1 tool '"kind":"tool"'
says 'error false' '{"error":false}' 1 tool '"kind":"tool"'
says 'error null is none' '{"result":{"a":1},"error":null}' 0 ok '"a":1'
one 'structured error wins over the status' 1 tool 'failed: told".*"exit_code":3' \
	-- sh -c 'echo "{\"error\":{\"message\":\"told\",\"name\":\"E\"}}"; exit 3'
one 'a status and no error' 1 exit '"exit_code":3.*"head":"why' \
	-- sh -c 'echo why >&2; exit 3'
one 'a status and a result' 1 exit '"output":\{"value":1\}.*"exit_code":9' \
	-- sh -c 'echo "{\"result\":1}"; exit 9'

# ---- no document, or more than one ----

says 'no JSON' 'Hello there' 1 parse 'non-JSON.*Hello there'
says 'trailing garbage' '{"result":1} x' 1 parse '"kind":"parse"'
one 'two documents' 1 parse '"kind":"parse"' -- sh -c 'echo "{} {}"'
says 'top-level array' '[1]' 1 parse '"kind":"parse"'
says 'top-level string' '"x"' 1 parse '"kind":"parse"'
says 'a document that is not whole' '{"result":' 1 parse '"kind":"parse"'
head -c 5000 /dev/zero | tr '\0' x >"$tmp/x"
one 'a long one' 1 parse '"kind":"parse"' -- cat "$tmp/x"
is 'its preview has at most 512 bytes' \
	"$(field '400 <= o["error"]["message"].count("x") <= 512')" True

# ---- what stands before the document ----

# front NAME FORMAT STATUS KIND PATTERN: the tool prints FORMAT by printf.
front () {
	# shellcheck disable=SC2059
	printf "$2" >"$tmp/answer"
	one "$1" "$3" "$4" "$5" -- cat "$tmp/answer"
}
front 'a byte order mark is skipped' '\357\273\277{"result":1}' 0 ok \
	'"value":1'
front 'colours are skipped' '\033[0m\033[?25h\r\n{"result":1}' 0 ok '"value":1'
front 'a title is skipped' '\033]0;{}\007\033P1\033\\{"result":1}' 0 ok \
	'"value":1'
front 'C1 forms are skipped' '\23331m\302\2330m{"result":1}' 0 ok '"value":1'
front 'sequences alone are no answer' '\033[0m' 0 ok '"output":\{\}'
front 'a log line is told' 'starting up\n{"result":1}' 1 parse \
	'before the document, at byte 1 .logs belong on stderr.: starting up'
front 'and one behind a colour' '\033[1mlog\033[0m\n{}' 1 parse \
	'before the document, at byte 5 .logs belong on stderr.: log..x1b\[0m'
front 'one that begins with a number' '2026-01-01 up\n{}' 1 parse \
	'logs belong on stderr.: 2026-01-01 up'
front 'a bell is no sequence' '\007{}' 1 parse 'before the document, at byte 1 '
front 'half a byte order mark' '\357\273{}' 1 parse \
	'before the document, at byte 1 '
front 'UTF-16 is named' '\377\376{\000}\000' 1 parse \
	'this is UTF-16; use UTF-8'
front 'UTF-16 without a mark, too' '{\000}\000' 1 parse \
	'this is UTF-16; use UTF-8'
front 'UTF-32 is not UTF-16' '\377\376\000\000{\000\000\000}\000\000\000' 1 parse \
	'this is UTF-32; use UTF-8'
front 'UTF-32 without a mark' '\000\000\000{\000\000\000}' 1 parse \
	'this is UTF-32; use UTF-8'
front 'a NUL alone is not UTF-16' '\000{"result":1}' 1 parse \
	'before the document, at byte 1 .logs belong on stderr.: '
front 'a title without an end hides no answer' '\033]0;t\n{"result":1}' 1 \
	parse 'a terminal sequence has no end, at byte 1.*: .*0;t.*result'
front 'nor does another string' '\033[0m\033P1{"result":1}' 1 parse \
	'a terminal sequence has no end, at byte 5'
front 'behind the document nothing is skipped' '{"result":1}\033[0m' 1 parse \
	'something follows'

# ---- an answer, and then no end ----

# hangs NAME COMMANDS KIND STATUS PATTERN
hangs () {
	one "$1" "$4" "$3" "$5" --timeout 2s --grace 100ms -- \
		sh -c "cat >/dev/null; $2; exec sleep 60"
}
# shellcheck disable=SC2016
{
	hangs 'an answer is kept over the time-out' \
		'echo "{\"result\":{\"a\":1},\"metadata\":{\"m\":2}}"' timeout 124 \
		'"ok":false,"output":\{"a":1\}.*timeout.*"metadata":\{"m":2\}'
	hangs 'an empty one too' 'echo "{}"' timeout 124 '"output":\{\}'
	hangs 'also when stdout is closed behind it' \
		'echo "{\"result\":1}"; exec >&-' timeout 124 \
		'"output":\{"value":1\}'
	hangs 'an error of the tool wins' \
		'echo "{\"error\":{\"message\":\"told\"}}"' tool 1 'failed: told'
	hangs 'half an answer is none' 'echo "{\"result\":1"' timeout 124 \
		'"ok":false,"error":\{"kind":"timeout"'
	hangs 'nor is one with garbage behind' 'echo "{\"result\":1} x"' \
		timeout 124 '"ok":false,"error":\{"kind":"timeout"'
	hangs 'nor is nothing' : timeout 124 \
		'"ok":false,"error":\{"kind":"timeout"'
}

# ---- ids ----

for id in simple-tool category/tool-name tool.name a_B-9; do
	one "id $id" 0 ok "\"tool_id\":\"$id\"" --id "$id" -- true
done
for id in '' ../malicious tool/../../../etc/passwd /absolute .hidden \
	tool...name tool@name 'a b' a//b ./a a/ "$(printf 'toοl')" \
	"$(printf 'a\377')" "$(printf %256s '' | tr ' ' x)"; do
	one "id '$(printf %.20s "$id")' refused" 2 validate '"message":"..' \
		--id "$id" -- true
done
one 'id of its own file' 0 ok '"tool_id":"true"' -- true
one 'id of a path' 0 ok '"tool_id":"sh"' -- /bin/sh -c :
one 'exec id' 0 ok '"tool_exec_id":"my-call"' --exec-id my-call -- true
one 'exec id made up' 0 ok '"tool_exec_id":"[^"]{8,}"' -- true

# ---- the request and the environment ----

one 'the request' 0 ok '"output":\{"tool_id":"t","tool_exec_id":"e","input":null,"config":null,"env":\{\},"timeout_ms":60000\}' \
	--id t --exec-id e -- sh -c 'printf "{\"result\":"; cat; echo "}"'
printf '{"n":9007199254740993,"s":"\\u00e9"}' >"$tmp/input"
printf ' {"k":[1]}\n' >"$tmp/config"
one 'input, config, time' 0 ok '"n":9007199254740993,.*"config":\{"k":\[1\]\},"env":\{"A_1":"x y"\},"timeout_ms":5000' \
	--input "$tmp/input" --config "$tmp/config" --env 'A_1=x y' \
	--timeout 5s -- sh -c 'printf "{\"result\":"; cat; echo "}"'
lh tool --log off --input - -- cat <"$tmp/input"
called='input of stdin' wanted=0 kind=ok pattern='"ok":true'
check_one
one 'an env value reaches the tool' 0 ok '"value":"v=1"' --env VALID_VAR=v=1 \
	--env NUMBER_123=1 -- sh -c 'echo "{\"result\":\"$VALID_VAR\"}"'
SECRET_OF_OURS=5
LANG=C
export SECRET_OF_OURS LANG
# shellcheck disable=SC2016
show='echo "{\"result\":\"$SECRET_OF_OURS:$LANG\"}"'
one 'the environment is small' 0 ok '"value":":C"' -- sh -c "$show"
one '--inherit-env' 0 ok '"value":"5:C"' --inherit-env -- sh -c "$show"
for v in LD_PRELOAD=x NODE_OPTIONS=x DYLD_INSERT_LIBRARIES=x LD_AUDIT=x \
	LD_ANYTHING=x DYLD_X=x BASH_ENV=x GCONV_PATH=x lower=x 'INVALID@VAR=x' \
	"A=$(printf 'x\ny')" "A=$(printf 'x\ry')"; do
	one "env '$(printf %s "$v" | tr '\n\r' '??')' refused" 2 validate \
		'"message":"..' --env "$v" -- true
done
one 'no such input' 2 validate "input.*No such file" --input "$tmp/none" -- true
one 'a directory as input' 2 validate 'Is a directory' --input "$tmp" -- true
for text in '' '{' '[1]' 5 '"x"' '{} {}'; do
	printf '%s' "$text" >"$tmp/bad"
	one "input '$text' refused" 2 validate '"message":"..' \
		--input "$tmp/bad" -- true
	one "config '$text' refused" 2 validate '"message":"..' \
		--config "$tmp/bad" -- true
done
printf null >"$tmp/null"
one 'input null' 0 ok '"input":null' --input "$tmp/null" -- \
	sh -c 'printf "{\"result\":"; cat; echo "}"'
one 'input as it is' 0 ok '"input":\{"a":1\}.*"config":\{"b":2\}' \
	--input '{"a":1}' --config ' {"b":2}' -- \
	sh -c 'printf "{\"result\":"; cat; echo "}"'
one 'null as it is' 0 ok '"input":null' --input null -- \
	sh -c 'printf "{\"result\":"; cat; echo "}"'
one 'what is no object' 2 validate '"message":".*input' --input '{"a":' -- true
mkdir "$tmp/dir"
one --cwd 0 ok "\"value\":\".*/dir\"" --cwd "$tmp/dir" -- \
	sh -c 'echo "{\"result\":\"$(pwd)\"}"'
export PWD
one 'PWD is --cwd' 0 ok '"value":".*/dir"' --cwd "$tmp/dir" --inherit-env -- \
	sh -c 'echo "{\"result\":\"$(printenv PWD)\"}"'

# ---- time ----

one 'time-out' 124 timeout '"how":"timeout"' --timeout 100ms -- sleep 600
unlike 'what said nothing has no output' "$out" '"output"'
one 'nothing started: not found' 127 start '"errno":2' -- no-such-program
one 'nothing started: no program' 126 start '"ok":false' -- "$tmp"
one 'nothing started: no directory' 126 start '"ok":false' --cwd /no/such -- \
	true

# ---- size ----

# An object of exactly $1 bytes.
object_of () {
	printf '{"result":"'
	head -c $(($1 - 13)) /dev/zero | tr '\0' x
	printf '"}'
}
object_of 10485760 >"$tmp/big"
lh tool --log off -- cat "$tmp/big"
is '10 MiB exactly' "$status $(wc -c <"$tmp/big" | tr -d ' ')" '0 10485760'
whole '10 MiB exactly: one object'
is '10 MiB exactly: all of it' "$(field 'len(o["output"]["value"])')" 10485747
object_of 10485761 >"$tmp/big"
one '10 MiB and 1' 1 stdout 'exceeded maximum size of 10485760 bytes' -- \
	cat "$tmp/big"
one 'zeros without end' 1 'stdout|parse' '"ok":false' -- \
	head -c 11000000 /dev/zero
rm "$tmp/big"
object_of 2001 >"$tmp/big"
one --max-output 1 stdout 'exceeded maximum size of 2000 bytes' \
	--max-output 2000 -- cat "$tmp/big"
one '--max-output exactly' 0 ok '"value":"xxx' --max-output 2001 -- \
	cat "$tmp/big"
one 'blanks count too' 1 stdout 'exceeded maximum size of 100 bytes' \
	--max-output 100 -- sh -c 'printf %101s; sleep 600'

# ---- stderr ----

one '5 MiB of stderr' 0 ok '"bytes":5242880' --stderr-keep 64k -- \
	sh -c 'yes 0123456789abcde | head -c 5242880 >&2'
is 'stderr is kept head and tail' \
	"$(field 'len(o["stderr"]["head"]) + len(o["stderr"]["tail"]) <= 65536')" \
	True
"$LINEHOOK" tool -- sh -c 'seq 20000 >&2' >"$tmp/out" 2>"$tmp/err"
is 'all lines are logged' "$(grep -c 'code=stderr msg="[0-9]*"$' "$tmp/err")" \
	20000
one 'one line of 3 MiB' 0 ok '"bytes":3145728' -- \
	sh -c 'head -c 3145728 /dev/zero | tr "\0" x >&2'
"$LINEHOOK" tool -- sh -c 'head -c 3145728 /dev/zero | tr "\0" x >&2' \
	>"$tmp/out" 2>"$tmp/err"
ok 'a long line is logged in pieces' test \
	"$(tr -cd x <"$tmp/err" | wc -c)" -ge 3145728
lh tool -q -- sh -c 'echo no >&2'
is '-q: no lines of stderr' "$err" ''
lh tool --log json -- sh -c 'printf "a\033b\n" >&2'
is 'a line cannot forge a record' "$err" \
	'{"level":"warn","code":"stderr","msg":"a\u001bb"}'
lh tool --redact MY_NAME --redact =hunter2 --env MY_NAME=abcdef12 -- \
	sh -c 'echo "say hunter2 and abcdef12, MY_NAME=zyxw9876" >&2; exit 1'
unlike 'redacted in the log' "$err" 'hunter2|abcdef12|zyxw9876'
unlike 'redacted in the result' "$out" 'hunter2|abcdef12|zyxw9876'
like 'the rest of the line is there' "$err" 'code=stderr msg="say '
like 'a failed call is said' "$err" 'level=warn code=call kind=exit msg='

# ---- no deadlock, no EPIPE ----

{
	printf '{"s":"'
	head -c 1048576 /dev/zero | tr '\0' x
	printf '"}'
} >"$tmp/input"
one '1 MiB request to who writes 1 MiB of stderr first' 0 ok '"value":10486' \
	--input "$tmp/input" -- sh -c 'head -c 1048576 /dev/zero | tr "\0" y >&2
	n=$(wc -c); echo "{\"result\":$n}"'
one 'who does not read its request' 1 exit '"exit_code":4.*"head":"why' \
	--input "$tmp/input" -- sh -c 'echo why >&2; exit 4'
one 'who does not read and answers' 0 ok '"value":1' \
	--input "$tmp/input" -- sh -c 'echo "{\"result\":1}"'

# ---- signals, numbers ----

# shellcheck disable=SC2016
one 'SIGKILL from outside' 1 signal 'OOM|memory' -- sh -c 'kill -KILL $$'
# shellcheck disable=SC2016
one 'another signal' 1 signal '"signal":11' -- sh -c 'ulimit -c 0; kill -SEGV $$'
says 'int64' '{"result":9007199254740993}' 0 ok '"value":9007199254740993\}'
says 'int64 in depth' '{"result":{"a":[-9223372036854775808]}}' 0 ok \
	'"a":\[-9223372036854775808\]'
says 'beyond int64' '{"result":{"a":123456789012345678901234567890}}' 0 ok \
	'"a":123456789012345678901234567890\}'

# ---- nothing is left ----

lh tool --log off --timeout 300ms -- sh -c \
	'setsid sleep 601 & echo $! >'"$tmp/pid"'; sleep 602'
is 'a tree that is ended' "$status" 124
ok 'nothing of it is left' sh -c '! kill -0 "$(cat "$1")" 2>/dev/null' - \
	"$tmp/pid"

# ---- stdout that cannot be written ----

for way in full closed; do
	status=0
	if [ $way = full ]; then
		"$LINEHOOK" tool -- true >/dev/full 2>"$tmp/err" || status=$?
	else
		"$LINEHOOK" tool -- true >&- 2>"$tmp/err" || status=$?
	fi
	is "$way stdout is 125" "$status" 125
	like "$way stdout is one sentence" "$(cat "$tmp/err")" \
		'^linehook: tool: cannot write to standard output: '
	is "$way stdout is said once" "$(wc -l <"$tmp/err" | tr -d ' ')" 1
	status=0
	if [ $way = full ]; then
		"$LINEHOOK" tool --log off -- false >/dev/full 2>"$tmp/err" ||
			status=$?
	else
		"$LINEHOOK" tool --log off -- false >&- 2>"$tmp/err" ||
			status=$?
	fi
	is "$way stdout leaves the status of a failure" "$status" 1
	like "$way stdout is a sentence then, too" "$(cat "$tmp/err")" \
		'^linehook: tool: cannot write to standard output: '
done
mkfifo "$tmp/go"
# shellcheck disable=SC2094
{
	status=0
	"$LINEHOOK" tool -- sh -c 'read -r _ <"$1"' - "$tmp/go" </dev/null \
		2>"$tmp/err" || status=$?
	echo "$status" >"$tmp/status"
} | {
	exec <&-
	echo >"$tmp/go"
}
unlike 'a reader that has gone is not spoken of' "$(cat "$tmp/err")" \
	'standard output'

# ---- usage ----

usage () {
	name=$1 pattern=$2
	shift 2
	lh tool "$@" </dev/null
	is "$name is usage" "$status" 2
	case " $* " in
	*' --jobs '*) is "$name has no result" "$out" '' ;;
	*)
		like "$name is a result" "$out" "\"kind\":\"validate\".*$pattern"
		whole "$name has one object of one line"
		;;
	esac
	is "$name is one line" "$(count "$err")" 1
	like "$name names it" "$err" "^linehook: tool: .*$pattern"
}
usage 'no command' 'a command is missing'
usage 'no such option' "unknown option '--inptu'; .*'--input'" --inptu x -- true
usage 'a time that is none' "'x' is not a time" --timeout x -- true
usage 'no time' "out of range" --timeout 0 -- true
usage 'a size of 0' "out of range" --max-output 0 -- true
usage 'env without =' "not an assignment" --env X -- true
usage 'an empty path' "empty" --input '' -- true
usage 'an empty redaction' 'incomplete' --redact = -- true
usage 'stdin twice' "can be read only once" --input - --config - -- true
usage '-j alone' 'needs --jobs' -j 2 -- true
usage '-j 0' 'out of range' --jobs - -j 0 -- true
usage 'an exec id for many' '--exec-id and --jobs' --jobs - --exec-id x -- true
usage 'jobs that are not there' "No such file" --jobs "$tmp/none" -- true
usage 'jobs in a directory' "Is a directory" --jobs "$tmp" -- true
usage 'how to contain' 'not a valid value' --contain x -- true
lh tool --help
is '--help' "$status" 0
like '--help names the options' "$out" '--stderr-keep SIZE'

# ---- signals ----

# caught PID: wait until PID is linehook with its signal handlers, or has exited.
caught () {
	until awk '/^Name:/ { mine = $2 == "linehook" }
		/^State:/ { gone = $2 == "Z" }
		/^SigCgt:/ { caught = substr ($2, 13, 1) ~ /[4-7c-f]/ }
		END { exit !(gone || (mine && caught)) }' "/proc/$1/status"; do
		sleep 0.02
	done
}

# ended_by SIGNAL STATUS PID: the signal cancels the call, and the result says so.
ended_by () {
	kill "-$1" "$3"
	status=0
	wait "$3" || status=$?
	out=$(cat "$tmp/out") err=$(cat "$tmp/err")
	wanted=$2 kind=canceled
	check_one
}

mkfifo "$tmp/ready" "$tmp/heard" "$tmp/open"
for signal in TERM=143 HUP=129 INT=130; do
	env --default-signal="${signal%=*}" "$LINEHOOK" tool --log off -- \
		sh -c 'echo >"$1"; exec sleep 600' - "$tmp/ready" \
		>"$tmp/out" 2>"$tmp/err" &
	read -r _ <"$tmp/ready"
	called="canceled by ${signal%=*}" pattern='"how":"canceled"'
	ended_by "${signal%=*}" "${signal#*=}" $!
done

"$LINEHOOK" tool --log off --grace 1000s -- sh -c \
	'trap "echo >\"$2\"" TERM; echo >"$1"; while :; do sleep 1; done' - \
	"$tmp/ready" "$tmp/heard" >"$tmp/out" 2>"$tmp/err" &
pid=$!
read -r _ <"$tmp/ready"
kill -TERM "$pid"
read -r _ <"$tmp/heard"
called='a second signal skips the grace' pattern='"how":"canceled"'
ended_by TERM 143 "$pid"

"$LINEHOOK" tool --log off --input - -- true <"$tmp/open" >"$tmp/out" \
	2>"$tmp/err" &
pid=$!
exec 8>"$tmp/open"
caught "$pid"
called='canceled while it reads its input' pattern='before the tool was started'
ended_by TERM 143 "$pid"
exec 8>&-

report_wholes
finish
