#!/bin/sh
# SPDX-License-Identifier: MIT
# layers.sh - a room includes only the rooms that stand below it, and the files
# of a room include each other only downwards.
#
# Each row of the table names a room of host/ and the rooms that it may
# include, besides the public headers.  A folder of a room that has a row of
# its own is not held to that of the room: check calls a plugin as the library
# does, the tool's calls come as lines of standard input, view tells calls
# apart by the fingerprints of their ids, and records adds up the usage of a run
# as the run itself does.
set -u
host=${srcdir:-.}/../host
base="common json event"
program="common json format io cli"
rows="
common  common
monitor common monitor
isolate common event isolate plugin
json    common json
event   common json event
frame   common json event frame
plugin  $base plugin
format  $base format
io      $base format io
process common process
record  $base format io process record
run     $base frame plugin format io process record run
tool    $base frame plugin format io process record run tool
cli     $program
cli/check $program event plugin
cli/records $program event
cli/tool $program frame
cli/view $program event
"

# includes FILE: the headers of the project that it includes.
includes () {
	sed -n 's/^#[ ]*include "\([^"]*\)".*/\1/p' "$1" | grep -vx config.h
}

# files ROOM: those of ROOM, less the folders that have a row of their own.
files () {
	find "$host/$1" -name '*.[ch]' | while read -r file; do
		folder=${file#"$host/"}
		folder=${folder%/*}
		[ "$folder" != "$1" ] &&
			echo "$rows" | grep -q "^$folder " || echo "$file"
	done
}

# bad_includes ROOM ALLOWED
bad_includes () {
	for file in $(files "$1"); do
		for include in $(includes "$file"); do
			case " $2 " in
			*" ${include%%/*} "*) ;;
			*) echo "${file#"$host/"}:$include" ;;
			esac
		done
	done
}

# circles ROOM: what tsort says of its modules.  A module is a header with the
# .c file of that name; x_private.h belongs to x.
circles () {
	find "$host/$1" -name '*.[ch]' | while read -r file; do
		module=${file#"$host/"}
		module=${module%.*}
		for include in $(includes "$file"); do
			case $include in
			"$1"/*) echo "${module%_private}" "${include%.h}" ;;
			esac
		done
	done | sed 's/_private$//' | { tsort >/dev/null; } 2>&1
}

# report N WHAT BAD: one case.
report () {
	if [ -z "$3" ]; then
		echo "ok $1 - $2"
	else
		echo "$3" | sed 's/^/# /'
		echo "not ok $1 - $2"
	fi
}

echo "1..$((2 * $(echo "$rows" | grep -c .)))"
echo "$rows" | {
	n=1
	while read -r room allowed; do
		[ -n "$room" ] || continue
		report "$n" "$room includes only: $allowed" \
			"$(bad_includes "$room" "$allowed")"
		report "$((n + 1))" "$room has no circle of files" \
			"$(circles "$room")"
		n=$((n + 2))
	done
}
