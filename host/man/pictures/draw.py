#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""draw.py - draw what the program prints on a terminal as SVG pictures.

    draw.py LINEHOOK STREAMS DIRECTORY [NAME...]

Runs LINEHOOK on a terminal of its own and draws what that terminal gets, in
colour, as DIRECTORY/NAME.svg; without NAME, all pictures.  STREAMS is the
directory of the recordings, tests/streams.

The program is the real one.  The agents are played: a script of the agent's
name prints a recording.  What differs from run to run is set to fixed words
(times, the directory of the home, ids), so the same program gives the same
bytes, and a test can compare them.  Only `doctor' tells of the machine.
"""
import fcntl
import json
import os
import pty
import re
import shlex
import struct
import subprocess
import sys
import tempfile
import termios
import unicodedata
from xml.sax.saxutils import escape

HERE = os.path.dirname(os.path.abspath(__file__))
CHAR, LINE, MARGIN = 8.4, 20, 16  # pixels
VIEW_COLUMNS = 90
HOME = '/home/user'
STARTED = '2026-11-30T02:15:00.000Z'
STARTED_MS = 1796004900000
VERSIONS = {'claude': '2.1.329 (Claude Code)', 'codex': 'codex-cli 0.169.0',
            'gemini': '0.61.0', 'opencode': '1.18.33'}

# The name of a picture, its agent, the recording ('-': one of the made-up
# ones beside this script), the exit status of the agent, and the prompt.
VIEWS = (
    ('work', 'claude', '-/work', 0, 'make the tests pass'),
    ('claude', 'claude', 'claude/tool_think_shell_partial', 0, 'say hello'),
    ('codex', 'codex', 'codex/tool_think_shell', 0, 'say hello'),
    ('gemini', 'gemini', 'gemini/tool_shell', 0, 'say hello'),
    ('opencode', 'opencode', 'opencode/tool_think_shell', 0, 'say hello'),
    ('plan', 'opencode', 'opencode/todo', 0, 'work off the list'),
    ('tool-fails', 'claude', 'claude/tool_shell_fail', 0, 'run the command'),
    ('edit', 'opencode', 'opencode/tool_write', 0, 'change the notes'),
    ('ask', 'claude', 'claude/perm_denied', 0, 'write a file'),
    ('retry', 'codex', 'codex/err429_once', 0, 'say hello'),
    ('subagents', 'claude', 'claude/agent_partial', 0, 'delegate this'),
    ('wide', 'claude', '-/wide', 0, 'show wide characters'),
    ('hostile', 'claude', '-/hostile', 0, 'summarise this page'),
    ('failed', 'codex', 'codex/err401', 1, 'say hello'),
)

# The kept runs that the pictures of the records show: the name of the view
# that is run, the id, the day, the hour, and the time that it took.
RECORDS = (
    ('failed', 'nightly-2026-11-27', 0, 2, 1290),
    ('opencode', 'docs-2026-11-28', 1, 9, 8100),
    ('edit', 'nightly-2026-11-28', 1, 2, 12400),
    ('subagents', 'review-29', 2, 16, 94200),
    ('work', 'nightly-2026-11-29', 2, 2, 48700),
)

# What the terminal may get: a newline, a change of style, text.
TOKEN = re.compile(r'(\r*\n)|\x1b\[([0-9;]*)m|([^\x1b\r\n]+)')
STYLES = {'': '', '0': '', '1': 'bold', '2': 'dim', '31': 'red',
          '32': 'green', '33': 'yellow', '34': 'blue', '35': 'magenta',
          '36': 'cyan'}

HEAD = '''\
<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" width="{w}" height="{h}" \
viewBox="0 0 {w} {h}" role="img" aria-label="{label}">
<style>
text {{ font: 14px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  fill: #d8dee6; white-space: pre }}
.prompt {{ fill: #7fd18a }} .bold {{ font-weight: bold }}
.dim {{ fill: #8f99a8 }} .red {{ fill: #f07f7a }} .green {{ fill: #7fd18a }}
.yellow {{ fill: #e2c36b }} .cyan {{ fill: #74c7d8 }}
.blue {{ fill: #7aa7f0 }} .magenta {{ fill: #cf9be0 }}
</style>
<rect x="0.5" y="0.5" width="{iw}" height="{ih}" rx="8" fill="#1b2027" stroke="#4a5361"/>
'''


def fail(sentence):
    sys.exit(f'draw.py: {sentence}')


class Machine:
    """A home of its own, with agents that print recordings."""

    def __init__(self, linehook, streams, home):
        self.linehook, self.streams, self.home = linehook, streams, home
        self.work = os.path.join(home, 'demo')
        agents = os.path.join(home, 'bin')
        os.mkdir(self.work)
        os.mkdir(agents)
        self.env = {k: v for k, v in os.environ.items() if k not in (
            'NO_COLOR', 'CLICOLOR_FORCE', 'XDG_STATE_HOME', 'XDG_DATA_HOME')}
        self.env.update(HOME=home, PATH=agents + ':/usr/bin:/bin', TZ='UTC',
                        TERM='xterm-256color', LC_ALL='C.UTF-8')
        for agent in VERSIONS:
            path = os.path.join(agents, agent)
            with open(path, 'w') as script:
                script.write(f'#!/bin/sh\n[ "$*" != --version ] || '
                             f'{{ echo "{VERSIONS[agent]}"; exit; }}\n'
                             'cat "$PLAYED"\nexit "$ENDS_WITH"\n')
            os.chmod(path, 0o755)

    def played(self, stream, prompt):
        """The recording STREAM, with PROMPT where the agent repeats it, and
        made in the directory in which it is played."""
        top, name = stream.split('/')
        top = HERE if top == '-' else os.path.join(self.streams, top)
        with open(os.path.join(top, name + '.ndjson'), 'rb') as recording:
            data = recording.read().replace(HOME.encode(), self.home.encode())
        path = os.path.join(self.home, 'played')
        with open(path, 'wb') as copy:
            copy.write(re.sub(rb'\[\[scenario:\w+\]\] Scripted prompt\.',
                              prompt.encode(), data))
        return path

    def terminal(self, args, columns, wanted=(0,), **more):
        """What a terminal of COLUMNS gets from the program, as text."""
        ours, theirs = pty.openpty()
        size = struct.pack('HHHH', 24, columns, 0, 0)
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, size)
        program = subprocess.Popen(
            [self.linehook] + args, stdin=subprocess.DEVNULL, stdout=theirs,
            stderr=subprocess.DEVNULL, cwd=self.work,
            env=dict(self.env, **more))
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
        if program.wait() not in wanted:
            fail(f'{shlex.join(args)} ended with {program.returncode}')
        return data.decode().replace(self.home, HOME)

    def view(self, name, options=()):
        """The command of a view, and what the terminal gets."""
        _, agent, stream, status, prompt = next(
            view for view in VIEWS if view[0] == name)
        args = ['run', *options, '--agent', agent, '--', prompt]
        shown = f'linehook run --agent {agent} -- "{prompt}"'
        text = self.terminal(args, VIEW_COLUMNS, (status,), ENDS_WITH=str(status),
                             PLAYED=self.played(stream, prompt))
        # The times of a recording that is printed at once are not those of
        # an agent.
        text = re.sub(r'\b\d+ ms(?=[\r\x1b]| ·)', '9 ms', text)
        text = re.sub(r' · \d+\.\d s', ' · 4.2 s', text)
        return shown, re.sub(r' · run [0-9A-Z]{26}', '', text)

    def records(self):
        """Make the kept runs of RECORDS, at the times that it says."""
        for name, run, day, hour, wall_ms in RECORDS:
            self.view(name, ['--keep', '--run-id', run])
            at = os.path.join(self.home, '.local/state/linehook/runs', run)
            start = STARTED_MS + (day - 3) * 86400000 + (hour - 2) * 3600000
            for part in ('run.json', 'result.json'):
                self.set_times(os.path.join(at, part), start, wall_ms)
            # The sizes of the files must not depend on our directory.
            for part in ('stdout.raw', 'events.ndjson'):
                with open(os.path.join(at, part)) as file:
                    text = file.read().replace(self.home, HOME)
                with open(os.path.join(at, part), 'w') as file:
                    file.write(re.sub(r'"t":\d+', '"t":100', text))

    def set_times(self, path, start, wall_ms):
        with open(path) as file:
            paper = json.load(file)
        paper.update(started_ms=start, started=rfc3339(start),
                     cwd=HOME + '/demo')
        paper.pop('host', None)
        if 'ended' in paper:
            paper.update(ended_ms=start + wall_ms,
                         ended=rfc3339(start + wall_ms), contain='cgroup')
            paper['rusage'] = {'wall_ms': wall_ms, 'user_ms': 310,
                               'sys_ms': 90, 'max_rss_kib': 184320}
        with open(path, 'w') as file:
            json.dump(paper, file, separators=(',', ':'))
            file.write('\n')

    def doctor(self):
        text = self.terminal(['doctor'], 80, (0, 1))
        text = re.sub(r'(Linux \d+\.\d+)\S*, user \w+ \(\d+\)',
                      r'\1, user user (1000)', text)
        text = re.sub(r'/\S+/linehook-exec',
                      '/usr/local/libexec/linehook/linehook-exec', text)
        return re.sub(r'ok, \d+\.\d ms', 'ok, 9.2 ms', text)

    def picture(self, name):
        """Draw the picture NAME."""
        if name == 'runs':
            self.records()
            return draw('linehook runs', self.terminal(['runs'], 100), 100)
        if name == 'show':
            text = self.terminal(['show', 'nightly-2026-11-29'], 80)
            text = re.sub(r'\(\d[^)]* ago\)', '(19 h ago)', text)
            return draw('linehook show nightly-2026-11-29', text, 80)
        if name == 'doctor':
            return draw('linehook doctor', self.doctor(), 80)
        return draw(*self.view(name), VIEW_COLUMNS)


def rfc3339(milliseconds):
    # Of a fixed month: no clock and no time zone is asked.
    seconds = (milliseconds - STARTED_MS) // 1000 + 30 * 86400 + 2 * 3600 + 900
    day, rest = divmod(seconds, 86400)
    return (f'2026-11-{day:02}T{rest // 3600:02}:{rest // 60 % 60:02}:'
            f'{rest % 60:02}.{milliseconds % 1000:03}Z')


def styled_lines(text):
    """TEXT as lines, each a list of (style, text)."""
    lines, style, at = [[]], '', 0
    for token in TOKEN.finditer(text):
        if token.start() != at:
            fail(f'cannot draw {text[at:token.start()]!r}')
        at = token.end()
        newline, codes, words = token.groups()
        if newline:
            lines.append([])
        elif words:
            lines[-1].append((style, words))
        else:
            style = ' '.join(STYLES[code] for code in codes.split(';'))
    return lines if lines[-1] else lines[:-1]


def is_joined(before, char):
    """Whether CHAR belongs to the character BEFORE it."""
    return (unicodedata.combining(char) or char in '\u200d\ufe0f'
            or '\U0001f3fb' <= char <= '\U0001f3ff'
            or before.endswith('\u200d')
            or (len(before) == 1 and '\U0001f1e6' <= before <= '\U0001f1ff'
                and '\U0001f1e6' <= char <= '\U0001f1ff'))


def pieces(words):
    """WORDS as (text, columns): a run of ASCII, or one other character."""
    found = []
    for char in words:
        if found and is_joined(found[-1][0], char):
            found[-1] = (found[-1][0] + char, found[-1][1])
        elif found and char.isascii() and found[-1][0].isascii():
            found[-1] = (found[-1][0] + char, found[-1][1] + 1)
        else:
            wide = unicodedata.east_asian_width(char) in 'WF' or \
                '\U0001f1e6' <= char <= '\U0001f1ff'
            found.append((char, 2 if wide else 1))
    return found


def draw(command, text, columns):
    """The picture of TEXT below the command."""
    rows = [[('prompt', '$ '), ('', command)]] + styled_lines(text)
    while not rows[-1]:
        rows.pop()
    width = round(2 * MARGIN + columns * CHAR)
    height = 2 * MARGIN + len(rows) * LINE
    out = [HEAD.format(w=width, h=height, iw=width - 1, ih=height - 1,
                       label=escape(command, {'"': '&quot;'}))]
    for number, row in enumerate(rows):
        y = MARGIN + LINE * number + 15
        column = 0
        for style, words in row:
            mark = f' class="{style}"' if style else ''
            for piece, wide in pieces(words):
                left = len(piece) - len(piece.lstrip(' '))
                shown = piece.strip(' ')
                if shown:
                    x = round(MARGIN + (column + left) * CHAR, 1)
                    fit = ''
                    if shown.isascii() and len(shown) > 2:
                        fit = f' textLength="{len(shown) * CHAR:.1f}"'
                    out.append(f'<text x="{x}" y="{y}"{mark}{fit}>'
                               f'{escape(shown)}</text>\n')
                column += wide
    out.append('</svg>\n')
    return ''.join(out)


def main():
    if len(sys.argv) < 4:
        sys.exit('usage: draw.py LINEHOOK STREAMS DIRECTORY [NAME...]')
    linehook, streams, directory = map(os.path.abspath, sys.argv[1:4])
    # `show' needs the records that `runs' makes.
    names = [view[0] for view in VIEWS] + ['runs', 'show', 'doctor']
    for name in sys.argv[4:]:
        if name not in names:
            fail(f"no picture '{name}'; there are {', '.join(names)}")
    wanted = sys.argv[4:] or names
    if 'show' in wanted and 'runs' not in wanted:
        fail('show needs runs before it')
    # Long paths are shortened, so this one is always as long.
    with tempfile.TemporaryDirectory(dir='/tmp') as home:
        machine = Machine(linehook, streams, os.path.realpath(home))
        for name in wanted:
            path = os.path.join(directory, name + '.svg')
            picture = machine.picture(name)
            with open(path, 'w', encoding='utf-8') as file:
                file.write(picture)


if __name__ == '__main__':
    main()
