#!/bin/sh
# SPDX-License-Identifier: MIT
# targets.sh - every fuzz target over its corpus and over mutants of it.
#
# The same targets run under libFuzzer with configure --enable-fuzzing and
# make fuzz; here each is replayed with a fixed seed, by any compiler.
set -u
# shellcheck source=tests/fuzz/corpus.sh
. "${srcdir:-.}/fuzz/corpus.sh"
mutants=${FUZZ_MUTANTS:-20}
# shellcheck disable=SC2086 # a list of words
set -- $FUZZ_TARGETS
echo "1..$(($# + 1))"
n=0
for target; do
	n=$((n + 1))
	inputs_of "$target"
	if out=$("$target" -n "$mutants" "$inputs" 2>&1); then
		echo "ok $n - $target holds for its corpus and $mutants mutants of each file"
	else
		printf '%s\n' "$out" | tail -n 20 | sed 's/^/# /'
		echo "not ok $n - $target holds for its corpus and $mutants mutants of each file"
	fi
done
n=$((n + 1))
# More of them, under sanitizers: make fuzz.
damaged=${DAMAGED_MUTANTS:-2000}
if out=$(fuzz/mutants -n "$damaged" "$PLUGIN_DIR" "$srcdir/streams" \
	"$srcdir/transcripts" 2>&1); then
	echo "ok $n - $damaged damaged recordings give one whole stream each"
else
	printf '%s\n' "$out" | tail -n 20 | sed 's/^/# /'
	echo "not ok $n - $damaged damaged recordings give one whole stream each"
fi
