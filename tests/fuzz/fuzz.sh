#!/bin/sh
# SPDX-License-Identifier: MIT
# fuzz.sh - libFuzzer on each target, as many at once as there are processors.
#
#	fuzz.sh SECONDS TARGET...
#
# The target mutants draws 20,000 damaged recordings itself, by SEED, and stops
# earlier if the time is over.  New inputs, and what a target printed, are kept in
# scratch/.  Last line: N passed, N failed, N skipped.
set -u
srcdir=${srcdir:-.}

if [ "${1-}" = --one ] && [ "$3" = fuzz/mutants ]; then
	if fuzz/mutants -s "${SEED:-0}" -n 20000 -t "$2" "$PLUGIN_DIR" \
		"$srcdir/streams" "$srcdir/transcripts" >scratch/mutants.log 2>&1; then
		sed 's/^/mutants: /' scratch/mutants.log
	else
		tail -n 30 scratch/mutants.log
		echo "mutants failed" | tee scratch/mutants.failed
	fi
	exit 0
fi
if [ "${1-}" = --one ]; then
	name=${3#fuzz/fuzz_}
	seeds=$srcdir/fuzz/corpus/$name
	[ -d "$seeds" ] || seeds=$srcdir/transcripts/$name
	mkdir -p "scratch/$name"
	log=scratch/$name.log
	if "./$3" -max_total_time="$2" -timeout=5 -max_len=65536 \
		-print_final_stats=1 "scratch/$name" "$seeds" >"$log" 2>&1; then
		grep number_of_executed_units "$log" | sed "s/^/$name: /"
	else
		tail -n 30 "$log"
		echo "$name failed" | tee "scratch/$name.failed"
	fi
	exit 0
fi

seconds=$1
shift
mkdir -p scratch
rm -f scratch/*.failed
printf '%s\n' "$@" |
	xargs -n 1 -P "$(getconf _NPROCESSORS_ONLN)" sh "$0" --one "$seconds"
failed=$(find scratch -name '*.failed' | wc -l)
echo "$(($# - failed)) passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
