#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_manual.sh - the manual pages say what the program has.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
command -v python3 >/dev/null 2>&1 || {
	echo "1..0 # SKIP there is no python3"
	exit 0
}
python3 -B "$srcdir/system/cli_manual.py" "$srcdir/.."
