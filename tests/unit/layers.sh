#!/bin/sh
# layers.sh - a room includes only the rooms that stand below it.
#
# Each row of the table names a room of host/ and the rooms that it may
# include, besides the public headers.
set -u
host=${srcdir:-.}/../host
base="common json event"
rows="
common  common
monitor common monitor
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
cli     $base frame plugin format io process record cli
cli/doctor common json format io cli
"
echo "1..$(echo "$rows" | grep -c .)"
echo "$rows" | {
	n=0 failed=0
	while read -r room allowed; do
		[ -n "$room" ] || continue
		n=$((n + 1))
		bad=
		files=$(find "$host/$room" -name '*.[ch]')
		for file in $files; do
			for include in $(sed -n \
				's/^#[ ]*include "\([^"]*\)".*/\1/p' "$file"); do
				case $include in
				config.h) continue ;;
				*/*) dir=${include%%/*} ;;
				*) dir=$room ;;
				esac
				case " $allowed " in
				*" $dir "*) ;;
				*) bad="$bad ${file#"$host/"}:$include" ;;
				esac
			done
		done
		if [ -z "$bad" ]; then
			echo "ok $n - $room includes only: $allowed"
		else
			echo "# $bad"
			echo "not ok $n - $room includes only: $allowed"
			failed=1
		fi
	done
	exit $failed
}
