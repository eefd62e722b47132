#!/bin/sh
# SPDX-License-Identifier: MIT
# version.sh - the program, the package and the symbols are of one version.
set -u
top=${srcdir:-.}/..
configured=$(sed -n 's/^AC_INIT(\[linehook\], \[\(.*\)\])$/\1/p' \
	"$top/configure.ac")
n=0

# same NAME VERSION: a case.
same () {
	n=$((n + 1))
	if [ -n "$configured" ] && [ "$2" = "$configured" ]; then
		echo "ok $n - $1"
	else
		echo "# configure.ac has '$configured', here is '$2'"
		echo "not ok $n - $1"
	fi
}

echo "1..3"
same the_program_has_the_version_of_configure \
	"$("$LINEHOOK" --version | sed -n '1s/^linehook //p')"
same the_package_has_the_version_of_configure \
	"$(sed -n '1s/^linehook (\(.*\)) .*/\1/p' "$top/debian/changelog")"

# Each node of the map has a line of the package's symbols, and no other.
n=$((n + 1))
in_map=$(sed -n 's/^\(LINEHOOK_[0-9.]*\) {.*/\1/p' "$top/host/liblinehook.map")
in_package=$(sed -n 's/^ (symver)\(LINEHOOK_[0-9.]*\) .*/\1/p' \
	"$top/debian/liblinehook0.symbols")
if [ -n "$in_map" ] && [ "$in_map" = "$in_package" ]; then
	echo "ok $n - the_package_has_the_nodes_of_the_map"
else
	echo "# the map has '$in_map', the package has '$in_package'"
	echo "not ok $n - the_package_has_the_nodes_of_the_map"
fi
