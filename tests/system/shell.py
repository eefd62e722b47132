# SPDX-License-Identifier: MIT
"""A shell on a pseudo-terminal that runs linehook as a job.

A child process plays the shell: it leads the session of the pty, starts
linehook as a foreground job, and reports how the job's state changes.
"""
import fcntl
import os
import pty
import select
import signal
import struct
import termios

import tap
from tap import LINEHOOK, equal, until


class Shell:
    """One job on its own terminal; EVENTS is what the shell has reported."""

    def __init__(self, args, job=True, stdout=None, term="xterm",
                 before=None, foreground=True, command="run"):
        self.screen = b""
        self.events = ""
        self.report, reports = os.pipe()
        requests, self.request = os.pipe()
        self.master, slave = pty.openpty()
        self.slave = slave
        self.set_size(80)
        self.modes = termios.tcgetattr(slave)
        words = [LINEHOOK, command] + list(args)

        def child():
            os.environ["TERM"] = term
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for fd in range(3):
                os.dup2(slave, fd)
            for s in (signal.SIGINT, signal.SIGQUIT, signal.SIGPIPE):
                signal.signal(s, signal.SIG_DFL)
            if before is not None:
                before()
            if not job:
                use_stdout(stdout)
                os.write(reports, b"pid %d\n" % os.getpid())
                os.closerange(3, 64)
                os.execv(words[0], words)
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            signal.signal(signal.SIGTSTP, signal.SIG_IGN)
            play(words, stdout, reports, requests, foreground)

        self.leader = tap.start(child)
        os.close(reports)
        os.close(requests)
        self.sees("pid ")
        self.pid = int(self.events.split("pid ")[1].split()[0])

    def set_size(self, columns):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, columns, 0, 0))

    def read(self, timeout=0.05):
        """Read what there is; false: nothing came in TIMEOUT seconds."""
        fds = [fd for fd in (self.report, self.master) if fd >= 0]
        ready = select.select(fds, [], [], timeout)[0]
        for fd in ready:
            try:
                piece = os.read(fd, 65536)
            except OSError:
                piece = b""
            if fd == self.report:
                self.events += piece.decode()
                if not piece:
                    os.close(fd)
                    self.report = -1
            else:
                self.screen += piece
        return ready

    def sees(self, word):
        """Wait until the shell has reported WORD."""
        def there():
            self.read()
            return word in self.events
        until(there, "%r, found %r, screen %r"
              % (word, self.events, self.screen[-200:]))

    def shows(self, text):
        def there():
            self.read()
            return text.encode() in self.screen
        until(there, "%r on the screen, found %r"
              % (text, self.screen[-300:]))

    def types(self, keys):
        os.write(self.master, keys)

    def send(self, what):
        os.write(self.request, what.encode() + b"\n")

    def ends(self):
        self.sees("exited ")
        # The kernel hands the last output over in pieces.
        while self.read(0.2):
            pass
        return int(self.events.split("exited ")[1].split()[0])

    def same(self, name):
        equal(termios.tcgetattr(self.slave), self.modes,
              name + ": the terminal is as it was")

    def raw(self):
        return not termios.tcgetattr(self.slave)[3] & termios.ICANON

    def close(self):
        tap.end(self.leader)
        for fd in (self.master, self.slave, self.request, self.report):
            if fd >= 0:
                os.close(fd)


def use_stdout(path):
    if path is not None:
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), 1)


def play(words, stdout, reports, requests, foreground):
    """Be the shell: start the job, report its state, continue it on request."""
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        if foreground:
            os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        use_stdout(stdout)
        os.closerange(3, 64)
        os.execv(words[0], words)
    try:
        os.setpgid(pid, pid)
    except OSError:
        pass
    os.write(reports, b"pid %d\n" % pid)
    while True:
        try:
            got, status = os.waitpid(pid, os.WUNTRACED | os.WNOHANG)
        except ChildProcessError:
            os._exit(0)
        if got and os.WIFSTOPPED(status):
            os.tcsetpgrp(0, os.getpid())
            os.write(reports, b"stopped %d\n" % os.WSTOPSIG(status))
        elif got:
            os.tcsetpgrp(0, os.getpid())
            code = (os.WEXITSTATUS(status) if os.WIFEXITED(status)
                    else -os.WTERMSIG(status))
            os.write(reports, b"exited %d\n" % code)
        if select.select([requests], [], [], 0.01)[0]:
            line = os.read(requests, 100)
            if not line:
                os._exit(0)
            if line == b"fg\n":
                os.tcsetpgrp(0, pid)
            os.killpg(pid, signal.SIGCONT)


def on_terminal(args, stdin=None, columns=80):
    """What the program prints on a terminal of its own."""
    pid, fd = os.forkpty()
    if pid == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, columns, 0, 0))
        if stdin is not None:
            os.dup2(os.open(stdin, os.O_RDONLY), 0)
        os.execv(LINEHOOK, [LINEHOOK] + args)
    screen = b""
    while select.select([fd], [], [], tap.PATIENCE)[0]:
        try:
            got = os.read(fd, 65536)
        except OSError:
            break
        if not got:
            break
        screen += got
    os.waitpid(pid, 0)
    os.close(fd)
    return screen.replace(b"\r\n", b"\n").decode("utf-8", "replace")
