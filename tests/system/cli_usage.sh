#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_usage.sh - wrong usages: exit status and one sentence, from a table.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

table=$(cd "$srcdir/system" && pwd)/cli_usage.table
dir=$tmp/empty
mkdir "$dir"
cd "$dir" || exit 99

# The words of LINE are those of a shell.
run_line () (
	eval "set -- $1"
	shift
	exec "$LINEHOOK" "$@" </dev/null
)

n_lines=0
while IFS= read -r line; do
	case $line in '#'* | '') continue ;; esac
	IFS= read -r wanted
	n_lines=$((n_lines + 1))
	status=0
	run_line "$line" >"$tmp/out" 2>"$tmp/err" || status=$?
	is "$line" "$status $(sed "s,$dir,\$dir,g" "$tmp/err")" "$wanted"
	# A call of a tool has its result there, whatever happened.
	case $line in
	'linehook tool '* | 'linehook tool') ;;
	*) is "$line: nothing on standard output" "$(cat "$tmp/out")" '' ;;
	esac
done <"$table"
ok 'the table has at least 200 lines' test "$n_lines" -ge 200
finish
