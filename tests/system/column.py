# SPDX-License-Identifier: MIT
"""column.py FILE PATTERN - print where PATTERN first matches, one line of FILE
after the other, as terminals count columns; a line without it is left out.
"""
import re
import sys
import unicodedata


def width(text):
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    marks = sum(unicodedata.combining(c) != 0 for c in text)
    return len(text) + wide - marks


with open(sys.argv[1], encoding="utf-8") as f:
    for line in f:
        match = re.search(sys.argv[2], line.rstrip("\n"))
        if match:
            print(width(line[: match.start()]))
