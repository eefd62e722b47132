#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_worst.sh - what a line may cost, whatever it contains.
set -u
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

python3 "$srcdir/system/cli_worst.py" "$LINEHOOK" "$tmp" >"$tmp/kinds" \
	2>"$tmp/kinds.err"
is 'the measurements end' "$?:$(cat "$tmp/kinds.err")" '0:'

# Eight times the line may take eight times as long, and thrice that on a busy
# machine; quadratic is 64.  Output that a busy machine has not written yet counts
# as memory.  A sanitized program needs memory of its own: there
# are no such cases.
while read -r kind time memory size; do
	ok "time of a line is linear in its length: $kind ($time)" \
		[ "$time" -lt 30 ]
	ok "output of a line is bounded by its length: $kind ($size)" \
		[ "$size" -lt 60 ]
	if [ "$LINEHOOK_SANITIZED" = no ]; then
		ok "memory of a line is a few times its length: $kind ($memory)" \
			[ "$memory" -lt 16 ]
	fi
done <"$tmp/kinds"
finish
