#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_explain.sh - what `linehook run' says of starts that fail and ends that are
# no ordinary ones: one sentence each, for whoever looks at stderr alone.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
[ -x "$LINEHOOK_EXEC" ] || {
	echo "1..0 # SKIP there is no $LINEHOOK_EXEC"
	exit 0
}
real=$LINEHOOK_EXEC
fake=$(dirname "$AGENT")/fake_exec
s=$streams/claude/tool_shell.ndjson

# final NAME PATTERN: the last event matches, and there is no other final one.
final () {
	like "$1" "$(printf '%s\n' "$out" | tail -n 1)" "\"final\":true.*$2"
	is "$1, once" "$(printf '%s\n' "$out" | grep -c '"final":true')" 1
}

# refused NAME STATUS PATTERN ARG..: one sentence, the status, a result.
refused () {
	name=$1
	wanted=$2
	pattern=$3
	shift 3
	lh run "$@" </dev/null
	is "$name: the status" "$status" "$wanted"
	like "$name: the sentence" "$err" "^linehook: run: $pattern\$"
	is "$name: it is the only one" "$(count "$err")" 1
	final "$name: the result" '"verdict":"spawn_failed","error":"cannot start the agent: '
}

# ---- programs that cannot be started ----

script () {
	printf '%b' "$2" >"$tmp/$1"
	chmod +x "$tmp/$1"
}
script gone '#!/no/such/interpreter -x\nhello\n'
refused 'an interpreter that is not there' 126 \
	"cannot start '.*/gone': its interpreter '/no/such/interpreter': No such file or directory" \
	-- "$tmp/gone"
refused 'found in PATH' 126 \
	"cannot start 'gone': its interpreter '/no/such/interpreter': No such .*" \
	--env "PATH=/no/such:$tmp" -- gone
refused 'found from --cwd' 126 \
	"cannot start './gone': its interpreter '/no/such/interpreter': No such .*" \
	--cwd "$tmp" -- ./gone
script dos '#!/bin/sh\r\necho hello\r\n'
refused 'a file with the line ends of Windows' 126 \
	"cannot start '.*/dos': its interpreter '/bin/sh\?': No such file or directory; its first line ends with CR LF.*" \
	-- "$tmp/dos"
cp "$(command -v env)" "$tmp/elf"
if grep -aq /lib64/ld-linux-x86-64.so.2 "$tmp/elf"; then
	sed 's,/lib64/ld-linux-x86-64.so.2,/lib64/no-linux-x86-64.so.2,' \
		"$tmp/elf" >"$tmp/loader"
	chmod +x "$tmp/loader"
	refused 'a loader that is not there' 126 \
		"cannot start '.*/loader': its interpreter '/lib64/no-linux-x86-64.so.2': No such .*" \
		-- "$tmp/loader"
else
	skip 'a loader that is not there' 'programs here have another'
fi
script plain 'hello\n'
refused 'no #! line' 126 \
	"cannot start '.*/plain': Exec format error; it has no #! line, or is made for another machine" \
	-- "$tmp/plain"
printf 'x' >"$tmp/file"
refused 'a file that may not be executed' 126 \
	"cannot start '.*/file': Permission denied; give a file that can be executed" \
	-- "$tmp/file"
cp "$(command -v sleep)" "$tmp/busy"
exec 9>>"$tmp/busy"
refused 'a file that is written to' 126 \
	"cannot start '.*/busy': Text file busy; another program has it open for writing" \
	-- "$tmp/busy" 0
exec 9>&-
refused 'a directory that is not there' 126 \
	"cannot start 'true': chdir to /no/such: No such file or directory" \
	--cwd /no/such -- true
refused 'a name with control bytes' 127 \
	"cannot start 'a\?b': command not found" -- "$(printf 'a\033b')"

# ---- limits that are too small ----

# limited NAME PATTERN LIMIT COMMAND..: the error names the limit.
limited () {
	name=$1
	pattern=$2
	shift 2
	lh run --format text --limit "$@" </dev/null
	like "$name: the sentence" "$(printf '%s\n' "$err" | tail -n 1)" \
		"$pattern"
}
limited 'a program that does not fit' \
	'^linehook: (killed|failed): the agent ended before it printed anything; its limit as=1 KiB may be too small for it to start \(' \
	as=1k --clear-env -- /bin/true
limited 'words that do not fit' \
	"^linehook: run: cannot start '/bin/true': Argument list too long; its limit as=1 KiB may be too small for it to start$" \
	as=1k --clear-env --env "LONG=$(head -c 100000 /dev/zero | tr '\0' x)" \
	-- /bin/true
limited 'a loader that cannot open a file' \
	'^linehook: failed: the agent (may have failed because of its limit|ended before .*; its limit) nofile=3' \
	nofile=3 -- true
limited 'a file that grew too large' \
	'^linehook: killed: the agent was ended by its limit fsize: ' \
	fsize=1k -- sh -c "exec dd if=/dev/zero of='$tmp/large' bs=4k count=2"
limited 'a program that uses too much CPU time' \
	'^linehook: killed: the agent was ended by its limit cpu: its 1 s were used up \(raw, SIGXCPU, ' \
	cpu=1 -- sh -c 'while :; do :; done'
limited 'a program that opens too many files' \
	'^linehook: failed: the agent may have failed because of its limit nofile=4: its stderr contains .Too many open files' \
	nofile=4 -- sh -c 'exec 3</dev/null || exit 1; exec 5</dev/null'
lh run --limit nofile=4 -- sh -c 'echo Too many open files >&2; exit 0' </dev/null
final 'a run that ended well has no such error' '"verdict":"ok","run":"[0-9A-Z]*","exit_status":0,'
# In the namespace there is no cgroup, so the whole run cannot be limited.
without_cgroups () {
	if [ -d /sys/fs/cgroup ]; then
		# shellcheck disable=SC2016
		unshare -m sh -c 'umount -R /sys/fs/cgroup; exec "$@"' sh "$@"
	else
		"$@"
	fi
}
if ! without_cgroups true 2>"$tmp/err"; then
	skip 'a limit of the run without cgroups' \
		'needs root, and a root directory that is a mount point'
else
	status=0
	without_cgroups "$LINEHOOK" run --limit mem=1G -- true >"$tmp/out" 2>"$tmp/err" </dev/null ||
		status=$?
	is 'a limit of the run without cgroups: the status' "$status" 126
	like 'a limit of the run without cgroups: the sentence' \
		"$(cat "$tmp/err")" \
		"^linehook: run: cannot start 'true': --limit: no cgroup for the run: .*; mount cgroup2"
fi

refused 'a name like that of an agent' 127 \
	"cannot start 'cluade': command not found; did you mean 'claude'\?" \
	-- cluade
refused 'a directory with a quoted ~' 126 \
	"cannot start 'true': chdir to ~/no: No such file or directory; a shell replaces ~ only at the start of a word: write --cwd DIR" \
	--cwd=~/no -- true

# ---- what the monitor says ----

LINEHOOK_EXEC=$fake
refused 'a containment that is not to be had' 126 \
	"cannot start 'fail': --contain: no cgroup is writable here" \
	--contain cgroup -- fail 9 0 'no cgroup is writable here'
refused 'a limit that is not allowed' 126 \
	"cannot start 'fail': --limit: Operation not permitted; give no more than linehook's own hard limits" \
	-- fail 5 1
# dash has it, too.
# shellcheck disable=SC3045
hard=$(ulimit -Hn)
case $hard in
*[!0-9]*) skip 'a limit above the hard one' "RLIMIT_NOFILE is $hard" ;;
*)
	refused 'a limit above the hard one' 126 \
		"cannot start 'fail': --limit: nofile= is above linehook's own hard limit; give at most $hard" \
		--limit "core=0,nofile=$((hard + 1))" -- fail 5 1
	;;
esac
refused 'words that are too long' 126 \
	"cannot start 'fail': Argument list too long; its arguments and environment are longer than the system allows, so give a long text with --stdin" \
	-- fail 7 7
refused 'no more processes' 126 \
	"cannot start 'fail': no process: Resource temporarily unavailable; this user has as many as the limit allows" \
	-- fail 2 11
refused 'an interpreter that cannot be known' 126 \
	"cannot start 'fail': its interpreter: No such file or directory" \
	-- fail 8 2
refused 'a step without words of its own' 126 \
	"cannot start 'fail': session: Operation not permitted" -- fail 3 1

# asks NAME WANTED ARG..: what the monitor is asked for.
asks () {
	name=$1
	wanted=$2
	shift 2
	lh run --format raw "$@" -- asked
	is "$name" "$out" "$wanted"
}
asks 'containment is auto' 'contain 0 flags 0'
asks '--contain auto' 'contain 0 flags 0' --contain auto
asks '--contain cgroup' 'contain 1 flags 0' --contain cgroup
asks '--contain pidns' 'contain 2 flags 0' --contain=pidns
asks '--contain subreaper' 'contain 3 flags 0' --contain subreaper
asks '--unscoped' 'contain 0 flags 1' --unscoped

# ends NAME STATUS PATTERN ARG..: among the lines on stderr.
ends () {
	name=$1
	wanted=$2
	pattern=$3
	shift 3
	lh run "$@" </dev/null
	is "$name: the status" "$status" "$wanted"
	like "$name: the sentence" "$err" "$pattern"
	is "$name: said once" \
		"$(printf '%s\n' "$err" | grep -Ec -- "$pattern")" 1
	final "$name: the result" '"verdict"'
}
ends 'out of memory' 137 \
	'level=warn code=oom msg="the command was killed because memory ran out"' \
	-- oom
ends 'survivors' 125 \
	'level=error code=survivors msg="2 processes could not be killed: 4194301, 4194302"' \
	-- survivors 4194301 4194302
ends 'one survivor' 125 \
	'level=error code=survivors msg="1 process could not be killed: 4194301"' \
	-- survivors 4194301
# shellcheck disable=SC2046
ends 'many survivors' 125 'msg="20 processes .* 4194116, \.\."' \
	-- survivors $(seq 4194101 4194120)
ends 'the monitor is killed' 125 \
	'level=error code=monitor msg="linehook-exec, which supervises' -- gone
for how in old mute; do
	ends "a monitor that is $how" 125 \
		'level=error code=monitor msg="linehook-exec ended before the command was started; .*LINEHOOK_EXEC' \
		-- "$how"
done
for monitor in /no/such /dev/null "$tmp"; do
	LINEHOOK_EXEC=$monitor
	ends "'$monitor' as monitor" 125 '^linehook: run: monitor .*' -- true
	like 'and a header is first' "$(head -n 1 "$tmp/out")" \
		'"kind":"run".*"run":".*"argv":\["true"\]'
	rm -f "$tmp/r"
	lh run --result "$tmp/r" --format none -- true
	like 'and a result file' "$(cat "$tmp/r")" '"verdict":"host_error"'
done
LINEHOOK_EXEC=$(command -v env)
ends 'a monitor that is another program' 125 'code=monitor' -- true
LINEHOOK_EXEC=$real

# ---- ends of real commands ----

ends 'it hung after its result' 0 \
	'level=warn code=ended msg="the command reported its result but kept running, .* --linger' \
	--linger 100ms -p claude -- sh -c "cat '$s'; exec sleep 60"
ends 'others hold the output' 0 \
	'level=warn code=drain msg="processes it started kept its output open' \
	--drain 100ms -- sh -c 'setsid sleep 60 & exit 0'
ends 'others were left' 0 \
	'level=info code=leftover msg="processes that the command left' \
	-v -- sh -c 'setsid sleep 60 >/dev/null 2>&1 & exit 0'
lh run -- sh -c 'setsid sleep 60 >/dev/null 2>&1 & exit 0'
is 'others were left: nothing is said without -v' "$err" ''
lh run -q --drain 100ms -- sh -c 'setsid sleep 60 & exit 0'
is '-q says nothing of all that' "$err" ''

# ---- descriptors that are closed, disks that are full ----

# The descriptors of the command alone are closed, not those of the test.
run_it () {
	rm -f "$tmp/r"
	status=0
	"$LINEHOOK" run --result "$tmp/r" "$@" || status=$?
}
closed () {
	is "$1: the status" "$status" "${2:-0}"
	like "$1: the result" "$(cat "$tmp/r")" '"verdict":"ok"'
}
run_it -- true <&- >/dev/null
closed 'stdin closed'
run_it -- echo hello >&- 2>"$tmp/err"
closed 'stdout closed' 125
is 'stdout closed: said once' \
	"$(grep -c 'cannot write to standard output: Bad file' "$tmp/err")" 1
run_it -- sh -c 'echo hello >&2' 2>&- >/dev/null
closed 'stderr closed'
run_it -- sh -c 'echo hello; echo hello >&2' <&- >&- 2>&-
closed 'all closed' 125
like 'all closed: the result is whole' "$(cat "$tmp/r")" '^\{.*\}$'
run_it --stdin inherit -- true <&- >&- 2>&-
closed 'all closed, stdin inherited' 125
status=0
"$LINEHOOK" run --stdin - -- true <&- >"$tmp/out" 2>"$tmp/err" || status=$?
is '--stdin - of a closed one is wrong' \
	"$status $(cat "$tmp/err")" \
	"2 linehook: run: --stdin: cannot read '-': Bad file descriptor"
if [ -c /dev/full ]; then
	lh run --result /dev/full -- true
	is 'a result that has no room: 125' "$status" 125
	like 'and it is said' "$err" \
		"^linehook: run: cannot write the result to '/dev/full': No space"
	final 'and the events are there' '"verdict":"ok"'
	lh run --result /dev/full -- sh -c 'exit 1'
	is 'a failure is still one' "$status" 1
	status=0
	"$LINEHOOK" run -- true >/dev/full 2>"$tmp/err" || status=$?
	is 'output that has no room: 125' "$status" 125
	is 'and it is said once' "$(wc -l <"$tmp/err" | tr -d ' ')" 1
else
	skip 'full disks' 'there is no /dev/full'
fi
# Far more than some builds write of their own.
status=0
(
	ulimit -f 2048
	exec "$LINEHOOK" run -p raw -- sh -c 'yes 0123456789 | head -c 5000000'
) >"$tmp/out" 2>"$tmp/err" || status=$?
is 'a limit on files is an error of writing, not our end' "$status" 125
like 'and it is said' "$(cat "$tmp/err")" \
	'cannot write to standard output: File too large'
# ---- a failure of ours before the start ----

for _ in 1 2; do
	lh run --keep --run-dir "$tmp/store" --run-id twice -- true
done
is 'a run id that is taken: the status' "$status" 125
is 'a run id that is taken: one sentence' "$(count "$err")" 1
like 'a run id that is taken: which says so' "$err" "run 'twice' already exists"
final 'a run id that is taken: the result' \
	'"verdict":"host_error","error":"run .twice. already exists'
finish
