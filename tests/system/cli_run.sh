#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_run.sh - what of a supervised command reaches whoever started it.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
[ -x "$LINEHOOK_EXEC" ] || {
	echo "1..0 # SKIP there is no $LINEHOOK_EXEC"
	exit 0
}

s=$streams/claude/tool_shell.ndjson

# ---- statuses ----

# ends STATUS NAME ARG..: the run ends with this status.
ends () {
	wanted=$1
	name=$2
	shift 2
	lh run --log off "$@"
	is "$name is $wanted" "$status" "$wanted"
}
ends 0 'ok' -p claude -- cat "$s"
ends 1 'ok with status 1' -p claude -- sh -c "cat '$s'; exit 1"
ends 5 'no claim' -p claude -- sh -c "head -n 3 '$s'"
ends 1 'no claim and a status' -p claude -- sh -c "head -n 3 '$s'; exit 9"
ends 0 'a raw command' -- true
ends 1 'a raw command that fails' -- sh -c 'exit 7'
ends 7 '--exit child' --exit child -- sh -c 'exit 7'
ends 0 '--exit zero' --exit zero -- sh -c 'exit 7'
ends 137 'killed' -- sh -c 'kill -KILL $$'
ends 143 '--exit child, killed' --exit child -- sh -c 'kill -TERM $$'
ends 127 'a program that is not there' -- no-such-program
ends 127 'a path that is not there' -- /no/such/program
ends 126 'a file that is no program' -- "$s"
ends 126 'a directory' -- "$tmp"
ends 126 'a working directory that is not there' --cwd /no/such -- true
ends 124 'time-out' --timeout 100ms --grace 1s -- sleep 60
ends 124 'silence' --idle-timeout 100ms -- sleep 60
ends 3 'too much output' --max-output 10 -- sh -c 'seq 1000'
ends 3 'too many tokens' --max-tokens 10 -p claude -- \
	sh -c "cat '$s'; sleep 60"
ends 3 'too expensive' --max-cost 0.001 -p claude -- \
	sh -c "cat '$s'; sleep 60"

lh run --timeout 100ms -- sleep 60
like 'the option that ended a run is named' "$err" \
	'^linehook: timeout: it ran longer than --timeout allows \(raw, SIGTERM, '
lh run --log off -- false
is 'without a log, too' "$(count "$err")" 1
lh run -q -- false
is 'but not with -q' "$err" ''
lh run --idle-timeout 100ms -- sleep 60
like 'and that of silence' "$err" \
	'^linehook: stalled: .*than --idle-timeout allows \(raw, SIGTERM, '

lh run -- no-such-program
is 'one sentence for what is not there' "$err" \
	"linehook: run: cannot start 'no-such-program': command not found"
like 'and a complete result' "$(tail -n 1 "$tmp/out")" \
	'"verdict":"spawn_failed","error":"cannot start the agent: exec: No such file or directory","run":"[0-9A-Z]{26}","exit_status":127,"outcome":\{"how":"spawn_failed","step":"exec","errno":2\}'
lh run --cwd /no/such -- true
like 'one sentence for the directory' "$err" \
	"^linehook: run: cannot start 'true': chdir to /no/such: No such file"
lh run -- "$s"
like 'one sentence for no program' "$err" "^linehook: run: cannot start '.*': "

# ---- stdout ----

lh run -p claude -- cat "$s"
like 'the header has run, time and words' "$(head -n 1 "$tmp/out")" \
	'"run":"[0-9A-Z]{26}",.*"started":"20[0-9-]*T[0-9:.]*Z","argv":\["cat"'
like 'the last is the final result' "$(tail -n 1 "$tmp/out")" \
	'"final":true,"verdict":"ok"'
like 'the header has the directory' "$(head -n 1 "$tmp/out")" \
	"\"cwd\":\"$(pwd -P)\"}\$"
mkdir "$tmp/work"
ln -s work "$tmp/link"
(cd "$tmp" && "$LINEHOOK" run --cwd link -- true) >"$tmp/out" 2>&1
like 'the directory is that of --cwd, without links' \
	"$(head -n 1 "$tmp/out")" "\"cwd\":\"$(cd -P "$tmp" && pwd)/work\"}\$"
lh run --run-id about --format none --exit child --result - -- sh -c 'exit 9'
like 'the result says what the program exits with' "$status:$out" \
	'^9:.*"run":"about","exit_status":9,'
like 'and what the header says, with the end' "$out" \
	'"plugin":"raw","provider":"raw","started":"20[^"]*Z","ended":"20[^"]*Z","argv":\["sh","-c","exit 9"\],"cwd":"/[^"]*"}$'
lh run --exit zero --result - --format none -- false
like 'whatever decides on it' "$status:$out" '^0:.*"exit_status":0,'
lh filter -p claude --format result "$s"
like 'a result without a process has the plugin alone' "$out" \
	'},"plugin":"claude","provider":"claude"}$'
lh run --cwd /no/such -- true
like 'one that cannot be entered is named' "$(head -n 1 "$tmp/out")" \
	'"cwd":"/no/such"}$'
lh run --run-id my.run-1 -- true
like '--run-id' "$(head -n 1 "$tmp/out")" '"run":"my\.run-1"'
lh run --keep --run-dir "$tmp/store" --run-id bad -p codex --format none -- \
	sh -c "cat '$streams/codex/err401.ndjson'; exit 1"
like 'a bad end: the sentence says what to do' "$err" \
	'^linehook: failed: .*401 .* \(codex, exit status 1, .*\); sign in again: codex login; '
like 'and which command shows the record' "$err" \
	"; see linehook show --run-dir $tmp/store bad\$"
lh show --run-dir "$tmp/store" bad
is 'which it does' "$status" 0
lh run --format view -p claude -- cat "$s"
like 'view ends with the verdict' "$(tail -n 2 "$tmp/out")" 'ok.*tokens'
lh run --format answer -p claude -- cat "$s"
is 'answer is the final text' "$out" 'The command printed hello.'
lh run -q --format result -- no-such-program
like 'result is printed of what did not start, too' "$out" \
	'^\{"kind":"result".*"verdict":"spawn_failed"'
lh run --format none -- echo hello
is 'none' "$status $out" '0 '
head -c 300000 /dev/urandom >"$tmp/bytes"
lh run --log off --format raw -- cat "$tmp/bytes"
ok 'raw: the bytes as they came' cmp -s "$tmp/bytes" "$tmp/out"
lh run --log off --format raw --stdout file -- cat "$tmp/bytes"
ok 'raw: through a file too' cmp -s "$tmp/bytes" "$tmp/out"
mkdir "$tmp/bin"
printf '#!/bin/sh\ncat "%s"\n' "$PWD/$s" >"$tmp/bin/claude"
case $s in /*) printf '#!/bin/sh\ncat "%s"\n' "$s" >"$tmp/bin/claude" ;; esac
chmod +x "$tmp/bin/claude"
PATH=$tmp/bin:$PATH
lh run -- claude -p hello
like 'the plugin by the name of the command' "$(head -n 1 "$tmp/out")" \
	'"plugin":"claude"'
lh run -- env X=1 claude -p hello
like 'behind env too' "$(head -n 1 "$tmp/out")" '"plugin":"claude"'
lh run -- echo hello
like 'no plugin serves it: raw' "$(head -n 1 "$tmp/out")" '"plugin":"raw"'
lh run cat "$s"
is 'without --' "$status" 0
lh run -- cat --no-such-option
is 'options of the command are its own' "$status" 1

# ---- a reader that does not read ----

mkfifo "$tmp/slow"
"$LINEHOOK" run --log off --result "$tmp/r" --format raw -- \
	sh -c "seq 400000; : >'$tmp/done'" >"$tmp/slow" &
pid=$!
{
	# The command ends though nobody has read a byte.
	i=0
	while [ ! -e "$tmp/done" ] && [ $i -lt 200 ]; do
		i=$((i + 1))
		sleep 0.05
	done
	ok 'a slow reader does not slow the command' test -e "$tmp/done"
	cat >"$tmp/read"
} <"$tmp/slow"
wait "$pid"
is 'and gets everything in the end' \
	"$(cksum <"$tmp/read")" "$(seq 400000 | cksum)"
status=0
"$LINEHOOK" run -- sh -c 'seq 400000' 2>"$tmp/err" | head -n 1 >/dev/null
is 'a reader that goes is no error' "$(cat "$tmp/err")" ''
status=0
"$LINEHOOK" run -p claude -- cat "$s" >&- 2>/dev/null || status=$?
is 'closed stdout: 125, as something was to be printed' "$status" 125

# ---- stderr ----

noise='echo one >&2; printf "two\r\n\nthree" >&2'
lh run -- sh -c "$noise"
is 'each line of stderr is a record' "$err" \
	"$(printf 'level=warn code=stderr msg="%s"\n' one two three)"
lh run -q -- sh -c "$noise"
is '-q hides them' "$err" ''
lh run --stderr pass --log off -- sh -c "$noise"
is '--stderr pass' "$err" "$(printf 'one\ntwo\r\n\nthree')"
lh run --stderr quiet -- sh -c "$noise"
is '--stderr quiet' "$err" ''
like 'the result has it in any case' "$(tail -n 1 "$tmp/out")" \
	'"stderr":\{"head":"one\\ntwo\\r\\n\\nthree"'
lh run --stderr quiet --stderr-keep 4 -- sh -c 'printf abcdefgh >&2'
like '--stderr-keep: half head, half tail' "$(tail -n 1 "$tmp/out")" \
	'"stderr":\{"head":"ab","tail":"gh","bytes":8\}'
lh run --stderr quiet -- sh -c 'head -c 10000 /dev/zero | tr "\0" x >&2'
like 'a long line of stderr is kept' "$(tail -n 1 "$tmp/out")" \
	'"bytes":10000\}'
lh run -- sh -c 'head -c 10000 /dev/zero | tr "\0" x >&2'
is 'and becomes several records' "$(count "$err")" 3

# ---- stdin ----

# gets NAME WANTED ARG..: what the command reads from its stdin.
gets () {
	name=$1
	wanted=$2
	shift 2
	echo ours | "$LINEHOOK" run -q --format raw "$@" >"$tmp/got" 2>&1
	is "$name" "$(cat "$tmp/got")" "$wanted"
}
echo theirs >"$tmp/theirs"
gets 'stdin is empty by default' '' -- cat
gets '--stdin null' '' --stdin null -- cat
gets '--stdin -' ours --stdin - -- cat
gets '--stdin inherit' ours --stdin inherit -- cat
gets '--stdin FILE' theirs --stdin "$tmp/theirs" -- cat
gets '--stdin - and a command that does not read' '' --stdin - -- true

# ---- environment, directory, limits ----

says () {
	name=$1
	wanted=$2
	shift 2
	lh run --log off --format raw "$@"
	is "$name" "$out" "$wanted"
}
CLAUDECODE=1
FRUIT=apple
CLAUDE_CODE_SESSION_KIND=outer CODEX_API_KEY=keep
export CLAUDECODE FRUIT CLAUDE_CODE_SESSION_KIND CODEX_API_KEY
# shellcheck disable=SC2016
{
	says 'the environment is ours' apple -- sh -c 'echo "$FRUIT"'
	says 'less the markers of an agent' none -- \
		sh -c 'echo "${CLAUDECODE-none}"'
	says 'unless they are named' 2 --env CLAUDECODE=2 -- \
		sh -c 'echo "${CLAUDECODE-none}"'
	says 'markers go by pattern, credentials stay' 'none keep' -- \
		sh -c 'echo "${CLAUDE_CODE_SESSION_KIND-none} $CODEX_API_KEY"'
	says '--env' pear --env FRUIT=pear -- sh -c 'echo "$FRUIT"'
	says '--unset' none --unset FRUIT -- sh -c 'echo "${FRUIT-none}"'
	says '--clear-env' 'none x=y' --clear-env --env A=x=y -- \
		/bin/sh -c 'echo "${FRUIT-none} $A"'
	says '--cwd' "$(cd "$tmp" && pwd -P)" --cwd "$tmp" -- pwd -P
	export PWD
	says 'PWD is --cwd' "$(cd "$tmp" && pwd -P)" --cwd "$tmp/." -- \
		printenv PWD
	says 'PWD without --cwd' "$PWD" -- printenv PWD
	says '--env PWD' /x --cwd "$tmp" --env PWD=/x -- printenv PWD
	says '--limit nofile' 17 --limit nofile=17 -- sh -c 'ulimit -n'
	says '--limit, the last counts' 18 --limit nofile=17,core=0 \
		--limit nofile=18 -- sh -c 'ulimit -n'
}
unset CLAUDECODE FRUIT CLAUDE_CODE_SESSION_KIND CODEX_API_KEY

# ---- signals ----

# cancel SIGNAL COMMAND: sent when the command says `ready', and again when it
# says `got'.  A shell ignores SIGINT and SIGQUIT for what it starts in the
# background, and nohup ignores SIGHUP; linehook would go on ignoring them.
cancel () {
	mkfifo "$tmp/events"
	env --default-signal=HUP,INT,QUIT "$LINEHOOK" run --log off \
		--grace 50s -- sh -c "$2" >"$tmp/events" &
	pid=$!
	{
		while read -r line; do
			printf '%s\n' "$line"
			case $line in
			*'"final":true'*) ;;
			*'"text":"ready'* | *'"text":"got'*)
				kill "-$1" "$pid"
				;;
			esac
		done
	} <"$tmp/events" >"$tmp/out"
	status=0
	wait "$pid" || status=$?
	rm "$tmp/events"
	out=$(cat "$tmp/out")
}
canceled='"final":true,"verdict":"canceled",.*"outcome":\{"how":"canceled"'

# cancels SIGNAL STATUS
cancels () {
	cancel "$1" 'echo ready; exec sleep 60'
	is "SIG$1 ends it with $2" "$status" "$2"
	like "SIG$1: a complete result" "$(tail -n 1 "$tmp/out")" "$canceled"
}
cancels TERM 143
cancels HUP 129
cancels INT 130
cancels QUIT 131
cancel TERM 'trap "echo got" TERM; echo ready; while :; do sleep 0.02; done'
is 'a second signal does not wait for the grace' "$status" 143
like 'and the result is complete' "$(tail -n 1 "$tmp/out")" "$canceled"
like 'it did not wait' "$(last wall_ms)" '^[0-9]{1,4}$'
TMPDIR=$tmp/none
export TMPDIR
lh run --stdout file -- echo kept
is 'a TMPDIR that is not there loses no output' "$status $(last text)" '0 kept'
like 'and it is named' "$err" "stdout in '$tmp/none'.*in memory"
lh run --stdout auto -p gemini -- true
is 'a plugin that only prefers a file' "$status" 5
like 'gets memory, too' "$out" '"code":"disk".*it is held in memory'
unset TMPDIR
finish
