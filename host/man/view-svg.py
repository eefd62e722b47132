#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""view-svg.py - draw the program's view for people as an SVG picture.

    view-svg.py LINEHOOK RECORDING >view.svg

Runs LINEHOOK on a recording of Claude Code, with --format view and a
terminal of 80 columns as its stdout, and draws what the terminal gets.  The
same recording gives the same bytes, so a test can compare them.
"""
import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from xml.sax.saxutils import escape

COLUMNS, ROWS = 80, 24
CHAR, LINE, MARGIN = 8.4, 20, 16  # pixels
COMMAND = 'linehook run -- claude -p "$task" --output-format stream-json ..'

# What the program may print: a newline, a change of style, text.
TOKEN = re.compile(r'(\r?\n)|\x1b\[([0-9;]*)m|([^\x1b\r\n]+)')
STYLES = {'': '', '0': '', '1': 'bold', '2': 'dim', '31': 'red',
          '32': 'green', '33': 'yellow', '34': 'blue', '35': 'magenta',
          '36': 'cyan'}

HEAD = '''\
<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" width="{w}" height="{h}" \
viewBox="0 0 {w} {h}" role="img" aria-label="{label}">
<style>
text {{ font: 14px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  fill: #d8dee6 }}
.prompt {{ fill: #7fd18a }} .bold {{ font-weight: bold }}
.dim {{ fill: #8a94a3 }} .red {{ fill: #f07f7a }} .green {{ fill: #7fd18a }}
.yellow {{ fill: #e2c36b }} .cyan {{ fill: #74c7d8 }}
.blue {{ fill: #7aa7f0 }} .magenta {{ fill: #cf9be0 }}
</style>
<rect width="{w}" height="{h}" rx="8" fill="#1b2027"/>
'''


def terminal_output(linehook, recording):
    """What LINEHOOK writes to a terminal for RECORDING, as text."""
    ours, theirs = pty.openpty()
    size = struct.pack('HHHH', ROWS, COLUMNS, 0, 0)
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, size)
    env = {k: v for k, v in os.environ.items()
           if k not in ('NO_COLOR', 'CLICOLOR_FORCE')}
    env.update(TERM='xterm-256color', LC_ALL='C.UTF-8')
    agent = subprocess.Popen(
        [linehook, 'filter', '-p', 'claude', '--format', 'view', recording],
        stdin=subprocess.DEVNULL, stdout=theirs, env=env)
    os.close(theirs)
    data = b''
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # EIO: the other end of the terminal is closed
            break
        if not part:
            break
        data += part
    os.close(ours)
    if agent.wait() != 0:
        sys.exit(f'view-svg.py: {linehook} ended with {agent.returncode}')
    return data.decode()


def styled_lines(text):
    """TEXT as lines, each a list of (style, text)."""
    lines, style, at = [[]], '', 0
    for token in TOKEN.finditer(text):
        if token.start() != at:
            sys.exit(f'view-svg.py: cannot draw {text[at:token.start()]!r}')
        at = token.end()
        newline, codes, words = token.groups()
        if newline:
            lines.append([])
        elif words:
            lines[-1].append((style, words))
        else:
            style = ' '.join(STYLES[code] for code in codes.split(';'))
    return lines if lines[-1] else lines[:-1]


def draw(lines):
    """The picture of LINES below the command."""
    rows = [[('prompt', '$ '), ('', COMMAND)]] + lines
    width = round(2 * MARGIN + COLUMNS * CHAR)
    height = 2 * MARGIN + len(rows) * LINE
    out = [HEAD.format(w=width, h=height, label='linehook run: a run as a '
                       'person sees it')]
    for number, row in enumerate(rows):
        y = MARGIN + LINE * number + 15
        column = 0
        for style, words in row:
            x = round(MARGIN + column * CHAR, 1)
            mark = f' class="{style}"' if style else ''
            out.append(f'<text x="{x}" y="{y}"{mark}>{escape(words)}</text>\n')
            column += len(words)
    out.append('</svg>\n')
    return ''.join(out)


def main():
    if len(sys.argv) != 3:
        sys.exit('usage: view-svg.py LINEHOOK RECORDING')
    sys.stdout.write(draw(styled_lines(terminal_output(*sys.argv[1:]))))


if __name__ == '__main__':
    main()
