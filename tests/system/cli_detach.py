# SPDX-License-Identifier: MIT
"""Runs that outlive the command, the terminal and the process that started
them."""
import errno
import json
import os
import pty
import signal
import stat
import subprocess
import time

import tap
from tap import LINEHOOK, Pids, agent, equal, ok, skip, until

MOCK = os.environ["AGENT"]
STORE = os.path.join(tap.tmp, "runs")
SANITIZED = os.environ.get("LINEHOOK_SANITIZED", "no") != "no"
OPTIONS = ["run", "--detach", "--run-dir", STORE]


class Start:
    """`linehook run --detach ARGS', to its end."""

    def __init__(self, *args, **how):
        how.setdefault("stdin", subprocess.DEVNULL)
        how.setdefault("stdout", subprocess.PIPE)
        p = subprocess.run([LINEHOOK, *OPTIONS, *args], timeout=tap.PATIENCE,
                           stderr=subprocess.PIPE, text=True, **how)
        self.status, self.out, self.err = p.returncode, p.stdout, p.stderr
        if self.status == 0 and self.out:
            self.id, self.host, self.dir = members(self.out)


def members(line):
    said = json.loads(line)
    return said["run"], said["host"], said["dir"]


def command(*words):
    p = subprocess.run([LINEHOOK, words[0], "--run-dir", STORE, *words[1:]],
                       timeout=tap.PATIENCE, stdout=subprocess.PIPE,
                       stderr=subprocess.DEVNULL, text=True)
    return p.returncode, p.stdout


def on_terminal(*words):
    """What a person sees."""
    pid, master = pty.fork()
    if pid == 0:
        os.execv(LINEHOOK, [LINEHOOK, *words])
    said = b""
    try:
        while True:
            piece = os.read(master, 4096)
            if not piece:
                break
            said += piece
    except OSError:
        pass
    os.close(master)
    os.waitpid(pid, 0)
    return said.decode(errors="replace")


def show(run):
    return json.loads(command("show", run)[1] or "{}")


def ended(run):
    """The result of a run, once it has ended."""
    command("wait", run)
    return show(run)


def read(*path):
    with open(os.path.join(*path), errors="replace") as f:
        return f.read()


def descriptors(pid):
    found = {}
    for fd in os.listdir("/proc/%d/fd" % pid):
        try:
            found[int(fd)] = os.readlink("/proc/%d/fd/%s" % (pid, fd))
        except OSError:
            pass
    return found


def gone(*pids):
    until(lambda: all(tap.state(p) in (None, "Z") for p in pids),
          "the end of %r" % (pids,))


def monitor_of(host):
    return list(tap.children(host))[0]


# ---- what a start does ----

def started():
    ours, theirs = os.pipe()
    s = Start("--", MOCK, "pause", pass_fds=[theirs])
    os.close(theirs)
    equal((s.status, s.err), (0, ""), "the start is no news")
    equal(s.out, json.dumps({"run": s.id, "host": s.host, "dir": s.dir},
                            separators=(",", ":")) + "\n",
          "one line names run, host and record")
    equal(s.dir, os.path.join(STORE, s.id), "the record is where it says")
    about = json.loads(read(s.dir, "run.json"))
    equal((about["run"], about["detached"], about["host"]["pid"]),
          (s.id, True, s.host), "run.json says it, too")
    listed = [json.loads(line) for line in
              command("runs", "--json")[1].splitlines()]
    ok(any(r["run"] == s.id and r.get("detached") for r in listed),
       "so does the list of runs", listed)
    fds = descriptors(s.host)
    equal((fds[0], fds[1], fds[2]),
          ("/dev/null", "/dev/null", os.path.join(s.dir, "host.log")),
          "the host writes to its log alone")
    mode = os.stat(os.path.join(s.dir, "host.log")).st_mode
    equal(stat.S_IMODE(mode), 0o600, "which is the user's own")
    equal(os.read(ours, 1), b"", "no descriptor was passed on")
    os.close(ours)
    ok(os.getsid(s.host) not in (os.getsid(0), s.host),
       "it leads no session, and is not in ours")
    equal(command("cancel", s.id)[0], 0, "it can be canceled")
    equal((ended(s.id)["verdict"], command("wait", s.id)[0]),
          ("canceled", 143), "and waited for")
    gone(s.host)


def agents_descriptors():
    s = Start("-p", "raw", "--", MOCK, "fds")
    ended(s.id)
    detached = read(s.dir, "stdout.raw")
    other = subprocess.run([LINEHOOK, "run", "-p", "raw", "--format", "raw",
                            "--", MOCK, "fds"], stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, text=True).stdout
    equal(detached, other, "the agent has the descriptors that it ever has")


def may_lower_score():
    """Whether this user may lower the score of a process."""
    pid = tap.start(lambda: os._exit(lower_score()))
    return tap.wait(pid) == 0


def lower_score():
    score = max(int(read("/proc/self/oom_score_adj")) - 100, -1000)
    try:
        with open("/proc/self/oom_score_adj", "w") as f:
            f.write(str(score))
        return 0
    except OSError:
        return 1


def scores():
    s = Start("--", MOCK, "pause")
    own = int(read("/proc/self/oom_score_adj"))
    child = list(tap.children(monitor_of(s.host)))[0]
    found = [int(read("/proc/%d/oom_score_adj" % p)) for p in (s.host, child)]
    wanted = max(own - 100, -1000) if may_lower_score() else own
    equal(found, [wanted, min(own + 100, 1000)],
          "the agent goes before its host when memory runs out")
    os.kill(s.host, signal.SIGTERM)
    gone(s.host)


# ---- starts that fail ----

def refused():
    for name, args, status, says in (
            ("a format", ["--format", "events"], 2, "--format"),
            ("a result for stdout", ["--result", "-"], 2, "--result"),
            ("our terminal as stdin", ["--stdin", "inherit"], 2, "inherit"),
            ("another word", ["--detach=fork"], 2, "scope"),
            ("no plugin", ["-p", "nosuch"], 2, "'nosuch'"),
            ("no directory", ["--cwd", "/no/such"], 126, "/no/such"),
            ("a store in a file", ["--run-dir", LINEHOOK], 125, LINEHOOK)):
        s = Start(*args, "--", MOCK, "pause")
        equal((s.status, s.out, s.err.count("\n")), (status, "", 1),
              name + ": status and one sentence")
        ok(says in s.err, name + ": which names it", s.err)
    for name, word, status in (("no program", "nosuch", 127),
                               ("no executable", __file__, 126)):
        s = Start("--run-id", "failed-%d" % status, "--", word)
        equal((s.status, s.out, s.err.count("\n")), (status, "", 1),
              name + ": status and one sentence")
        equal(show("failed-%d" % status).get("verdict"), "spawn_failed",
              name + ": is the verdict of the record")


def no_command():
    s = Start()
    equal((s.status, s.out), (2, ""), "a command is missing")


def used_id():
    first = Start("--run-id", "once", "--", MOCK, "pause")
    second = Start("--run-id", "once", "--", MOCK, "pause")
    equal((second.status, second.out, second.err.count("\n")), (125, "", 1),
          "an id that is there is not taken for ours")
    ok("'once'" in second.err, "and named", second.err)
    equal(show("once")["status"], "running", "that run goes on")
    if tap.has_terminals():
        page = on_terminal("show", "once", "--run-dir", STORE)
        ok("process %d, detached" % first.host in page,
           "a person is told that it is detached", page)
    else:
        skip("a person is told that it is detached", tap.NO_TERMINALS)
    os.kill(first.host, signal.SIGTERM)
    gone(first.host)


def outputs():
    s = Start("--run-id", "closed", "--", MOCK, "pause", stdout=None,
              preexec_fn=lambda: os.close(1))
    equal((s.status, os.path.exists(os.path.join(STORE, "closed"))),
          (125, False), "nothing is started if the id cannot be printed")
    with open("/dev/full", "w") as full:
        s = Start("--run-id", "full", "--", MOCK, "pause", stdout=full)
    equal((s.status, s.err.count("\n")), (125, 1),
          "a full stdout is one sentence")
    ok("run 'full' goes on" in s.err, "which tells of the run", s.err)
    equal(command("cancel", "full")[0], 0, "and that run is there")
    ended("full")
    reader, writer = os.pipe()
    os.close(reader)
    s = Start("--run-id", "pipe", "--", MOCK, "exit", "0", stdout=writer)
    os.close(writer)
    equal((s.status, s.err), (0, ""), "a reader that has gone is no error")
    equal(ended("pipe")["verdict"], "ok", "the run is as any")


def full_disk():
    if os.geteuid() != 0:
        skip("a full disk", "a file system of its own needs root")
        return
    disk = os.path.join(tap.tmp, "disk")
    os.mkdir(disk)
    script = ("mount -t tmpfs -o size=64k none %s || exit 77; "
              "dd if=/dev/zero of=%s/other bs=4k 2>/dev/null; "
              "exec %s run --detach --run-dir %s/runs -- %s pause"
              % (disk, disk, LINEHOOK, disk, MOCK))
    p = subprocess.run(["unshare", "-m", "sh", "-c", script], text=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, timeout=tap.PATIENCE)
    if p.returncode == 77 or "unshare" in p.stderr:
        skip("a full disk", "no file system of its own")
        return
    equal((p.returncode, p.stdout), (125, ""),
          "no run without a record on a full disk")
    ok("No space left" in p.stderr, "and the reason is said", p.stderr)


# ---- who ends ----

class Slow:
    """A start whose monitor waits until `go' is called."""

    def __init__(self, name):
        self.gate = os.path.join(tap.tmp, name + ".gate")
        os.mkfifo(self.gate)
        script = os.path.join(tap.tmp, name + ".sh")
        with open(script, "w") as f:
            f.write("#!/bin/sh\nread x <'%s'\nexec '%s' \"$@\"\n"
                    % (self.gate, os.environ["LINEHOOK_EXEC"]))
        os.chmod(script, 0o755)
        self.out, write = os.pipe()
        words = [LINEHOOK, *OPTIONS, "--run-id", name, "--", MOCK, "pause"]

        def child():
            os.dup2(write, 1)
            for s in (signal.SIGINT, signal.SIGQUIT):
                signal.signal(s, signal.SIG_DFL)
            os.environ["LINEHOOK_EXEC"] = script
            os.closerange(3, 64)
            os.execv(words[0], words)

        self.pid = tap.start(child)
        os.close(write)
        self.name = name
        # The script reads: the monitor was started, the agent was not.
        self.pipe = os.open(self.gate, os.O_WRONLY)

    def about(self):
        """run.json; "" as long as there is no record."""
        try:
            return read(STORE, self.name, "run.json")
        except OSError:
            return ""

    def go(self):
        os.write(self.pipe, b"go\n")
        os.close(self.pipe)


def wakeups(pid):
    for line in read("/proc/%d/status" % pid).splitlines():
        if line.startswith("voluntary_ctxt_switches"):
            return line
    return ""


def starter_killed():
    s = Slow("orphan")
    os.kill(s.pid, signal.SIGKILL)
    tap.wait(s.pid)
    s.go()
    equal(os.read(s.out, 100), b"", "killed before the start is known")
    host = json.loads(until(s.about, "the record"))["host"]["pid"]
    until(lambda: os.path.exists(os.path.join(STORE, "orphan", "host.log")),
          "the start")
    equal(show("orphan")["status"], "running", "the run goes on")
    os.kill(host, signal.SIGTERM)
    equal(ended("orphan")["verdict"], "canceled", "and ends in order")


def starter_killed_late():
    out, write = os.pipe()

    def child():
        os.dup2(write, 1)
        os.execv(LINEHOOK, [LINEHOOK, *OPTIONS, "--", MOCK, "out", "a",
                            "pause"])

    pid = tap.start(child)
    os.close(write)
    run, host, _ = members(os.read(out, 4096))
    os.kill(pid, signal.SIGKILL)
    tap.wait(pid)
    os.close(out)
    equal(show(run)["status"], "running", "killed when the id was printed")
    os.kill(host, signal.SIGTERM)
    equal(ended(run)["verdict"], "canceled", "the run ends in order")


def starter_interrupted():
    for signo in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
        s = Slow("interrupted-%d" % signo)
        host = json.loads(until(s.about, "the record"))["host"]
        before = wakeups(host["pid"])
        os.kill(s.pid, signo)
        until(lambda: wakeups(host["pid"]) != before, "the host's turn")
        s.go()
        equal((tap.wait(s.pid), os.read(s.out, 100)), (128 + signo, b""),
              signo.name + " to the starter cancels the start")
        equal(show(s.name).get("verdict"), "canceled",
              signo.name + ": and the record says so")
        os.close(s.out)


def interrupted_while_reading():
    ours, theirs = os.pipe()
    p = subprocess.Popen([LINEHOOK, *OPTIONS, "--run-id", "reading",
                          "--stdin", "-", "--", MOCK, "pause"], stdin=ours,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         text=True, preexec_fn=lambda: signal.signal(
                             signal.SIGINT, signal.SIG_DFL))
    os.write(theirs, b"a prompt that has no end")
    until(lambda: tap.unread(ours) == 0, "the starter's reading")
    p.send_signal(signal.SIGINT)
    out, err = p.communicate(timeout=tap.PATIENCE)
    os.close(ours)
    os.close(theirs)
    equal((p.returncode, out, err.count("\n"),
           os.path.exists(os.path.join(STORE, "reading"))),
          (130, "", 1, False), "Ctrl-C while stdin is read starts nothing")


def terminal_closed():
    if not tap.has_terminals():
        skip("a closed terminal", tap.NO_TERMINALS)
        return
    pids = Pids()
    pid, master = pty.fork()
    if pid == 0:
        os.execv(LINEHOOK, [LINEHOOK, *OPTIONS, "--",
                            *agent(pids, "exec sleep 60")])
    said = b""
    while b"}" not in said:
        said += os.read(master, 4096)
    run, host, _ = members(said.decode())
    os.waitpid(pid, 0)
    pids.stays(2, "the agent's own")
    os.close(master)
    equal(show(run)["status"], "running", "a closed terminal is not missed")
    os.kill(host, signal.SIGHUP)
    os.kill(host, signal.SIGTERM)
    equal((ended(run)["verdict"], show(run)["outcome"].get("cancel_signal", 15)),
          ("canceled", 15), "SIGHUP is ignored, SIGTERM cancels")
    gone(host, *pids.all())


def host_killed():
    pids = Pids()
    s = Start("--", *agent(pids, "exec sleep 60"))
    pids.stays(2, "the agent's own")
    begun = time.monotonic()
    os.kill(s.host, signal.SIGKILL)
    gone(s.host, *pids.all())
    took = time.monotonic() - begun
    ok(took < 5, "the tree dies with its host", took)
    print("# the tree was dead after %d ms" % (took * 1000))
    found = show(s.id)
    equal((found["status"], found["verdict"]), ("lost", "host_error"),
          "and the run is lost")


# ---- input, log ----

def inputs():
    data = "0123456789abcdef" * 65536
    p = subprocess.run([LINEHOOK, *OPTIONS, "--run-id", "input", "--stdin",
                        "-", "-p", "raw", "--", "wc", "-c"], input=data,
                       stdout=subprocess.PIPE, text=True)
    ended("input")
    equal((p.returncode, read(STORE, "input", "stdout.raw").strip()),
          (0, str(len(data))), "stdin is read to its end before")
    path = os.path.join(tap.tmp, "file")
    with open(path, "w") as f:
        f.write("from a file")
    s = Start("--stdin", "file", "-p", "raw", "--", "cat", cwd=tap.tmp)
    ended(s.id)
    equal(read(s.dir, "stdout.raw"), "from a file", "a file is as ever")
    s = Start("--stdin", "nosuch", "-p", "raw", "--", "cat", cwd=tap.tmp)
    equal((s.status, s.out, s.err.count("\n")), (2, "", 1),
          "one that is not there is an error of the start")
    with open(path) as f:
        s = Start("--", MOCK, "eof", stdin=f)
    ok("code=stdin" in s.err, "input for nobody is a warning", s.err)
    ended(s.id)


def logs():
    s = Start("--", MOCK, "err", "one word", "exit", "3")
    ended(s.id)
    log = read(s.dir, "host.log")
    ok("failed" in log and "one word" not in log,
       "the log has the verdict, the agent's stderr is kept elsewhere", log)
    equal(read(s.dir, "stderr.raw"), "one word\n", "that is there")
    s = Start("--stderr", "log", "--", MOCK, "err", "one word")
    ended(s.id)
    ok('code=stderr msg="one word"' in read(s.dir, "host.log"),
       "it is logged if that was asked for")
    s = Start("--stderr", "pass", "--", MOCK, "errflood", "2")
    ended(s.id)
    log = read(s.dir, "host.log")
    ok(1000000 < len(log) <= 1 << 20, "the log has a bound", len(log))
    ok(log.rstrip("\n").endswith("1 MiB"), "and says where it ends",
       log[-100:])
    equal(os.path.getsize(os.path.join(s.dir, "stderr.raw")), 2 << 20,
          "which is not that of stderr.raw")


# ---- scopes ----

def with_busctl(script, *args):
    where = os.path.join(tap.tmp, "bin")
    os.makedirs(where, exist_ok=True)
    path = os.path.join(where, "busctl")
    with open(path, "w") as f:
        f.write("#!/bin/sh\n" + script)
    os.chmod(path, 0o755)
    return Start("--detach=scope", *args, "--", MOCK, "pause",
                 env={**os.environ, "PATH": where + ":" + os.environ["PATH"],
                      "WORDS": os.path.join(tap.tmp, "words")})


def scope_refused():
    s = with_busctl("echo 'no bus here' >&2\necho more >&2\nexit 1\n",
                    "--run-id", "scope1")
    equal((s.status, s.out, s.err.count("\n"),
           os.path.exists(os.path.join(STORE, "scope1"))),
          (125, "", 1, False), "without systemd nothing is started")
    ok("no bus here" in s.err, "and the reason is said", s.err)
    s = Start("--detach=scope", "--", MOCK, "pause",
              env={**os.environ, "PATH": tap.tmp})
    equal((s.status, s.out, s.err.count("\n")), (125, "", 1),
          "nor without busctl")


def cgroup_directory():
    """Where a cgroup can be made by us; None: nowhere."""
    own = [line[3:] for line in read("/proc/self/cgroup").splitlines()
           if line.startswith("0::")]
    for mount in "/sys/fs/cgroup", "/sys/fs/cgroup/unified":
        path = mount + (own[0] if own else "")
        if os.path.exists(path + "/cgroup.procs"):
            try:
                os.mkdir(path + "/linehook-test")
                os.rmdir(path + "/linehook-test")
                return path
            except OSError:
                pass
    return None


def scope_entered():
    where = cgroup_directory()
    if where is None:
        skip("a scope", "no cgroup can be made here")
        return
    scope = os.path.join(where, "linehook-scope2.scope")
    s = with_busctl("echo \"$@\" >\"$WORDS\"\nmkdir '%s'\n"
                    "while [ \"$1\" != PIDs ]; do shift; done\n"
                    "echo \"$4\" >'%s/cgroup.procs'\n" % (scope, scope),
                    "--run-id", "scope2")
    equal((s.status, s.err), (0, ""), "a host in a scope is started")
    if s.status != 0:
        os.rmdir(scope)
        return
    ok("StartTransientUnit ssa(sv)a(sa(sv)) linehook-scope2.scope fail"
       in read(tap.tmp, "words"), "the scope has the name of the run")
    ok("linehook-scope2.scope" in read("/proc/%d/cgroup" % s.host),
       "the host is in it")
    ok("linehook-scope2.scope" in
       read("/proc/%d/cgroup" % monitor_of(s.host)), "so is its monitor")
    os.kill(s.host, signal.SIGTERM)
    ended(s.id)
    gone(s.host)
    os.rmdir(scope)


# ---- the end ----

def nothing_left():
    """Ends what a case that failed has left running."""
    left = command("runs", "--json", "--all", "--status",
                   "running")[1].splitlines()
    for line in left:
        command("cancel", "--now", json.loads(line)["run"])
    equal(left, [], "no run is left")


# ---- memory ----

def pss(pid):
    for line in read("/proc/%d/smaps_rollup" % pid).splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def cost(host):
    """KiB that a run takes beside its agent; None: the system does not say."""
    try:
        return pss(host) + pss(monitor_of(host))
    except OSError as e:
        if e.errno not in (errno.ENOENT, errno.EACCES):
            raise
        return None


def is_small(host):
    each = cost(host)
    return each is None or each <= 1536


def alone():
    """A run that shares its program with no other, and whose agent waits."""
    fifo = os.path.join(tap.tmp, "fifo")
    os.mkfifo(fifo)
    s = Start("-p", "raw", "--", "sh", "-c",
              'echo before; read word <"$0"; echo "$word"', fifo)
    if SANITIZED or os.sysconf("SC_PAGESIZE") != 4096:
        skip("the memory of a lone run", "not as it is built to be")
    elif cost(s.host) is None:
        skip("the memory of a lone run", "no smaps_rollup")
    else:
        until(lambda: is_small(s.host), "a lone run of at most 1.5 MiB")
        print("# a lone run takes %d KiB besides its agent" % cost(s.host))
    with open(fifo, "w") as f:
        f.write("after\n")
    equal(ended(s.id).get("verdict"), "ok", "it goes on when its agent does")
    equal(read(s.dir, "stdout.raw"), "before\nafter\n", "and misses nothing")


# ---- many ----

def many():
    number = 20 if SANITIZED else 200
    begun = time.monotonic()
    starters = [subprocess.Popen([LINEHOOK, *OPTIONS, "--run-id",
                                  "many-%d" % i, "--", MOCK, "pause"],
                                 stdin=subprocess.DEVNULL,
                                 stdout=subprocess.PIPE, text=True)
                for i in range(number)]
    said = [p.communicate(timeout=tap.PATIENCE)[0] for p in starters]
    print("# %d starts took %d ms"
          % (number, (time.monotonic() - begun) * 1000))
    equal([p.returncode for p in starters], [0] * number,
          "so many start at once")
    hosts = [members(line)[1] for line in said]
    costs = [cost(h) for h in hosts[:10]]
    if None in costs:
        skip("the memory of each", "no smaps_rollup")
    else:
        print("# a run takes %d KiB besides its agent" % max(costs))
        if not SANITIZED:
            ok(max(costs) <= 1536,
               "each takes at most 1.5 MiB beside its agent", max(costs))
    for h in hosts:
        os.kill(h, signal.SIGTERM)
    verdicts = [ended("many-%d" % i).get("verdict") for i in range(number)]
    equal(verdicts, ["canceled"] * number, "each ends in order")
    gone(*hosts)


tap.main(started, agents_descriptors, scores, refused, no_command, used_id,
         outputs, full_disk, starter_killed, starter_killed_late,
         starter_interrupted, interrupted_while_reading, terminal_closed,
         host_killed, inputs, logs, scope_refused, scope_entered, alone, many,
         nothing_left)
