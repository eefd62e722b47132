# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: MIT
# setup.sh - what quickstart, check and .ci/run share: packages, build, totals.
#
# Sourced with $top set to the top of the source tree; prints what it does.

say () {
	printf '%s: %s\n' "${0##*/}" "$*"
}

die () {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

# Files that we need while we run, gone however we end.
work=$(mktemp -d "${TMPDIR:-/tmp}/linehook-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# need_proc: the tests look at processes there.
need_proc () {
	[ -e /proc/self/stat ] || die "/proc is not mounted; mount it as root, \
with 'mount -t proc proc /proc', and start this again"
}

# need_packages PACKAGE...: install what is not there (Debian and its like).
need_packages () {
	missing=
	for package in "$@"; do
		dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null |
			grep -q '^install ok installed' ||
			missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	command -v apt-get >/dev/null ||
		die "these packages are missing and there is no apt-get:$missing"
	sudo=
	if [ "$(id -u)" != 0 ]; then
		command -v sudo >/dev/null || die "these packages are missing; \
install them as root: apt-get install$missing"
		sudo=sudo
	fi
	# Word splitting is wanted: package names.
	# shellcheck disable=SC2086
	install_packages $missing
}

# install_packages PACKAGE...
install_packages () {
	if [ -z "${updated:-}" ]; then
		quiet "apt-get update" $sudo apt-get update -qq
		updated=1
	fi
	quiet "installing $*" $sudo env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -q --no-install-recommends "$@"
}

# need_compilers: a C and a C++ compiler, if there is none yet.
need_compilers () {
	command -v gcc >/dev/null || need_packages gcc libc6-dev
	command -v g++ >/dev/null || need_packages g++
	command -v make >/dev/null || need_packages make
}

# progress EVERY UNIT TEST: copy stdin to stdout, and report on stderr after every
# so many lines for which the command TEST is true.
progress () {
	counted=0
	while IFS= read -r line; do
		printf '%s\n' "$line"
		"$3" "$line" || continue
		counted=$((counted + 1))
		[ $((counted % $1)) -ne 0 ] || say "  $counted $2 .." >&2
	done
}

# The result of a test case.
is_result () {
	case $1 in
	PASS:* | FAIL:* | XPASS:* | XFAIL:* | SKIP:* | ERROR:*) return 0 ;;
	*) return 1 ;;
	esac
}

# logged FILE EVERY UNIT TEST COMMAND...: run it, with its output to FILE and its
# progress to stderr; returns what it returned.
logged () {
	file=$1 every=$2 unit=$3 is_counted=$4
	shift 4
	{
		returned=0
		"$@" 2>&1 </dev/null || returned=$?
		echo "$returned" >"$file.status"
	} | progress "$every" "$unit" "$is_counted" >"$file"
	returned=$(cat "$file.status")
	rm -f "$file.status"
	return "$returned"
}

# quiet WHAT COMMAND...: run it; show its output only when it fails.
quiet () {
	what=$1
	shift
	say "$what"
	log=$(mktemp "$work/XXXXXX")
	if ! logged "$log" 100 "lines of its log" true "$@"; then
		tail -n 60 "$log" >&2
		rm -f "$log"
		die "failed: $what"
	fi
	rm -f "$log"
}

# in_own_shell COMMAND...: run it in a shell that ends at the first error, and
# set $status.  It must not be called in a condition: the shell would ignore -e
# in all that is called there.
in_own_shell () {
	set +e
	(
		set -e
		"$@"
	)
	# shellcheck disable=SC2034
	status=$?
	set -e
}

# one_case NAME COMMAND...: one case of a suite that counts $cases_passed and
# $cases_failed; it shows the command's output when it fails.
one_case () {
	case_name=$1
	shift
	in_own_shell "$@" >"$work/case" 2>&1
	if [ "$status" -eq 0 ]; then
		cases_passed=$((cases_passed + 1))
		say "ok: $case_name"
	else
		cases_failed=$((cases_failed + 1))
		echo "FAILED: $case_name"
		grep -E 'warning:|error:|Error ' "$work/case" | head -n 20
		tail -n 20 "$work/case"
	fi
}

# bootstrap: make ./configure if it is missing or older than its sources.
bootstrap () {
	if [ ! -e "$top/configure" ] ||
		[ -n "$(find "$top/configure.ac" "$top/Makefile.am" "$top/m4" \
			"$top/include" "$top/host" "$top/plugins" "$top/tests" \
			-newer "$top/configure" \
			\( -name '*.ac' -o -name '*.am' -o -name local.mk -o \
			-name 'lhk_*.m4' \) | head -n 1)" ]; then
		(cd "$top" && quiet "autoreconf" autoreconf -fi) || exit 1
	fi
}

# build DIR CONFIGURE-ARGUMENTS...: an out-of-tree build in DIR.
build () {
	dir=$1
	shift
	bootstrap
	mkdir -p "$dir"
	set -- --prefix="$dir/inst" "$@"
	# configure looks for bash unless it is told of a shell; with dash libtool
	# takes half the time.
	CONFIG_SHELL=/bin/sh
	export CONFIG_SHELL
	if [ ! -e "$dir/config.status" ] ||
		[ -n "$(find "$top/configure" -newer "$dir/config.status")" ] ||
		[ "$(cat "$dir/.arguments" 2>/dev/null)" != "$*" ]; then
		(cd "$dir" && quiet "configure $*" "$top/configure" "$@") || exit 1
		printf '%s' "$*" >"$dir/.arguments"
	fi
	quiet "make in ${dir#"$top/"}" make -C "$dir" -j "$(jobs_count)"
}

jobs_count () {
	getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2
}

# Most tests wait for something most of the time: with two for each processor
# almost half of its time was left.  Under a sanitizer they work more.
tests_at_once () {
	echo $(($(jobs_count) * ${TESTS_PER_PROCESSOR:-3}))
}

# totals DIR: "PASSED FAILED SKIPPED" of the last `make check' below DIR,
# counted from automake's result files: cases, not programs.
totals () {
	find "$1/tests" -name '*.trs' -exec cat {} + | awk '
		/^:test-result: (PASS|XFAIL)/ { pass++ }
		/^:test-result: (FAIL|XPASS|ERROR)/ { fail++ }
		/^:test-result: SKIP/ { skip++ }
		END { print pass + 0, fail + 0, skip + 0 }'
}
