#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_check.sh - the conformance suite passes ours and finds what is bad.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
umask 022

for p in claude codex gemini opencode droid qwen copilot pi raw; do
	set --
	for file in "$streams/$p"/*shell*.ndjson "$streams/$p"/*plain*.ndjson; do
		[ -f "$file" ] && set -- "$@" "$file"
	done
	lh check $p "$@"
	is "$p passes" "$status" 0
	[ "$status" -eq 0 ] || show "$p" "$(printf '%s\n' "$out" | grep '^not')"
	like "$p: the last line counts" "$(tail -n 1 "$tmp/out")" \
		'^[1-9][0-9]* passed, 0 failed$'
done
lh check raw
like 'without a transcript there are samples' "$out" '\[built-in samples\]'

cc=${CC:-cc}
mkdir -p "$tmp/inc/linehook" "$tmp/bad"
echo '#define LHK_VERSION "test"' >"$tmp/inc/linehook/version.h"

# build N: a plugin that is bad in this way, as a third party builds one.
build () {
	# shellcheck disable=SC2086
	$cc -std=c99 -fPIC -fvisibility=hidden -shared -w -DBAD="$1" \
		-I"$srcdir/../include" -I"$tmp/inc" \
		-o "$tmp/bad/odd.so" "$srcdir/system/cli_check_bad.c" \
		2>"$tmp/cc"
}
if ! build 0; then
	sed 's/^/# /' "$tmp/cc"
	skip 'bad plugins are found' 'no plugin can be built here'
	finish
fi
lh check "$tmp/bad/odd.so"
is 'a plugin of a third party passes' "$status" 0
(cd "$tmp/bad" && "$LINEHOOK" check odd.so >/dev/null)
is 'a file in this directory needs no ./' "$?" 0
lh check --plugin-dir "$tmp/bad" odd
is 'by its name' "$status" 0

# finds N PATTERN NAME: it fails, and says what and how to mend it.
finds () {
	build "$1"
	lh check "$tmp/bad/odd.so"
	like "finds that it $3" "$out" "^not ok - .*$2"
	is "and is status 1" "$status" 1
	like "and counts" "$(tail -n 1 "$tmp/out")" \
		'^[0-9]+ passed, [1-9][0-9]* failed$'
}
# crash N PATTERN NAME: the same of one that makes the program fault.  The
# thread sanitizer takes no signal of that kind: there are no such cases.
crash () {
	[ "$LINEHOOK_SANITIZED" = thread ] || finds "$@"
}
crash 1 'points into the line before .*copy' 'keeps a pointer into a line'
crash 2 'reads 64 bytes after the end of line' 'reads behind the padding'
finds 3 'keep all state in the handle' 'has state outside of the handle'
case $LINEHOOK_SANITIZED in
no) finds 4 'bytes more are allocated' 'does not give back memory' ;;
esac
finds 5 'text is marked as the body of a JSON string' 'lies about a form'
crash 6 'writes to byte 0 of line 1' 'writes to a line'
finds 7 'line_hook returns -77' 'answers what no host knows'
finds 8 "exports 'one_symbol_too_many'.*make it static" 'exports more'
crash 9 "imports 'abort'" 'imports abort'
[ "$LINEHOOK_SANITIZED" = thread ] ||
	like 'and that it aborts' "$out" '^not ok - .*ends with signal 6'
finds 10 'the handle must be as it was' 'remembers a refused line'
finds 11 'emits an event inside close' 'emits in close'
finds 12 'open returns -1' 'refuses options'
finds 13 'the bytes after data' 'gives a meaning to the padding'
crash 14 'line_hook crashes on line 2' 'crashes'
finds 15 "imports 'setenv'" 'changes the environment'
finds 16 'tool event: id is absent' 'makes tools without an id'
finds 18 "program of its command is 'other'" 'starts a program of another'
build 17
lh check "$tmp/bad/odd.so"
is 'has a bad template: status' "$status" 1
like 'has a bad template: why' "$out$err" 'a word in braces that is not one of'
echo 'no shared object' >"$tmp/bad/odd.so"
lh check "$tmp/bad/odd.so"
is 'a file that is no plugin fails' "$status" 1
like 'and says why' "$out" '^not ok - the host loads it: '
finish
