#!/bin/sh
# SPDX-License-Identifier: MIT
# node.sh - the Node example builds and runs.
#
# It needs node with its headers, and a linehook that pkg-config finds.
set -u
srcdir=${srcdir:-.}
EXAMPLE=$(mktemp -d "${TMPDIR:-/tmp}/linehook-node.XXXXXX") || exit 99
trap 'rm -rf "$EXAMPLE"' EXIT
cp "$srcdir"/../host/examples/node/* "$EXAMPLE"
if ! make -s -C "$EXAMPLE" CFLAGS=-Werror >"$EXAMPLE/log" 2>&1; then
	sed 's/^/# /' "$EXAMPLE/log"
	echo "Bail out! the addon cannot be built"
	exit 99
fi
export EXAMPLE
node "$srcdir/embed/many_runs.js"
