#!/bin/sh
# SPDX-License-Identifier: MIT
# streams.sh - the project's streams against the oracle, for make check.
if ! python3 -c 'import concurrent.futures, json, shutil' 2>/dev/null; then
	echo "1..0 # SKIP there is no python3 with its standard library"
	exit 0
fi
exec "${srcdir:-.}/system/recordings.sh" --tap
