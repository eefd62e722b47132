#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_crash.sh - plugins that crash or end the process, and what is left of it.
# dash and bash have ulimit -c.
# shellcheck disable=SC3045
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

if [ "$LINEHOOK_SANITIZED" != no ]; then
	echo "1..0 # SKIP crashes are the sanitizer's"
	exit 0
fi
crash=plugins/bad/.libs/crash-asked.so
# The soft limit alone: below, it is raised again.
ulimit -S -c 0

agent () {
	printf 'echo $$ >%s; echo one; echo do %s; exec sleep 600' \
		"$tmp/agent" "$1"
}

is_gone () {
	! kill -0 "$(cat "$tmp/agent")" 2>/dev/null
}

# told NAME SENTENCE: the final result has it, and what it has to have.
told () {
	is "$1: the exit status" "$status" 125
	is "$1: the verdict is last" "$(last verdict)" host_error
	like "$1: the reason names signal, callback and line" \
		"$(printf '%s\n' "$out" | tail -n 1)" "\"error\":\"$2\""
}

for signal in SIGSEGV SIGBUS SIGFPE SIGILL SIGABRT; do
	lh run -q --log off --run-dir "$tmp/runs" --run-id $signal \
		-p $crash --format events -- sh -c "$(agent $signal)"
	told $signal \
		"plugin 'crash-asked' crashed with $signal in line_hook, line 2"
	ok "$signal: the agent is dead" is_gone
	lh wait --run-dir "$tmp/runs" $signal
	is "$signal: wait exits as the run did" "$status" 125
	is "$signal: the record has the result" "$(last verdict)" host_error
	is "$signal: the record is complete" "$(last complete_record)" true
done
lh runs --json --run-dir "$tmp/runs"
is 'runs lists all of them' "$(printf '%s\n' "$out" |
	grep -c '"status":"ended","verdict":"host_error"')" 5

lh run -q --log off -p $crash --format events -- sh -c "$(agent stack)"
told 'a stack without end' \
	"plugin 'crash-asked' crashed with SIGSEGV in line_hook, line 2"
lh run -q --log off -p $crash --format events -- sh -c "$(agent exit)"
told exit "plugin 'crash-asked' called exit in line_hook, line 2"
ok 'exit: the agent is dead' is_gone
for callback in flush exited; do
	lh run -q --log off -p $crash --format events -- \
		sh -c 'echo one' x $callback:SIGSEGV
	told $callback "plugin 'crash-asked' crashed with SIGSEGV in $callback"
done
lh run -q --log off -p $crash --format events -- \
	sh -c 'echo one' x open:SIGSEGV
told open "plugin 'crash-asked' crashed with SIGSEGV in open"
lh run -q --log off --run-dir "$tmp/runs" --run-id opening -p $crash \
	--format events -- sh -c 'echo one' x open:SIGSEGV
told 'open, with a record' "plugin 'crash-asked' crashed with SIGSEGV in open"
lh show --json --run-dir "$tmp/runs" opening
is 'open: the record has the result' "$(last verdict)" host_error
is 'open: the record is complete' "$(last complete_record)" true
lh run -q --log off -p $crash --format events -- \
	sh -c 'echo one; exit 3' x close:SIGSEGV
is 'close: the exit status is that of the run' "$status" 1
is 'close: the result is complete' "$(last verdict)" failed
like 'close: a sentence says what happened' "$err" \
	"plugin 'crash-asked' crashed with SIGSEGV in close"
lh run --log off -p $crash --format text -- sh -c "$(agent SIGSEGV)"
is 'text: what was read is printed' "$out" one
like 'text: a sentence says why' "$err" \
	"^linehook: host_error: plugin 'crash-asked' crashed with SIGSEGV in "

printf 'one\ndo SIGSEGV\n' >"$tmp/input"
lh filter --log off -p $crash --result "$tmp/result" "$tmp/input"
told filter "plugin 'crash-asked' crashed with SIGSEGV in line_hook, line 2"
like 'filter: the file of the result is written' "$(cat "$tmp/result")" \
	'"verdict":"host_error"'
printf 'do exit\n' >"$tmp/input"
lh filter --log off -p $crash "$tmp/input"
told 'filter, exit' "plugin 'crash-asked' called exit in line_hook, line 1"

lh run -q --log off --run-dir "$tmp/runs" --run-id replayed -p raw \
	--format events -- printf 'one\ndo SIGSEGV\n'
lh replay --log off --run-dir "$tmp/runs" -p $crash replayed
told replay "plugin 'crash-asked' crashed with SIGSEGV in line_hook, line 2"
lh replay --log off --run-dir "$tmp/runs" -p $crash --diff replayed
is 'replay, with differences: the exit status' "$status" 125
like 'replay, with differences: a sentence says why' "$err" \
	"^linehook: replay: plugin 'crash-asked' crashed with SIGSEGV in line_hook"

# A crash is still one for whoever looks for a core file.
mkdir "$tmp/core"
if [ "$(cat /proc/sys/kernel/core_pattern)" = core ]; then
	plugin=$PWD/$crash
	printf 'do SIGSEGV\n' >"$tmp/input"
	(
		cd "$tmp/core" || exit
		ulimit -c unlimited 2>/dev/null || ulimit -c "$(ulimit -H -c)"
		"$LINEHOOK" filter --log off -p "$plugin" "$tmp/input" \
			>/dev/null 2>&1
	)
	if (ulimit -c unlimited) 2>/dev/null; then
		ok 'there is a core file' [ -n "$(ls "$tmp/core")" ]
	else
		skip 'there is a core file' 'they are not allowed'
	fi
else
	skip 'there is a core file' 'core_pattern names another place'
fi
finish
