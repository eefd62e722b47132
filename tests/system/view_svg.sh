#!/bin/sh
# SPDX-License-Identifier: MIT
# view_svg.sh - the picture in the README shows what the program prints.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

man=$srcdir/../host/man
python3 "$man/view-svg.py" "$LINEHOOK" "$streams/claude/tool_multi.ndjson" \
	>"$tmp/view.svg"
diff "$man/view.svg" "$tmp/view.svg" | head -n 20 | sed 's/^/# /'
ok 'the picture is what view-svg.py draws of the recording' \
	cmp -s "$man/view.svg" "$tmp/view.svg"
ok 'the picture is well-formed XML' \
	python3 -c 'import sys, xml.dom.minidom as d; d.parse(sys.argv[1])' \
	"$man/view.svg"

finish
