# SPDX-License-Identifier: MIT
"""The manual pages against the program: options, defaults, examples, names.

usage: cli_manual.py TOP_SRCDIR
"""
import glob
import os
import re
import subprocess
import sys

sys.dont_write_bytecode = True
from tap import LINEHOOK, equal, finish, ok  # noqa: E402

top = sys.argv[1]
pages = {}  # "linehook-run.1": its lines
for path in (glob.glob(os.path.join(top, "host/man/*.[1-8]"))
             + glob.glob(os.path.join(top, "plugins/*/*.[1-8]"))):
    with open(path, encoding="utf-8") as file:
        pages[os.path.basename(path)] = file.read().splitlines()


def output(*args):
    return subprocess.run([LINEHOOK, *args], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, check=True,
                          timeout=60).stdout.decode()


def options_of_help(sub):
    """{"--name": default or None, "-n": ..} of a subcommand, without --help."""
    found = {}
    names = []
    text = ""
    for line in output(sub, "--help").splitlines() + ["."]:
        begin = re.match(r"  (?:(-\w), |    )(--[\w-]+)(.*)", line)
        if names and (begin or not line.startswith("   ")):
            default = re.search(r"\[default: ([^]]*)\]", " ".join(text.split()))
            found.update((name, default and default[1]) for name in names)
            names = []
        if begin:
            names = [name for name in begin.group(1, 2) if name]
            text = begin[3]
        else:
            text += " " + line
    del found["--help"], found["-h"]
    return found


def options_of_page(lines):
    """The same from the .It lines of a page; the text instead of a default."""
    found = {}
    names = []
    for line in lines:
        if line.startswith(".It Fl "):
            names = ["-" + name for name in re.findall(
                r"(?:\bFl |, )(-?[a-z][\w-]*)", line)]
            found.update((name, "") for name in names)
        elif line.startswith((".It", ".Sh")):
            names = []
        else:
            for name in names:
                found[name] += line.replace(".Cm ", "") + " "
    return found


def sections(lines):
    return [line[4:] for line in lines if line.startswith(".Sh ")]


commands = re.findall(r"^  ([a-z]+)  ", output("help"), re.M)
ok(len(commands) >= 17, "linehook help lists the subcommands", commands)
helps = {sub: options_of_help(sub) for sub in commands}

for sub in commands:
    if sub in ("help", "version"):
        continue
    page = pages.get("linehook-%s.1" % sub, [])
    wanted = ["NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "EXAMPLES",
              "SEE ALSO"]
    equal([s for s in wanted if s not in sections(page)], [],
          sub + ": its page has all sections")
    documented = options_of_page(page)
    equal(sorted(documented), sorted(helps[sub]),
          sub + ": its page has its options and no others")
    simple = {name: default for name, default in helps[sub].items()
              if default and re.fullmatch(r"[\w.]+", default)}
    equal([(name, default) for name, default in sorted(simple.items())
           if not re.search(r"\b%s\b" % re.escape(default),
                            documented.get(name, ""))], [],
          sub + ": its page has the defaults")

for name, lines in sorted(pages.items()):
    equal([line for line in lines if line.startswith(".Os")], [".Os linehook"],
          name + ": the system is linehook")
    missing = [line for line in lines
               for target in re.findall(r"\bXr (linehook\S* \d)", line)
               if target.replace(" ", ".") not in pages]
    equal(missing, [], name + ": the pages that it refers to are there")
    wrong = []
    text = "\n".join(lines).replace("\\-", "-").replace("\\e\n", "")
    for sub, words in re.findall(r"linehook ([a-z]+) ([^\n|&;`]*)", text):
        words = re.split(r" -- ", words)[0]
        wrong += [(sub, option) for option in re.findall(
            r"(?<!\S)--[a-z][\w-]*", words)
            if sub in helps and option not in helps[sub]]
    equal(wrong, [], name + ": its command lines have options that exist")

listed = ""
for path in ("host/Makefile.am", "plugins/Makefile.am"):
    with open(os.path.join(top, path), encoding="utf-8") as file:
        listed += file.read()
equal([name for name in sorted(pages) if "/" + name not in listed], [],
      "every page is installed")
finish()
