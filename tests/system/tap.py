# SPDX-License-Identifier: MIT
"""TAP output, and `linehook run' as a child process that tests watch.

The environment has LINEHOOK and the other variables of the shell tests.  Every
wait has a deadline; a test that reaches it ends the processes it has started.
"""
import array
import fcntl
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import termios
import time

# nohup may have started us; linehook would go on ignoring the signal.
signal.signal(signal.SIGHUP, signal.SIG_DFL)

PATIENCE = 60.0
LINEHOOK = os.environ["LINEHOOK"]

_count = 0
_failed = 0
_alive = set()
tmp = tempfile.mkdtemp(prefix="linehook-test.")


def ok(good, name, *why):
    global _count, _failed
    _count += 1
    if not good:
        _failed += 1
        for line in why:
            print("# " + repr(line)[:600])
    print(("ok" if good else "not ok") + " %d - %s" % (_count, name),
          flush=True)
    return good


def equal(found, wanted, name):
    return ok(found == wanted, name, ("found", found), ("wanted", wanted))


def skip(name, why):
    global _count
    _count += 1
    print("ok %d - %s # SKIP %s" % (_count, name, why), flush=True)


def has_terminals():
    """Whether there are pseudo-terminals; if not, cases that need one are
    skipped, for the reason NO_TERMINALS."""
    try:
        for fd in os.openpty():
            os.close(fd)
        return True
    except OSError:
        return False


NO_TERMINALS = "no pseudo-terminals: /dev/pts is not mounted"


def finish():
    for pid in list(_alive):
        end(pid)
    shutil.rmtree(tmp, ignore_errors=True)
    print("1..%d" % _count)
    sys.exit(1 if _failed else 0)


def main(*cases):
    """Run the cases, which are functions; an exception is a failed test."""
    for case in cases:
        try:
            case()
        except Exception as e:
            ok(False, case.__name__ + " went to its end", e)
    finish()


def start(child):
    """Fork and call CHILD in the child, which must not return."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        try:
            child()
        finally:
            os._exit(99)
    _alive.add(pid)
    return pid


def end(pid):
    try:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    except OSError:
        pass
    _alive.discard(pid)


def until(what, name):
    """Wait until WHAT () is true, and return its value."""
    limit = time.monotonic() + PATIENCE
    while True:
        value = what()
        if value:
            return value
        if time.monotonic() > limit:
            raise TimeoutError(name)
        time.sleep(0.005)


def wait(pid):
    """The exit status as a shell reports it."""
    status = [None]

    def poll():
        got, status[0] = os.waitpid(pid, os.WNOHANG)
        return got == pid

    until(poll, "the end of the program")
    _alive.discard(pid)
    if os.WIFSIGNALED(status[0]):
        return "killed by %d" % os.WTERMSIG(status[0])
    return os.WEXITSTATUS(status[0])


def stat_of(pid):
    """State and parent of a process; None if it does not exist."""
    try:
        with open("/proc/%d/stat" % pid) as f:
            fields = f.read().rsplit(")", 1)[1].split()
        return fields[0], int(fields[1])
    except (OSError, IndexError):
        return None


def children(pid):
    """The children of PID: a dictionary from pid to state."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            stat = stat_of(int(name))
            if stat is not None and stat[1] == pid:
                found[int(name)] = stat[0]
    return found


def state(pid):
    stat = stat_of(pid)
    return None if stat is None else stat[0]


def unread(fd):
    """The number of bytes in a pipe."""
    count = array.array("i", [0])
    fcntl.ioctl(fd, termios.FIONREAD, count)
    return count[0]


def stopped(pid):
    """Whether PID is stopped, by a signal or with its cgroup."""
    if state(pid) == "T":
        return True
    try:
        with open("/proc/%d/cgroup" % pid) as f:
            path = [line[3:].strip() for line in f if line.startswith("0::")]
        for mount in "/sys/fs/cgroup", "/sys/fs/cgroup/unified":
            try:
                with open(mount + path[0] + "/cgroup.events") as f:
                    return "frozen 1" in f.read()
            except OSError:
                pass
    except (OSError, IndexError):
        pass
    return False


def catches(pid, signo):
    """Whether PID has a handler for SIGNO."""
    try:
        with open("/proc/%d/status" % pid) as f:
            for line in f:
                if line.startswith("SigCgt:"):
                    return int(line.split()[1], 16) >> (signo - 1) & 1
    except OSError:
        pass
    return 0


class Pids:
    """A file into which agents write their pids."""

    def __init__(self):
        fd, self.path = tempfile.mkstemp(dir=tmp)
        os.close(fd)

    def all(self):
        with open(self.path) as f:
            return [int(line) for line in f.read().split()]

    def alive(self):
        return [pid for pid in self.all() if state(pid) not in (None, "Z")]

    def kill(self, signo):
        """All of them; one may have ended by itself meanwhile."""
        for pid in self.all():
            try:
                os.kill(pid, signo)
            except ProcessLookupError:
                pass

    def stays(self, n, name):
        until(lambda: len(self.all()) >= n, name)


# A shell agent that writes down its own pid and that of a process in another
# session, which ignores every signal but SIGKILL.
def agent(pids, body):
    return ["sh", "-c", "echo $$ >>%s; "
            "setsid sh -c 'trap \"\" TERM INT HUP QUIT; echo $$ >>%s; "
            "while :; do sleep 1; done' & %s" % (pids.path, pids.path, body)]


class Run:
    """`linehook run ARGS', with its stdout read through a pipe."""

    def __init__(self, args, before=None, stdin=None, prefix=()):
        self.read, write = os.pipe()
        self.err_path = tempfile.mkstemp(dir=tmp)[1]
        self.data = b""

        def child():
            os.dup2(stdin if stdin is not None
                    else os.open("/dev/null", os.O_RDONLY), 0)
            os.dup2(write, 1)
            os.dup2(os.open(self.err_path, os.O_WRONLY), 2)
            for s in (signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE):
                signal.signal(s, signal.SIG_DFL)
            if before is not None:
                before()
            words = list(prefix) + [LINEHOOK, "run"] + list(args)
            os.closerange(3, 64)
            os.execvp(words[0], words)

        self.pid = start(child)
        os.close(write)

    def kill(self, signo):
        os.kill(self.pid, signo)

    def more(self, timeout):
        """Read what is there; False at end of file."""
        if not select.select([self.read], [], [], timeout)[0]:
            return True
        piece = os.read(self.read, 65536)
        self.data += piece
        return piece != b""

    def says(self, text, times=1):
        limit = time.monotonic() + PATIENCE
        while self.data.count(text.encode()) < times:
            if time.monotonic() > limit or not self.more(1.0):
                raise TimeoutError("%r did not come: %r"
                                   % (text, self.data[-300:]))

    def end(self):
        """Read everything, and return the exit status."""
        limit = time.monotonic() + PATIENCE
        while self.more(1.0):
            if time.monotonic() > limit:
                raise TimeoutError("the output did not end")
        os.close(self.read)
        self.status = wait(self.pid)
        with open(self.err_path) as f:
            self.err = f.read()
        return self.status

    def events(self):
        return [json.loads(line) for line in self.data.split(b"\n") if line]

    def final(self):
        """The last event if it is the only final result, else an empty one."""
        events = self.events()
        finals = [e for e in events if e.get("final") is True]
        if len(finals) != 1 or events[-1] is not finals[0]:
            return {}
        return finals[0]
