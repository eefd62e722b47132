# SPDX-License-Identifier: MIT
"""`linehook show' and `linehook follow' on a terminal."""
import json
import os
import re
import signal
import unicodedata

import tap
from shell import Shell, on_terminal
from tap import equal, ok, until

STORE = os.path.join(tap.tmp, "store")
IN_STORE = ["--run-dir", STORE]
STREAMS = os.path.join(os.environ["srcdir"], "streams")
os.environ["TERM"] = "xterm"
os.environ.pop("NO_COLOR", None)
os.environ.pop("CLICOLOR_FORCE", None)


def keep(run_id, command, more=()):
    return tap.Run(["-q", "-p", "claude", "--keep", "--run-dir", STORE,
                    "--run-id", run_id, "--format", "none"] + list(more)
                   + ["--"] + command)


def record(run_id, name):
    return os.path.join(STORE, run_id, name)


def stream(name):
    return os.path.join(STREAMS, "claude", name + ".ndjson")


def without_colors(screen):
    return re.sub("\x1b\\[[0-9;]*m", "", screen)


def width(line):
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in line)
    return len(line) + wide


def show(run_id, *more, columns=80):
    screen = on_terminal(["show", run_id] + list(more) + IN_STORE,
                         columns=columns)
    return without_colors(screen)


def row(screen, label):
    found = re.search("^%s  +(.*)$" % label, screen, re.M)
    return found.group(1) if found else None


def ended():
    keep("demo", ["cat", stream("tool_shell")],
         ["--label", "team=blue", "--label", "n=1"]).end()
    screen = show("demo")
    lines = screen.splitlines()
    ok(re.match(r"demo: ok \([0-9.]+ s\)$", lines[0]),
       "show: the run and its verdict", lines[0])
    equal(row(screen, "Agent"), "claude, claude-sonnet-4-5", "show: the agent")
    equal(row(screen, "Directory"), os.getcwd(), "show: its directory")
    equal(row(screen, "Command").split()[0], "cat", "show: its command")
    equal(row(screen, "Labels"), "team=blue, n=1", "show: its labels")
    ok(re.match(r"20..-..-..T..:..:..Z \([0-9]+ s ago\)$",
                row(screen, "Started")), "show: when it started", screen)
    equal(row(screen, "Usage"), "4,580 tokens in (2,000 cached), 156 out",
          "show: what it used")
    equal(row(screen, "Cost"), "$0.0108", "show: what it cost")
    equal(row(screen, "Tool calls"), "1", "show: how many tool calls")
    session = "b7d08dc1-b95e-4dc1-96f0-f36ce7a6796d"
    equal(row(screen, "Session"), session, "show: the session in full")
    equal(row(screen, "Resume"), "claude --resume " + session,
          "show: how to resume it")
    equal(row(screen, "Record"), record("demo", "")[:-1], "show: the record")
    ok("stdout.raw 7.2 KiB" in screen and "stderr.raw 0 bytes" in screen,
       "show: its files and their sizes", screen)
    equal(lines[-1], "  The command printed hello.",
          "show: the answer behind a margin")
    ok(row(screen, "Notices") is None and "Last event" not in screen,
       "show: no state that was not asked for", screen)
    screen = show("demo", "--include", "state")
    ok(row(screen, "Last event").endswith(" ago (event 11)"),
       "show --include state: the last event", screen)
    colors = on_terminal(["show", "demo"] + IN_STORE)
    ok(colors.startswith("\x1b[32mdemo: ok"), "show: a good end is green",
       colors)
    os.environ["NO_COLOR"] = "1"
    ok("\x1b" not in on_terminal(["show", "demo"] + IN_STORE),
       "show: NO_COLOR means none")
    del os.environ["NO_COLOR"]
    screen = show("demo", "--json")
    equal(json.loads(screen)["verdict"], "ok", "show --json: JSON")


def several_models():
    keep("models", ["cat", stream("tool_shell")]).end()
    path = record("models", "result.json")
    with open(path) as f:
        text = f.read()
    with open(path, "w") as f:
        f.write(re.sub(r'"usage":\[.*?\]', '"usage":[{"model":"a",'
                       '"input_tokens":1,"output_tokens":2,"cost_usd":0.5},'
                       '{"model":"b","output_tokens":3,"cost_usd":0.25,'
                       '"cost_source":"estimated"}]', text))
    screen = show("models")
    equal(row(screen, "Usage"), "1 tokens in, 2 out, $0.5000 (a)",
          "show: the usage of a model")
    ok("\n            3 out, $0.2500 (estimated) (b)\n" in screen,
       "show: and of another one", screen)


def widths():
    long = "\u65e5\u672c\u8a9e words " * 300
    file = os.path.join(tap.tmp, "long")
    with open(file, "w") as f:
        f.write(json.dumps({"type": "result", "subtype": "success",
                            "is_error": False, "session_id": "s",
                            "result": long}) + "\n")
    keep("long", ["cat", file, "a word"] + ["word"] * 40).end()
    for columns in 40, 80, 120:
        screen = show("long", columns=columns)
        lines = screen.splitlines()
        # Paths and commands are to be copied as they are.
        wide = [line for line in lines if width(line) > columns
                and not any(copied in line for copied in
                            (tap.tmp, os.getcwd(), "linehook "))]
        equal(wide, [], "show: no line is wider than %d columns" % columns)
        text = [line for line in lines if line.startswith("  \u65e5")
                or line.startswith("  words")]
        equal(len(text), 10, "show: ten lines of an answer, %d columns"
              % columns)
        equal(lines[-1], "All of it: linehook follow long --format answer",
              "show: how to read the rest, %d columns" % columns)


HOSTILE = "\x1b[2J\x9b31m\u202eevil\nSession    forged\x07\r"


def hostile():
    file = os.path.join(tap.tmp, "hostile")
    with open(file, "w") as f:
        for line in [
                {"type": "system", "subtype": "init", "session_id": HOSTILE,
                 "model": HOSTILE, "cwd": HOSTILE,
                 "claude_code_version": "2"},
                {"type": "result", "subtype": "success", "is_error": True,
                 "session_id": HOSTILE, "result": HOSTILE + "x",
                 "errors": [HOSTILE]}]:
            f.write(json.dumps(line) + "\n")
    keep("hostile", ["sh", "-c", "cat \"$1\" >&2; cat \"$1\"; exit 3", HOSTILE,
                     file], ["--env", "X=" + HOSTILE]).end()
    for name, args in (("show", ["show", "hostile"]),
                       ("show --include state",
                        ["show", "hostile", "--include", "state"]),
                       ("follow", ["follow", "hostile"])):
        screen = without_colors(on_terminal(args + IN_STORE))
        bad = [c for c in screen if c != "\n" and unicodedata.category(c)
               in ("Cc", "Cf")]
        equal(bad, [], name + ": a record does nothing to a terminal")
        ok(not re.search("^Session +forged", screen, re.M),
           name + ": and cannot forge a line of ours", screen)
    # A record that somebody else has written: no path is taken from it.
    plugin = "/" + "/".join(["tmp"] * 3) + "/evil.so"
    path = record("hostile", "result.json")
    with open(path) as f:
        text = f.read()
    with open(path, "w") as f:
        f.write(text.replace('"plugin":"claude"', '"plugin":"%s"' % plugin))
    equal(row(show("hostile"), "Resume"), None,
          "show: a plugin is not named by a path")


def running_and_lost():
    command = ["sh", "-c", "head -n 3 '%s'; exec sleep 60"
               % stream("tool_shell")]
    run = keep("live", command)
    until(lambda: os.path.exists(record("live", "events.ndjson"))
          and b'"kind":"tool"' in open(record("live", "events.ndjson"),
                                       "rb").read(), "a tool call")
    screen = show("live")
    equal(screen.splitlines()[0], "live: running", "show: a running run")
    ok(row(screen, "Duration").endswith(" so far"), "show: how long it runs",
       screen)
    equal(row(screen, "Host"), "process %d" % run.pid, "show: its host")
    ok(re.match(r"[0-9]+ s ago \(event [0-9]+\)$", row(screen, "Last event")),
       "show: its last event", screen)
    equal(row(screen, "Doing"), "Bash: echo hello", "show: what it does")
    equal(row(screen, "Resume"), None,
          "show: a session is not resumed while it runs")
    s = Shell(["live"] + IN_STORE, command="follow")
    s.shows("echo hello")
    s.shows(" tokens  Bash ")
    s.types(b"\x03")
    equal(s.ends(), -signal.SIGINT, "follow: Ctrl-C ends it")
    s.same("follow: Ctrl-C")
    ok(s.screen.rindex(b"\x1b[2K") > s.screen.rindex(b" tokens  Bash "),
       "follow: and wipes the status line", s.screen)
    s.close()
    equal(show("live").splitlines()[0], "live: running",
          "follow: Ctrl-C does not end the run")
    os.kill(run.pid, signal.SIGKILL)
    run.end()
    until(lambda: show("live").startswith("live: lost"), "a lost run")
    screen = show("live")
    ok("no longer exists" in row(screen, "Host"), "show: a lost run", screen)
    ok("linehook replay live" in screen, "show: what is left of it", screen)


def follows():
    file = os.path.join(tap.tmp, "fifo")
    os.mkfifo(file)
    s = Shell(["slow", "--for-start=1m"] + IN_STORE, command="follow")
    s.shows(" s  waiting for the run to start")
    run = keep("slow", ["sh", "-c", "cat '%s'" % file])
    with open(stream("tool_shell")) as f:
        lines = f.readlines()
    with open(file, "w") as f:
        f.write("".join(lines[:2]))
        f.flush()
        s.shows("I will run a command.")
        ok(b"echo hello" not in s.screen, "follow: events as they come",
           s.screen)
        f.write("".join(lines[2:]))
    equal(s.ends(), 0, "follow: it ends with the run")
    run.end()
    screen = without_colors(s.screen.decode())
    ok("The command printed hello." in screen and "claude --resume" in screen,
       "follow: to the last line", screen)
    equal(screen.count("I will run a command."), 1, "follow: each line once")
    s.close()


def status_of_usage():
    """What the events tell of tokens and cost, as the status line of run."""
    def usage(id, n):
        return {"type": "assistant", "session_id": "s", "message": {
            "id": id, "role": "assistant", "content": [
                {"type": "tool_use", "id": id, "name": "Bash",
                 "input": {"command": "make"}}],
            "usage": {"input_tokens": n, "output_tokens": 0}}}

    file = os.path.join(tap.tmp, "usage")
    with open(file, "w") as f:
        for line in (usage("a", 1000), usage("b", 234), usage("b", 234),
                     {"type": "result", "subtype": "success",
                      "is_error": False, "session_id": "s", "result": "One.",
                      "total_cost_usd": 0.25,
                      "usage": {"input_tokens": 3000, "output_tokens": 21}},
                     usage("c", 5)):
            f.write(json.dumps(line) + "\n")
    parts = [os.path.join(tap.tmp, "head"), os.path.join(tap.tmp, "fifo2")]
    with open(parts[0], "w") as f, open(file) as all_lines:
        f.write("".join(all_lines.readlines()[:3]))
    os.mkfifo(parts[1])
    run = keep("usage", ["sh", "-c", "cat '%s' '%s'; exec sleep 60"
                         % tuple(parts)])
    s = Shell(["usage"] + IN_STORE, command="follow")
    s.shows(" s  1,234 tokens  Bash ")
    ok(b"$" not in s.screen, "follow: tokens, and no cost that is not known",
       s.screen)
    with open(parts[1], "w") as f, open(file) as all_lines:
        f.write("".join(all_lines.readlines()[3:]))
    s.shows(" s  3,026 tokens  $0.25  Bash ")
    ok(True, "follow: what a turn tells replaces what its calls told")
    s.types(b"\x03")
    s.ends()
    s.close()
    s = Shell(["usage", "--from", "2"] + IN_STORE, command="follow")
    s.shows(" s  Bash ")
    ok(b"tokens  " not in s.screen,
       "follow --from: no sum of a part of the events", s.screen)
    s.types(b"\x03")
    s.ends()
    s.close()
    os.kill(run.pid, signal.SIGTERM)
    run.end()


tap.main(ended, several_models, widths, hostile, running_and_lost, follows,
         status_of_usage)
