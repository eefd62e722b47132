#!/bin/sh
# SPDX-License-Identifier: MIT
# pictures.sh - the README and the gallery show what the program prints.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
has_terminals || {
	echo "1..0 # SKIP $no_terminals"
	exit 0
}

pictures=$srcdir/../host/man/pictures
ok 'the program can be drawn' \
	python3 "$pictures/draw.py" "$LINEHOOK" "$streams" "$tmp"

# The headings, which begin at the left edge; the rest tells of the machine.
headings () {
	sed -n 's/^<text x="16.0" [^>]*>\([A-Z][a-zA-Z ]*\)<.*/\1/p' "$1"
}

for file in "$pictures"/*.svg; do
	picture=$(basename "$file" .svg)
	if [ "$picture" = doctor ]; then
		is 'doctor has the headings of its picture' \
			"$(headings "$tmp/doctor.svg")" "$(headings "$file")"
		like 'one of them is Agents' "$(headings "$file")" '^Agents$'
	else
		diff "$file" "$tmp/$picture.svg" | head -n 8 | sed 's/^/# /'
		ok "$picture shows what the program prints" \
			cmp -s "$file" "$tmp/$picture.svg"
	fi
	ok "$picture is well-formed XML" python3 -c \
		'import sys, xml.dom.minidom as d; d.parse(sys.argv[1])' "$file"
	ok "$picture is in the gallery" \
		grep -q "]($picture\\.svg)" "$pictures/gallery.md"
done
is 'every picture that is drawn is there' \
	"$(cd "$tmp" && echo ./*.svg)" "$(cd "$pictures" && echo ./*.svg)"

finish
