#!/bin/sh
# SPDX-License-Identifier: MIT
# headers.sh - each public header alone, as strict C99 and as C++17.
#
# CC, CXX: compilers; INCLUDES: where the headers and the made version.h are
# (by default the include/ of the source and of the build tree).
set -u
srcdir=${srcdir:-.}
CC=${CC:-cc}
CXX=${CXX:-c++}
INCLUDES=${INCLUDES:-"-I$srcdir/../include -I../include"}
strict="-pedantic-errors -Wall -Wextra -Werror -fsyntax-only"
headers="base event plugin host stream run json record tool"

n=0
set -- $headers
echo "1..$(($# * 2 + 1))"

# result STATUS NAME
result () {
	n=$((n + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
	fi
}


for h in $headers; do
	text="#include <linehook/$h.h>
#include <linehook/$h.h>
int linehook_unused;"
	out=$(printf '%s\n' "$text" | $CC -std=c99 $strict $INCLUDES -x c - 2>&1)
	r=$?
	[ $r -eq 0 ] || printf '%s\n' "$out" | sed 's/^/# /'
	result $r "headers_${h}_is_strict_c99"
	if ! command -v "${CXX%% *}" >/dev/null 2>&1; then
		n=$((n + 1))
		echo "ok $n - headers_${h}_is_cxx17 # SKIP no compiler '$CXX'"
		continue
	fi
	out=$(printf '%s\n' "$text" | $CXX -std=c++17 $strict $INCLUDES -x c++ - 2>&1)
	r=$?
	[ $r -eq 0 ] || printf '%s\n' "$out" | sed 's/^/# /'
	result $r "headers_${h}_is_cxx17"
done

# Nothing private: a public header includes only <std..> and its likes.
bad=
for h in $headers; do
	bad="$bad$(grep -n '^#[ ]*include' "$srcdir/../include/linehook/$h.h" |
		grep -v -e '<stddef.h>' -e '<stdint.h>' -e '<linehook/')"
done
[ -z "$bad" ] || echo "# $bad"
[ -z "$bad" ]
result $? "headers_include_only_stddef_stdint_and_each_other"
