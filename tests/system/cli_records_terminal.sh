#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_records_terminal.sh - records of runs as a person at a terminal sees them.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
command -v python3 >/dev/null 2>&1 || {
	echo "1..0 # SKIP there is no python3"
	exit 0
}
has_terminals || {
	echo "1..0 # SKIP $no_terminals"
	exit 0
}
LC_ALL=C.UTF-8 python3 -B "$srcdir/system/cli_records_terminal.py"
