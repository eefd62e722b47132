#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""records.py - the time of queries in a store with many runs, or a long one.

    records.py LINEHOOK DIR [RUNS]

Makes RUNS (100,000) records beside one that linehook kept, in DIR, and one
run of 200 MB; then times `runs', `wait' and `show' with few runs and with
many, and counts the bytes that `show' reads.
"""
import os
import shutil
import statistics
import subprocess
import sys
import time

TIMES = 21


def run(linehook, store, *words):
    began = time.perf_counter()
    done = subprocess.run([linehook, words[0], "--run-dir", store, *words[1:]],
                          stdout=subprocess.DEVNULL)
    return (time.perf_counter() - began) * 1000, done.returncode


def median(linehook, store, *words):
    return statistics.median(run(linehook, store, *words)[0]
                             for _ in range(TIMES))


def keep(linehook, store, name, command):
    subprocess.run([linehook, "run", "--run-dir", store, "--run-id", name,
                    "-p", "raw", "--format", "none", "--log", "off", "--",
                    "sh", "-c", command], check=True)


def multiply(store, count):
    """Write records as linehook does, of runs that start a second apart."""
    with open(os.path.join(store, "first", "result.json")) as f:
        result = f.read()
    began = result.index('"started_ms":') + len('"started_ms":')
    first = int(result[began:result.index(",", began)])
    with open(os.path.join(store, "index"), "a") as index:
        for i in range(count):
            name = "copy-%06d" % i
            os.mkdir(os.path.join(store, name), 0o700)
            started = first + i * 1000
            text = result.replace('"run":"first"', '"run":"%s"' % name, 1)
            text = text.replace('"started_ms":%d' % first,
                                '"started_ms":%d' % started, 1)
            with open(os.path.join(store, name, "result.json"), "w") as f:
                f.write(text)
            index.write("%d %s\n" % (started, name))


def bytes_read(linehook, store, name):
    """Bytes that `show' reads, as the kernel counts them."""
    pid = os.fork()
    if pid == 0:
        null = os.open("/dev/null", os.O_WRONLY)
        os.dup2(null, 1)
        os.execv(linehook, [linehook, "show", "--run-dir", store, name])
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    with open("/proc/%d/io" % pid) as f:
        count = int(f.readline().split()[1])
    os.waitpid(pid, 0)
    return count


def notice(linehook, store):
    """Milliseconds from the end of a run to the end of `wait'."""
    late = []
    for i in range(TIMES):
        name = "ends-%d" % i
        host = subprocess.Popen(
            [linehook, "run", "--run-dir", store, "--run-id", name, "-p",
             "raw", "--format", "none", "--", "sleep", "0.2"])
        while not os.path.exists(os.path.join(store, name, "run.json")):
            time.sleep(0.001)
        subprocess.run([linehook, "wait", "--run-dir", store, name],
                       stdout=subprocess.DEVNULL)
        ended = time.time()
        host.wait()
        path = os.path.join(store, name, "result.json")
        late.append((ended - os.stat(path).st_mtime) * 1000)
    return statistics.median(late)


def main():
    linehook, base = sys.argv[1:3]
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 100000
    store = os.path.join(base, "keep-bench.%d" % os.getpid())
    try:
        keep(linehook, store, "first", "echo done")
        few = [median(linehook, store, *words)
               for words in (["runs"], ["wait", "first"], ["show", "first"])]
        late = notice(linehook, store)
        keep(linehook, store, "long", "yes 'a line of some length, again and "
             "again' | head -c 200000000")
        multiply(store, count)
        many = [median(linehook, store, *words)
                for words in (["runs"], ["wait", "first"], ["show", "first"])]
        print("store            few runs   %d runs" % count)
        for name, a, b in zip(("runs (20 newest)", "wait", "show"), few, many):
            print("%-16s %5.1f ms   %5.1f ms" % (name, a, b))
        print("wait ends %.1f ms after the result is there (median of %d)"
              % (late, TIMES))
        print("show of a run of 200 MB reads %d bytes"
              % bytes_read(linehook, store, "long"))
        print("runs --usage over all of them: %.1f s"
              % (run(linehook, store, "runs", "--usage", "--by", "model")[0]
                 / 1000))
    finally:
        shutil.rmtree(store, ignore_errors=True)


if __name__ == "__main__":
    main()
