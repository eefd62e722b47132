#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_tool_jobs.sh - many calls by `linehook tool --jobs'.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
[ -x "$LINEHOOK_EXEC" ] || {
	echo "1..0 # SKIP there is no $LINEHOOK_EXEC"
	exit 0
}

# calls ARG..: run the jobs of stdin.
calls () {
	lh tool --log off --jobs - "$@"
}

# column EXPRESSION: a Python expression about each result, which is o, joined by
# spaces.
column () {
	python3 -c 'import json, sys
print(*(eval(sys.argv[2], {"o": json.loads(line)})
        for line in open(sys.argv[1])))' "$tmp/out" "$1"
}
kinds='o["error"]["kind"] if "error" in o else "ok"'

# shell SCRIPT ARG: the value of "command" that runs SCRIPT.
shell () {
	python3 -c 'import json, sys
print(json.dumps(["sh", "-c"] + [sys.argv[1], "-"] + sys.argv[2:]))' "$@"
}

# ---- lines and defaults ----

calls -- sh -c 'printf "{\"result\":"; cat; echo "}"' <<-'EOF'
	{}
	{"id":"a/b","exec_id":"e1","input":{"n":9007199254740993}}

	{"config":{"k":1.50},"env":{"X":"1"},"timeout_ms":5000}
	{"command":["echo","{\"result\":\"of its own\"}"]}
EOF
is 'every line gets its result' \
	"$status $(wc -l <"$tmp/out" | tr -d ' ')" '0 4'
is 'ids' "$(column 'o["tool_id"]')" 'sh a/b sh echo'
like 'an exec id' "$(sed -n 2p "$tmp/out")" '^\{"tool_id":"a/b","tool_exec_id":"e1"'
like 'numbers are not touched' "$out" '"input":\{"n":9007199254740993\}'
like 'what a line says' "$out" \
	'"config":\{"k":1\.50?\},"env":\{"X":"1"\},"timeout_ms":5000'
like 'a command of its own' "$out" '"value":"of its own"'

printf '{"a":1}' >"$tmp/input"
# shellcheck disable=SC2016
calls --input "$tmp/input" --env A=1 --env B=2 --id given -- \
	sh -c 'echo "{\"result\":[\"$A$B\",$(cat)]}"' <<-'EOF'
	{"env":{"B":"3"}}
	{"input":{"a":2}}
	{"input":null,"id":"mine"}
EOF
is 'env is added, input is exchanged' "$(column \
	'"{}{}".format(o["output"]["value"][0], o["output"]["value"][1]["input"])' |
	tr -d ' ')" "13{'a':1}12{'a':2}12None"
is '--id holds for lines without' "$(column 'o["tool_id"]')" 'given given mine'
printf '{"command":["true"]}' >"$tmp/jobs"
calls <"$tmp/jobs"
is 'without a command behind --, and without a newline' \
	"$status $(column "$kinds")" '0 ok'
calls -- true </dev/null
is 'no line is no result' "$status $out" '0 '
printf '\n  \n\r\n' >"$tmp/jobs"
calls -- true <"$tmp/jobs"
is 'empty lines are no calls' "$status $out" '0 '
printf '{}\n{}\n' >"$tmp/jobs"
lh tool --log off --jobs "$tmp/jobs" -- true
is 'of a file' "$status $(column "$kinds")" '0 ok ok'

# ---- bad lines ----

calls -- true <<-'EOF'
	{}
	{bad
	[]
	{"comand":["x"]}
	{"id":"../x"}
	{"env":{"LD_PRELOAD":"x"}}
	{"env":{"A":"x\u0000"}}
	{"id":"tool\u0000name"}
	{"input":[1]}
	{"command":[]}
	{"timeout_ms":0}
	{}
EOF
is 'a bad line is its own affair' "$status $(column "$kinds")" \
	"2 ok$(printf ' validate%.0s' 1 2 3 4 5 6 7 8 9 10) ok"
like 'it is named' "$out" '"message":"line 2: the line is not JSON'
like 'what is wrong is named' "$out" "\"message\":\"line 4: 'comand': no such"
echo '{}' >"$tmp/jobs"
calls <"$tmp/jobs"
like 'no command anywhere' "$out" "line 1: 'command' is missing"
{
	printf '{"input":{"s":"'
	head -c 67108864 /dev/zero | tr '\0' x
	printf '"}}\n{}\n'
} >"$tmp/jobs"
calls -- true <"$tmp/jobs"
is 'a line over 64 MiB' "$status $(column "$kinds")" '2 validate ok'
{
	printf '{"input":{"s":"'
	head -c 2097152 /dev/zero | tr '\0' x
	printf '"}}\n{}\n'
} >"$tmp/jobs"
calls -- sh -c 'echo "{\"result\":$(wc -c)}"' <"$tmp/jobs"
is 'a line of 2 MiB goes through' \
	"$(column 'o["output"]["value"] > 2097152')" 'True False'

# ---- the worst status ----

# worst STATUS LINE..: these jobs exit with STATUS, the worst of theirs.
worst () {
	wanted=$1
	shift
	printf '%s\n' "$@" >"$tmp/jobs"
	lh tool --log off --timeout 1s --jobs "$tmp/jobs" -- true
	is "the worst is $wanted" "$status" "$wanted"
}
fails='{"command":["false"]}'
slow='{"command":["sleep","600"]}'
gone='{"command":["no-such-program"]}'
odd='{"command":["/"]}'
worst 0 '{}' '{}'
worst 1 "$fails" '{}'
worst 124 "$slow" "$fails" '{}'
worst 2 '{' "$slow" "$fails"
worst 127 "$gone" '{' "$slow"
worst 126 "$odd" "$gone" '{'

# ---- order ----

# shellcheck disable=SC2016
waits=$(shell 'read -r _ <"$1"' "$tmp/last")
# shellcheck disable=SC2016
lets=$(shell 'echo >"$1"' "$tmp/last")
mkfifo "$tmp/last"
calls -j 3 <<-EOF
	{"id":"first","command":$waits}
	{"id":"second","command":["true"]}
	{"id":"third","command":["true"]}
	{"id":"fourth","command":["true"]}
	{"id":"last","command":$lets}
EOF
is 'in the order of the lines, whoever ends first' \
	"$status $(column 'o["tool_id"]')" '0 first second third fourth last'

# Each waits until all four are there.
mkfifo "$tmp/all" "$tmp/all0" "$tmp/all1" "$tmp/all2" "$tmp/all3"
python3 -c 'import sys
with open(sys.argv[1], "rb", 0) as f:
    n = 0
    while n < 4:
        n += len(f.read(4))
for i in "0123":
    open(sys.argv[1] + i, "w").close()' "$tmp/all" &
for i in 0 1 2 3; do
	# shellcheck disable=SC2016
	printf '{"command":%s}\n' "$(shell \
		'printf x >"$1"; read -r _ <"$2"; :' "$tmp/all" "$tmp/all$i")"
done >"$tmp/jobs"
calls -j 4 <"$tmp/jobs"
wait
is '-j 4 runs four at once' "$status $(column "$kinds")" '0 ok ok ok ok'

# More than waits in memory.
# shellcheck disable=SC2016
large='printf "{\"result\":\""; head -c 3000000 /dev/zero | tr "\0" x; echo "\"}"'
{
	printf '{"id":"hold","command":%s}\n' "$waits"
	for i in 1 2 3; do
		printf '{"id":"big","command":%s}\n' "$(shell "$large")"
	done
	printf '{"id":"end","command":%s}\n' "$lets"
} >"$tmp/jobs"
calls -j 2 <"$tmp/jobs"
is 'large results wait in a file' "$status $(column \
	'o["tool_id"] + str(len(o["output"].get("value", "")))')" \
	'0 hold0 big3000000 big3000000 big3000000 end0'

# More than may wait at all.
: >"$tmp/begun"
{
	printf '{"id":"hold","command":%s}\n' "$waits"
	for i in $(seq 100); do
		echo "{\"command\":[\"sh\",\"-c\",\"echo x >>'$tmp/begun'\"]}"
	done
} >"$tmp/jobs"
"$LINEHOOK" tool --log off -j 2 --jobs "$tmp/jobs" >"$tmp/out" &
pid=$!
until [ "$(wc -l <"$tmp/begun")" -ge 65 ]; do
	sleep 0.02
done
is 'no more than 65 calls are begun behind one that runs' \
	"$(wc -l <"$tmp/begun" | tr -d ' ')" 65
echo >"$tmp/last"
status=0
wait "$pid" || status=$?
is 'and the others when it has ended' "$status $(wc -l <"$tmp/out" |
	tr -d ' ') $(wc -l <"$tmp/begun" | tr -d ' ')" '0 101 100'

# ---- a stream of lines ----

mkfifo "$tmp/in" "$tmp/back"
"$LINEHOOK" tool --log off --jobs - -- true <"$tmp/in" >"$tmp/back" &
pid=$!
exec 8>"$tmp/in" 9<"$tmp/back"
echo '{"exec_id":"one"}' >&8
read -r line <&9
like 'a result comes before the file ends' "$line" '"tool_exec_id":"one"'
echo '{"exec_id":"two"}' >&8
read -r line <&9
like 'and so does the next' "$line" '"tool_exec_id":"two"'
exec 8>&-
status=0
wait "$pid" || status=$?
exec 9<&-
is 'the end of the file is the end' "$status" 0

# ---- stderr of whom ----

lh tool --jobs - -- sh -c 'echo hello >&2' <<-'EOF'
	{"id":"a"}

	{"id":"b"}
EOF
is 'a record names line and tool' "$(printf '%s\n' "$err" | sort)" \
'level=warn code=stderr line=1 tool=a msg="hello"
level=warn code=stderr line=3 tool=b msg="hello"'

# ---- a reader that goes ----

mkfifo "$tmp/go"
# shellcheck disable=SC2016
{
	printf '{"command":%s}\n' "$(shell \
		'read -r _ <"$1"; echo x >>"$2"' "$tmp/go" "$tmp/ran")"
	for i in 2 3; do
		printf '{"command":%s}\n' "$(shell 'echo x >>"$1"' "$tmp/ran")"
	done
} >"$tmp/jobs"
{
	status=0
	"$LINEHOOK" tool --jobs "$tmp/jobs" -j 1 2>"$tmp/err" || status=$?
	echo "$status" >"$tmp/status"
} | {
	exec <&-
	echo >"$tmp/go"
}
is 'a reader that has gone is no error' "$(cat "$tmp/status")" 0
is 'and all calls are made' "$(wc -l <"$tmp/ran" | tr -d ' ')" 3
printf '{}\n{}\n{}\n' >"$tmp/jobs"
status=0
"$LINEHOOK" tool --jobs "$tmp/jobs" -j 1 -- true >/dev/full 2>"$tmp/err" ||
	status=$?
is 'a full disk is 125' "$status" 125
like 'a full disk is said' "$(cat "$tmp/err")" \
	'No space left on device; no more calls are started'

# ---- signals ----

mkfifo "$tmp/ready" "$tmp/ready2" "$tmp/pipe"
# shellcheck disable=SC2016
stays='echo >"$1"; exec sleep 600'
{
	printf '{"command":%s}\n' "$(shell "$stays" "$tmp/ready")"
	printf '{"command":%s}\n' "$(shell "$stays" "$tmp/ready2")"
	echo '{"id":"third"}'
	echo '{"id":"fourth"}'
} >"$tmp/jobs"
"$LINEHOOK" tool --log off -j 2 --jobs "$tmp/jobs" -- true >"$tmp/out" &
pid=$!
read -r _ <"$tmp/ready"
read -r _ <"$tmp/ready2"
kill -TERM "$pid"
status=0
wait "$pid" || status=$?
is 'a cancel ends all, and each line gets its result' \
	"$status $(column "$kinds")" '143 canceled canceled canceled canceled'
like 'also one that was not begun' "$(tail -n 1 "$tmp/out")" \
	'"tool_id":"fourth".*before the tool was started'

"$LINEHOOK" tool --log off -j 1 --jobs - <"$tmp/pipe" >"$tmp/out" &
pid=$!
exec 8>"$tmp/pipe"
printf '{"command":%s}\n' "$(shell "$stays" "$tmp/ready")" >&8
read -r _ <"$tmp/ready"
kill -TERM "$pid"
status=0
wait "$pid" || status=$?
exec 8>&-
is 'a cancel does not wait for who writes the lines' \
	"$status $(column "$kinds")" '143 canceled'
finish
