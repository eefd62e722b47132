#!/bin/sh
# SPDX-License-Identifier: MIT
#
# recordings.sh - does linehook say of recorded streams what the oracle says?
#
# usage: recordings.sh [--filter-only | --run-only] [-v] [-j N] [DIR ...]
#
# DIR holds PROVIDER/*.ndjson, or *.ndjson whose provider is to be detected;
# without a DIR, the project's own streams.  A SCENARIO.meta.json beside a
# stream (exit_code, killed_by) makes it also run under `linehook run'.
#
# LINEHOOK is the program (default: linehook on PATH).  Prints a line for each
# difference, then the sums.  Exit status 1 if anything differed or nothing
# was found, 77 without python3.

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || exit 1

if ! command -v python3 >/dev/null 2>&1; then
	echo "recordings.sh: python3 is missing: skipped" >&2
	exit 77
fi
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
exec python3 "$here/recordings.py" "$@"
