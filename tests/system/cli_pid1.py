# SPDX-License-Identifier: MIT
"""`linehook run' as the first process of a pid namespace."""
import os
import signal
import subprocess
import sys
import tempfile
import time

import tap
from tap import Run, equal, ok, until

UNSHARE = ["unshare", "-pf", "--kill-child", "--mount-proc", "--"]
QUIET = ["--log", "off", "--drain", "200ms"]


def contained(args, before=(), stdin=None):
    """A Run as process 1; its pid is the one outside of the namespace."""
    run = Run(args, prefix=UNSHARE + list(before), stdin=stdin)
    run.outer = run.pid
    run.pid = until(lambda: list(tap.children(run.outer)), "process 1")[0]
    until(lambda: name_of(run.pid) == "linehook", "linehook")
    return run


def name_of(pid):
    try:
        with open("/proc/%d/comm" % pid) as f:
            return f.read().strip()
    except OSError:
        return None


def end(run):
    """Like Run.end, but wait for unshare, which is our child."""
    run.pid = run.outer
    return run.end()


def zombies(pid):
    return [p for p, state in tap.children(pid).items() if state == "Z"]


def strangers(run, n):
    """N processes enter the namespace; each leaves an orphan that exits."""
    for _ in range(n):
        subprocess.run(["nsenter", "-t", str(run.pid), "-p", "-m", "--", "sh",
                        "-c", "setsid sleep 0.02 & exit 0"], check=True,
                       stdout=subprocess.DEVNULL)


# A program that forks, and executes another program when the child has exited.
HEIR = [sys.executable, "-c", """import os, sys
pid = os.fork()
if pid == 0:
    os._exit(0)
os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
os.execv(sys.argv[1], sys.argv[1:])"""]


def fifo():
    path = tempfile.mktemp(dir=tap.tmp)
    os.mkfifo(path)
    return path


def stops():
    for signo in signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT:
        run = contained(QUIET + ["--", "sh", "-c", "setsid sleep 60 & "
                                 "echo ready; exec sleep 60"])
        run.says("ready")
        run.kill(signo)
        status = end(run)
        equal([status, run.final().get("verdict")],
              [128 + signo, "canceled"], "process 1 handles " + signo.name)


def stops_before_the_start():
    read, write = os.pipe()
    run = contained(QUIET + ["--stdin", "-", "--", "cat"], stdin=read)
    os.close(read)
    until(lambda: tap.catches(run.pid, signal.SIGTERM), "handlers")
    run.kill(signal.SIGTERM)
    status = end(run)
    os.close(write)
    equal([status, run.final().get("verdict")], [143, "canceled"],
          "also before the command is started")


def reaps_strangers():
    go = fifo()
    run = contained(QUIET + ["--", "sh", "-c", "echo ready; cat " + go])
    run.says("ready")
    strangers(run, 20)
    until(lambda: len(tap.children(run.pid)) == 1, "the strangers' end")
    equal(zombies(run.pid), [], "strangers that end are reaped")
    with open(go, "w") as f:
        f.write("on\n")
    equal([end(run), run.final().get("verdict")], [0, "ok"],
          "and the run knows its own end")


def stays_a_process_among_many():
    """If linehook is not process 1, it does not reap the children of others."""
    go = fifo()
    run = Run(QUIET + ["--", "cat", go], prefix=HEIR)
    until(lambda: zombies(run.pid), "the child of before")
    with open(go, "w"):
        pass
    equal([run.end(), run.final().get("verdict")], [0, "ok"],
          "a child of before is left alone where we are not process 1")


def reaps_children_of_before():
    go = fifo()
    run = contained(QUIET + ["--", "cat", go], before=HEIR)
    until(lambda: len(tap.children(run.pid)) == 1
          and not zombies(run.pid), "the children of before")
    ok(True, "children of the program that became us are reaped")
    with open(go, "w"):
        pass
    equal(end(run), 0, "and the run goes on")


def ends_in_a_crowd():
    """Other processes exit all the time while runs of all kinds end."""
    wrong = []
    # Each loop waits as long as its orphan, so that they never are many.
    crowd = "while :; do (sleep 0.001 &); sleep 0.001; done"
    cases = [(["true"], 0), (["sh", "-c", "exit 3"], 1),
             (["no-such-program"], 127), (["sh", "-c", "kill -9 $$"], 137),
             (["sh", "-c", "setsid sleep 60 & exit 0"], 0)]
    for words, wanted in cases * 4:
        run = Run(QUIET + ["--"] + words, prefix=UNSHARE + [
            "sh", "-c", 3 * ("(" + crowd + ") & ") + "exec \"$@\"", "sh"])
        if run.end() != wanted or not run.final():
            wrong.append((words, run.status, run.data))
    equal(wrong, [], "verdicts in a crowd of strangers")


def stop_does_nothing():
    go = fifo()
    run = contained(QUIET + ["--", "sh", "-c", "trap 'echo went on' CONT; "
                             "echo ready; cat " + go])
    run.says("ready")
    run.kill(signal.SIGTSTP)
    time.sleep(0.2)
    with open(go, "w"):
        pass
    equal([end(run), b'"went on' in run.data], [0, False],
          "process 1 is not stopped by SIGTSTP, nor is its agent")


def leaves_nothing():
    run = contained(QUIET + ["--", "sh", "-c", "setsid sleep 60 & exit 0"])
    equal([end(run), tap.children(run.outer)], [0, {}],
          "nothing is left with process 1")


if subprocess.run(UNSHARE + ["true"], stderr=subprocess.DEVNULL).returncode:
    tap.skip("process 1", "no pid namespace can be made here")
    tap.finish()
tap.main(stops, stops_before_the_start, reaps_strangers,
         stays_a_process_among_many, reaps_children_of_before,
         ends_in_a_crowd, stop_does_nothing, leaves_nothing)
