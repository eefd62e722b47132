#!/bin/sh
# SPDX-License-Identifier: MIT
# c.sh - the C example builds with nothing but pkg-config, and runs.
#
# The tests of make check run the same code; this tests the installed files.
set -u
srcdir=${srcdir:-.}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/linehook-c.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
n=0 status=0

check () {
	name=$1
	shift
	n=$((n + 1))
	if "$@" >"$tmp/log" 2>&1; then
		echo "ok $n - $name"
	else
		sed 's/^/# /' "$tmp/log"
		echo "not ok $n - $name"
		status=1
	fi
}

# build STANDARD: compile the example; the flags are split into words on purpose.
build () {
	# shellcheck disable=SC2046
	${CC:-cc} -std="$1" -Wall -Wextra -Werror -o "$tmp/poll" \
		"$srcdir/../host/examples/c/poll.c" \
		$(pkg-config --cflags --libs linehook)
}

# The installed monitor and plugins are found without any variable.
run () {
	"$tmp/poll" 'echo hi' "$AGENT out x exit 3" "$AGENT pause" \
		>"$tmp/out" <"$tmp/in" && cat "$tmp/out" &&
		grep -qx '0 = ok' "$tmp/out" &&
		grep -qx '1 = failed' "$tmp/out" &&
		grep -qx '2 = canceled' "$tmp/out" &&
		grep -q '^0 .*"text":"hi"' "$tmp/out"
}

# json-c's headers are needed only to read the answers of tools.
alone () {
	PKG_CONFIG_LIBDIR=$(pkg-config --variable=libdir linehook)/pkgconfig \
		PKG_CONFIG_PATH='' pkg-config --cflags --libs linehook
}

echo 2 >"$tmp/in"
check c_example_builds_with_pkg_config_alone_as_gnu11 build gnu11
check c_example_builds_with_pkg_config_alone_as_gnu99 build gnu99
check linehook_needs_no_other_package alone
check c_example_runs_and_cancels_what_is_installed run
echo "1..$n"
exit $status
