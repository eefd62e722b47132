#!/bin/sh
# SPDX-License-Identifier: MIT
# manual.sh - the manual pages for authors: what they copy of the headers is
# what the headers have, and the plugins in them are built and checked.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
umask 022
# The options of the make that runs this test are not for its own.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES || :
command -v python3 >/dev/null 2>&1 || {
	echo "1..0 # SKIP there is no python3"
	exit 0
}
man=$srcdir/../host/man
headers=$srcdir/../include/linehook
manual () {
	python3 -B "$srcdir/abi/manual.py" "$@"
}

is 'linehook-plugin(3) has the structs and numbers of the headers' \
	"$(manual structs "$man/linehook-plugin.3" "$headers/base.h" \
		"$headers/event.h" "$headers/plugin.h")" ''
is 'linehook-json(3) has the prototypes of the header' \
	"$(manual functions "$man/linehook-json.3" "$headers/json.h")" ''
# A page that says something else is noticed.
sed 's/^\tsize_t n_paths;/\tint n_paths;/; /LHK_TOOL_DONE/d' \
	"$man/linehook-plugin.3" >"$tmp/wrong.3"
is 'a page with a wrong member and without a number differs' "$(manual structs \
	"$tmp/wrong.3" "$headers/base.h" "$headers/event.h" "$headers/plugin.h" |
	sed 's/:.*//')" 'lhk_ev_tool
LHK_TOOL_DONE'
sed '/^int lhk_json_enter/d' "$man/linehook-json.3" >"$tmp/wrong.3"
is 'a page without a prototype differs' "$(manual functions "$tmp/wrong.3" \
	"$headers/json.h")" \
	'lhk_json_enter: found None, expected int lhk_json_enter(struct lhk_json *j);'

if [ "$LINEHOOK_SANITIZED" != no ]; then
	skip 'plugins of the pages' 'the JSON reader of this build needs a sanitizer'
	finish
fi
PKG_CONFIG_PATH=$(dirname "$LINEHOOK")
export PKG_CONFIG_PATH
cd "$tmp" || exit 99
manual code "$man/linehook-plugin.3" hello.c >hello.c
manual code "$man/linehook-plugin.3" hello.cc >hello.cc
printf '%s\n' 'Hello' '{"a":1}' >lines

# smallest FILE STANDARD COMPILER: the plugin of the page.
smallest () {
	command -v "$3" >/dev/null 2>&1 || {
		skip "$1 in $2 with $3" "there is no $3"
		return
	}
	rm -f hello.so
	# shellcheck disable=SC2046
	"$3" -std="$2" -Wall -Wextra -Wpedantic -Werror -O2 -fPIC \
		-fvisibility=hidden -shared -Wl,-z,defs \
		$(pkg-config --cflags linehook-plugin) -o hello.so "$1" \
		$(pkg-config --libs linehook-plugin) 2>cc
	is "$1 in $2 with $3 builds without a warning" "$?: $(cat cc)" '0: '
	lh check ./hello.so lines
	is "$1 in $2 with $3 passes linehook check" "$status" 0
}
for compiler in gcc clang; do
	smallest hello.c c99 $compiler
	smallest hello.c c11 $compiler
done
for compiler in g++ clang++; do
	smallest hello.cc c++17 $compiler
	smallest hello.cc c++20 $compiler
done

# ---- the tutorial ----

lh plugins --new cline cline
cp "$srcdir/../host/examples/plugin-tutorial/cline.ndjson" cline/sample.ndjson
manual code "$man/linehook-plugin-tutorial.7" cline.c >cline/cline.c
lines=$(wc -l <cline/cline.c)
ok 'the plugin of the tutorial has at most 200 lines' test "$lines" -le 200
make -C cline CFLAGS='-O2 -Wall -Wextra -Wpedantic -Werror' >out 2>err
is 'it builds without a warning' "$?: $(cat err)" '0: '
lh filter -p cline/cline.so cline/sample.ndjson
is 'it reads the sample' "$status" 0
counts='"started":2,"completed":1,"failed":1,'
like 'of whose calls one ended well' "$(tail -n 1 "$tmp/out")" "$counts"
like 'and of whose lines it knows all' "$(tail -n 1 "$tmp/out")" \
	'"unparsed":0,"repaired":0,"skipped":0,"plugin_errors":0'
like 'the tokens of the run' "$(tail -n 1 "$tmp/out")" \
	'"usage":\[\{"input_tokens":2468,"output_tokens":156,'
like 'the answer' "$(tail -n 1 "$tmp/out")" '"text":"All done: hello\."'
like 'reasoning is a thought' "$out" '"role":"thought","id":"1-thought","text":"I should run a command\."'
lh filter -p auto --plugin-dir cline cline/sample.ndjson
like 'its lines are recognised' "$out" '"plugin":"cline"'
make -C cline events check LINEHOOK="$LINEHOOK" >out 2>err ||
	show check "$(cat out)"
is 'it passes its tests' "$?: $(cat err)" '0: '
for stream in "$srcdir"/streams/*/*plain*.ndjson; do
	name=$(basename "$(dirname "$stream")")
	lh filter -p auto --plugin-dir cline "$stream"
	unlike "its probe leaves the lines of $name alone" "$out" \
		'"plugin":"cline"'
done
finish
