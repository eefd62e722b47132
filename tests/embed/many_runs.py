# SPDX-License-Identifier: MIT
"""many_runs.py - the Python example: many runs, a fork, layouts of structs.

Run by python.sh.  Prints TAP.
"""
import asyncio
import ctypes
import glob
import multiprocessing
import os
import subprocess
import sys
import traceback

import linehook

# The preloaded runtime of a sanitizer is for this process only.
os.environ.pop("LD_PRELOAD", None)

AGENT = os.environ["AGENT"]
LAYOUT = os.environ["LAYOUT"]
N_RUNS, N_ROUNDS = 20, 3


def new_host():
    return linehook.Host(plugin_dirs=[os.environ["PLUGIN_DIR"]],
                         monitor=os.environ["LINEHOOK_EXEC"])


def left():
    """What must be the same before and after; zombies are children, too."""
    children = []
    for path in glob.glob("/proc/self/task/*/children"):
        with open(path) as f:
            children += f.read().split()
    return {"descriptors": sorted(os.listdir("/proc/self/fd")),
            "threads": len(os.listdir("/proc/self/task")),
            "children": children}


def same(found, wanted, what=""):
    assert found == wanted, "%s: found %r, wanted %r" % (what, found, wanted)


# by NUMBER % 4: what the agent does after its first "out", and the verdict
KINDS = [(["pause"], "canceled"),
         (["err", "oops", "exit", "3"], "failed"),
         (["lines", "200"], "ok"),
         (["fork", "(", "sleep", "5", ")", "cat"], "ok")]


async def one(host, round, number):
    words, verdict = KINDS[number % 4]
    name = "round %d run %d" % (round, number)
    run = host.start([AGENT, "out", name] + words + ["out", "end of " + name],
                     plugin="raw", timeout=60, grace=1,
                     input="in " + name + "\n", env={"N": str(number)})
    texts, seqs = [], []
    async for event in run:
        seqs.append(event["seq"])
        if event["kind"] == "text":
            texts.append(event["text"])
            if words == ["pause"]:
                run.cancel()
    same(seqs, list(range(1, len(seqs) + 1)), name)
    result = await run.wait()
    same(result.verdict, verdict, name)
    wanted = {"canceled": [], "failed": []}.get(verdict, ["end of " + name])
    if words[0] == "lines":
        wanted = ["line %d" % i for i in range(1, 201)] + wanted
    if words[-1] == "cat":
        wanted = ["in " + name] + wanted
    same(texts, [name] + wanted, name)
    same(result.text, texts[-1], name)
    same(result.exit_code, {"canceled": None, "failed": 3}.get(verdict, 0))


async def many():
    before = left()
    for round in range(N_ROUNDS):
        async with new_host() as host:
            await asyncio.gather(*(one(host, round, i)
                                   for i in range(N_RUNS)))
        same(left(), before, "round %d" % round)


async def ended_by_close():
    before = left()
    async with new_host() as host:
        run = host.start([AGENT, "out", "up", "ignoreall", "pause"])
        waiting = asyncio.ensure_future(run.wait())
        await asyncio.sleep(0)
    try:
        await waiting
        raise AssertionError("a result of a run that was not ended")
    except linehook.LinehookError as error:
        same(error.code, linehook.ECANCELED)
    run.cancel()
    same(left(), before)


async def errors():
    async with new_host() as host:
        result = await host.start(["/nowhere/agent"]).wait()
        same(result.verdict, "spawn_failed")
        for argv, plugin, code in (([], None, linehook.EINVAL),
                                   (["true"], "none-such", -7)):
            try:
                host.start(argv, plugin=plugin)
                raise AssertionError("%r was started" % argv)
            except linehook.LinehookError as error:
                same(error.code, code)
                assert len(str(error)) > 20, error
        try:
            host.start(["echo", "a\0b"])
            raise AssertionError("a word was cut")
        except ValueError:
            pass
    try:
        host.start(["true"])
        raise AssertionError("started by a closed host")
    except linehook.LinehookError as error:
        same(error.code, linehook.ESTATE)


def in_child(host, run):
    try:
        host.start(["true"])
    except linehook.LinehookError as error:
        run.cancel()
        host.close()
        os._exit(0 if error.code == linehook.EFORKED else 2)
    os._exit(1)


async def forked():
    before = left()
    async with new_host() as host:
        run = host.start([AGENT, "out", "a", "pause"], plugin="raw")
        async for event in run:
            if event["kind"] == "text":
                break
        fork = multiprocessing.get_context("fork")
        child = fork.Process(target=in_child, args=(host, run))
        child.start()
        child.join()
        same(child.exitcode, 0, "exit status of the child")
        child.close()
        # The run goes on, and this loop still gets its events.
        run.cancel()
        result = await asyncio.wait_for(run.wait(), 60)
        same(result.verdict, "canceled")
    same(left(), before)


STRUCTS = {"lhk_run_opts": linehook._RunOpts,
           "lhk_host_opts": linehook._HostOpts,
           "lhk_error": linehook._Error, "lhk_str": linehook._Str}


def layout():
    found = []
    for name, struct in STRUCTS.items():
        for member, *_ in struct._fields_:
            at = getattr(struct, member)
            found.append("%s.%s %d %d" % (name, member, at.offset, at.size))
        found.append("%s %d %s" % (name, ctypes.sizeof(struct),
                                   bytes(struct()).hex()))
    wanted = subprocess.run([LAYOUT], stdout=subprocess.PIPE, check=True,
                            universal_newlines=True).stdout.split("\n")
    same(sorted(found), sorted(line for line in wanted if
                               line.replace(".", " ").split(" ")[0] in STRUCTS))


CASES = [
    ("ctypes_structs_lie_as_the_header_says", layout),
    ("python_20_runs_at_once_have_no_cross_talk_and_leave_nothing", many),
    ("python_closing_the_host_ends_the_runs_and_who_waits", ended_by_close),
    ("python_errors_are_exceptions_with_a_sentence", errors),
    ("python_a_forked_child_is_refused_and_harms_nothing", forked),
]


def main():
    failed = 0
    # The shell script that starts this has printed the first case.
    for number, (name, case) in enumerate(CASES, 2):
        word = "ok"
        try:
            if asyncio.iscoroutinefunction(case):
                asyncio.run(asyncio.wait_for(case(), 120))
            else:
                case()
        except BaseException:
            word, failed = "not ok", 1
            print("# " + traceback.format_exc().replace("\n", "\n# "))
        print("%s %d - %s" % (word, number, name), flush=True)
    print("1..%d" % (len(CASES) + 1))
    return failed


if __name__ == "__main__":
    sys.exit(main())
