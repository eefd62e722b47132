#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_bad_input.sh - bytes that are no stream: counted, and never the end.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

# survives NAME: each plugin reads $tmp/bad and then a line that it knows;
# all bytes are counted, there is one result, and nothing worse happened.
survives () {
	bytes=$(wc -c <"$tmp/bad" | tr -d ' ')
	for p in claude codex gemini opencode droid qwen copilot pi raw; do
		lh filter --log off -p $p "$tmp/bad"
		case $status in
		0 | 1 | 5) ;;
		*) bytes="and status 0, 1 or 5, not $status" ;;
		esac
		is "$1: $p" \
			"$(last bytes), $(grep -c '"final":true' "$tmp/out") result, $(last plugin_errors) errors" \
			"$bytes, 1 result, 0 errors"
	done
}
good=$streams/claude/plain.ndjson

# The same noise each time.
awk 'BEGIN {
	x = 7
	for (i = 0; i < 60000; i++) {
		x = (x * 16807) % 2147483647
		printf "%c", int (x / 8192) % 255 + 1
	}
}' >"$tmp/bad"
survives 'noise'
head -c 100000 /dev/zero >"$tmp/bad"
survives 'NUL bytes'
head -c 100000 /dev/zero | tr '\0' '[' >"$tmp/bad"
survives 'brackets without end'
i=0
while [ $i -lt 20000 ]; do
	printf '{"a":'
	i=$((i + 1))
done >"$tmp/bad"
survives 'objects without end'
printf '\n\r\n \n\t\r\n' >"$tmp/bad"
survives 'blank lines'
printf '{"type":"assistant"}garbage\n{"type":"a"}{"type":"b"}\n[1]\nnull\n' \
	>"$tmp/bad"
survives 'values that are not one object'
printf '{"type": NaN}\n{type: 1}\n{"type":1e999}\n{"a":01}\n{"a":1,}\n' \
	>"$tmp/bad"
survives 'JSON that is none'
tr '{}' '}{' <"$good" >"$tmp/bad"
survives 'braces turned'
for p in claude codex gemini opencode droid qwen copilot pi; do
	cat "$streams/$p"/*.ndjson
done >"$tmp/bad"
survives 'streams of all providers at once'
sed 's/"[a-z_]*":"[^"]*"/"type":[null,{},7]/3' "$good" >"$tmp/bad"
survives 'wrong types'

{ cat "$tmp/bad" && head -c 1000 /dev/zero && echo && cat "$good"; } \
	>"$tmp/mixed"
lh filter --log off -p claude "$tmp/mixed"
is 'what follows is parsed' "$status $(last verdict)" '0 ok'
finish
