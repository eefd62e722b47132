#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Is this SPDX document whole, and true of the files that are installed?

    sbom_check.py DOCUMENT ROOT

Every member that SPDX 2.3 demands is there, each id names one thing, each
relationship is between things that exist, and the files below ROOT are those of
the document, with the sums that it says.  Prints what is wrong.
"""
import hashlib
import os
import re
import sys

DOCUMENT = ("SPDXVersion", "DataLicense", "SPDXID", "DocumentName",
            "DocumentNamespace", "Creator", "Created")
PACKAGE = ("SPDXID", "PackageDownloadLocation", "FilesAnalyzed",
           "PackageLicenseConcluded", "PackageLicenseDeclared",
           "PackageCopyrightText")
ANALYZED = ("PackageVersion", "PackageVerificationCode",
            "PackageLicenseInfoFromFiles")
FILE = ("SPDXID", "FileChecksum", "LicenseConcluded", "LicenseInfoInFile",
        "FileCopyrightText")

# What a value of each tag looks like.
FORMS = {
    "SPDXVersion": r"SPDX-2\.3",
    "DataLicense": r"CC0-1\.0",
    "SPDXID": r"SPDXRef-[A-Za-z0-9.-]+",
    "DocumentNamespace": r"https?://[^# ]+",
    "Creator": r"(Tool|Organization|Person): .+",
    "Created": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "FilesAnalyzed": r"true|false",
    "PackageVerificationCode": r"[0-9a-f]{40}",
    "PackageVersion": r"\S+",
    "FileName": r"\./.+",
    "FileChecksum": r"SHA1: [0-9a-f]{40}|SHA256: [0-9a-f]{64}",
    "ExternalRef": r"PACKAGE-MANAGER purl pkg:deb/\S+@\S+",
    "Relationship": r"\S+ [A-Z_]+ \S+",
}
LICENCE = (r"NOASSERTION|NONE|\(?[A-Z][A-Za-z0-9.-]+\)?"
           r"( (AND|OR) \(?[A-Z][A-Za-z0-9.-]+\)?)*")
FORMS.update({tag: LICENCE for tag in (
    "PackageLicenseConcluded", "PackageLicenseDeclared", "LicenseConcluded",
    "LicenseInfoInFile", "PackageLicenseInfoFromFiles")})

wrong = []


def parse(path):
    """The document, and its packages and files, as lists of tags' values."""
    things = [("document", {})]
    relationships = []
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        if not line.strip():
            continue
        tag, colon, value = line.rstrip("\n").partition(": ")
        if not colon:
            wrong.append("line %d has no tag: %s" % (number, line.strip()))
            continue
        if tag in FORMS and not re.fullmatch(FORMS[tag], value):
            wrong.append("line %d: '%s' is no %s" % (number, value, tag))
        if tag == "Relationship":
            relationships.append(value.split())
            continue
        if tag in ("PackageName", "FileName"):
            things.append(("package" if tag[0] == "P" else "file", {}))
        things[-1][1].setdefault(tag, []).append(value)
    return things, relationships


def check_members(things):
    for kind, tags in things:
        name = (tags.get("PackageName") or tags.get("FileName") or [kind])[0]
        demanded = {"document": DOCUMENT, "package": PACKAGE, "file": FILE}
        needed = list(demanded[kind])
        if tags.get("FilesAnalyzed") == ["true"]:
            needed += ANALYZED
        for tag in needed:
            if tag not in tags:
                wrong.append("%s has no %s" % (name, tag))


def check_ids(things, relationships):
    ids = [i for _, tags in things for i in tags.get("SPDXID", [])]
    for i in sorted(set(i for i in ids if ids.count(i) > 1)):
        wrong.append("%s is the id of two things" % i)
    for one, kind, other in relationships:
        for i in (one, other):
            if i not in ids:
                wrong.append("%s %s %s: there is no %s" % (one, kind, other, i))
    tied = set(i for one, _, other in relationships for i in (one, other))
    for i in sorted(set(ids) - tied):
        wrong.append("%s is in no relationship" % i)
    if not any(kind == "DESCRIBES" for _, kind, _ in relationships):
        wrong.append("nothing is described")


def check_codes(things):
    """The code of a package is the sum of its files' sums, in their order."""
    packages = []
    for kind, tags in things:
        if kind == "package" and tags["FilesAnalyzed"] == ["true"]:
            packages.append((tags, []))
        elif kind == "file":
            packages[-1][1].append(tags["FileChecksum"][0][len("SHA1: "):])
    for tags, sums in packages:
        code = hashlib.sha1("".join(sorted(sums)).encode()).hexdigest()
        if tags["PackageVerificationCode"] != [code]:
            wrong.append("%s: its code is %s" % (tags["PackageName"][0], code))


def check_sums(path, tags):
    content = open(path, "rb").read()
    for line in tags["FileChecksum"]:
        name, value = line.split(": ")
        if hashlib.new(name, content).hexdigest() != value:
            wrong.append("%s: its %s is another" % (path, name))


def check_files(things, root):
    """All regular files are described, but for the document itself."""
    described = {tags["FileName"][0]: tags
                 for kind, tags in things if kind == "file"}
    found = set()
    for folder, _, names in os.walk(root):
        for name in names:
            path = os.path.join(folder, name)
            if not os.path.islink(path) and not name.endswith(".spdx"):
                found.add("./" + os.path.relpath(path, root))
    for name in sorted(found - set(described)):
        wrong.append("%s is not described" % name)
    for name in sorted(set(described) - found):
        wrong.append("%s is described, and is not there" % name)
    for name in sorted(found & set(described)):
        check_sums(os.path.join(root, name), described[name])
    return len(described)


def main():
    things, relationships = parse(sys.argv[1])
    check_members(things)
    if not wrong:
        check_ids(things, relationships)
        check_codes(things)
        n = check_files(things, sys.argv[2])
        print("%d files, %d things, %d relationships" %
              (n, len(things), len(relationships)))
    for line in wrong[:20]:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
