#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cli_recover.py - streams whose lines are not one JSON object each.

The recordings of every provider, written differently: with what a terminal
does not show around each line, behind text, all lines in one, as an array.
The events must be those of the recording, and so must the result but for its
counters.  Then the same bytes through a record and its replay.
"""
import functools
import glob
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tap  # noqa: E402

SRC = os.environ.get("srcdir", ".")
ESCAPES = [b"\x1b[0m", b"\x1b[?25h\x1b[2K\r", b"\x1b]0;title\a",
           b"\x1b]8;;x\x1b\\", b"\x1bPq{}\x1b\\", b"\x1b7\x1b8", b"\x9b1m",
           b"\xc2\x9b1m", b"\xef\xbb\xbf", b"\0\0", b"\a\b"]


def colored(lines):
    n = len(ESCAPES)
    return b"".join(ESCAPES[i % n] + line + ESCAPES[(i * 7 + 1) % n] + b"\n"
                    for i, line in enumerate(lines))


WAYS = {
    "escapes": colored,
    "text in front": lambda lines: b"".join(
        b"2026-01-01 agent {1} | " + line + b"\n" for line in lines),
    "one line": b"".join,
    "one line with blanks and colours": lambda lines:
        b" \x1b[m\t".join(lines) + b"\x1b[m",
    "an array": lambda lines: b"[" + b", ".join(lines) + b"]\n",
    "an array without its end": lambda lines: b"[" + b",".join(lines),
}


def stream(plugin, data, line_max="1G"):
    done = subprocess.run([tap.LINEHOOK, "filter", "-p", plugin, "--log",
                           "off", "--line-max", line_max], input=data,
                          stdout=subprocess.PIPE, check=False)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    counters = events[-1].pop("counters")
    return done.returncode, events, counters


PROVIDERS = ("claude", "codex", "gemini", "opencode", "droid", "qwen",
             "copilot", "pi")


@functools.lru_cache(maxsize=None)
def whole_lines(provider):
    """Small recordings whose lines are all objects of the format."""
    found = []
    for path in sorted(glob.glob(SRC + "/transcripts/%s/*.ndjson" % provider)):
        with open(path, "rb") as f:
            lines = [line for line in f.read().split(b"\n") if line.strip()]
        status, events, counters = stream(provider, b"\n".join(lines) + b"\n")
        if counters["unparsed"] == counters["repaired"] == 0 and lines:
            found.append((os.path.basename(path), lines, (status, events)))
    return found


def rewritten():
    for provider in PROVIDERS:
        recordings = whole_lines(provider)
        detected = [stream("auto", b"\n".join(lines) + b"\n")
                    for _, lines, _ in recordings]
        n = len(recordings)
        for way, write in WAYS.items():
            wrong = []
            for name, lines, wanted in recordings:
                status, events, counters = stream(provider, write(lines))
                if ((status, events) != wanted or counters["unparsed"] != 0
                        or (len(lines) > 1 and counters["repaired"] == 0)):
                    wrong.append((name, counters))
            tap.ok(n > 5 and not wrong, "%s: %s gives the same events (%d)"
                   % (provider, way, n), *wrong)
            check_detected(provider, way, write, zip(recordings, detected))


def check_detected(provider, way, write, recordings):
    """The lines tell the plugin as well as they do when each is an object."""
    wrong = []
    for (name, lines, _), wanted in recordings:
        found = stream("auto", write(lines))
        if (found[0], found[1][0], found[1][-1]) != (
                wanted[0], wanted[1][0], wanted[1][-1]):
            wrong.append((name, found[1][0], found[2]))
    tap.ok(not wrong, "%s: %s is detected" % (provider, way), *wrong)


LONG = b" " * 4096
# Their verdicts are told by objects between the first and the last, which are
# lost; pi's always are, whose last object tells only that there is a verdict.
MIDDLE = ["opencode/err400.ndjson", "droid/refusal.ndjson"]
TWO_OBJECTS = "one line", "an array"
LONG_WAYS = {
    "one line": LONG.join,
    "an array": lambda lines: b"[" + (b"," + LONG).join(lines) + b"]\n",
    "text in front": lambda lines: b"".join(
        b"agent-1" + LONG + b"| " + line + b"\n" for line in lines),
}


def oversize():
    """Lines that are too long: the verdict is that of the last object."""
    for provider in PROVIDERS:
        for way, write in LONG_WAYS.items():
            wrong = []
            n = 0
            for name, lines, (status, events) in whole_lines(provider):
                if provider + "/" + name in MIDDLE:
                    continue
                n += 1
                wanted = status, events[-1]["verdict"]
                if provider == "pi" and way in TWO_OBJECTS:
                    wanted = 5, "truncated"
                for plugin in provider, "auto":
                    found = stream(plugin, write(lines), "4k")
                    if (found[0], found[1][-1]["verdict"]) != wanted:
                        wrong.append((name, plugin, found[1][-1]))
            tap.ok(n > 5 and not wrong, "%s: %s that is too long (%d)"
                   % (provider, way, n), *wrong)


def record_and_replay():
    line = (b'\x1b[0m{"type":"system","subtype":"init","session_id":"s"}'
            b'{"type":"assistant","session_id":"s","message":{"id":"m",'
            b'"content":[{"type":"text","text":"a\xe2\x80\xa8"}]}}\n')
    path = os.path.join(tap.tmp, "agent")
    store = os.path.join(tap.tmp, "runs")
    with open(path, "wb") as f:
        f.write(line)
    run = tap.Run(["--keep", "--run-dir", store, "--run-id", "r", "-p",
                   "claude", "--source", "--", "cat", path])
    run.end()
    texts = [e for e in run.events() if e["kind"] == "text"]
    tap.equal([(e["line"], e["off"], e["len"], e["text"]) for e in texts],
              [(1, 0, len(line) - 1, "a\u2028")],
              "a recovered event has the range of its source line")
    with open(os.path.join(store, "r", "stdout.raw"), "rb") as f:
        tap.equal(f.read(), line, "the raw output has the line as it came")
    done = subprocess.run([tap.LINEHOOK, "replay", "--run-dir", store,
                           "--diff", "r"], stdout=subprocess.PIPE,
                          check=False)
    tap.equal((done.returncode, done.stdout), (0, b""),
              "a replay recovers the same events")


def separators():
    """No line of ours has what some readers take for the end of one."""
    odd = "\u2028\u2029\u0085"
    data = json.dumps({
        "type": "assistant", "session_id": odd, "message": {
            "id": "m", "content": [
                {"type": "text", "text": odd},
                {"type": "tool_use", "id": odd, "name": odd,
                 "input": {odd: odd, "file_path": odd}}]}},
        ensure_ascii=False) + "\n" + json.dumps({
            "type": "result", "subtype": "success", "is_error": False,
            "session_id": odd, "result": odd}, ensure_ascii=False) + "\n"
    data += odd + "\n"
    store = os.path.join(tap.tmp, "odd")
    path = os.path.join(tap.tmp, "agent")
    result = os.path.join(tap.tmp, "result")
    with open(path, "w", encoding="utf-8") as f:
        f.write(data)
    words = [tap.LINEHOOK, "run", "--keep", "--run-dir", store, "--run-id",
             "r", "-p", "claude", "--raw-events", "--result", result, "--",
             "sh", "-c", 'cat "$0"; echo "$1" >&2', path, odd]
    outputs = {"events": subprocess.run(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        check=False).stdout}
    for name in "events.ndjson", "result.json", "run.json":
        with open(os.path.join(store, "r", name), "rb") as f:
            outputs[name] = f.read()
    with open(result, "rb") as f:
        outputs["--result"] = f.read()
    for words in (["show", "r"], ["show", "--include", "state", "r"],
                  ["runs", "--json"], ["follow", "r"],
                  ["wait", "r"], ["runs", "--usage"]):
        done = subprocess.run([tap.LINEHOOK, words[0], "--run-dir", store,
                               *words[1:]], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False)
        outputs[" ".join(words)] = done.stdout
    done = subprocess.run(
        [tap.LINEHOOK, "tool", "--", "sh", "-c", 'cat >/dev/null; cat "$0"; '
         'echo "$1" >&2', path, odd], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, check=False)
    outputs["tool that fails"] = done.stdout
    with open(path, "w", encoding="utf-8") as f:
        f.write(json.dumps({"ok": True, "output": {odd: odd}},
                           ensure_ascii=False))
    outputs["tool"] = subprocess.run(
        [tap.LINEHOOK, "tool", "--", "sh", "-c", 'cat >/dev/null; cat "$0"',
         path], stdout=subprocess.PIPE, check=False).stdout
    for name, data in outputs.items():
        text = data.decode("utf-8")
        found = [hex(ord(c)) for c in odd if c in text]
        tap.ok(text != "" and not found,
               "no line separator stands in what is written: " + name,
               text, found)


tap.main(rewritten, oversize, record_and_replay, separators)
