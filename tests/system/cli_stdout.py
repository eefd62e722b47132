#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cli_stdout.py - readers of output that are slow, many, or go away.

    cli_stdout.py LINEHOOK STORE

Prints for each scenario a line with its name and the values that a test
checks.
"""
import fcntl
import os
import subprocess
import sys
import time

LINEHOOK, STORE = sys.argv[1:3]
LINES = 40000


def start(*words, stdout=subprocess.PIPE):
    return subprocess.Popen(
        [LINEHOOK, words[0], "--run-dir", STORE, *words[1:]], stdout=stdout,
        stderr=subprocess.PIPE)


def run(name, *command, **where):
    return start("run", "--run-id", name, "-p", "raw", "--log", "off", "--",
                 *command, **where)


def path(name, file):
    return os.path.join(STORE, name, file)


def read(name, file):
    with open(path(name, file), "rb") as f:
        return f.read()


def until(what):
    end = time.monotonic() + 60
    while not what():
        if time.monotonic() > end:
            raise SystemExit("not within 60 s")
        time.sleep(0.01)


def gapless(lines):
    return [i for i, line in enumerate(lines, 1)
            if not line.startswith(b'{"seq":%d,' % i)] == []


def whole(name):
    lines = read(name, "events.ndjson").splitlines()
    return (len(lines) == LINES + 2 and gapless(lines)
            and b'"final":true' in lines[-1]
            and len(read(name, "stdout.raw").splitlines()) == LINES)


def not_blocking():
    """A pipe of 4096 bytes whose writing end does not block."""
    out, into = os.pipe()
    fcntl.fcntl(into, fcntl.F_SETPIPE_SZ, 4096)
    fcntl.fcntl(into, fcntl.F_SETFL, os.O_NONBLOCK)
    return out, into


def slowly(*words):
    """The output of a command whose stdout is such a pipe, read slowly."""
    out, into = not_blocking()
    process = start(*words, stdout=into)
    os.close(into)
    data = b""
    while True:
        time.sleep(0.0005)
        piece = os.read(out, 3000 if len(data) < 100000 else 1 << 20)
        if not piece:
            break
        data += piece
    os.close(out)
    process.communicate()
    return data, process.returncode


def many_lines():
    return "i=0; while [ $i -lt %d ]; do echo line $i; i=$((i+1)); done" % LINES


# Nobody reads the run's stdout until the run has ended.
stalled = run("stalled", "sh", "-c", many_lines())
until(lambda: os.path.exists(path("stalled", "result.json")))
print("stalled", whole("stalled"))
print("stalled-out", len(stalled.communicate()[0].splitlines()) == LINES + 2,
      stalled.returncode)

# The reader of stdout goes away after the first line.
gone = run("gone", "sh", "-c", many_lines())
gone.stdout.readline()
gone.stdout.close()
gone.wait()
print("gone", whole("gone"), gone.returncode)

# Twenty readers follow a run from before its start; another one goes away.
names = ["--for-start", "many"]
followers = [start("follow", *names) for _ in range(20)]
leaver = start("follow", *names)
many = run("many", "sh", "-c", "sleep 0.1; " + many_lines(),
           stdout=subprocess.DEVNULL)
leaver.stdout.readline()
leaver.kill()
leaver.wait()
outs = [f.communicate()[0] for f in followers]
many.wait()
events = read("many", "events.ndjson")
print("followers", all(out == events for out in outs),
      all(f.returncode == 0 for f in followers), whole("many"))

# Eight hosts start a run with the same id at the same time.
hosts = [run("one", "sh", "-c", "sleep 0.2; echo mine",
             stdout=subprocess.DEVNULL) for _ in range(8)]
codes = sorted(h.wait() for h in hosts)
refused = sum(b"run 'one' already exists" in h.stderr.read() for h in hosts)
print("hosts", codes == [0] + [125] * 7, refused == 7,
      read("one", "stdout.raw") == b"mine\n")

# Nothing is lost if stdout does not block.
data, code = slowly("follow", "stalled")
print("follow-eagain", data == read("stalled", "events.ndjson"), code)
big = run("big", "sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x",
          stdout=subprocess.DEVNULL)
big.wait()
data, code = slowly("show", "big", "--include", "state")
print("show-eagain", len(data) > 300000 and data.endswith(b"}\n"), code)

# A reader that goes away is not an error; a full disk is.
for words in (["follow", "stalled"], ["show", "big"], ["runs"],
              ["runs", "--usage"]):
    process = start(*words)
    process.stdout.close()
    err = process.stderr.read()
    print("gone-" + "-".join(words), process.wait(), len(err))
    with open("/dev/full", "wb") as full:
        process = start(*words, stdout=full)
        err = process.communicate()[1]
    print("full-" + "-".join(words), process.returncode,
          len(err.splitlines()), b"No space left on device" in err)
