#!/bin/sh
# c.sh - the C example (host/examples/c), built by pkg-config alone and run.
#
# zoo.c runs the same code in make check; here it is about what is installed.
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

# build STANDARD: the flags are words.
build () {
	# shellcheck disable=SC2046
	${CC:-cc} -std="$1" -Wall -Wextra -Werror -o "$tmp/poll" \
		"$srcdir/../host/examples/c/poll.c" \
		$(pkg-config --cflags --libs linehook)
}

# The installed monitor and plugins, by nothing but their place.
run () {
	"$tmp/poll" 'echo hi' "$AGENT out x exit 3" "$AGENT pause" \
		>"$tmp/out" <"$tmp/in" && cat "$tmp/out" &&
		grep -qx '0 = ok' "$tmp/out" &&
		grep -qx '1 = failed' "$tmp/out" &&
		grep -qx '2 = canceled' "$tmp/out" &&
		grep -q '^0 .*"text":"hi"' "$tmp/out"
}

# The headers of json-c are for those who look into answers of tools.
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
