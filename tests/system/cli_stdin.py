#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cli_stdin.py - `run --stdin -': input that is handed on as it comes."""
import os
import signal
import socket
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tap  # noqa: E402
from tap import Run, equal, ok, until  # noqa: E402

WARNING = "code=stdin msg=\"standard input has data"


def file_of(data):
    path = os.path.join(tap.tmp, "input")
    with open(path, "wb") as f:
        f.write(data)
    return os.open(path, os.O_RDONLY)


def run(source, *command, options=()):
    """A run whose stdin is SOURCE, which is closed here."""
    r = Run([*options, "--stdin", "-", "-p", "raw", "--source", "--",
             *command], stdin=source)
    os.close(source)
    return r


def ends(r):
    """Status, text and flags of the run."""
    status = r.end()
    text = "".join(e["text"] for e in r.events() if e["kind"] == "text")
    return status, text, r.final().get("flags")


def as_it_comes():
    read, write = os.pipe()
    r = run(read, "sh", "-c", "read a; echo got $a; read b; echo got $b")
    os.write(write, b"one\n")
    r.says("got one")
    ok(True, "the command has its input while the pipe is open")
    os.write(write, b"two\n")
    equal(ends(r), (0, "got onegot two", []),
          "and the run ends though it is still open")
    os.close(write)


def sources():
    read, write = os.pipe()
    os.write(write, b"pipe")
    os.close(write)
    equal(ends(run(read, "cat")), (0, "pipe", []), "a pipe")
    ours, theirs = socket.socketpair()
    theirs.send(b"socket")
    theirs.close()
    equal(ends(run(ours.detach(), "cat")), (0, "socket", []), "a socket")
    fifo = os.path.join(tap.tmp, "fifo")
    os.mkfifo(fifo)
    both = os.open(fifo, os.O_RDWR)
    read = os.open(fifo, os.O_RDONLY)
    os.write(both, b"fifo")
    r = run(read, "cat")
    os.close(both)
    equal(ends(r), (0, "fifo", []), "a FIFO")
    equal(ends(run(file_of(b"file"), "cat")), (0, "file", []), "a file")
    equal(ends(run(os.open(os.devnull, os.O_RDONLY), "cat")), (0, "", []),
          "the null device")
    rest = file_of(b"0123456789")
    os.lseek(rest, 4, os.SEEK_SET)
    equal(ends(run(rest, "cat")), (0, "456789", []),
          "a file from where it stands")
    equal(ends(run(file_of(b"hello"), sys.executable, "-c",
                   "import os; print(os.pread(0, 100, 0).decode())")),
          (0, "hello", []), "a file that is read by position")
    done = subprocess.run([tap.LINEHOOK, "run", "--stdin", "-", "--", "cat"],
                          stdin=os.open(tap.tmp, os.O_RDONLY),
                          stderr=subprocess.PIPE, check=False)
    equal((done.returncode, done.stderr),
          (2, b"linehook: run: --stdin: cannot read '-': Is a directory\n"),
          "a directory is refused")


def not_read():
    data = b"x" * 300000
    for name, command in (("never reads", "exit 0"),
                          ("reads a part", "head -c 10 >/dev/null"),
                          ("closes it", "exec <&-; echo on")):
        for kind in "pipe", "file":
            if kind == "file":
                source = file_of(data)
            else:
                source, write = os.pipe()
                feeder = tap.start(lambda: (os.close(source),
                                            os.write(write, data),
                                            os._exit(0)))
                os.close(write)
            r = run(source, "sh", "-c", command)
            status, _, flags = ends(r)
            equal((status, flags), (0, []),
                  "a command that %s, a %s: no failure" % (name, kind))
            if kind == "pipe":
                tap.end(feeder)


def clocks():
    for name, options, verdict, status in (
            ("--timeout", ["--timeout", "300ms"], "timeout", 124),
            ("--idle-timeout", ["--idle-timeout", "300ms"], "stalled", 124)):
        read, write = os.pipe()
        r = run(read, "cat", options=options)
        equal((r.end(), r.final()["verdict"]), (status, verdict),
              "%s runs while input is awaited" % name)
        os.close(write)
    read, write = os.pipe()
    r = run(read, "sh", "-c", "echo ready; exec cat")
    r.says("ready")
    r.kill(signal.SIGTERM)
    equal((r.end(), r.final()["verdict"]), (143, "canceled"),
          "SIGTERM is heard while input is awaited")
    os.close(write)


def fifos():
    """A FIFO by its name; nobody writes into it at first."""
    fifo = os.path.join(tap.tmp, "awaited")
    os.mkfifo(fifo)
    own = ["--stdin", fifo, "-p", "raw", "--source"]
    r = Run([*own, "--timeout", "300ms", "--", "cat"])
    equal((r.end(), r.final()["verdict"]), (124, "timeout"),
          "--timeout runs while a writer is awaited")
    r = Run([*own, "--", "sh", "-c", "echo ready; exec cat"])
    r.says("ready")
    r.kill(signal.SIGTERM)
    equal((r.end(), r.final()["verdict"]), (143, "canceled"),
          "SIGTERM is heard while a writer is awaited")
    r = Run([*own, "--", "sh", "-c", "echo ready; exec cat"])
    r.says("ready")
    write = os.open(fifo, os.O_WRONLY)
    os.write(write, b"late")
    os.close(write)
    equal(ends(r), (0, "readylate", []), "a writer that comes late is read")
    r = Run([*own, "--", sys.executable, "-c", "pass"])
    equal(r.end(), 0, "a command that does not read waits for no writer")
    flags = "import fcntl, os; print(fcntl.fcntl(0, fcntl.F_GETFL) & %d)"
    for name in fifo, os.devnull, __file__:
        r = Run(["--stdin", name, *own[2:], "--", sys.executable, "-c",
                 flags % os.O_NONBLOCK])
        equal(ends(r), (0, "0", []),
              "the agent's reads wait: " + os.path.basename(name))


def much():
    """100 MB through a command that waits first: nothing is held."""
    size = 100 << 20
    read, write = os.pipe()
    go = os.path.join(tap.tmp, "go")

    def feed():
        os.close(read)
        block = b"0123456789abcde\n" * 65536
        for _ in range(size // len(block)):
            at = 0
            while at < len(block):
                at += os.write(write, block[at:])
        os._exit(0)

    feeder = tap.start(feed)
    os.close(write)
    r = run(read, "sh", "-c", "echo ready; until [ -e %s ]; do sleep 0.1; done;"
            " exec wc -c" % go)
    r.says("ready")
    until(lambda: tap.state(feeder) == "S", "a writer that waits")
    with open("/proc/%d/status" % r.pid) as f:
        rss = int(next(x for x in f if x.startswith("VmRSS")).split()[1])
    ok(tap.state(feeder) is not None and rss < 100 << 10,
       "input that waits for its reader stays with its writer", rss)
    with open(go, "w") as f:
        f.write("go")
    equal(ends(r), (0, "ready%d" % size, []), "and all of it arrives")
    equal(tap.wait(feeder), 0, "and its writer ends")


def failing():
    ours, theirs = socket.socketpair()
    ours.send(b"unread")  # so that closing resets the connection
    r = run(ours.detach(), "cat")
    theirs.close()
    status, _, flags = ends(r)
    equal((status, flags), (0, ["stdin_failed"]),
          "a source that cannot be read sets the flag")
    notices = [e["text"] for e in r.events() if e["kind"] == "notice"]
    equal(notices, ["cannot read the input to its end: Connection reset by "
                    "peer; the agent gets no more of it"], "and a notice")


def warnings():
    def warned(source, *options, command=("true",)):
        r = Run([*options, "--", *command], stdin=source)
        os.close(source)
        r.end()
        return r.err.count(WARNING)

    def full():
        read, write = os.pipe()
        os.write(write, b"a prompt")
        os.close(write)
        return read

    def idle():
        read, write = os.pipe()
        kept.append(write)
        return read

    kept = []
    equal(warned(full()), 1, "a pipe with bytes that is not handed on: warned")
    equal(warned(full(), "-q"), 0, "not with -q")
    for word in "null", "-", "inherit":
        equal(warned(full(), "--stdin", word), 0, "not with --stdin " + word)
    equal(warned(file_of(b"a prompt")), 1, "a file with bytes: warned")
    equal(warned(file_of(b"")), 0, "not of an empty file")
    at_end = file_of(b"read")
    os.lseek(at_end, 0, os.SEEK_END)
    equal(warned(at_end), 0, "not of a file that was read")
    equal(warned(idle()), 0, "not of a pipe that is only open")
    equal(warned(os.open(os.devnull, os.O_RDONLY)), 0, "not of the null device")
    read, write = os.pipe()
    r = Run(["--", "sh", "-c", "echo ready; exec sleep 60"], stdin=read)
    os.close(read)
    r.says("ready")
    os.write(write, b"late")
    r.kill(signal.SIGTERM)
    r.end()
    equal(r.err.count(WARNING), 1, "bytes that come later: warned at the end")
    for fd in kept:
        os.close(fd)


if os.path.exists("/proc/self/status"):
    tap.main(as_it_comes, sources, not_read, clocks, fifos, much, failing,
             warnings)
else:
    tap.main(as_it_comes, sources, not_read, clocks, fifos, failing,
             warnings)
