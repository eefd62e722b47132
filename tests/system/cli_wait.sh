#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_wait.sh - `linehook wait': several runs, times, and runs that come later.
set -u
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

XDG_STATE_HOME=$tmp/state
export XDG_STATE_HOME

# keep ID COMMAND..: a kept run, nothing on stdout.
keep () {
	id=$1
	shift
	"$LINEHOOK" run -q --keep --run-id "$id" -p raw --format none -- "$@" \
		2>"$tmp/$id.err"
}

# until_there ID: until its agent has said so, at most 20 s.
until_there () {
	tries=0
	until grep -q started "$tmp/state/linehook/runs/$1/stderr.raw" \
		2>/dev/null; do
		tries=$((tries + 1))
		[ "$tries" -lt 2000 ] || return 1
		sleep 0.01
	done
}

# runs: the runs of the JSON on stdout, in order.
runs () {
	sed -n 's/.*"run":"\([^"]*\)".*/\1/p' "$tmp/out" | tr '\n' ' '
}

keep good true
keep bad sh -c 'exit 3'
keep worse sh -c 'kill -9 $$'

lh wait good
is 'a run that has ended is not waited for' "$status:$(runs)" '0:good '
lh wait good bad worse good
is 'several runs: the first bad status, each result' \
	"$status:$(runs)" '1:good bad worse good '
lh wait worse bad
is 'in the order in which they are named' "$status" 137
lh wait
is 'a run is wanted' "$status" 2
lh wait good nothing bad --for-start=0
is 'one that is missing does not hide the others' \
	"$status:$(runs)" '1:good bad '
like 'and is named' "$err" "^linehook: wait: there is no run 'nothing'"

# Without limit, until it ends; the time is ours alone.
mkfifo "$tmp/go"
keep slow sh -c "echo started >&2; read x <'$tmp/go'; exit 3" &
agent=$!
until_there slow
lh wait good slow --timeout 100ms
is 'when the time is over it is 75' "$status" 75
like 'with the status so far' "$(tail -n 1 "$tmp/out")" \
	'"run":"slow","status":"running"'
like 'and one sentence' "$err" \
	"^linehook: wait: run 'slow' has not ended within the time given\$"
"$LINEHOOK" wait slow >"$tmp/waited" &
waiter=$!
echo >"$tmp/go"
wait "$agent"
wait "$waiter"
is 'else it exits as the run' "$?" 1
like 'and prints its result' "$(cat "$tmp/waited")" '"verdict":"failed"'

# A run that is about to start.
"$LINEHOOK" wait later >"$tmp/waited" 2>&1 &
waiter=$!
keep later true
wait "$waiter"
is 'a run that comes is waited for' "$?" 0
lh wait never --for-start=50ms
is 'one that does not come is 1' "$status" 1
like 'the sentence says so' "$err" 'none has started within the time given'
lh wait never --for-start --timeout 100ms
is 'without a time, it is waited for as long as for its end' "$status" 75
lh wait lat --for-start=50ms
is 'who waits for a start names the whole id' "$status" 1
lh wait never --for-start 50ms
is 'the time of a start stands behind =' "$status" 2
like 'and is not taken for a run' "$err" 'write --for-start=50ms'

# SIGINT ends it at once, with whatever it had printed.
mkfifo "$tmp/go2"
keep stuck sh -c "echo started >&2; read x <'$tmp/go2'" &
agent=$!
until_there stuck
python3 - "$LINEHOOK" <<'P' >"$tmp/out"
import signal, subprocess, sys
p = subprocess.Popen([sys.argv[1], "wait", "good", "stuck"],
                     stdout=subprocess.PIPE, preexec_fn=lambda:
                     signal.signal(signal.SIGINT, signal.SIG_DFL))
line = p.stdout.readline()
p.send_signal(signal.SIGINT)
print(p.wait(timeout=60), b'"run":"good"' in line)
P
is 'SIGINT ends it' "$(cat "$tmp/out")" '-2 True'
on_terminal 80 wait stuck good bad worse --timeout 100ms
is 'for people it is 75, too' "$status" 75
is 'with one line a run' "$(sed 's/[0-9.]* m*s)/TIME)/' "$tmp/out")" \
	'stuck: running
good: ok (TIME)
bad: failed: exit status 3 (TIME)
worse: killed: SIGKILL (TIME)'
on_terminal 80 wait good --json
is '--json is JSON on a terminal, too' "$(runs)" 'good '
unseen=
echo >"$tmp/go2"
wait "$agent"

# What the README shows, two nights in a row.
for night in 1 2; do
	ran=nightly-$night
	"$LINEHOOK" run -q --keep --run-id "$ran" -p raw --format none -- \
		sh -c "echo $night" 2>/dev/null &
	lh wait "$ran" --for-start
	is "night $night: a name of its own" \
		"$status:$(runs):$(last text)" "0:$ran :$night"
	wait
	lh rm -f nightly
	"$LINEHOOK" run -q --keep --run-id nightly -p raw --format none -- \
		sh -c "echo $night" 2>/dev/null &
	lh wait nightly --for-start
	is "night $night: the name of the last one" \
		"$status:$(runs):$(last text)" "0:nightly :$night"
	wait
done
keep nightly true
is 'a name is used once' "$?" 125
like 'the sentence says what to do' "$(cat "$tmp/nightly.err")" \
	"run 'nightly' already exists .*linehook rm nightly"
finish
