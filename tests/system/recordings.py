#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""recordings.py - compare linehook with an independent reader of streams."""
import argparse
import concurrent.futures
import json
import os
import subprocess
import sys
import tempfile

import oracle
from oracle_providers import PROVIDERS
from oracle_wire import OPEN

HERE = os.path.dirname(os.path.abspath(__file__))
STREAMS = os.path.join(os.path.dirname(HERE), "streams")
STATUS = {"ok": 0, "failed": 1, "limit": 3, "refused": 4, "truncated": 5}
# Programs whose lines the plugin of another one reads.
PROGRAMS = ("kilo",)
LIMIT_S = 120
RESUMES = ("resume", "--resume", "--continue")
OPEN_STATES = ("pending", "in_progress")
SUMS = ("input_tokens", "output_tokens", "cache_read_input_tokens",
        "cache_creation_input_tokens", "reasoning_output_tokens")


def short(value, room=100):
    word = json.dumps(value, ensure_ascii=True)
    return word if len(word) <= room else word[:room - 12] + "... (%d)" % \
        len(word)


class Diff:
    """The differences of one run, as `what: expected .., got ..'."""

    def __init__(self):
        self.found = []

    def say(self, what):
        self.found.append(what)

    def same(self, what, want, got):
        if want != got:
            self.say("%s: expected %s, got %s" %
                     (what, short(want), short(got)))


def read_events(out, diff):
    """The events on stdout; None if they are not a valid stream."""
    events = []
    for number, line in enumerate(out.split(b"\n")[:-1], 1):
        try:
            ev = json.loads(line.decode("utf-8"))
        except ValueError as e:
            diff.say("output line %d is not JSON: %s" % (number, e))
            return None
        events.append(ev)
        if ev.get("seq") != number:
            diff.say("event %d has seq %s" % (number, ev.get("seq")))
            return None
    if not out.endswith(b"\n") or not events:
        diff.say("output is empty or its last line has no end")
        return None
    finals = [e for e in events
              if e.get("kind") == "result" and e.get("final") is True]
    if events[0].get("kind") != "run" or events[0].get("v") != 1:
        diff.say("the first event is not the header")
    if len(finals) != 1 or events[-1] is not finals[0]:
        diff.say("%d final results, or not the last event" % len(finals))
        return None
    return events


def tools_of(events):
    tools = {}
    for ev in events:
        if ev.get("kind") == "tool":
            t = tools.setdefault(ev.get("id"), {})
            t["state"] = ev.get("status")
            t["name"] = ev.get("name") or t.get("name")
    return tools


def compare_tools(want, events, final, diff):
    got = tools_of(events)
    diff.same("tool ids", sorted(want["tools"]), sorted(got, key=str))
    swaps = {}
    for ident, t in want["tools"].items():
        state = got.get(ident, {}).get("state")
        if ident not in got:
            continue
        fine = OPEN_STATES if t["state"] == OPEN else (t["state"],)
        if state in t["also"]:
            swaps[state] = swaps.get(state, 0) + 1
            swaps[t["state"]] = swaps.get(t["state"], 0) - 1
        elif state not in fine:
            diff.say("tool %s: expected %s, got %s" %
                     (ident, t["state"], state))
        if t["name"] and got[ident]["name"] != t["name"]:
            diff.same("name of tool " + ident, t["name"], got[ident]["name"])
    counts = {k: n + swaps.get(k, 0) for k, n in want["tool_counts"].items()}
    diff.same("tools", counts, final.get("tools"))


def cost_equal(a, b):
    return abs((a or 0) - (b or 0)) < 1e-8


def compare_usage(want, final, diff):
    rows = final.get("usage") or []
    total = {k: sum(r.get(k) or 0 for r in rows) for k in SUMS}
    diff.same("usage sum", {k: want["usage_total"][k] for k in SUMS}, total)
    wanted = {r["model"]: r for r in want["usage"]}
    for r in rows:
        w = wanted.get(r.get("model"))
        if w is None:
            if any(r.get(k) for k in SUMS):
                diff.say("usage of model %s, which the oracle does not know"
                         % short(r.get("model")))
            continue
        diff.same("usage of model " + str(r.get("model")),
                  {k: w[k] for k in SUMS}, {k: r.get(k) or 0 for k in SUMS})
    if want["usage_scope"] and any(total.values()):
        diff.same("usage_scope", want["usage_scope"],
                  final.get("usage_scope"))
    if not cost_equal(want["cost_usd"], final.get("cost_usd")):
        diff.same("cost_usd", want["cost_usd"], final.get("cost_usd"))
    if want["cost_usd"] is None and final.get("cost_usd") not in (None, 0):
        diff.say("a cost that nobody reported: %s" % final["cost_usd"])


def compare(want, p, diff):
    out, status, words = p.stdout, p.returncode, p.stderr
    events = read_events(out, diff)
    if events is None:
        if words:
            diff.say("it says: " + words.decode("utf-8", "replace").strip()
                     .split("\n")[0][:200])
        return
    final, unsure = events[-1], want["unsure"]
    diff.same("verdict", want["verdict"], final.get("verdict"))
    if want["verdict"] in STATUS:
        diff.same("exit status", STATUS[want["verdict"]], status)
    elif status < 128:
        diff.say("exit status: expected 128 + signal, got %d" % status)
    diff.same("plugin", want["provider"] if want["provider"] in PROVIDERS
              else "raw", events[0].get("plugin"))
    diff.same("session_id", want["session_id"], final.get("session_id"))
    if want["model"] is not None:
        diff.same("model", want["model"], final.get("model"))
    if "text" not in unsure:
        diff.same("text", want["text"], final.get("text") or "")
    if "tools" not in unsure:
        compare_tools(want, events, final, diff)
    if "usage" not in unsure:
        compare_usage(want, final, diff)
        if want["complete_usage"] is not None:
            diff.same("complete_usage", want["complete_usage"],
                      final.get("complete_usage"))
    counters = final.get("counters") or {}
    for key, n in want["counters"].items():
        diff.same("counters." + key, n, counters.get(key))
    diff.same("counters.events", len(events), counters.get("events"))


def run_program(argv, diff, env=None):
    try:
        p = subprocess.run(argv, stdin=subprocess.DEVNULL, env=env,
                           capture_output=True, timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        diff.say("no end after %d s" % LIMIT_S)
        return None
    except OSError as e:
        diff.say(str(e))
        return None
    if p.returncode < 0:
        diff.say("linehook died by signal %d" % -p.returncode)
        return None
    return p


def plugin_args(provider):
    return [] if provider == "auto" else ["-p", provider]


def check_filter(job, data):
    diff = Diff()
    p = run_program([job["linehook"], "filter", *plugin_args(job["provider"]),
                     "--format", "events", job["file"]], diff)
    if p:
        want = oracle.expect(job["provider"], data)
        compare(want, p, diff)
    return ["filter: " + d for d in diff.found]


def check_run(job, data):
    """Run a program with the agent's name that prints the stream and ends as
    the agent did, with the arguments in the meta file, if it has any."""
    meta, diff = job["meta"], Diff()
    provider = job["provider"]
    if provider == "auto":
        provider = meta.get("provider") in PROVIDERS and meta["provider"] or \
            oracle.expect("auto", data)["provider"]
    # A program that no plugin serves is read by what it prints.
    stand_in = job["folder"] if job["folder"] in PROGRAMS else \
        provider if provider in PROVIDERS else "raw"
    code, signo = meta.get("exit_code"), meta.get("killed_by")
    words = (meta.get("argv") or [provider])[1:]
    env = dict(os.environ, STREAM=os.path.abspath(job["file"]),
               STATUS=str(code or 0), SIGNAL=(signo or "SIG")[3:])
    p = run_program([job["linehook"], "run", "--format", "events",
                     "--timeout", "100s", "--",
                     os.path.join(job["stand_ins"], stand_in), *words],
                    diff, env)
    if p:
        want = oracle.expect(provider, data, code or 0, signo,
                             any(w in RESUMES for w in words))
        if not words:	# whether the session was resumed is not known
            want["usage_scope"] = None
        compare(want, p, diff)
    return ["run: " + d for d in diff.found]


def make_stand_ins(directory):
    for name in (*PROVIDERS, *PROGRAMS, "raw"):
        path = os.path.join(directory, name)
        with open(path, "w", encoding="ascii") as f:
            f.write('#!/bin/sh\ncat -- "$STREAM"\n'
                    '[ -z "$SIGNAL" ] || kill -s "$SIGNAL" $$\n'
                    'exit "$STATUS"\n')
        os.chmod(path, 0o755)


def check(job):
    with open(job["file"], "rb") as f:
        data = f.read()
    found = []
    if job["filter"]:
        found += check_filter(job, data)
    known = job["meta"].get("exit_code") is not None \
        or job["meta"].get("killed_by")
    if job["run"] and known:
        found += check_run(job, data)
    elif not job["filter"]:
        return job, None
    return job, found


class Report:
    """Print a line for each difference, or TAP with a case for each stream."""

    def __init__(self, tap, verbose):
        self.tap, self.verbose = tap, verbose
        self.passed = self.failed = self.skipped = 0

    def add(self, name, found):
        self.passed += found == []
        self.failed += bool(found)
        self.skipped += found is None
        number = self.passed + self.failed + self.skipped
        if self.tap:
            print("%sok %d - %s is told as the oracle tells it%s" % (
                "not " if found else "", number, name,
                " # SKIP no exit status" if found is None else ""))
        elif self.verbose and found == []:
            print("%s: as expected" % name)
        for line in found or ():
            print("# " + line if self.tap else "%s: %s" % (name, line))

    def end(self):
        if self.tap:
            print("1..%d" % (self.passed + self.failed + self.skipped))
        else:
            print("%d passed, %d failed, %d skipped" % (
                self.passed, self.failed, self.skipped))
        return 1 if self.failed or not self.passed else 0


def set_up(room):
    """An environment without the user's own plugins and settings."""
    os.environ["HOME"] = room
    for name in ("XDG_DATA_HOME", "LINEHOOK_LINE_MAX"):
        os.environ.pop(name, None)
    make_stand_ins(room)


def find_jobs(directory, base):
    for top, dirs, files in sorted(os.walk(directory)):
        dirs.sort()
        name = os.path.basename(top)
        for f in sorted(files):
            if not f.endswith(".ndjson"):
                continue
            path = os.path.join(top, f)
            try:
                with open(path[:-len("ndjson")] + "meta.json",
                          encoding="utf-8") as m:
                    meta = json.load(m)
            except (OSError, ValueError):
                meta = {}
            yield dict(base, file=path, meta=meta, folder=name, provider=name
                       if name in PROVIDERS else "auto")


def main():
    ap = argparse.ArgumentParser(prog="recordings.sh")
    ap.add_argument("--filter-only", action="store_true")
    ap.add_argument("--run-only", action="store_true")
    ap.add_argument("--tap", action="store_true", help="for make check")
    ap.add_argument("-v", action="store_true", help="name what passed, too")
    ap.add_argument("-j", type=int, default=os.cpu_count() or 1)
    ap.add_argument("dirs", nargs="*", default=[STREAMS], metavar="DIR")
    a = ap.parse_args()
    base = {"linehook": os.environ.get("LINEHOOK", "linehook"),
            "filter": not a.run_only, "run": not a.filter_only}
    jobs = []
    for d in a.dirs:
        if not os.path.isdir(d):
            sys.exit("recordings.sh: '%s' is not a directory" % d)
        jobs += find_jobs(d, base)
    report = Report(a.tap, a.v)
    with tempfile.TemporaryDirectory() as room, \
            concurrent.futures.ThreadPoolExecutor(a.j) as pool:
        set_up(room)
        for job in jobs:
            job["stand_ins"] = room
        for job, found in pool.map(check, jobs):
            report.add(os.path.join(job["provider"],
                                    os.path.basename(job["file"])), found)
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
