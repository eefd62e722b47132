# SPDX-License-Identifier: MIT
# shellcheck shell=sh
# corpus.sh - where the inputs of a fuzz target are; read by other scripts.
srcdir=${srcdir:-.}

# inputs_of TARGET: the folder with the inputs of fuzz/fuzz_NAME.
inputs_of () {
	name=${1#fuzz/fuzz_}
	inputs=$srcdir/fuzz/corpus/$name
	[ -d "$inputs" ] || inputs=$srcdir/transcripts/$name
}
