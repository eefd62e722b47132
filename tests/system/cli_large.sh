#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_large.sh - lines that do not fit, in memory that is bounded.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

# text BYTES: a message of about that size on one line.
text () {
	printf '{"type":"assistant","session_id":"s","message":{"id":"m","content":[{"type":"text","text":"'
	head -c "$1" /dev/zero | tr '\0' x
	printf '"}]}}\n'
}
ten () {
	for i in 1 2 3 4 5 6 7 8 9 10; do
		text $i
	done
}
M=1048576
{ text $((9 * M)) && ten; } >"$tmp/9"
{ text $((11 * M)) && ten; } >"$tmp/11"

lh filter -p claude "$tmp/9"
is 'a 9 MB event and ten more' \
	"$(grep -c '"kind":"text"' "$tmp/out") $(last oversize)" '11 0'
lh filter --log off -p claude "$tmp/11"
is 'an 11 MiB event and ten more' \
	"$(grep -c '"kind":"text"' "$tmp/out") $(last oversize)" '10 1'
is 'one notice' "$(grep -c '"code":"oversize"' "$tmp/out")" 1
lh filter --line-max 12M -p claude "$tmp/11"
is 'a larger cap' \
	"$(grep -c '"kind":"text"' "$tmp/out") $(last oversize)" '11 0'
{
	head -c $((35 * M)) /dev/zero | tr '\0' x
	echo
} | dd bs=32768 2>/dev/null | "$LINEHOOK" filter --log off -p claude \
	>"$tmp/out"
out=$(cat "$tmp/out")
is '35 MiB in 32 KiB writes: one notice' \
	"$(grep -c '"code":"oversize"' "$tmp/out")" 1
like 'with the size to the byte' "$out" '36700160'

# What follows is about memory: of the build that people run.  A sanitized one
# takes many times as much and has no such cases.
if [ "$LINEHOOK_SANITIZED" != no ]; then
	finish
fi

# Peak memory: 5 MiB and twice the cap of 10 MiB, in KiB.
peak='import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL,
               stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)'
for n in 9 11; do
	for p in claude auto; do
		if ! command -v python3 >/dev/null 2>&1; then
			skip "peak memory of $n, $p" 'there is no python3'
			continue
		fi
		kib=$(python3 -c "$peak" "$LINEHOOK" filter -p $p "$tmp/$n")
		echo "# $kib KiB"
		ok "peak memory of $n MB, $p" test "$kib" -le 25600
	done
done

# A line of 1 GiB in an address space that cannot hold a tenth of it.
head -c 1073741824 /dev/zero | (
	# shellcheck disable=SC3045
	ulimit -v 100000
	"$LINEHOOK" filter --log off -p claude
	echo "status $?" >"$tmp/status"
) >"$tmp/out"
is '1 GiB under a limit of 100 MB of address space' \
	"$(cat "$tmp/status")" 'status 5'
like '1 GiB is counted' "$(tail -n 1 "$tmp/out")" \
	'"counters":\{"lines":1,"bytes":1073741824,.*"oversize":1,'
finish
