#!/bin/sh
# SPDX-License-Identifier: MIT
# monitor.sh - linehook-exec as it was linked.
#
# Its environment is the agent's: without a dynamic loader, LD_PRELOAD and
# LD_LIBRARY_PATH of an agent do not reach it.
set -u
LINEHOOK_EXEC=${LINEHOOK_EXEC:-../host/linehook-exec}
CC=${CC:-cc}
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT

name=the_monitor_needs_no_dynamic_loader
echo "1..1"
echo 'int main (void) { return 0; }' >"$dir/main.c"
# Splitting is wanted: CC may be a command with arguments.
# shellcheck disable=SC2086
if ! $CC -static-pie -o "$dir/main" "$dir/main.c" 2>/dev/null; then
	echo "ok 1 - $name # SKIP the compiler does not link -static-pie"
elif readelf -lW "$LINEHOOK_EXEC" | grep -q INTERP; then
	echo "not ok 1 - $name"
else
	echo "ok 1 - $name"
fi
