#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_stdout.sh - readers of kept runs that are slow, many, or go.
set -u
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

python3 "$srcdir/system/cli_stdout.py" "$LINEHOOK" "$tmp/runs" \
	>"$tmp/plays" 2>"$tmp/plays.err"
is 'the plays end' "$?:$(cat "$tmp/plays.err")" '0:'

# play NAME: what came of it.
play () {
	sed -n "s/^$1 //p" "$tmp/plays"
}

is 'a reader that stalls: the record is whole' "$(play stalled)" True
is 'and all of it waits for the reader' "$(play stalled-out)" 'True 0'
is 'a reader that goes: the record is whole' "$(play gone)" 'True 0'
is 'twenty follow from before the start to the end' "$(play followers)" \
	'True True True'
is 'of hosts of one name all but one are refused' "$(play hosts)" \
	'True True True'
is 'follow into what does not block loses nothing' "$(play follow-eagain)" \
	'True 0'
is 'nor does show' "$(play show-eagain)" 'True 0'
for words in follow-stalled show-big runs runs---usage; do
	is "a reader of $words that goes is no failure" "$(play "gone-$words")" \
		'0 0'
	is "a full disk is: $words" "$(play "full-$words")" '125 1 True'
done
finish
