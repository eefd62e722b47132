# SPDX-License-Identifier: MIT
"""The manual pages for authors: their code, and what they copy of the headers.

usage: manual.py structs PAGE HEADER..   structs and enumerators of the headers
                                         that differ in the page or lack there;
                                         of base.h only what the page shows
       manual.py functions PAGE HEADER   the same of prototypes and structs
       manual.py code PAGE FILE          print FILE as the page has it, in one
                                         piece or in several
"""
import re
import sys

# Only the host makes these.
HOST = {"lhk_ev_run", "lhk_meta"}


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def literal(line):
    """A line of a literal block as a reader sees it."""
    return line.replace("\\&", "").replace("\\(dq", '"').replace("\\e", "\\")


def blocks(page):
    """(file or None, text) of each literal block."""
    found, lines, name = [], None, None
    for line in read(page).splitlines():
        if line.startswith('.\\" file: '):
            name = line[len('.\\" file: '):]
        elif line.startswith(".Bd -literal"):
            lines = []
        elif line == ".Ed" and lines is not None:
            found.append((name, "\n".join(lines) + "\n"))
            lines = name = None
        elif lines is not None:
            lines.append(literal(line))
    return found


def plain(text):
    """Without comments and with one blank between words."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    return re.sub(r"\s+", " ", text)


def structs(text):
    return {m[1]: m[0] for m in re.finditer(
        r"struct (lhk_\w+) \{ .*?\};", plain(text))}


def enumerators(text):
    found = {}
    for m in re.finditer(r"enum \{(.*?)\};", plain(text)):
        for name, value in re.findall(r"(LHK_\w+) = ([^,]*)", m[1] + ","):
            found[name] = value.strip()
    return found


def prototypes(text):
    text = plain(text).replace("LHK_JSON_EXPORT ", "")
    return {m[2]: re.sub(r" \(", "(", m[0]) for m in re.finditer(
        r"(?:void|int|size_t|struct lhk_\w+) (\*?)(lhk_\w+) \([^)]*\);", text)}


def differ(kinds, page, headers):
    shown = "\n".join(text for _, text in blocks(page))
    declared = "".join(read(h) for h in headers if not h.endswith("base.h"))
    base = "".join(read(h) for h in headers if h.endswith("base.h"))
    for kind in kinds:
        here, there = kind(shown), kind(declared)
        there.update((name, text) for name, text in kind(base).items()
                     if name in here)
        for name in sorted(set(there) - HOST):
            if here.get(name) != there[name]:
                print("%s: found %s, expected %s" % (
                    name, here.get(name), there[name]))
        for name in sorted(set(here) - set(there)):
            print("%s is in no header" % name)


def main():
    what, page, rest = sys.argv[1], sys.argv[2], sys.argv[3:]
    if what == "structs":
        differ([structs, enumerators], page, rest)
    elif what == "functions":
        differ([structs, enumerators, prototypes], page, rest)
    else:
        sys.stdout.write("\n".join(
            text for name, text in blocks(page) if name == rest[0]))


main()
