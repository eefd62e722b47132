# SPDX-License-Identifier: MIT
"""on_terminal.py COLUMNS COMMAND..: run it with a terminal as its stdout.

Its stdout is a pseudo-terminal of so many columns; what it writes there is
copied to ours, with the newlines as they were.  The exit status is its own.
"""
import fcntl
import os
import pty
import struct
import sys
import termios

master, slave = pty.openpty()
modes = termios.tcgetattr(slave)
modes[1] &= ~termios.OPOST
termios.tcsetattr(slave, termios.TCSANOW, modes)
fcntl.ioctl(slave, termios.TIOCSWINSZ,
            struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
child = os.fork()
if child == 0:
    os.dup2(slave, 1)
    os.close(slave)
    os.close(master)
    os.execvp(sys.argv[2], sys.argv[2:])
os.close(slave)
while True:
    try:
        data = os.read(master, 65536)
    except OSError:
        break
    if not data:
        break
    os.write(1, data)
status = os.waitpid(child, 0)[1]
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status)
         else 128 + os.WTERMSIG(status))
