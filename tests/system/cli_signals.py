# SPDX-License-Identifier: MIT
"""How `linehook run' handles signals."""
import os
import random
import signal
import tempfile
import time

import tap
from tap import Pids, Run, agent, equal, ok, until

FOUR = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT]
QUIET = ["--log", "off", "--drain", "200ms"]


def canceled(run, signo, name, pids=None):
    """The run ends in order: exit status, result, and no process is left."""
    status = run.end()
    equal(status, 128 + signo, name + ": 128 + signal")
    equal(run.final().get("verdict"), "canceled",
          name + ": a complete result is last")
    if pids is not None:
        equal(pids.alive(), [], name + ": nobody is left")


def once():
    for signo in FOUR:
        pids = Pids()
        run = Run(QUIET + ["--grace", "50s", "--"]
                  + agent(pids, "echo ready; exec sleep 60"))
        run.says("ready")
        pids.stays(2, "the agent's own")
        run.kill(signo)
        canceled(run, signo, signo.name, pids)


def twice():
    for signo in FOUR:
        pids = Pids()
        run = Run(QUIET + ["--grace", "50s", "--"] + agent(
            pids, "trap 'echo got' INT TERM HUP QUIT; echo ready; "
            "while :; do sleep 0.02; done"))
        run.says("ready")
        pids.stays(2, "the agent's own")
        begun = time.monotonic()
        run.kill(signo)
        run.says('"got')
        run.kill(signo)
        canceled(run, signo, signo.name + " twice", pids)
        ok(time.monotonic() - begun < 40, signo.name
           + " twice: the grace is skipped")


def together():
    """A signal for agent and host, as a service manager sends it."""
    for signo in FOUR:
        for agent_first in True, False:
            pids = Pids()
            run = Run(QUIET + ["--", "sh", "-c", "echo $$ >>%s; "
                               "exec sleep 60" % pids.path])
            pids.stays(1, "the agent's own")
            if agent_first:
                os.kill(pids.all()[0], signo)
                until(lambda: not pids.alive(), "the agent's end")
                time.sleep(0.05)
            run.kill(signo)
            if not agent_first:
                pids.kill(signo)
            canceled(run, signo, "%s to the agent %s its host"
                     % (signo.name, "before" if agent_first else "after"),
                     pids)


def alone():
    """A signal for the agent alone."""
    for signo in FOUR:
        pids = Pids()
        run = Run(QUIET + ["--", "sh", "-c", "echo $$ >>%s; "
                           "exec sleep 60" % pids.path])
        pids.stays(1, "the agent's own")
        pids.kill(signo)
        equal([run.end(), run.final().get("verdict")],
              [128 + signo, "killed"], signo.name + " to the agent alone")


def mixed():
    seed = random.randrange(1 << 30)
    order = random.Random(seed)
    for i in range(6):
        signals = FOUR * 2
        order.shuffle(signals)
        pids = Pids()
        run = Run(QUIET + ["--"] + agent(
            pids, "trap '' INT HUP QUIT; echo ready; exec sleep 60"))
        run.says("ready")
        pids.stays(2, "the agent's own")
        for signo in signals:
            run.kill(signo)
        status = run.end()
        ok(status in [128 + s for s in FOUR],
           "all four, mixed: the status is that of one", status, seed)
        final = run.final()
        equal(final.get("verdict"), "canceled",
              "all four, mixed: a complete result is last")
        equal(pids.alive(), [], "all four, mixed: nobody is left")


def ignored():
    for signo in FOUR:
        fd, go = tempfile.mkstemp(dir=tap.tmp)
        run = Run(QUIET + ["--", "sh", "-c", "echo ready; until [ -s %s ]; "
                           "do sleep 0.02; done; echo on" % go],
                  before=lambda: signal.signal(signo, signal.SIG_IGN))
        run.says("ready")
        run.kill(signo)
        run.kill(signo)
        os.write(fd, b"go")
        os.close(fd)
        equal([run.end(), run.final().get("verdict")], [0, "ok"],
              signo.name + " that was ignored at start stays so")


def blocked():
    run = Run(QUIET + ["--", "sh", "-c", "echo ready; exec sleep 60"],
              before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, FOUR))
    run.says("ready")
    run.kill(signal.SIGTERM)
    canceled(run, signal.SIGTERM, "a signal that was blocked at start")


def pipe_signal():
    fd, go = tempfile.mkstemp(dir=tap.tmp)
    run = Run(QUIET + ["--", "sh", "-c", "echo ready; until [ -s %s ]; "
                       "do sleep 0.02; done" % go])
    run.says("ready")
    run.kill(signal.SIGPIPE)
    os.write(fd, b"go")
    equal(run.end(), 0, "SIGPIPE does nothing")


def while_input_is_copied():
    for times in 1, 2:
        pids = Pids()
        read, write = os.pipe()
        os.write(write, b"some")
        run = Run(QUIET + ["--stdin", "-", "--", "sh", "-c",
                           "echo $$ >>%s; exec sleep 100" % pids.path],
                  stdin=read)
        os.close(read)
        until(lambda: pids.all(), "the start")
        for _ in range(times):
            run.kill(signal.SIGTERM)
        canceled(run, signal.SIGTERM, "while stdin is copied, %d" % times)
        os.close(write)
        equal(pids.alive(), [], "while stdin is copied: nobody is left")
        equal(run.events()[0].get("kind"), "run",
              "while stdin is copied: the header is first")


def at_any_moment():
    """A signal at any moment after the handlers are installed."""
    wrong = []
    pids = Pids()
    for i in range(40):
        run = Run(QUIET + ["--"] + agent(pids, "exec sleep 60"))
        until(lambda: tap.catches(run.pid, signal.SIGTERM), "handlers")
        time.sleep(0.0005 * (i % 20))
        run.kill(signal.SIGTERM)
        if run.end() != 143 or run.final().get("verdict") != "canceled":
            wrong.append((run.status, run.data))
    equal(wrong, [], "at any moment of the start: a complete result")
    equal(pids.alive(), [], "at any moment of the start: nobody is left")


def while_draining():
    pids = Pids()
    run = Run(["--log", "off", "--drain", "50s", "--", "sh", "-c",
               "echo $$ >>%s; setsid sleep 60 & echo $! >>%s; echo ready"
               % (pids.path, pids.path)])
    run.says("ready")
    pids.stays(2, "the agent's own")
    until(lambda: tap.state(pids.all()[0]) is None, "the agent's end")
    begun = time.monotonic()
    run.kill(signal.SIGTERM)
    equal([run.end(), run.final().get("verdict")], [0, "ok"],
          "while others hold the output: the verdict stands")
    ok(time.monotonic() - begun < 40, "while others hold the output: at once")
    equal(pids.alive(), [], "while others hold the output: nobody is left")


def finished(run):
    """Whether the monitor has exited; the result then waits for its reader."""
    until(lambda: tap.catches(run.pid, signal.SIGTERM), "handlers")
    # There is output to read, so the agent and its monitor have started.
    until(lambda: tap.unread(run.read) > 4096, "output")
    until(lambda: not tap.children(run.pid), "the end of the monitor")
    until(lambda: tap.state(run.pid) == "S", "the wait")


def while_a_reader_is_slow():
    run = Run(["--log", "off", "--", "seq", "60000"])
    finished(run)
    run.kill(signal.SIGTERM)
    time.sleep(0.2)
    equal([run.end(), run.final().get("verdict")], [0, "ok"],
          "after the result: nothing is lost by a signal")
    equal(len(run.events()), 60002, "after the result: every event is there")


def while_nobody_reads():
    run = Run(["--", "seq", "60000"])
    finished(run)
    begun = time.monotonic()
    run.kill(signal.SIGTERM)
    time.sleep(0.1)
    run.kill(signal.SIGTERM)
    status = tap.wait(run.pid)
    equal(status, 125, "two signals give up a reader that does not read")
    ok(time.monotonic() - begun < 4, "at once")
    with open(run.err_path) as f:
        err = f.read()
    ok("bytes of output were lost: a signal came" in err,
       "and what is lost is said", err)
    os.close(run.read)


def canceled_and_nobody_reads():
    """A service manager sends one signal and expects the program to exit."""
    run = Run(QUIET + ["--", "sh", "-c", "seq 60000; echo >&2; sleep 60"])
    until(lambda: tap.catches(run.pid, signal.SIGTERM), "handlers")
    until(lambda: os.fstat(run.read) and tap.children(run.pid), "the monitor")
    time.sleep(0.5)
    run.kill(signal.SIGTERM)
    equal(tap.wait(run.pid), 143, "one signal ends it though nobody reads")
    os.close(run.read)


def stopped_alone():
    fd, go = tempfile.mkstemp(dir=tap.tmp)
    pids = Pids()
    run = Run(QUIET + ["--", "sh", "-c", "echo $$ >>%s; echo ready; until [ "
                       "-s %s ]; do sleep 0.02; done; echo on"
                       % (pids.path, go)])
    run.says("ready")
    run.kill(signal.SIGSTOP)
    until(lambda: tap.state(run.pid) == "T", "the stop")
    os.write(fd, b"go")
    until(lambda: not pids.alive(), "the agent's end")
    run.kill(signal.SIGCONT)
    equal([run.end(), run.final().get("verdict")], [0, "ok"],
          "SIGSTOP: the agent goes on, its end is handled after SIGCONT")
    ok(b'"on' in run.data, "SIGSTOP: its output too", run.data)


def clocks_go_on():
    run = Run(QUIET + ["--timeout", "2s", "--", "sh", "-c",
                       "echo ready; exec sleep 60"])
    run.says("ready")
    run.kill(signal.SIGSTOP)
    time.sleep(2.2)
    run.kill(signal.SIGCONT)
    equal([run.end(), run.final().get("verdict")], [124, "timeout"],
          "SIGSTOP: the clocks go on with the agent")


def orphaned_stop():
    """In an orphaned process group a stop would be forever: neither linehook
    nor the agent stops."""
    run = Run(QUIET + ["--", "sh", "-c", "trap 'echo continued' CONT; "
                       "echo ready; while :; do sleep 0.02; done"],
              before=os.setsid)
    run.says("ready")
    run.kill(signal.SIGTSTP)
    time.sleep(0.3)
    run.more(0)
    ok(tap.state(run.pid) != "T", "SIGTSTP in an orphaned group: not stopped")
    ok(b'"continued' not in run.data,
       "SIGTSTP in an orphaned group: the agent does not notice", run.data)
    run.kill(signal.SIGINT)
    run.end()
    equal(run.status, 130, "SIGTSTP in an orphaned group: the run goes on")


tap.main(once, twice, together, alone, mixed, ignored, blocked, pipe_signal,
         while_input_is_copied, at_any_moment, while_draining,
         while_a_reader_is_slow, while_nobody_reads,
         canceled_and_nobody_reads, stopped_alone, clocks_go_on,
         orphaned_stop)
