#!/bin/sh
# SPDX-License-Identifier: MIT
#
# recordings.sh - does linehook say of recorded streams what the oracle says?
#
# usage: recordings.sh [--filter-only | --run-only] [--tap] [-v] [-j N]
#                      [DIR ...]
#
# DIR holds PROVIDER/*.ndjson, or *.ndjson whose provider is to be detected;
# without a DIR, the project's own streams.  A SCENARIO.meta.json beside a
# stream (exit_code, killed_by) makes it also run under `linehook run'.
#
# LINEHOOK is the program (default: linehook on PATH), PLUGIN_DIR where its
# plugins are if they are not installed.  Prints a line for each difference,
# then the sums; --tap prints TAP.  Exit status 1 if anything differed or
# nothing was found, 77 without python3.

here=$(CDPATH="" cd -- "$(dirname -- "$0")" && pwd) || exit 1

if ! python3 -c 'import concurrent.futures, json, shutil' 2>/dev/null; then
	echo "recordings.sh: no python3 with its standard library (Debian:" \
		"apt-get install python3): skipped" >&2
	exit 77
fi
program=${LINEHOOK:-linehook}
LINEHOOK=$(command -v "$program") || {
	echo "recordings.sh: no program '$program': name it with LINEHOOK" >&2
	exit 1
}
export LINEHOOK
if [ -n "${PLUGIN_DIR:-}" ]; then
	LINEHOOK_PLUGIN_PATH=$PLUGIN_DIR
	export LINEHOOK_PLUGIN_PATH
fi
# Of a build that was not installed, the monitor lies beside the program.
monitor=$(dirname "$LINEHOOK")/linehook-exec
if [ -z "${LINEHOOK_EXEC:-}" ] && [ -x "$monitor" ]; then
	LINEHOOK_EXEC=$monitor
	export LINEHOOK_EXEC
fi
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
exec python3 "$here/recordings.py" "$@"
