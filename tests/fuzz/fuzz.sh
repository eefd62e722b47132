#!/bin/sh
# SPDX-License-Identifier: MIT
# fuzz.sh - libFuzzer on each target, as many at once as there are processors.
#
#	fuzz.sh TARGET...
#
# Each target runs for FUZZ_SECONDS or, if that is set, for FUZZ_RUNS executions.
# The target mutants draws 20,000 damaged recordings itself, by SEED, and stops
# earlier if the time is over.  New inputs, and what a target printed, are kept in
# scratch/.  It prints the executions of each target as it ends and, once more, of
# all of them at the end.  Last line: N passed, N failed, N skipped.
set -u
# shellcheck source=tests/fuzz/corpus.sh
. "${srcdir:-.}/fuzz/corpus.sh"
seconds=${FUZZ_SECONDS:-20}
runs=${FUZZ_RUNS:-}

if [ "${1-}" = --one ] && [ "$2" = fuzz/mutants ]; then
	if fuzz/mutants -s "${SEED:-0}" -n 20000 -t "$seconds" "$PLUGIN_DIR" \
		"$srcdir/streams" "$srcdir/transcripts" >scratch/mutants.log 2>&1; then
		sed 's/^/mutants: /' scratch/mutants.log
	else
		tail -n 30 scratch/mutants.log
		echo "mutants failed" | tee scratch/mutants.failed
	fi
	exit 0
fi
if [ "${1-}" = --one ]; then
	inputs_of "$2"
	length_of "$2"
	mkdir -p "scratch/$name"
	words_of "$inputs" >"scratch/$name.dict"
	set -- "$2" "scratch/$name" "$inputs"
	if [ "${inputs%/transcripts/*}" != "$inputs" ]; then
		lines_of "$inputs" "scratch/$name.lines"
		set -- "$@" "scratch/$name.lines"
	fi
	target=$1
	shift
	log=scratch/$name.log
	limit=-max_total_time=$seconds
	[ -z "$runs" ] || limit=-runs=$runs
	if "./$target" "$limit" -timeout=5 -max_len="$length" \
		-dict="scratch/$name.dict" -print_final_stats=1 \
		"$@" >"$log" 2>&1; then
		sed -n "s/^stat::number_of_executed_units: */$name: /p" "$log" |
			tee "scratch/$name.runs"
	else
		tail -n 30 "$log"
		echo "$name failed" | tee "scratch/$name.failed"
	fi
	exit 0
fi

mkdir -p scratch
rm -f scratch/*.failed scratch/*.runs
printf '%s\n' "$@" |
	xargs -n 1 -P "$(getconf _NPROCESSORS_ONLN)" sh "$0" --one
echo "executions:"
cat scratch/*.runs
failed=$(find scratch -name '*.failed' | wc -l)
echo "$(($# - failed)) passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
