#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_rm.sh - `linehook rm' and `linehook gc': which records go, what is told.
set -u
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

XDG_STATE_HOME=$tmp/state
export XDG_STATE_HOME
store=$tmp/state/linehook/runs

# keep ID..: ended runs, in this order.
keep () {
	for id; do
		lh run -q --keep --run-id "$id" -p raw --format none -- true
	done
}

# removed: the runs that are told to be removed, in this order.
removed () {
	sed -n 's/.*"removed":\[\([^]]*\)\].*/\1/p' "$tmp/out" | tr -d '"' |
		tr ',' ' '
}

# left: the runs that are there.
left () {
	find "$store" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort |
		tr '\n' ' '
}

# for_people ARG..: with a terminal as stdout.
for_people () {
	on_terminal 80 "$@"
}

# A run that goes on until it is told to end.
mkfifo "$tmp/go"
"$LINEHOOK" run -q --keep --run-id busy -p raw --format none -- \
	sh -c "echo started >&2; read x <'$tmp/go'" 2>/dev/null &
agent=$!
tries=0
until grep -q started "$store/busy/stderr.raw" 2>/dev/null ||
	[ "$tries" -gt 2000 ]; do
	tries=$((tries + 1))
	sleep 0.01
done

keep older newest
lh rm latest latest newest
is 'the words are looked up before anything is removed' \
	"$status:$(removed):$(left)" '0:newest:busy older '
lh rm -f older "$(printf %065d 0)"
is 'a word that is too long names no other run' \
	"$status:$(removed):$(left)" '2:older:busy '

keep a1 a2 b c
lh rm b
is 'rm removes a run' "$status:$(removed):$(left)" '0:b:a1 a2 busy c '
like 'and tells how much' "$out" '"runs":1,"bytes":[1-9][0-9]*}$'
lh rm busy c
is 'not one that runs, and goes on with the others' \
	"$status:$(removed):$(left)" '1:c:a1 a2 busy '
like 'a sentence says why' "$err" \
	"^linehook: rm: run 'busy' is running; cancel it first"
lh rm nothing a1
is 'nor is one that is missing the end' "$status:$(removed)" '1:a1'
like 'which is said' "$err" "^linehook: rm: there is no run 'nothing'"
lh rm -f nothing
is 'with -f it is no error' "$status:$(removed):$err" '0::'
lh rm -f a b
is 'nor is the beginning of an id taken for it' \
	"$status:$(removed):$(left)" '0::a2 busy '
lh rm -f busy
is 'a running one stays with -f, too' "$status:$(left)" '1:a2 busy '
lh rm -f ../state
is 'a path is a mistake with -f, too' "$status:$(left)" '2:a2 busy '
keep a1
lh rm a
is 'a beginning of two ids removes none' "$status:$(left)" '2:a1 a2 busy '
lh rm latest a2
is 'the newest one' "$status:$(removed)" '0:a1 a2'
lh rm
is 'a run must be named' "$status" 2
keep b
for_people rm b
like 'people read a line' "$out" '^removed 1 run, [0-9.]+ KiB$'

# gc: a bound is wanted.
keep r1 r2 r3 r4
lh gc
is 'gc without a bound is a mistake' "$status:$(left)" \
	'2:busy r1 r2 r3 r4 '
like 'whose sentence names the three' "$err" \
	'^linehook: gc: .*give --older-than AGE, --keep N or --all$'
for bad in '--older-than 30' '--keep 0' '--keep x' '--all --keep 2' \
	'--all --older-than 1d' '--dry-run' '--all extra'; do
	# shellcheck disable=SC2086
	lh gc $bad
	is "gc $bad is a mistake, too" "$status" 2
	is 'one sentence says so' "$(printf '%s\n' "$err" | wc -l)" 1
done
is 'nothing was removed' "$(left)" 'busy r1 r2 r3 r4 '
lh gc --keep 3 --dry-run
is 'a dry run names what is beyond the number' \
	"$status:$(removed):$(left)" '0:r1:busy r1 r2 r3 r4 '
like 'and says that it is one' "$out" '^\{"dry_run":true,'
lh gc --keep 3
is 'which goes, the running one not counted' \
	"$status:$(removed):$(left)" '0:r1:busy r2 r3 r4 '
lh gc --keep 1 --older-than 1d
is 'with both bounds a run must be beyond both' "$status:$(removed)" 0:
for_people gc --keep 2 --dry-run
like 'people read what would go' "$out" '^r2$'
like 'and how much' "$out" '^would remove 1 run, [0-9.]+ KiB$'
for_people gc --older-than 1970-01-02
is 'or that there is nothing' "$status:$out" '0:no runs to remove'
for_people gc --all
like 'or what is gone' "$out" '^removed 3 runs, [0-9.]+ KiB$'
is 'the running one stays' "$(left)" 'busy '
echo >"$tmp/go"
wait "$agent"
lh gc --all
is 'until it has ended' "$(removed):$(left)" 'busy:'
finish
