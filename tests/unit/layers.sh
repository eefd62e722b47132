#!/bin/sh
# layers.sh - a room includes only util/, json/ and the rooms before it.
#
# The order is that of the data flow; run/ and cli/ see all.  tool/ stands on
# the public face of run/ (and on internal.h), beside the flow.
set -u
host=${srcdir:-.}/../host
flow="util json spawn read frame hook event sink keep tool"
echo "1..10"
n=0
for room in $flow; do
	n=$((n + 1))
	# spawn and read do not know lines; frame, hook and event do not know
	# processes: each sees util, json, itself and what is named here.
	case $room in
	util) allowed="util" ;;
	json) allowed="util json" ;;
	spawn) allowed="util spawn" ;;
	read) allowed="util read" ;;
	frame) allowed="util json frame" ;;
	hook) allowed="util json frame event hook" ;;
	event) allowed="util json event" ;;
	sink) allowed="util json read event sink" ;;
	keep) allowed="util sink keep" ;;
	tool) allowed="util json read event sink tool" ;;
	esac
	bad=
	for file in "$host/$room"/*.[ch]; do
		for include in $(sed -n 's/^#[ ]*include "\([^"]*\)".*/\1/p' "$file"); do
			case $include in
			config.h) continue ;;
			*/*) dir=${include%%/*} ;;
			*) dir=$room ;;
			esac
			case " $allowed " in
			*" $dir "*) ;;
			*) bad="$bad ${file##*/}:$include" ;;
			esac
		done
	done
	if [ -z "$bad" ]; then
		echo "ok $n - $room includes only: $allowed"
	else
		echo "# $bad"
		echo "not ok $n - $room includes only: $allowed"
	fi
done
