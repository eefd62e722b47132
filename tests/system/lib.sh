# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2034
#
# lib.sh - functions for shell tests of the program; a test sources this file.
#
# The environment has LINEHOOK (the program), PLUGIN_DIR (the plugins of the
# build) and srcdir (the source of tests/).  The output is TAP.  Each function
# from `is' to `skip' reports one case, whose name is NAME:
#
#	begin				start the test; call it once
#	lh ARG..			run the program; sets $status, $out, $err
#	on_terminal COLUMNS ARG..	the same with a terminal as its stdout; where
#					there is none, the cases up to the next lh
#					are skipped
#	is NAME FOUND WANTED		the two texts are equal
#	like NAME TEXT PATTERN		a line of TEXT matches (grep -E)
#	unlike NAME TEXT PATTERN	no line of TEXT matches
#	ok NAME COMMAND..		the command succeeds
#	skip NAME REASON		the case cannot run here
#	has_terminals			true, or $no_terminals is the reason of a skip
#	finish				print the plan and exit; call it once

n_tests=0
n_failed=0
unseen=

begin () {
	: "${LINEHOOK:?is the program to be tested}"
	: "${PLUGIN_DIR:?is the directory of the plugins that were built}"
	srcdir=${srcdir:-.}
	LINEHOOK=$(command -v "$LINEHOOK") || {
		echo "Bail out! no program"
		exit 99
	}
	streams=$srcdir/streams
	tmp=$(mktemp -d "${TMPDIR:-/tmp}/linehook-test.XXXXXX") || exit 99
	trap 'rm -rf "$tmp"' EXIT
	trap 'exit 99' HUP INT TERM
	# The user's own plugins and settings must not affect the test.
	HOME=$tmp/home
	mkdir "$HOME"
	LINEHOOK_PLUGIN_PATH=$PLUGIN_DIR
	: "${LINEHOOK_EXEC:=$(dirname "$LINEHOOK")/linehook-exec}"
	# Sanitizers need more memory and address space; tests ask for this.
	LINEHOOK_SANITIZED=no
	if grep -Eq '__(asan|msan)_init' "$LINEHOOK"; then
		LINEHOOK_SANITIZED=memory
	elif grep -q __tsan_init "$LINEHOOK"; then
		LINEHOOK_SANITIZED=thread
	fi
	# The plugins of the build are outside of the installed directory.
	LINEHOOK_ISOLATE=no
	LC_ALL=C
	export LINEHOOK_ISOLATE HOME LINEHOOK_PLUGIN_PATH LINEHOOK_EXEC LC_ALL
	unset XDG_DATA_HOME LINEHOOK_LINE_MAX || :
	find_python
}

# A version manager puts a script in front of the interpreter, which takes ten
# times as long to start: a test starts the interpreter itself, and without the
# packages of others.
find_python () {
	python=$(command -v python3) || return 0
	[ "$(head -c 2 "$python" | tr -d '\000')" != '#!' ] ||
		python=$("$python" -c 'import sys; print(sys.executable)')
	python3 () {
		"$python" -S "$@"
	}
}

# Run the program with the caller's stdin.
lh () {
	status=0
	"$LINEHOOK" "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
	out=$(tr -d '\000' <"$tmp/out")
	err=$(tr -d '\000' <"$tmp/err")
	unseen=
}

# Can a test have a terminal?  If not, $no_terminals is the reason.
no_terminals='no pseudo-terminals: /dev/pts is not mounted'
terminals=
has_terminals () {
	[ -n "$terminals" ] ||
		terminals=$(python3 -c 'import os; os.openpty(); print("yes")' \
			2>/dev/null) || terminals=no
	[ "$terminals" = yes ]
}

# Without a terminal the program runs all the same: others need what it does.
on_terminal () {
	if ! has_terminals; then
		shift
		lh "$@"
		unseen=$no_terminals
		return
	fi
	columns=$1
	shift
	status=0
	python3 "$srcdir/system/on_terminal.py" "$columns" "$LINEHOOK" "$@" \
		>"$tmp/out" 2>"$tmp/err" || status=$?
	out=$(cat "$tmp/out")
	err=$(cat "$tmp/err")
	unseen=
}

result () {
	if [ -n "$unseen" ]; then
		skip "$2" "$unseen"
		return
	fi
	n_tests=$((n_tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $n_tests - $2"
	else
		n_failed=$((n_failed + 1))
		echo "not ok $n_tests - $2"
	fi
}

show () {
	printf '%s\n' "$2" | cut -c1-300 | sed "s/^/# $1: /"
}

is () {
	if [ "$2" = "$3" ]; then
		result 0 "$1"
	else
		show found "$2"
		show wanted "$3"
		result 1 "$1"
	fi
}

like () {
	if printf '%s\n' "$2" | grep -Eq -- "$3"; then
		result 0 "$1"
	else
		show found "$2"
		show 'wanted a line like' "$3"
		result 1 "$1"
	fi
}

unlike () {
	if printf '%s\n' "$2" | grep -Eq -- "$3"; then
		show found "$2"
		show 'wanted no line like' "$3"
		result 1 "$1"
	else
		result 0 "$1"
	fi
}

ok () {
	name=$1
	shift
	if "$@"; then
		result 0 "$name"
	else
		echo "# failed: $*"
		result 1 "$name"
	fi
}

skip () {
	n_tests=$((n_tests + 1))
	echo "ok $n_tests - $1 # SKIP $2"
}

# count TEXT: print the number of its lines.
count () {
	if [ -z "$1" ]; then
		echo 0
	else
		printf '%s\n' "$1" | wc -l | tr -d ' '
	fi
}

# last MEMBER: print its value in the last event, a number or a string.
last () {
	printf '%s\n' "$out" | tail -n 1 |
		sed -n "s/.*\"$1\":\"\{0,1\}\([^,\"}]*\).*/\1/p"
}

finish () {
	echo "1..$n_tests"
	[ "$n_failed" -eq 0 ]
	exit
}
