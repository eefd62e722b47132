#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_hang.sh - plugins that do not return, and what still ends the run.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

if [ "$LINEHOOK_SANITIZED" = thread ]; then
	echo "1..0 # SKIP a thread is not stopped under this sanitizer"
	exit 0
fi
hang=plugins/bad/.libs/hang-asked.so

# The agent says who it is, asks for WORD and stays.
agent () {
	printf 'echo $$ >%s; echo one; echo do %s; exec sleep 600' \
		"$tmp/agent" "$1"
}

is_gone () {
	! kill -0 "$(cat "$tmp/agent")" 2>/dev/null
}

# ended NAME VERDICT STATUS WHERE: the last event is a result that says so, and the
# agent is dead.
ended () {
	is "$1: the exit status" "$status" "$3"
	is "$1: the verdict is last" "$(last verdict)" "$2"
	like "$1: the reason names plugin and callback" \
		"$(printf '%s\n' "$out" | tail -n 1)" \
		"\"error\":\"plugin 'hang-asked' hangs in $4: "
	ok "$1: the agent is dead" is_gone
}

# ---- time limits ----

for how in spin sleep emit log malloc; do
	lh run -q --log off --timeout 500ms -p "$hang" --format events -- \
		sh -c "$(agent $how)"
	ended "$how" timeout 124 'line_hook, line 2'
	is "$how: the events have no gap" \
		"$(printf '%s\n' "$out" | sed 's/{"seq":\([0-9]*\).*/\1/' |
			tr '\n' ' ')" '1 2 3 4 '
done

lh run -q --log off --idle-timeout 1s -p "$hang" --format events -- \
	sh -c "$(agent spin)"
ended idle stalled 124 'line_hook, line 2'

# ---- formats ----

lh run -q --log off --timeout 500ms -p "$hang" --format view \
	--result "$tmp/result" -- sh -c "$(agent spin)"
is 'view: the exit status' "$status" 124
like 'view: the last line is the verdict' \
	"$(printf '%s\n' "$out" | tail -n 1)" timeout
like 'view: what was read is shown' "$out" one
like 'the file of the result is complete' "$(cat "$tmp/result")" \
	'"verdict":"timeout".*"exit_status":124.*}$'
lh run -q --log off --timeout 500ms -p "$hang" --format result -- \
	sh -c "$(agent spin)"
like 'result: it is printed' "$out" '"final":true,"verdict":"timeout"'
lh run --log off --timeout 500ms -p "$hang" --format text -- \
	sh -c "$(agent spin)"
is 'text: what was read is printed' "$out" one
like 'text: a sentence says why' "$err" \
	'^linehook: timeout: .*hangs in line_hook, line 2'

# ---- signals ----

# start ARG..: run in the background until the plugin hangs.
start () {
	rm -f "$tmp/mark"
	ASKED_MARK=$tmp/mark "$LINEHOOK" run -q --log off -p "$hang" \
		--format events "$@" -- sh -c "$(agent spin)" \
		>"$tmp/out" 2>"$tmp/err" &
	pid=$!
	until [ -e "$tmp/mark" ]; do
		sleep 0.05
	done
}

finish_run () {
	status=0
	wait "$pid" || status=$?
	out=$(cat "$tmp/out")
}

start --grace 600s
kill -TERM "$pid"
kill -INT "$pid"
finish_run
# Either of them may be the first one that is delivered.
ok 'two signals: the exit status is that of a signal' \
	[ "$status" -eq 143 -o "$status" -eq 130 ]
is 'two signals: the verdict is last' "$(last verdict)" canceled
ok 'two signals: the agent is dead' is_gone

start --grace 100ms
kill -TERM "$pid"
finish_run
ended 'one signal' canceled 143 'line_hook, line 2'

rm -f "$tmp/mark"
printf 'do spin\n' >"$tmp/input"
ASKED_MARK=$tmp/mark "$LINEHOOK" filter -p "$hang" "$tmp/input" >"$tmp/out" &
pid=$!
until [ -e "$tmp/mark" ]; do
	sleep 0.05
done
kill -TERM "$pid"
finish_run
is 'filter: one signal ends it' "$status" 143

# ---- a request in the record ----

start --grace 600s --run-dir "$tmp/runs" --run-id hung
"$LINEHOOK" cancel --run-dir "$tmp/runs" hung
"$LINEHOOK" cancel --run-dir "$tmp/runs" --now hung 2>/dev/null
finish_run
ended cancel canceled 143 'line_hook, line 2'
lh show --json --run-dir "$tmp/runs" hung
is 'cancel: the record has the result' "$(last verdict)" canceled
is 'cancel: the record is complete' "$(last complete_record)" true
lh wait --run-dir "$tmp/runs" hung
is 'cancel: wait exits as the run did' "$status" 143

# ---- a detached run ----

lh run --detach --run-dir "$tmp/runs" --run-id away --timeout 60s \
	--grace 100ms -p "$hang" -- sh -c "$(agent spin)"
is 'detached: the starter does not wait for the plugin' "$status" 0
lh cancel --run-dir "$tmp/runs" away
lh wait --run-dir "$tmp/runs" away
ended detached canceled 143 'line_hook, line 2'

# ---- other callbacks ----

for callback in flush exited; do
	lh run -q --log off --timeout 500ms -p "$hang" --format events -- \
		sh -c "echo \$\$ >$tmp/agent; echo one; exit 3" x $callback:spin
	ended $callback failed 1 $callback
done
lh run -q --log off --timeout 500ms -p "$hang" --format events -- \
	sh -c "echo \$\$ >$tmp/agent; echo one" x close:spin
is 'close: the exit status is that of the run' "$status" 0
is 'close: the result is complete' "$(last verdict)" ok
lh run -q --log off --timeout 500ms -p "$hang" --format events -- \
	sh -c 'echo one' x open:spin
is 'open: the exit status' "$status" 124
like 'open: the result names it' "$out" "plugin 'hang-asked' hangs in open: "

# Before the agent is started.
rm -f "$tmp/agent"
lh run -q --log off --timeout 500ms --run-dir "$tmp/runs" --run-id opening \
	-p "$hang" --format events -- sh -c 'echo one >$1' x "$tmp/agent" open:spin
is 'open: the verdict is last' "$(last verdict)" timeout
like 'open: the header names the plugin' "$out" \
	'^{"seq":1,"kind":"run",.*"plugin":"hang-asked"'
is 'open: the record has the events' \
	"$(cat "$tmp/runs/opening/events.ndjson")" "$out"
ok 'open: the agent was not started' [ ! -e "$tmp/agent" ]
lh show --json --run-dir "$tmp/runs" opening
is 'open: the record has the result' "$(last verdict)" timeout
is 'open: the record is complete' "$(last complete_record)" true
lh wait --run-dir "$tmp/runs" opening
is 'open: wait exits as the run did' "$status" 124
rm -f "$tmp/mark"
ASKED_MARK=$tmp/mark "$LINEHOOK" run -q --log off --grace 100ms \
	--run-dir "$tmp/runs" --run-id stopped -p "$hang" --format events -- \
	sh -c 'echo one' x open:spin >"$tmp/out" &
pid=$!
until [ -e "$tmp/mark" ]; do
	sleep 0.05
done
kill -TERM "$pid"
finish_run
is 'open, one signal: the exit status' "$status" 143
is 'open, one signal: the verdict is last' "$(last verdict)" canceled
lh show --json --run-dir "$tmp/runs" stopped
is 'open, one signal: the record has the result' "$(last verdict)" canceled
mkdir "$tmp/dir"
cp "$hang" "$tmp/dir/hang-asked.so"
lh run -q --log off --timeout 500ms --plugin-dir "$tmp/dir" --format events \
	-- sh -c "echo \$\$ >$tmp/agent; echo one; echo '{\"probe\":\"spin\"}'
		exec sleep 600"
ended probe timeout 124 probe
like 'probe: the header is there' "$out" '^{"seq":1,"kind":"run"'

# ---- too much, but not for ever ----

lh filter -p "$hang" <<-END
	one
	do flood-emit
	two
END
is 'a flood of events: the stream ends well' "$status" 0
is 'a flood of events: no more are taken than may be' \
	"$(grep -c '"text":"more"' "$tmp/out")" 65536
ok 'a flood of events: each one more is an error of the plugin' \
	[ "$(last plugin_errors)" -ge 134465 ]
like 'a flood of events: what follows is read' "$out" '"text":"two"'
lh filter -p "$hang" <<-END
	do flood-log
	two
END
is 'a flood of messages: the stream ends well' "$status" 0
ok 'a flood of messages: few are written' [ "$(count "$err")" -le 10 ]
like 'a flood of messages: their number is told' "$err" 'total=200000'
lh run -q -p "$hang" --format events -- sh -c 'echo one' x flush:flood-emit
is 'a flood at the end: the run ends well' "$status" 0
is 'a flood at the end: no more are taken than may be' \
	"$(grep -c '"text":"more"' "$tmp/out")" 65536
is 'a flood at the end: the result is last' "$(last verdict)" ok

# ---- slow, but not for ever ----

slow=plugins/bad/.libs/slow-asked.so
for how in sleep spin; do
	lh filter -p $slow <<-END
		do $how
		one
		do $how
		do $how
		do $how
		two
	END
	is "slow, $how: the stream ends well" "$status" 0
	is "slow, $how: three are noticed" "$(last plugin_errors)" 3
	like "slow, $how: the third is the last" "$out" \
		"\"text\":\"plugin 'slow-asked' is not used any more .* for line 4[)]"
	like "slow, $how: lines pass as text" "$out" '"text":"two"'
	like "slow, $how: the result says so" \
		"$(printf '%s\n' "$out" | tail -n 1)" \
		"\"error\":\"plugin 'slow-asked' is not used any more"
	is "slow, $how: it is logged once" \
		"$(grep -c 'is not used any more' "$tmp/err")" 1
done
lh run --max-tokens 100 --max-cost 1 -p $slow --format events -- \
	printf 'do spin\ndo spin\ndo spin\n'
is 'slow: why a limit has no effect any more is told for each' \
	"$(printf '%s\n' "$out" | sed -n 's/.*"code":"budget","text":"\(.*\)"}/\1/p')" \
	'the output of test is not read any more, so --max-tokens has no effect from here on
the output of test is not read any more, so --max-cost has no effect from here on'
finish
