#!/bin/sh
# SPDX-License-Identifier: MIT
# symbols.sh - library, map and headers name the same functions.
#
# LIB: the built liblinehook.so; NM: nm.  MAP and HEADERS: by default those of
# the source tree.
set -u
srcdir=${srcdir:-.}
LIB=${LIB:-../host/.libs/liblinehook.so}
NM=${NM:-nm}
MAP=${MAP:-$srcdir/../host/liblinehook.map}
HEADERS=${HEADERS:-$srcdir/../include/linehook}
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

echo "1..3"

# Functions declared with LHK_EXPORT: the first name before a parenthesis.
cat "$HEADERS"/*.h | sed 's|/\*.*\*/||' | tr '\n\t' '  ' |
	grep -o 'LHK_\(JSON_\)\{0,1\}EXPORT [^;{]*;' |
	grep -o 'lhk_[a-z0-9_]* (' | tr -d ' (' | sort -u >"$dir/headers"
grep -o 'lhk_[a-z0-9_]*;' "$MAP" | tr -d ';' | sort -u >"$dir/map"

# same NUMBER NAME A B
same () {
	if [ -s "$dir/$3" ] && diff "$dir/$3" "$dir/$4" >"$dir/diff"; then
		echo "ok $1 - $2"
	else
		sed 's/^/# /' "$dir/diff"
		echo "not ok $1 - $2"
	fi
}

same 1 symbols_of_the_map_are_those_of_the_headers map headers
if [ ! -e "$LIB" ]; then
	echo "not ok 2 - symbols_of_the_library_are_those_of_the_map"
	echo "# no library '$LIB'"
	echo "not ok 3 - symbols_have_the_version_of_the_map"
	exit 1
fi
$NM -D --defined-only "$LIB" >"$dir/nm" || exit 99
awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' "$dir/nm" |
	sort -u >"$dir/lib"
same 2 symbols_of_the_library_are_those_of_the_map lib map
if awk '$2 != "A"' "$dir/nm" | grep -qv '@@\?LINEHOOK_0\.1$'; then
	awk '$2 != "A"' "$dir/nm" | grep -v '@@\?LINEHOOK_0\.1$' |
		sed 's/^/# /'
	echo "not ok 3 - symbols_have_the_version_of_the_map"
else
	echo "ok 3 - symbols_have_the_version_of_the_map"
fi
