#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_plugins_new.sh - `linehook plugins --new': what it writes is a plugin.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
umask 002
# The options of the make that runs this test are not for its own.
unset MAKEFLAGS MFLAGS MAKEOVERRIDES || :
cd "$tmp" || exit 99
files='Makefile README acme.c linehook-acme.7 sample.events sample.ndjson'

lh plugins --new acme d
is 'status' "$status" 0
is 'says what comes next' "$out" \
	'The plugin acme is in d; to build and test it: make -C d check'
is 'nothing on stderr' "$err" ''
is 'the files' "$(cd d && echo *)" "$files"
is 'none can be written by others, whatever the umask is' \
	"$(find d -perm /022)" ''
is 'the name is in all places' "$(grep -il skeleton d/*)" ''
lines=$(wc -l <d/acme.c)
ok 'the code has fewer than 150 lines' test "$lines" -lt 150
mkdir empty
lh plugins --new acme empty
is 'an empty directory will do' "$status" 0
is 'the same files' "$(cd empty && echo *)" "$files"
ok 'with the same contents' diff -r d empty
lh plugins --new a-2 "$tmp/d3/"
is 'a name with a digit and a hyphen' "$status" 0
ok 'is the name of a file' test -s d3/a-2.c
like 'and of the page, in capitals' "$(cat d3/linehook-a-2.7)" \
	'^\.Dt LINEHOOK-A-2 7$'
if command -v mandoc >/dev/null 2>&1; then
	is 'the page has no fault' "$(mandoc -Tlint -Wstyle d/linehook-acme.7 |
		grep -v 'referenced manual not found')" ''
else
	skip 'the page has no fault' 'there is no mandoc'
fi

# ---- all or none ----

# As on a full disk: no file may have more than 512 bytes.
(
	trap '' XFSZ
	ulimit -f 1
	"$LINEHOOK" plugins --new acme full >out 2>err
	echo $? >status
)
is 'a full disk is an error of the host' "$(cat status)" 125
like 'it is said' "$(cat err)" \
	"^linehook: plugins: --new: cannot write 'full/.*': File too large; no file was left behind$"
ok 'nothing is left' test ! -e full
mkdir full
(
	trap '' XFSZ
	ulimit -f 1
	exec "$LINEHOOK" plugins --new acme full >out 2>err
)
is 'nor in a directory that was there' "$(ls full)" ''
ok 'which stays' test -d full

# ---- it builds and passes ----

if [ "$LINEHOOK_SANITIZED" != no ]; then
	skip 'it builds' 'the JSON reader of this build needs a sanitizer'
	finish
fi
PKG_CONFIG_PATH=$(dirname "$LINEHOOK")
export PKG_CONFIG_PATH
for compiler in gcc clang; do
	command -v $compiler >/dev/null 2>&1 || {
		skip "it builds with $compiler" "there is no $compiler"
		continue
	}
	rm -f d/acme.so
	make -C d CC=$compiler CFLAGS='-O2 -Wall -Wextra -Wpedantic -Werror' \
		>out 2>err
	is "it builds with $compiler without a warning" "$?: $(cat err)" '0: '
	make -C d check LINEHOOK="$LINEHOOK" >out 2>err || show check "$(cat out)"
	is "and with $compiler passes its tests" "$?: $(cat err)" '0: '
	like "which are those of linehook check ($compiler)" "$(cat out)" \
		'^[1-9][0-9]* rules hold, 0 do not, '
done
[ -f d/acme.so ] || finish
lh filter --plugin-dir d -p acme d/sample.ndjson
is 'in a plugin directory it works by its name' "$status" 0
is 'its events are those of the sample' "$(sed '$d' "$tmp/out")" \
	"$(cat d/sample.events)"
lh filter --plugin-dir d -p auto d/sample.ndjson
like 'its lines are recognised' "$out" '"plugin":"acme"'
sed 's/"ok":true,"text"/"ok":false,"text"/' d/sample.ndjson >changed
mv changed d/sample.ndjson
make -C d check LINEHOOK="$LINEHOOK" >out 2>err
ok 'other events than those of the sample fail its tests' test $? -ne 0
make -C d events check LINEHOOK="$LINEHOOK" >out 2>err
is 'make events accepts them' "$?" 0
make -C d install DESTDIR="$tmp/stage" plugindir=/plugins mandir=/man \
	>out 2>err
is 'make install' "$?: $(cat err)" '0: '
is 'puts two files where they belong' "$(cd stage && find . -type f | sort)" \
	'./man/man7/linehook-acme.7
./plugins/acme.so'
make -C d clean >out 2>err
ok 'make clean' test ! -e d/acme.so
finish
