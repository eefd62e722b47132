#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""bench.py - compare linehook filter with its peers, in paired runs.

usage: bench.py --bin DIR [--linehook FILE] [--plugin-dir DIR] [--mb N]
                [--pairs N] [--kinds A,B] [--peers A,B] [--work DIR]
                [--view]

First every program's output is compared on a cut of 8 MB: byte for byte what
`linehook filter --format events' prints, less its first and last line (the
header and the final result).  A difference ends the benchmark.  Then, for each
peer, A B A B ... on the whole input through a pipe from cat, output to the
null device; the first pair is thrown away, the ratio is taken for each pair.

With --view only the formats for people are compared with the events.

DIR holds measure, limit, replay, peer_jsonc and bench_stream, as built by make
bench.
Peers that are not installed are skipped with a message.
"""
import argparse
import os
import platform
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CUT_MB = 8
# name, megabytes relative to --mb, provider
KINDS = {
    "delta": (1.0, "claude"),
    "mixed": (1.0, "claude"),
    "codex": (0.5, "codex"),
    "gemini": (0.5, "gemini"),
    "escapes": (0.5, "claude"),
    "big1m": (0.5, "claude"),
    "big9m": (0.5, "claude"),
}
# Slow peers get a part of the input, and so does linehook when it is compared
# with them.
PARTS = {"jq": 0.25}
VIEW_MAX = 3


def say(*words):
    print(*words, flush=True)


def unwrap(path):
    """The program behind the wrapper of libtool, so that no shell is timed."""
    path = shutil.which(path) or path
    libs = os.path.join(os.path.dirname(path), ".libs")
    with open(path, "rb") as f:
        if f.read(2) != b"#!":
            return path
    for name in ("lt-" + os.path.basename(path), os.path.basename(path)):
        inner = os.path.join(libs, name)
        if os.path.exists(inner):
            old = os.environ.get("LD_LIBRARY_PATH")
            os.environ["LD_LIBRARY_PATH"] = libs + (":" + old if old else "")
            return inner
    return path


def first_line(argv):
    try:
        out = subprocess.run(argv, stdin=subprocess.DEVNULL, text=True,
                             capture_output=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return "?"
    lines = (out.stdout or out.stderr).splitlines()
    return lines[0] if lines else "?"


def cpu_name():
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as f:
            for line in f:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.machine()


def describe(a):
    flags = ""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as f:
            text = f.read()
        flags = ", ".join(w for w in ("avx2", "avx512bw")
                          if " %s " % w in text.replace("\n", " "))
    except OSError:
        pass
    say("machine: %d x %s (%s), Linux %s" % (
        os.cpu_count() or 1, cpu_name(), flags,
        platform.release().split("-")[0]))
    say("programs: %s; json-c %s; Python %s; Node %s; %s; %s" % (
        first_line([a.linehook, "--version"]),
        first_line([os.path.join(a.bin, "peer_jsonc"), "--version"]),
        platform.python_version(), first_line(["node", "--version"]),
        first_line(["jq", "--version"]), first_line(["cc", "--version"])))


def programs(a, provider):
    """The peers that can run here: a dictionary from name to argv."""
    lh = [a.linehook, "filter", "--no-isolate", "-p", provider,
          "--format", "events"]
    if a.plugin_dir:
        lh[2:2] = ["--plugin-dir", a.plugin_dir]
    return {
        "linehook": lh,
        "limit": [os.path.join(a.bin, "limit")],
        "json-c": [os.path.join(a.bin, "peer_jsonc"), provider],
        "node": ["node", os.path.join(HERE, "peer_node.js"), provider],
        "python": [sys.executable, os.path.join(HERE, "peer_python.py"),
                   provider],
        "jq": ["jq", "-n", "-c", "-f",
               os.path.join(HERE, "peer_%s.jq" % provider)],
    }


def is_there(argv):
    return shutil.which(argv[0]) is not None and all(
        os.path.exists(w) for w in argv[1:] if w.endswith((".js", ".py",
                                                           ".jq")))


def make_input(a, kind, mb):
    path = os.path.join(a.work, "%s-%g" % (kind, mb))
    if not os.path.exists(path):
        with open(path + ".new", "wb") as f:
            subprocess.run([sys.executable, os.path.join(HERE, "gen.py"), kind,
                            "--mb", str(mb)], stdout=f, check=True)
        os.rename(path + ".new", path)
    return path


def size_of(path):
    """The number of bytes and of lines."""
    with open(path, "rb") as f:
        lines = sum(block.count(b"\n") for block in
                    iter(lambda: f.read(1 << 20), b""))
    return os.path.getsize(path), lines


def output_of(argv, path):
    with open(path, "rb") as f:
        p = subprocess.run(argv, stdin=f, capture_output=True)
    return p.stdout


def compare_outputs(name, want, got):
    if want == got:
        return True
    say("  %s: OUTPUT DIFFERS" % name)
    w, g = want.split(b"\n"), got.split(b"\n")
    for number, (x, y) in enumerate(zip(w, g), 1):
        if x != y:
            say("    event %d\n    linehook: %s\n    %-8s: %s" % (
                number + 1, x[:400].decode("utf-8", "replace"), name,
                y[:400].decode("utf-8", "replace")))
            break
    else:
        say("    %d lines expected, %d printed" % (len(w), len(g)))
    return False


def run_once(a, argv, path, source="cat"):
    """Run once: (wall s, cpu s, peak KiB).  SOURCE PATH writes its stdin."""
    note = os.path.join(a.work, "note")
    cat = subprocess.Popen([source, path], stdout=subprocess.PIPE)
    p = subprocess.Popen([os.path.join(a.bin, "measure"), note, *argv],
                         stdin=cat.stdout, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL)
    cat.stdout.close()
    p.wait()
    cat.wait()
    with open(note, encoding="ascii") as f:
        wall, user, system, peak, status = map(int, f.read().split())
    if status not in (0, 1, 5):
        sys.exit("bench.py: '%s' ended with status %d" % (argv[0], status))
    return wall / 1e6, (user + system) / 1e6, peak


def median(values):
    v = sorted(values)
    n = len(v)
    return v[n // 2] if n % 2 else (v[n // 2 - 1] + v[n // 2]) / 2


def pair_up(a, ours, theirs, path, source="cat"):
    """Run A B A B ..., and discard the first pair."""
    pairs = [(run_once(a, ours, path, source),
              run_once(a, theirs, path, source))
             for _ in range(a.pairs + 1)][1:]
    wall = [t[0] / o[0] for o, t in pairs]
    cpu = [t[1] / max(o[1], 1e-3) for o, t in pairs]
    return {"wall": wall, "cpu": cpu,
            "ours": [o[0] for o, _ in pairs],
            "theirs": [t[0] for _, t in pairs],
            "ours_cpu": [o[1] for o, _ in pairs],
            "theirs_cpu": [t[1] for _, t in pairs],
            "ours_kib": max(o[2] for o, _ in pairs),
            "theirs_kib": max(t[2] for _, t in pairs)}


def bench_kind(a, kind):
    share, provider = KINDS[kind]
    cut = make_input(a, kind, CUT_MB)
    path = make_input(a, kind, max(CUT_MB, a.mb * share))
    size, lines = size_of(path)
    progs = programs(a, provider)
    names = [n for n in progs if n != "linehook" and n in a.peers]
    for n in [n for n in names if not is_there(progs[n])]:
        say("  %s: not installed, skipped" % n)
        names.remove(n)
    say("\n%s: %.0f MB, %d lines of %.0f bytes on average" % (
        kind, size / 1e6, lines, size / lines))
    want = output_of(progs["linehook"], cut).split(b"\n")
    want = b"\n".join(want[1:-2]) + b"\n"
    same = [compare_outputs(n, want, output_of(progs[n], cut))
            for n in names if n != "limit"]
    if not all(same):
        return False
    if same:
        say("  output of all %d equal on %d MB (%d events)" % (
            len(same) + 1, CUT_MB, want.count(b"\n")))
    say("  %-8s %9s %9s %9s   %-24s %-8s %9s" % (
        "peer", "MB/s", "linehook", "ns/line", "peer / linehook wall",
        "cpu", "peak MB"))
    for n in names:
        if n in PARTS:
            path = make_input(a, kind, max(CUT_MB, a.mb * share * PARTS[n]))
            size, lines = size_of(path)
        r = pair_up(a, progs["linehook"], progs[n], path)
        say("  %-8s %9.0f %9.0f %9.0f   %6.2f (%.2f to %.2f) %9.2f %9s" % (
            n, size / 1e6 / median(r["theirs"]),
            size / 1e6 / median(r["ours"]),
            median(r["theirs"]) * 1e9 / lines, median(r["wall"]),
            min(r["wall"]), max(r["wall"]), median(r["cpu"]),
            "%.1f / %.1f" % (r["theirs_kib"] / 1024, r["ours_kib"] / 1024)))
    return True


def bench_live(a):
    """How much parsing slows a producer that writes line by line."""
    path = make_input(a, "delta", max(CUT_MB, a.mb))
    size, lines = size_of(path)
    progs = programs(a, "claude")
    names = [n for n in ("limit", "json-c", "node") if n in a.peers
             and is_there(progs[n])]
    say("\nlive: the delta stream, one write for each line")
    say("  %-8s %12s %12s   %-24s %s" % (
        "peer", "peer ns", "linehook ns", "linehook / peer wall",
        "cpu of the reader, linehook / peer"))
    for n in names:
        r = pair_up(a, progs["linehook"], progs[n], path,
                    os.path.join(a.bin, "replay"))
        wall = [1 / x for x in r["wall"]]
        say("  %-8s %12.0f %12.0f   %6.2f (%.2f to %.2f) %9.2f" % (
            n, median(r["theirs"]) * 1e9 / lines,
            median(r["ours"]) * 1e9 / lines, median(wall), min(wall),
            max(wall), 1 / median(r["cpu"])))


# What others need for the words of the delta stream alone.
JQ_TEXT = """select(.type == "stream_event") | .event
  | select(.type == "content_block_delta") | .delta.text // empty"""
NODE_TEXT = """
let tail = '';
process.stdin.setEncoding('utf8').on('data', (chunk) => {
	const lines = (tail + chunk).split('\\n');
	let out = '';

	tail = lines.pop();
	for (const line of lines) {
		const e = JSON.parse(line).event;

		if (e && e.type === 'content_block_delta' && e.delta.text)
			out += e.delta.text;
	}
	if (out)
		process.stdout.write(out);
});"""


def bench_view(a):
    """What the formats for people cost beside the events.  The view may take
    VIEW_MAX times their CPU."""
    path = make_input(a, "delta", max(CUT_MB, a.mb * PARTS["jq"]))
    size, lines = size_of(path)
    events = programs(a, "claude")["linehook"]
    say("\nfor people: the delta stream, %.0f MB, %d lines" % (
        size / 1e6, lines))
    say("  %-14s %9s %9s   %s" % ("program", "ns/line", "events",
                                  "cpu / that of --format events"))
    good = True
    for name, argv in (("--format view", events[:-1] + ["view"]),
                       ("--format text", events[:-1] + ["text"]),
                       ("jq, the words", ["jq", "-j", JQ_TEXT]),
                       ("node, the same", ["node", "-e", NODE_TEXT])):
        if shutil.which(argv[0]) is None:
            say("  %s: not installed, skipped" % name)
            continue
        r = pair_up(a, events, argv, path)
        bad = name == "--format view" and median(r["cpu"]) > VIEW_MAX
        good = good and not bad
        say("  %-14s %9.0f %9.0f   %6.2f (%.2f to %.2f)%s" % (
            name, median(r["theirs_cpu"]) * 1e9 / lines,
            median(r["ours_cpu"]) * 1e9 / lines, median(r["cpu"]),
            min(r["cpu"]), max(r["cpu"]),
            "  <-- more than %g" % VIEW_MAX if bad else ""))
    return good


def bench_isolated(a):
    """The plugin in a process of its own, beside the same in this process."""
    say("\nisolated: the plugin in a process of its own")
    say("  %-8s %9s %9s   %-24s %s" % (
        "stream", "MB/s", "in here", "isolated / in here, wall", "cpu"))
    same = True
    for kind in [k for k in ("delta", "mixed", "codex")
                 if k in a.kinds.split(",")]:
        share, provider = KINDS[kind]
        path = make_input(a, kind, max(CUT_MB, a.mb * share))
        inside = programs(a, provider)["linehook"]
        outside = [w.replace("--no-isolate", "--isolate") for w in inside]
        cut = make_input(a, kind, CUT_MB)
        same = compare_outputs("isolated", output_of(inside, cut),
                               output_of(outside, cut)) and same
        r = pair_up(a, inside, outside, path)
        size = size_of(path)[0]
        say("  %-8s %9.0f %9.0f   %6.2f (%.2f to %.2f) %14.2f" % (
            kind, size / 1e6 / median(r["theirs"]),
            size / 1e6 / median(r["ours"]), median(r["wall"]), min(r["wall"]),
            max(r["wall"]), median(r["cpu"])))
    return same


def bench_memory(a):
    """Time and peak memory of filter for one long line and ten short ones."""
    head = b'{"type":"item.completed","item":{"id":"item_0",' \
        b'"type":"agent_message","text":"'
    small = (head + b'small"}}\n') * 10
    say("\npeak memory of filter, one long line and ten short ones")
    for name, size in (("9 MB", 9000000), ("11 MiB", 11 << 20),
                       ("35 MiB", 36700160), ("256 MiB", 256 << 20)):
        path = os.path.join(a.work, "long")
        with open(path, "wb") as f:
            f.write(head + b"x" * (size - len(head) - 3) + b'"}}\n' + small)
        wall, _, peak = run_once(a, programs(a, "codex")["linehook"], path)
        say("  %-8s %8.1f ms %9.1f MiB" % (name, wall * 1e3, peak / 1024))
        os.unlink(path)


def bench_stream(a):
    program = os.path.join(a.bin, "bench_stream")
    if not os.path.exists(program):
        say("\nbench_stream: not built, skipped")
        return True
    say("\nthe bounded line writer, 10 MB of 200-byte events in writes of "
        "32 KiB:")
    argv = [unwrap(program)]
    if a.plugin_dir:
        argv.append(a.plugin_dir)
    return subprocess.run(argv[:1] + [make_input(a, "lines200", 10)]
                          + argv[1:]).returncode == 0


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--bin", required=True)
    ap.add_argument("--linehook", default="linehook")
    ap.add_argument("--plugin-dir")
    ap.add_argument("--mb", type=float,
                    default=float(os.environ.get("BENCH_MB", 100)))
    ap.add_argument("--pairs", type=int,
                    default=int(os.environ.get("BENCH_PAIRS", 7)))
    ap.add_argument("--kinds", default=os.environ.get(
        "BENCH_KINDS", ",".join(KINDS)))
    ap.add_argument("--peers", default=os.environ.get(
        "BENCH_PEERS", "limit,json-c,node,python,jq"))
    ap.add_argument("--work", help="keep the inputs here")
    ap.add_argument("--view", action="store_true",
                    help="measure only the formats for people")
    ap.add_argument("--isolated", action="store_true",
                    help="measure only what isolation costs")
    a = ap.parse_args()
    a.peers = a.peers.split(",")
    if shutil.which(a.linehook) is None:
        sys.exit("bench.py: no program '%s'" % a.linehook)
    a.linehook = unwrap(a.linehook)
    made = None
    if a.work is None:
        made = a.work = tempfile.mkdtemp(prefix="linehook-bench-")
    os.makedirs(a.work, exist_ok=True)
    try:
        describe(a)
        if a.view:
            sys.exit(not bench_view(a))
        if a.isolated:
            sys.exit(not bench_isolated(a))
        good = [bench_kind(a, k) for k in a.kinds.split(",")]
        bench_live(a)
        good.append(bench_view(a))
        good.append(bench_isolated(a))
        bench_memory(a)
        good.append(bench_stream(a))
    finally:
        if made:
            shutil.rmtree(made)
    if not all(good):
        sys.exit("bench.py: not all of it could be measured")


if __name__ == "__main__":
    main()
