#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_records_words.sh - the words that name runs: an id, its beginning, latest.
set -u
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

XDG_STATE_HOME=$tmp/state
export XDG_STATE_HOME
store=$tmp/state/linehook/runs

# keep ID COMMAND..: a kept run, nothing on stdout.
keep () {
	id=$1
	shift
	lh run -q --keep --run-id "$id" -p raw --format none -- "$@"
}

# of_run: the run that the JSON on stdout is of.
of_run () {
	sed -n '1s/.*"run":"\([^"]*\)".*/\1/p' "$tmp/out"
}

lh show latest
is 'no run is the latest' "$status" 1
like 'the sentence says so' "$err" '^linehook: show: there is no run in '
keep nightly-1 true
keep nightly-2 true
keep weekly true
keep latest true
is 'no run can have the name latest' "$status" 2
like 'the sentence says so' "$err" "--run-id: 'latest' is not a run id; .*'latest'"

lh show latest
is 'latest is the newest' "$status:$(of_run)" 0:weekly
lh show we
is 'show takes the beginning of an id' "$status:$(of_run)" 0:weekly
lh wait we
is 'so does wait' "$status:$(of_run)" 0:weekly
lh follow we
is 'so does follow' "$status:$(of_run)" 0:weekly
lh replay we --format events
is 'so does replay' "$status:$(tail -n 1 "$tmp/out" | grep -c '"verdict":"ok"')" \
	0:1
lh cancel we
like 'so does cancel' "$status:$err" "^1:.*run 'weekly' has ended"
lh show nightly
is 'a beginning of several ids is a mistake' "$status" 2
like 'whose sentence names them' "$err" \
	"'nightly' is the beginning of several runs, nightly-2 and nightly-1; "
keep nightly true
lh show nightly
is 'a whole id is none' "$status:$(of_run)" 0:nightly
for bad in '' ./nightly "$store/nightly" 'a b' .. index; do
	lh show "$bad"
	is "'$bad' is no word for a run" "$status" 2
	is 'one sentence says so' "$(printf '%s\n' "$err" | wc -l)" 1
done
lh show nothing
is 'no run begins so, and none is like it' "$status:$err" \
	"1:linehook: show: there is no run 'nothing' in '$store'"
for command in show follow replay cancel rm; do
	if [ $command = follow ]; then set -- --for-start=0; else set --; fi
	lh $command nihgtly-1 "$@"
	is "$command names the run that was meant" "$status:$err" \
		"1:linehook: $command: there is no run 'nihgtly-1' in '$store'; did you mean 'nightly-1'?"
done
lh wait nihgtly-1 --for-start=1ms
is 'wait names it when it has waited for it' "$status:$err" \
	"1:linehook: wait: there is no run 'nihgtly-1' in '$store', and none has started within the time given; did you mean 'nightly-1'?"
lh follow lastet --for-start=1ms
is 'follow names it, too, which may be the newest' \
	"$status:$err" \
	"1:linehook: follow: there is no run 'lastet' in '$store'; did you mean 'latest'?"

# Labels.
lh run -q --run-id labeled -p raw --format none --label job=nightly \
	--label a.b_c-1='x "y"' --label job=weekly -- true
is 'a label asks for a record' "$status" 0
like 'which has it, of a key that is there twice the last' \
	"$(cat "$store/labeled/run.json")" \
	'"labels":\{"a.b_c-1":"x \\"y\\"","job":"weekly"\},"line_max"'
keep other true
lh runs --label job=weekly
is 'runs finds it by its label' "$status:$(of_run)" 0:labeled
lh runs --label job
is 'with any value' "$status:$(of_run)" 0:labeled
lh runs --label job=night
is 'and no other' "$status:$out" 0:
lh runs --label job=night --format view
is 'of which people are told' "$status:$out" '0:no runs match'
lh runs --usage --by label:job
is 'sums have a line for each value' \
	"$(sed -n 's/^{"label:job":"\([^"]*\)","runs":\([0-9]*\),.*/\1 \2/p' \
		"$tmp/out" | tr '\n' ' ')" '(none) 5 weekly 1 '
for bad in '' a =b A=b 'a b=c' .a=b; do
	lh run --label "$bad" -- true
	is "--label '$bad' is refused" "$status" 2
	like 'with the rule' "$err" 'give KEY=VALUE'
done
set --
n=0
while [ "$n" -lt 33 ]; do
	set -- "$@" --label "n$n=1"
	n=$((n + 1))
done
lh run --run-id many "$@" -- true
is 'so are more than 32' "$status" 2
finish
