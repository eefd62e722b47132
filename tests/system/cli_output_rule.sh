#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_output_rule.sh - one rule for standard output, whatever prints.
#
# A write that fails is one sentence and 125; so is a standard output that is
# closed, if something was to be printed; a reader that has gone is neither.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

s=$streams/claude/tool_shell.ndjson
lh run --run-dir "$tmp/runs" --run-id one -p claude -- cat "$s"
is 'there is a record to print' "$status" 0
mkfifo "$tmp/gone"

# play HOW ARG..: the program with a standard output of this kind.
play () {
	how=$1
	shift
	status=0
	case $how in
	full) "$LINEHOOK" "$@" >/dev/full 2>"$tmp/err" || status=$? ;;
	closed) "$LINEHOOK" "$@" >&- 2>"$tmp/err" || status=$? ;;
	gone)
		# The last reader leaves before the program begins.
		exec 8<>"$tmp/gone" 9>"$tmp/gone" 8>&-
		"$LINEHOOK" "$@" >&9 2>"$tmp/err" 9>&- || status=$?
		exec 9>&-
		;;
	esac
}

# rule WHO ARG..: all three, for a command that ends with 0 and prints.
rule () {
	who=$1
	shift
	if [ -c /dev/full ]; then
		play full "$@"
		is "$*: a full disk is 125" "$status" 125
		like "$*: and one sentence" "$(cat "$tmp/err")" \
			"^linehook: ${who}cannot write to standard output: No space left on device"
		is "$*: not two" "$(wc -l <"$tmp/err" | tr -d ' ')" 1
	else
		skip "$*: a full disk" 'there is no /dev/full'
	fi
	play closed "$@"
	is "$*: a closed output is 125" "$status" 125
	like "$*: and the sentence says so" "$(cat "$tmp/err")" \
		"^linehook: ${who}cannot write to standard output: Bad file descriptor"
	play gone "$@"
	is "$*: a reader that has gone is nothing" \
		"$status $(cat "$tmp/err")" '0 '
}

d=$tmp/runs
echo '{"input":{}}' >"$tmp/jobs"
rule 'run: ' run -p claude -- cat "$s"
rule 'filter: ' filter "$s"
rule 'filter: ' filter --format raw "$s"
rule 'replay: ' replay --run-dir "$d" one
rule 'runs: ' runs --run-dir "$d"
rule 'runs: ' runs --usage --run-dir "$d"
rule 'show: ' show --run-dir "$d" one
rule 'follow: ' follow --run-dir "$d" one
rule 'wait: ' wait --run-dir "$d" one
rule 'gc: ' gc --all --dry-run --run-dir "$d"
rule 'plugins: ' plugins
rule 'plugins: ' plugins --json
rule 'doctor: ' doctor --no-run
rule 'doctor: ' doctor --no-run --json
rule 'check: ' check claude
rule 'tool: ' tool -- echo '{}'
rule 'tool: ' tool --jobs "$tmp/jobs" -- echo '{}'
rule 'rm: ' rm --force --run-dir "$d" none
rule '' --help
rule '' --version
rule '' -V
rule 'help: ' help
rule 'help: ' help run
rule 'version: ' version
for shell in bash zsh fish; do
	rule 'completion: ' completion "$shell"
done
rule 'runs: ' runs --help

# ---- what prints nothing, and what ends otherwise ----

for words in "cancel --run-dir $d one" \
	"filter --format none $s" 'run --format none -- true'; do
	# shellcheck disable=SC2086
	lh $words
	wanted=$status
	# shellcheck disable=SC2086
	play closed $words
	is "$words: nothing to print, nothing is said of the output" \
		"$status $(grep -c 'standard output' "$tmp/err")" "$wanted 0"
done
play closed filter "$streams/claude/err429.ndjson"
is 'a failure stays one' "$status" 1
play closed show --run-dir "$d" two
is 'an unknown run stays one' \
	"$status $(grep -c 'standard output' "$tmp/err")" '1 0'

# ---- run and tool go on to their end ----

play gone run --result "$tmp/r" -- sh -c "seq 100000; echo end >'$tmp/end'"
is 'run goes on without a reader' "$status $(cat "$tmp/end")" '0 end'
like 'and has a result' "$(cat "$tmp/r")" '"verdict":"ok"'
if [ -c /dev/full ]; then
	play full run -- echo hi
	like 'and says that it goes on' "$(cat "$tmp/err")" \
		'No space left on device; further output is discarded; the run goes on$'
else
	skip 'and says that it goes on' 'there is no /dev/full'
fi
printf '{"command":["touch","%s"]}\n' "$tmp/t1" "$tmp/t2" "$tmp/t3" >"$tmp/jobs"
play gone tool --jobs "$tmp/jobs"
ok 'tool --jobs goes on without a reader' test -e "$tmp/t3"
finish
