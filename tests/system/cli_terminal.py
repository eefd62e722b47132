# SPDX-License-Identifier: MIT
"""`linehook run' on a terminal, as a job of a shell."""
import json
import os
import re
import signal
import termios
import time

import tap
from shell import Shell, on_terminal
from tap import Pids, equal, ok, until


def final(path):
    with open(path) as f:
        events = [json.loads(line) for line in f]
    if [e for e in events if e.get("final")] != events[-1:]:
        return {}
    return events[-1]


count = [0]


def new_file():
    count[0] += 1
    return os.path.join(tap.tmp, "out%d" % count[0])


def agent(pids, body):
    return ["sh", "-c", "echo $$ >>%s; setsid sh -c 'trap \"\" TERM INT QUIT; "
            "echo $$ >>%s; while :; do sleep 1; done' >/dev/null 2>&1 & %s"
            % (pids.path, pids.path, body)]


# An agent that changes every mode of the terminal that it inherits.
RUDE = ("stty raw -echo; printf '\\033[?25l\\033[?1049h' >&0; "
        "trap 'echo got; echo got >&2' INT TERM QUIT; ")


def ctrl_c():
    out, pids = new_file(), Pids()
    s = Shell(["--format", "events", "--"]
              + agent(pids, "echo ready >&2; exec sleep 60"), stdout=out)
    s.shows("ready")
    pids.stays(2, "the agent's own")
    s.types(b"\x03")
    s.shows("linehook: run: canceling with SIGINT: the command has 5s to end; "
            "Ctrl-C again kills it")
    equal(s.ends(), 130, "Ctrl-C: 130")
    equal(final(out).get("verdict"), "canceled", "Ctrl-C: a complete result")
    equal(pids.alive(), [], "Ctrl-C: nobody is left")
    s.same("Ctrl-C")
    s.close()


def ctrl_c_twice():
    out, pids = new_file(), Pids()
    s = Shell(["--grace", "50s", "--format", "events", "--"] + agent(
        pids, "trap 'echo got >&2' INT; echo ready >&2; "
        "while :; do sleep 0.05; done"), stdout=out)
    s.shows("ready")
    pids.stays(2, "the agent's own")
    begun = time.monotonic()
    s.types(b"\x03")
    s.shows("got")
    s.types(b"\x03")
    equal(s.ends(), 130, "Ctrl-C twice: 130")
    ok(time.monotonic() - begun < 40, "Ctrl-C twice: no grace")
    ok(b"run: SIGINT: the command is killed" in s.screen,
       "Ctrl-C twice: it is said", s.screen)
    equal(final(out).get("verdict"), "canceled", "Ctrl-C twice: a result")
    equal(pids.alive(), [], "Ctrl-C twice: nobody is left")
    s.same("Ctrl-C twice")
    s.close()


def ctrl_backslash():
    out = new_file()
    s = Shell(["--format", "events", "--limit", "core=0", "--", "sh", "-c",
               "echo ready >&2; exec sleep 60"], stdout=out)
    s.shows("ready")
    s.types(b"\x1c")
    s.shows("canceling with SIGQUIT: the command has 5s to end; "
            "Ctrl-\\ again kills it")
    equal(s.ends(), 131, "Ctrl-\\: 131")
    equal(final(out).get("verdict"), "canceled", "Ctrl-\\: a result")
    s.close()


def quiet():
    for words in ["-q"], ["--log", "off"], ["--log", "json"]:
        s = Shell(words + ["--format", "none", "--stderr", "pass", "--", "sh",
                           "-c", "echo ready >&2; exec sleep 60"])
        s.shows("ready")
        s.types(b"\x03")
        equal(s.ends(), 130, "Ctrl-C with %s" % words)
        ok(b"canceling" not in s.screen, "%s says nothing of it" % words,
           s.screen)
        s.close()


def raw_mode():
    for keys, name, status in ((None, "TERM", 143), (None, "INT", 130),
                               (None, "HUP", 129)):
        out, pids = new_file(), Pids()
        s = Shell(["--format", "events", "--stdin", "inherit", "--stderr",
                   "pass", "--grace", "100ms", "--"]
                  + agent(pids, RUDE + "echo ready >&2; "
                          "while :; do sleep 0.05; done"), stdout=out)
        s.shows("ready")
        pids.stays(2, "the agent's own")
        ok(s.raw(), name + ": the agent has the terminal in raw mode")
        os.kill(s.pid, getattr(signal, "SIG" + name))
        equal(s.ends(), status, name + " in raw mode: the status")
        equal(final(out).get("verdict"), "canceled", name + ": a result")
        equal(pids.alive(), [], name + ": nobody is left")
        s.same(name + " in raw mode")
        ok(s.screen.rfind(b"\x1b[?25h") > s.screen.rfind(b"\x1b[?25l"),
           name + ": the cursor is seen", s.screen)
        ok(s.screen.rfind(b"\x1b[?1047l") > s.screen.rfind(b"\x1b[?1049h"),
           name + ": the other screen is left", s.screen)
        s.close()


def raw_bytes():
    for words in (["--format", "raw", "--", "sh", "-c"],
                  ["--format", "none", "--stderr", "pass", "--", "sh", "-c"]):
        to = "" if words[1] == "raw" else " >&2"
        s = Shell(words + ["printf 'ready\\033[?25;2004h\\033[?1049;25l"
                           "\\033[?1049h\\033[31mred'%s; exec sleep 60" % to])
        s.shows("red")
        s.types(b"\x03")
        s.ends()
        last = s.screen[s.screen.rindex(b"red"):]
        for mode in b"?25h", b"?1049l", b"?2004l", b"m":
            ok(b"\x1b[" + mode in last, "%s is undone, %s"
               % (mode.decode(), words[1]), last)
        s.close()
    s = Shell(["--format", "raw", "--", "printf", "\\033[31mred\\033[m\\n"])
    s.ends()
    equal(s.screen, b"\x1b[31mred\x1b[m\r\n",
          "what needs no undoing stays as it is")
    s.close()


def ctrl_z():
    out, pids = new_file(), Pids()
    s = Shell(["--format", "events", "--stdin", "inherit", "--stderr", "pass",
               "--timeout", "6s", "--"] + agent(
        pids, "stty raw -echo; echo ready >&2; head -c 1 >&2"), stdout=out)
    s.shows("ready")
    pids.stays(2, "the agent's own")
    ok(s.raw(), "Ctrl-Z: the agent has the terminal in raw mode")
    os.kill(s.pid, signal.SIGTSTP)
    s.sees("stopped %d" % signal.SIGTSTP)
    until(lambda: tap.stopped(pids.all()[0]), "the agent's stop")
    ok(True, "Ctrl-Z: the agent is stopped, then we are")
    s.same("Ctrl-Z")
    time.sleep(6.2)
    s.send("fg")
    until(s.raw, "raw mode")
    ok(True, "fg: the agent has its modes again")
    s.types(b"x")
    equal(s.ends(), 0, "fg: it goes on")
    equal(final(out).get("verdict"), "ok", "fg: its clock has stood still")
    s.same("fg")
    s.close()


def ctrl_z_typed():
    out = new_file()
    s = Shell(["--format", "events", "--", "sh", "-c",
               "echo ready >&2; while :; do sleep 0.05; done"], stdout=out)
    s.shows("ready")
    for i in range(3):
        s.events = ""
        s.types(b"\x1a")
        s.sees("stopped %d" % signal.SIGTSTP)
        if i == 1:
            # Modes that someone else sets meanwhile must stay.
            modes = termios.tcgetattr(s.slave)
            modes[3] &= ~termios.ECHOK
            termios.tcsetattr(s.slave, termios.TCSANOW, modes)
            s.modes = termios.tcgetattr(s.slave)
        s.send("fg")
        until(lambda: tap.state(s.pid) != "T", "fg")
    s.types(b"\x03")
    equal(s.ends(), 130, "Ctrl-Z, fg, three times, Ctrl-C")
    s.same("Ctrl-Z, stty, fg")
    s.close()


def modes_of_a_pager():
    out = new_file()
    s = Shell(["--format", "events", "--", "sh", "-c",
               "echo ready >&2; exec sleep 60"], stdout=out)
    s.shows("ready")
    modes = termios.tcgetattr(s.slave)
    modes[3] &= ~termios.ECHO
    termios.tcsetattr(s.slave, termios.TCSANOW, modes)
    s.modes = termios.tcgetattr(s.slave)
    s.types(b"\x03")
    equal(s.ends(), 130, "modes of a pager: Ctrl-C")
    s.same("modes of a pager that reads us")
    s.close()


def canceled_while_stopped():
    out, pids = new_file(), Pids()
    s = Shell(["--format", "events", "--"]
              + agent(pids, "echo ready >&2; exec sleep 60"), stdout=out)
    s.shows("ready")
    pids.stays(2, "the agent's own")
    s.types(b"\x1a")
    s.sees("stopped")
    os.kill(s.pid, signal.SIGTERM)
    s.send("bg")
    equal(s.ends(), 143, "a signal while stopped ends it when it goes on")
    equal(final(out).get("verdict"), "canceled", "and there is a result")
    equal(pids.alive(), [], "and nobody is left")
    s.close()


def killed_while_stopped():
    pids = Pids()
    s = Shell(["--format", "none", "--"]
              + agent(pids, "echo ready >&2; exec sleep 60"))
    s.shows("ready")
    pids.stays(2, "the agent's own")
    s.types(b"\x1a")
    s.sees("stopped")
    os.kill(s.pid, signal.SIGKILL)
    s.sees("exited -9")
    until(lambda: not pids.alive(), "the end of the tree")
    ok(True, "killed while stopped: the stopped tree dies too")
    s.close()


def background():
    out = new_file()
    s = Shell(["--format", "events", "--stdin", "inherit", "--", "sh", "-c",
               "echo ready >&2; head -n 1"], stdout=out, foreground=False)
    s.sees("stopped %d" % signal.SIGTTIN)
    ok(b"ready" not in s.screen,
       "an agent that inherits a terminal is not started in the background")
    s.events = ""
    s.send("fg")
    s.shows("ready")
    os.kill(s.pid, signal.SIGTSTP)
    s.sees("stopped %d" % signal.SIGTSTP)
    s.send("bg")
    s.sees("stopped %d" % signal.SIGTTIN)
    ok(True, "nor does it go on there")
    s.send("fg")
    s.types(b"line\r")
    equal(s.ends(), 0, "in the foreground it reads on")
    ok("line" in open(out).read(), "what was typed", open(out).read())
    s.close()


def no_color():
    os.environ["NO_COLOR"] = "1"


def in_order(*parts):
    """A file of lines of Claude Code, one for each of PARTS: a text is a delta,
    a list is a tool call, None the final result."""
    path, said = new_file(), ""
    with open(path, "w") as f:
        for part in parts:
            if part is None:
                line = {"type": "result", "subtype": "success",
                        "is_error": False, "result": said}
            elif isinstance(part, list):
                line = {"type": "assistant", "message": {
                    "id": "m", "role": "assistant", "content": [
                        {"type": "tool_use", "id": "t", "name": part[0],
                         "input": {"command": part[1]}}]}}
            else:
                said += part
                line = {"type": "stream_event", "event": {
                    "type": "content_block_delta", "index": 0,
                    "delta": {"type": "text_delta", "text": part}}}
            line["session_id"] = "s"
            f.write(json.dumps(line) + "\n")
    return path


def status_line():
    s = Shell(["--", "sh", "-c", "echo one; sleep 3; echo two; exec sleep 60"],
              before=no_color)
    s.set_size(4)
    # The first second that is shown depends on the load.
    s.shows(" s\x1b[?7h")
    s.shows("two")
    s.types(b"\x03")
    equal(s.ends(), 130, "the status line: Ctrl-C")
    shown = s.screen.rindex(b"s\x1b[?7h", 0, s.screen.rindex(b"two"))
    ok(b"\r\x1b[2K" in s.screen[shown:s.screen.rindex(b"two")],
       "the status line is wiped before output", s.screen)
    ok(re.search(rb"\x1b\[\?7l  \d s\x1b\[\?7h", s.screen),
       "it does not wrap on a narrow terminal", s.screen)
    s.close()
    s = Shell(["--", "sh", "-c", "sleep 4; echo two"], before=no_color)
    s.shows(" s\x1b[?7h")
    s.types(b"\x1a")
    s.sees("stopped")
    ok(s.screen.rindex(b"\r\x1b[2K") > s.screen.rindex(b"s\x1b[?7h"),
       "it is wiped before a stop", s.screen)
    s.send("bg")
    length = len(s.screen)
    equal(s.ends(), 0, "the status line: bg")
    ok(b"\x1b[?7l" not in s.screen[length:],
       "it is not shown in the background", s.screen[length:])
    s.close()


def status_tool():
    stream = in_order(["Bash", "make"])
    for words in [], ["--format", "answer"], ["--format", "none"]:
        s = Shell(words + ["-p", "claude", "--", "sh", "-c",
                           "cat %s; exec sleep 60" % stream], before=no_color)
        s.shows("  Bash ")
        ok(True, "the status line names the open tool call, %s" % words)
        s.types(b"\x03")
        s.ends()
        s.close()
    s = Shell(["-q", "-p", "claude", "--", "sh", "-c",
               "cat %s; sleep 2; echo end >&2" % stream])
    s.ends()
    ok(b"\x1b[?7l" not in s.screen, "-q: there is none", s.screen)
    s.close()


def resize():
    words = "four and twenty blackbirds baked in a pie " * 5
    one, two = in_order(words), in_order(words, None)
    go = one + ".go"
    s = Shell(["-p", "claude", "--", "sh", "-c", "cat %s; until [ -e %s ]; do "
               "sleep 0.02; done; cat %s" % (one, go, two)], before=no_color)
    s.shows("blackbirds")
    s.read(0.1)
    wide = s.screen.decode()
    s.set_size(40)
    open(go, "w").close()
    equal(s.ends(), 0, "another size of the terminal: it goes on")
    narrow = s.screen.decode()[len(wide):]
    ok(60 < max(len(line) for line in wide.splitlines()) <= 80,
       "words are wrapped at the width of the terminal", wide)
    lines = [line for line in narrow.splitlines()[1:] if "pie" in line]
    ok(lines and max(len(line) for line in lines) <= 40,
       "and at the new width from then on", narrow)
    s.close()


def notices_once():
    long = in_order("x" * 9000)
    args = ["filter", "-p", "claude", "--line-max", "4k", long]
    for words, seen in ([], 1), (["-v"], 2), (["--format", "text"], 1):
        screen = on_terminal(args + words)
        equal(len(re.findall("bytes skipped", screen)), seen,
              "a notice is told once on a terminal, %s" % words)
    path = new_file()
    with open(path, "w") as f:
        f.write('{"type":"odd"}\n')
    for words, seen in ([], 1), (["-v"], 2):
        screen = on_terminal(["filter", path] + words)
        equal(len(re.findall("no plugin recognises the JSON", screen)), seen,
              "so is that no plugin knows the lines, %s" % words)


def emoji():
    """What belongs to a character is no escape, but in JSON."""
    family = "\U0001f469\u200d\U0001f467"
    path = in_order(family + " here", None)
    os.environ["LC_ALL"] = "C.UTF-8"
    for words in [], ["--format", "text"]:
        screen = on_terminal(["filter", "-p", "claude", "--result", "-", path]
                             + words)
        lines = screen.splitlines()
        ok([line for line in lines if family + " here" in line],
           "a sequence of emoji is shown as it is, %s" % words, screen)
        ok("\\u200d" in lines[-1], "and is escaped in the result, %s" % words,
           screen)


def stderr_in_view():
    body = ("printf '\\033[31mred\\033[m\\n' >&2; i=0; while [ $i -lt 500 ]; "
            "do i=$((i+1)); echo many >&2; done; sleep 0.3; cat %s; sleep 0.3; "
            "printf last >&2" % in_order(["Bash", "make"], None))

    def run(*words):
        screen = on_terminal(["run", "-p", "claude", "--format", "view"]
                             + list(words) + ["--", "sh", "-c", body])
        return re.sub("\x1b\\[2K|\r", "", screen).replace("\u00b7", "#")

    no_color()
    screen = run()
    lines = screen.splitlines()
    ok("# stderr: \\x1b[31mred\\x1b[m" in lines and "\x1b" not in screen,
       "stderr in the view does nothing to the terminal", screen)
    more = re.search("^# stderr: .* \\+([0-9]+) lines$", screen, re.M)
    more = int(more.group(1)) if more else 0
    equal(lines.count("# stderr: many") + more, 500,
          "of many lines some are shown, and the number of the others")
    ok(more > 400, "which are most of them", screen)
    ok(re.search("^# stderr: last\n\n. ok ", screen, re.M),
       "what comes last stands before the verdict", screen)
    ok("level=" not in screen, "no line of it is a log record", screen)
    for words, seen in ((["--stderr", "pass"], "\x1b[31mred"),
                        (["-v"], 'level=warn code=stderr msg="many"'),
                        (["--log", "json"], '"code":"stderr","msg":"many"')):
        screen = run(*words)
        ok(seen in screen and "# stderr" not in screen,
           "stderr beside the view, %s" % words, screen[-300:])
    for words in ["--stderr", "quiet"], ["-q"], ["--log", "off"]:
        screen = run(*words)
        ok("many" not in screen, "no stderr, %s" % words, screen[-300:])
    del os.environ["NO_COLOR"]


def own_lines():
    one, two = in_order("half a ", "sent"), in_order("ence", None)
    for words, begins in ((["--format", "view"], "[#\u00b7] stderr: warning"),
                          (["--format", "text"], "level=warn code=stderr ")):
        go = new_file()
        s = Shell(words + ["-p", "claude", "--", "sh", "-c",
                           "cat %s; sleep 0.3; echo warning >&2; "
                           "until [ -e %s ]; do sleep 0.02; done; cat %s"
                           % (one, go, two)], before=no_color)
        s.shows("warning")
        open(go, "w").close()
        equal(s.ends(), 0, "%s: the verdict" % words[1])
        lines = s.screen.decode().replace("\x1b[2K", "").replace(
            "\r", "\n").split("\n")
        ok([line for line in lines if re.match(begins, line)],
           words[1] + ": a line of stderr has a line of its own", s.screen)
        ok(not [line for line in lines if "half" in line and "stderr" in line
                or "ence" in line and "warning" in line],
           words[1] + ": so has the text around it", s.screen)
        s.close()
    s = Shell(["--format", "text", "--stderr", "pass", "--", "sh", "-c",
               "printf part >&2; sleep 0.3; echo whole"], before=no_color)
    s.ends()
    ok(b"part\r\n" in s.screen and b"\nwhole\r\n" in s.screen,
       "stderr that is passed on: neither shares a line", s.screen)
    s.close()
    s = Shell(["--format", "raw", "--", "sh", "-c", "printf part; exit 3"],
              before=no_color)
    s.ends()
    ok(b"part\r\nlinehook: failed" in s.screen,
       "raw: the sentence at the end has a line of its own", s.screen)
    s.close()


def dumb():
    s = Shell(["--stdin", "inherit", "--", "sh", "-c",
               "echo ready; sleep 2; echo more; exec sleep 60"], term="dumb")
    s.shows("more")
    s.types(b"\x03")
    s.ends()
    ok(b"\x1b" not in s.screen, "a dumb terminal gets no escape sequences",
       s.screen)
    s.close()


def hung_up():
    out, pids = new_file(), Pids()
    s = Shell(["--format", "text", "--result", out, "--"]
              + agent(pids, "echo ready; exec sleep 60"), job=False)
    s.shows("ready")
    pids.stays(2, "the agent's own")
    os.close(s.slave)
    os.close(s.master)
    s.slave = s.master = -1
    equal(tap.wait(s.leader), 129, "the terminal hangs up: 129")
    equal(final(out).get("verdict"), "canceled", "hung up: a result")
    equal(pids.alive(), [], "hung up: nobody is left")
    s.close()


def hung_up_ignored():
    out, pids = new_file(), Pids()
    s = Shell(["--format", "text", "--stderr", "pass", "--result", out, "--",
               "sh", "-c", "echo ready; echo $$ >>%s; until [ -s %s.go ]; do "
               "sleep 0.02; done; seq 10000; seq 10000 >&2"
               % (pids.path, pids.path)], job=False,
              before=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    s.shows("ready")
    os.close(s.slave)
    os.close(s.master)
    s.slave = s.master = -1
    with open(pids.path + ".go", "w") as f:
        f.write("go")
    equal(tap.wait(s.leader), 0,
          "SIGHUP ignored: it goes on without its terminal")
    equal(final(out).get("verdict"), "ok", "and has its result")
    s.close()


def no_controlling_terminal():
    out = new_file()
    s = Shell(["--format", "events", "--", "sh", "-c",
               "echo ready >&2; "
               "(: </dev/tty) 2>/dev/null || echo no tty; exec sleep 60"],
              stdout=out)
    s.shows("ready")
    until(lambda: "no tty" in open(out).read(), "the agent's words")
    ok(True, "the agent has no controlling terminal")
    s.types(b"\x03")
    s.ends()
    s.close()


def stdin_to_its_end():
    s = Shell(["--stdin", "-", "--format", "raw", "--", "cat"])
    s.shows("the command reads standard input; press Ctrl-D")
    s.types(b"hello\n")
    s.shows("hello\r\nhello\r\n")
    ok(True, "--stdin - at a terminal: the command has it as it is typed")
    s.types(b"\x04")
    equal(s.ends(), 0, "Ctrl-D ends it")
    s.close()
    # The key discards what was typed before, so there may be nothing to read.
    for _ in range(3):
        out = new_file()
        s = Shell(["--stdin", "-", "--format", "events", "--", "sh", "-c",
                   "echo ready >&2; exec cat"], stdout=out)
        s.shows("ready")
        s.types(b"hello\n\x03")
        equal(s.ends(), 130, "--stdin - at a terminal: Ctrl-C ends it")
        equal(final(out).get("verdict"), "canceled", "with a whole result")
        s.close()


def is_bad(char):
    code = ord(char)
    return 0x7f <= code < 0xa0 or 0x202a <= code <= 0x202e \
        or 0x2066 <= code <= 0x2069


# A C1 control sequence, a bidirectional override and DEL.
HOSTILE = "\\u009b31mRED \\u202eevil \\u007f"


def json_is_harmless():
    store, file = os.path.join(tap.tmp, "store"), new_file()
    with open(file, "w") as f:
        f.write('{"type":"result","subtype":"success","is_error":false,'
                '"session_id":"s","result":"%s","usage":{"input_tokens":1,'
                '"output_tokens":1}}\n' % HOSTILE)
    word = json.loads('"%s"' % HOSTILE)
    run = tap.Run(["-q", "-p", "claude", "--keep", "--run-dir", store,
                   "--run-id", "r", "--format",
                   "none", "--", "cat", file, word])
    run.end()
    in_store = ["--run-dir", store]
    tool = new_file()
    with open(tool, "w") as f:
        f.write(json.dumps({"result": word}, ensure_ascii=False))
    for name, args in [
            ("show", ["show", "r", "--json"] + in_store),
            ("wait", ["wait", "r", "--json"] + in_store),
            ("follow", ["follow", "r", "--json"] + in_store),
            ("replay", ["replay", "r", "--format", "events"] + in_store),
            ("filter", ["filter", "-p", "claude", "--format", "events", file]),
            ("run", ["run", "-q", "-p", "claude", "--format", "events", "--",
                     "cat", file]),
            ("tool", ["tool", "-q", "--", "cat", tool])]:
        screen = on_terminal(args)
        equal([c for c in screen if is_bad(c)], [],
              name + " on a terminal: JSON does nothing to it")
        ok("\\u009b31mRED \\u202eevil \\u007f" in screen,
           name + " on a terminal: the escapes are those of JSON", screen)
        for line in screen.splitlines():
            if line.startswith("{"):
                json.loads(line)
    screen = on_terminal(["run", "-q", "-p", "raw", "--format", "raw", "--",
                          "printf", "\\302\\233x"])
    equal(screen, "\u009bx", "--format raw on a terminal: as it is")


tap.main(json_is_harmless, ctrl_c, ctrl_c_twice, ctrl_backslash, quiet,
         raw_mode, raw_bytes,
         ctrl_z, ctrl_z_typed, modes_of_a_pager, canceled_while_stopped,
         killed_while_stopped, background, status_line, status_tool, resize,
         notices_once, emoji, stderr_in_view, own_lines, dumb, hung_up, hung_up_ignored,
         no_controlling_terminal, stdin_to_its_end)
