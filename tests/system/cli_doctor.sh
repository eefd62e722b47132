#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_doctor.sh - what `linehook doctor' reports, here and where something is
# missing.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
[ -x "$LINEHOOK_EXEC" ] || {
	echo "1..0 # SKIP there is no $LINEHOOK_EXEC"
	exit 0
}
without=${AGENT%/*}/without

# The directory is used by users other than root, too.
chmod 755 "$tmp"
mkdir "$tmp/spool" "$tmp/bin"
chmod 1777 "$tmp/spool"
TMPDIR=$tmp/spool
export TMPDIR

# Agents and their runtimes that are installed here must not be found.  The
# first directory that has a name comes first: ln does not replace a link.
mkdir "$tmp/tools"
IFS=:
for dir in $PATH; do
	ln -s "$dir"/* "$tmp/tools" 2>/dev/null
done
(cd "$tmp/tools" &&
	rm -f claude* codex* gemini* opencode* qwen* droid* pi* copilot* kilo* node bun)
unset IFS
PATH=$tmp/bin:$tmp/tools
export PATH
unset CLAUDECODE CLAUDE_CODE_ENTRYPOINT || :

# doctor COMMAND..: run a doctor under COMMAND; its report as lines of
# doctor_json.py.
doctor () {
	status=0
	"$@" "$LINEHOOK" doctor --json >"$tmp/out" 2>"$tmp/err" </dev/null ||
		status=$?
	python3 "$srcdir/system/doctor_json.py" "$tmp/out" >"$tmp/lines" ||
		echo 'no JSON' >"$tmp/lines"
	out=$(cat "$tmp/lines")
	err=$(cat "$tmp/err")
}

# check NAME ID STATUS [PATTERN]: the check ID has this status and finding.
check () {
	like "$1" "$(printf '%s\n' "$out" | grep "^check $2 ")" \
		"^check $2 ($3) .*${4-}"
}

# ---- here ----

# What is missing differs; that systemd mends it is said only where it runs.
if [ -d /run/systemd/system ]; then
	skip 'no advice names systemd' 'systemd runs here'
else
	doctor env
	unlike 'no advice names systemd' "$out" '^remedy .*systemd'
	if [ "$(id -u)" = 0 ]; then
		doctor setpriv --reuid 65534 --regid 65534 --clear-groups
		unlike 'nor for a user without a cgroup' "$out" \
			'^remedy .*systemd'
	fi
fi

lh doctor
is 'a machine where linehook works: 0' "$status" 0
is 'and nothing on stderr' "$err" ''
like 'it ends with one line' "$(tail -n 1 "$tmp/out")" \
	'^linehook works here.*; agents are contained by .*: .*\.$'
like 'the monitor is named' "$out" '^  ok    linehook-exec       /'
like 'a run is timed' "$out" \
	'^  ok    test run            ok, [0-9]+\.[0-9] ms, contained by [a-z+]+$'
like 'what is ok is counted' "$out" '^  ok    (all [0-9]+|[0-9]+ of [0-9]+) checks$'
unlike 'and not listed' "$out" '^  ok    kernel version'
unlike 'without escape sequences' "$out" "$(printf '\033')"
unlike 'and without blanks at the end of a line' "$out" ' $'
lh doctor --no-run -v
like '-v: a line for each check' "$out" '^  ok    kernel version      Linux '
NO_COLOR='' CLICOLOR_FORCE=1 lh doctor --no-run
like 'CLICOLOR_FORCE: statuses have colours' "$out" \
	"^  $(printf '\033')\[32mok$(printf '\033')\[m    linehook-exec       /"
NO_COLOR=1 CLICOLOR_FORCE=1 lh doctor --no-run
unlike 'NO_COLOR wins' "$out" "$(printf '\033')"
# Lines on a terminal of 80 columns, with a note or two.
cat >"$tmp/wide.py" <<'END'
import fcntl, os, pty, re, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.execv(sys.argv[1], [sys.argv[1], "doctor", "--no-run"])
text = b""
try:
    while True:
        piece = os.read(fd, 65536)
        if not piece:
            break
        text += piece
except OSError:
    pass
os.waitpid(pid, 0)
lines = re.sub(rb"\x1b\[[0-9;]*m", b"", text).split(b"\r\n")
long = [l for l in lines if len(l) > 80 and b" " in l[28:].strip()]
print(len(lines) > 20, long)
END
if has_terminals; then
	is 'a terminal of 80 columns: no line is longer' \
		"$(LD_LIBRARY_PATH=/usr/lib/linehook-test python3 "$tmp/wide.py" "$LINEHOOK")" 'True []'
else
	skip 'a terminal of 80 columns: no line is longer' "$no_terminals"
fi
lh doctor --no-run <&-
is 'closed stdin: 0' "$status" 0

doctor env
is 'the JSON is one object on one line' "$(wc -l <"$tmp/out" | tr -d ' ')" 1
ok 'that other programs read' python3 -m json.tool "$tmp/out" /dev/null
like 'the counts are those of the checks' "$out" '^counts agree$'
like 'each missing thing has an impact' "$out" '^all have an impact$'
check 'the monitor' run.monitor ok "$LINEHOOK_EXEC"
check 'a run' run.auto ok 'contained by (cgroup|subreaper)'
printf '%s\n' "$out" | sed -n 's/^check \([^ ]*\) .*/\1/p' | sort >"$tmp/ids"
sed -n 's/^\.It Cm \([a-z]*\.[a-z-]*\)$/\1/p' \
	"$srcdir/../host/man/linehook-doctor.1" | sort >"$tmp/ids.man"
ok 'its ids are those of the manual' cmp "$tmp/ids" "$tmp/ids.man"
"$LINEHOOK" plugins --json >"$tmp/listed"
is 'its plugins are those of linehook plugins' \
	"$(printf '%s\n' "$out" | sed -n 's/^plugin //p')" \
	"$(cat "$tmp/listed")"

lh doctor one
is 'an operand is usage' "$status" 2
lh doctor --plugin-dir "$tmp/none"
is 'a directory that is not there too' "$status" 2
lh doctor --help
like 'its help' "$out" '--no-run'

# ---- the monitor ----

# with_monitor FILE: a doctor with FILE as linehook-exec.
with_monitor () {
	doctor env LINEHOOK_EXEC="$1"
}
with_monitor "$tmp/none"
is 'no monitor: 1' "$status" 1
check 'no monitor: is reported' run.monitor bad "$tmp/none"
check 'no monitor: no run was tried' run.auto skip
like 'no monitor: the verdict names it' "$out" '^verdict bad .*linehook-exec'
with_monitor /bin/true
is 'another program as monitor: 1' "$status" 1
check 'another program as monitor: the run says so' run.auto bad \
	'not a linehook-exec'
cat >"$tmp/hangs" <<END
#!/bin/sh
echo \$\$ >"$tmp/pid"
exec sleep 300
END
chmod 755 "$tmp/hangs"
with_monitor "$tmp/hangs"
is 'a monitor that hangs: 1' "$status" 1
check 'a monitor that hangs: is reported' run.auto bad 'no answer.*too busy, or'
ok 'a monitor that hangs: is ended' test ! -d "/proc/$(cat "$tmp/pid")"
cp "$LINEHOOK_EXEC" "$tmp/monitor"
chmod 644 "$tmp/monitor"
with_monitor "$tmp/monitor"
is 'a monitor that is not executable: 1' "$status" 1
check 'a monitor that is not executable: is reported' run.monitor bad 'not executable'
chmod 777 "$tmp/monitor"
with_monitor "$tmp/monitor"
is 'a monitor that others may write to: 1' "$status" 1
check 'a monitor that others may write to: bad' run.monitor bad \
	'can be written by other users'

# ---- what a kernel or a container may not have ----

# missing WORD ID STATUS [PATTERN]: the check ID where WORD is not there.
missing () {
	doctor "$without" "$1" "$tmp/tools/env"
	is "no $1: runs are possible" "$status" 0
	check "no $1: is reported" "$2" "$3" "${4-}"
}
missing landlock kernel.scope 'weak|note' 'Landlock'
unlike 'no landlock: no scope' "$out" '^contain .*\+scope'
missing seccomp kernel.limits note 'seccomp'
missing pidfd_open kernel.pidfd note
missing pidfd_send_signal kernel.pidfd note
missing close_range kernel.close-range note
missing peerpidfd kernel.peerpidfd note
missing children files.children note
missing unshare tree.namespace note 'unshare'
check 'no unshare: runs that ask for it cannot start' run.pidns note

# limit N: a doctor that may open N files.
limit () {
	# shellcheck disable=SC2016
	doctor sh -c 'ulimit -n "$0" && exec "$@"' "$1"
}
limit 32
is 'few descriptors: 0' "$status" 0
check 'few descriptors: weak' limits.files weak '32: room for [1-3] run'
limit 9
is 'too few descriptors: 1' "$status" 1
check 'too few descriptors: is reported' limits.files bad

# ---- how it was started ----

doctor env CLAUDECODE=1 OPENCODE=1
check 'markers of an outer agent' start.markers note \
	'(CLAUDECODE, OPENCODE|OPENCODE, CLAUDECODE) are set; a run removes them'
# shellcheck disable=SC2016
doctor sh -c 'exec env -i PATH="$PATH" HOME="$HOME" TMPDIR="$TMPDIR" \
	LINEHOOK_EXEC="$LINEHOOK_EXEC" CLAUDECODE=1 "$@"' sh
check 'one marker' start.markers note 'CLAUDECODE is set; a run removes it'
doctor python3 -c 'import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])'
check 'SIGCHLD ignored' start.sigchld note
check 'SIGCHLD ignored: a run goes well' run.auto ok
doctor env TMPDIR="$tmp/none"
is 'no directory for spool files: 0' "$status" 0
check 'no directory for spool files' files.spool weak "$tmp/none"
check 'what needs a spool directory is not tried' files.punch skip
doctor env TMPDIR=relative
check 'a relative TMPDIR is none' files.spool ok '/tmp$'
: >"$tmp/file"
doctor env XDG_STATE_HOME="$tmp/file/state"
check 'no directory for records' files.state note
doctor env -u XDG_STATE_HOME HOME=
check 'no state directory is known' files.state note 'neither XDG_STATE_HOME nor HOME'

# ---- what the loader and the C library are told ----

# told VAR..: a doctor with these variables of theirs, and no others.
told () {
	doctor env -u GLIBC_TUNABLES -u LD_DEBUG -u LD_SHOW_AUXV \
		-u LD_BIND_NOT -u MALLOC_CHECK_ -u MALLOC_PERTURB_ \
		LD_PRELOAD= LD_AUDIT= LD_LIBRARY_PATH= GCONV_PATH= "$@"
}
told
check 'no variables of the loader' start.preload ok
check 'no variables of the C library' start.tunables ok
# set_to NAME ID VALUE: it is reported with its value, effect and fix.
set_to () {
	told "$1=$3"
	check "$1" "$2" note "$1=$3$"
	like "$1: its effect" "$out" "^impact $2 .*$1"
	like "$1: how to fix it" "$out" "^remedy $2 unset the variable .*--unset NAME$"
}
set_to LD_LIBRARY_PATH start.preload /usr/lib/linehook-test
set_to GCONV_PATH start.preload /usr/lib/linehook-test
set_to GLIBC_TUNABLES start.tunables glibc.malloc.arena_max=2
set_to LD_DEBUG start.tunables none
set_to LD_BIND_NOT start.tunables 1
set_to MALLOC_CHECK_ start.tunables 0
set_to MALLOC_PERTURB_ start.tunables 7
told GCONV_PATH=/a LD_LIBRARY_PATH=/b MALLOC_CHECK_=0
check 'several: all are named' start.preload note \
	'LD_LIBRARY_PATH=/b; GCONV_PATH=/a$'
like 'several: and the effect of each' "$out" \
	'^impact start\.preload .*LD_LIBRARY_PATH .*; .*GCONV_PATH$'
like 'several: with one fix' "$out" '^remedy start\.preload [^;]*$'
GCONV_PATH=$(printf '/x\033]0;t\007') lh doctor --no-run
like 'a value is shown harmless' "$out" 'GCONV_PATH=/x\\x1b\]0;t\\x07$'
LD_SHOW_AUXV=1 lh doctor --no-run
like 'LD_SHOW_AUXV' "$out" '  LD_SHOW_AUXV=1$'
# A sanitizer wants to be the first library.
if [ "$LINEHOOK_SANITIZED" = no ]; then
	echo 'int linehook_test_preloaded;' >"$tmp/added.c"
	$CC -shared -fPIC -o "$tmp/added.so" "$tmp/added.c"
	set_to LD_PRELOAD start.preload "$tmp/added.so"
	printf '%s\n' 'unsigned la_version (unsigned v) { return v; }' \
		>"$tmp/audit.c"
	$CC -shared -fPIC -o "$tmp/audit.so" "$tmp/audit.c"
	set_to LD_AUDIT start.preload "$tmp/audit.so"
	if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
		# shellcheck disable=SC2016
		doctor unshare -m --propagation private sh -c '
			mount -t tmpfs tmpfs /etc && echo "$0" >/etc/ld.so.preload &&
			exec "$@"' "$tmp/added.so" env LD_LIBRARY_PATH=
		check '/etc/ld.so.preload' start.preload note \
			"/etc/ld\.so\.preload=$tmp/added\.so *$"
		like '/etc/ld.so.preload: how to fix it' "$out" \
			'^remedy start\.preload remove from /etc/ld\.so\.preload '
	else
		skip '/etc/ld.so.preload' 'needs root and mounts'
	fi
fi
doctor env -u HOME XDG_STATE_HOME="$tmp/state"
check 'no HOME' files.home note 'HOME is not set'
check 'no HOME: records go to XDG_STATE_HOME' files.state ok "$tmp/state"
doctor env HOME="$tmp/none"
check 'a HOME that is not there' files.home note "'$tmp/none': No such file"
doctor env HOME="$tmp"
check 'a HOME' files.home ok "$tmp$"

# ---- output ----

status=0
"$LINEHOOK" doctor >&- 2>"$tmp/err" || status=$?
is 'closed stdout' "$status $(wc -l <"$tmp/err" | tr -d ' ')" '125 1'
status=0
"$LINEHOOK" doctor <&- >&- 2>&- || status=$?
is 'nothing open' "$status" 125
status=0
"$LINEHOOK" doctor --no-run >/dev/full 2>/dev/null || status=$?
is 'a full disk' "$status" 125
mkfifo "$tmp/gone"
exec 9<>"$tmp/gone"
exec 8>"$tmp/gone"
exec 9>&-
status=0
"$LINEHOOK" doctor --no-run >&8 || status=$?
exec 8>&-
is 'a reader that has gone' "$status" 0

# ---- plugins ----

umask 022
mkdir "$tmp/plugins" "$tmp/hanging"
echo 'no shared object' >"$tmp/plugins/odd.so"
doctor env LINEHOOK_PLUGIN_PATH="$tmp/plugins:$PLUGIN_DIR"
is 'a plugin that is refused: 0' "$status" 0
check 'a plugin that is refused: weak' plugins.found weak '1 refused: .*odd'
like 'a plugin that is refused: in the list' "$out" \
	'^plugin \{"name":"odd".*"refused":'
# The installed ones are searched, too; a bad file in front hides one.
echo 'no shared object' >"$tmp/plugins/raw.so"
doctor env LINEHOOK_PLUGIN_PATH="$tmp/plugins:$PLUGIN_DIR"
check 'no raw: weak' plugins.raw weak
# hook CODE: a plugin whose constructor does that.
hook () {
	cat >"$tmp/hook.c" <<END
#include <stdlib.h>
#include <unistd.h>
static void __attribute__ ((__constructor__))
constructor (void)
{
	$1
}
END
	# shellcheck disable=SC2086
	$CC -shared -fPIC -o "$tmp/hanging/hang.so" "$tmp/hook.c"
	doctor env LINEHOOK_PLUGIN_PATH="$tmp/hanging:$PLUGIN_DIR"
}
hook 'for (;;) pause ();'
is 'a plugin that hangs while it is loaded: 1' "$status" 1
check 'a plugin that hangs while it is loaded: is reported' plugins.found bad \
	'no answer'
hook 'abort ();'
check 'a plugin that aborts while it is loaded: is reported' plugins.found bad \
	'signal 6'
hook '_exit (0);'
check 'a plugin that exits while it is loaded: is reported' plugins.found bad \
	'exit'

# ---- agents ----

# fake NAME: make a program of this name; stdin is its script.
fake () {
	{
		echo '#!/bin/sh'
		echo "echo \"\$0 \$*\" >>'$tmp/asked'"
		cat
	} >"$tmp/bin/$1"
	chmod 755 "$tmp/bin/$1"
}
fake claude <<'END'
[ -z "$CLAUDECODE" ] || exit 9
printf '\n2.1.400 \033]0;title\007(Claude\302\233 Code)\342\200\256\nmore\n'
END
fake codex <<'END'
sleep 300.77 &
exec sleep 300.77
END
fake gemini <<'END'
echo 0.61.0
head -c 1000000 /dev/zero | tr '\0' x
END
fake opencode <<'END'
echo 1.18.33 >&2
exit 1
END
ln -s opencode "$tmp/bin/opencode-ai"
fake kilo <<'END'
echo 7.7.9
END
CLAUDECODE=1
export CLAUDECODE
lh doctor
unset CLAUDECODE
is 'agents do not change the status' "$status" 0
like 'the first line is the version, and does nothing' "$out" \
	'^  ok    claude .* 2\.1\.400 \\x1b\]0;title\\x07\(Claude\\u\{9b\} Code\)\\u\{202e\}, /.*/bin/claude$'
like 'a newer version is told' "$out" \
	'^ +this version is newer than [0-9.]+, which the plugin was made from; '
like 'the command that would run' "$out" \
	'^ +command: claude -p .* --include-partial-messages -- PROMPT$'
like 'one that hangs is ended' "$out" '^  note  codex .*no answer'
ok 'and what it started' sh -c '! pgrep -f "^sleep 300[.]77" >/dev/null'
like 'one that prints without end' "$out" \
	'^  note  gemini .*it printed more than .*: 0\.61\.0, /'
like 'one that fails' "$out" \
	'^  note  opencode .*it exited with status 1: 1\.18\.33, /'
like 'one by another name is resolved' "$out" \
	"^  note  opencode-ai .*/bin/opencode-ai -> $tmp/bin/opencode"
like 'another program of a plugin' "$out" '^  ok    kilo .* 7\.7\.9, /'
unlike 'is not started by its command line' "$(printf '%s\n' "$out" |
	grep -A 1 '^  ok    kilo ')" 'command:|newer'
is 'each is asked for its version alone' \
	"$(sed 's/.* //' "$tmp/asked" | sort -u)" '--version'
rm "$tmp/asked" "$tmp/bin/codex"
doctor env
like 'JSON: a version as it was is reported' "$out" \
	'^program claude ok 2\.1\.400 \\x1b\]0;title\\x07\(Claude'
like 'JSON: it is newer' "$out" '^newer claude$'
like 'JSON: the command that would run' "$out" '^command claude claude -p '
unlike 'JSON: one that is not newer' "$out" '^newer gemini$'
like 'JSON: another program of a plugin' "$out" '^program kilo ok 7\.7\.9 -$'
unlike 'JSON: is not started, nor is it newer' "$out" '^(newer|command) kilo'
like 'JSON: the problem of another' "$out" \
	'^program opencode note 1\.18\.33 it exited with status 1$'
like 'JSON: one that is not there' "$out" '^program codex absent - -$'
rm "$tmp/asked"
lh doctor --no-run
is '--no-run: 0' "$status" 0
ok '--no-run: no agent is run' test ! -e "$tmp/asked"
like '--no-run: is reported' "$out" '^  -     test run .*--no-run'
like '--no-run: the verdict says so' "$out" \
	'^linehook should work here, but no run was tried'
rm "$tmp"/bin/*

# ---- runtimes of agents, and programs that are not run ----

# script NAME RUNTIME: an agent that is a script for this runtime.
script () {
	printf '#!/usr/bin/env %s\n' "$2" >"$tmp/bin/$1"
	chmod 755 "$tmp/bin/$1"
}
fake node <<'END'
echo v18.20.4
END
script gemini node
doctor env
like 'node' "$out" '^runtime node ok v18\.20\.4 -$'
like 'an agent that needs a newer node' "$out" \
	'^program gemini note .* it needs node 20 or later, but finds v18\.20\.4'
fake node <<'END'
echo v20.1.0
END
doctor env
unlike 'a node that is new enough' "$out" 'it needs node'
rm "$tmp/bin/node" "$tmp/tools/node"
doctor env
like 'an agent without its runtime' "$out" \
	'^program gemini note - it needs node, which was not found in PATH$'
rm -f "$tmp/bin/gemini" "$tmp/asked" "$tmp/tools/bun"
script claude bun
doctor env
like 'the same for bun' "$out" \
	'^program claude note - it needs bun, which was not found in PATH$'
rm "$tmp/bin/claude"
mkdir "$tmp/open"
echo 'echo 1.0' | fake ../open/codex
chmod 777 "$tmp/open"
doctor env PATH="$tmp/open:$PATH"
like 'an agent that others can change' "$out" \
	"^program codex note - not run, because other users can change '$tmp/open'"
ok 'is not run' test ! -e "$tmp/asked"
chmod 755 "$tmp/open"
# shellcheck disable=SC2016
doctor sh -c 'cd "$0" && exec "$@"' "$tmp" env PATH="open:$PATH"
like 'an agent in a relative directory' "$out" \
	'^program codex note - not run, because its directory in PATH is relative'
ok 'is not run either' test ! -e "$tmp/asked"
rm -r "$tmp/open"
odd=$tmp/bin/$(printf 'od\377d\033[2J')
mkdir "$odd"
echo : | fake "${odd##*/}/gemini"
doctor env PATH="$odd:$PATH"
like 'a path may be any bytes' "$out" '^program gemini note '
PATH=$odd:$PATH lh doctor --no-run
like 'any bytes of a path are shown' "$out" '^  ok    gemini .*/bin/od.*d\\x1b\[2J/gemini$'
rm -r "$odd"
# A plugin whose program has a wide name, or one that is longer than the column.
mkdir "$tmp/wide"
cat >"$tmp/wide/wide.c" <<'END'
#include <linehook/plugin.h>
static int
open_stream (const struct lhk_api *api, const struct lhk_option *options,
	     size_t n_options, void **ret)
{
	(void) api, (void) options, (void) n_options;
	*ret = (void *) "";
	return LHK_OK;
}
static int
line_hook (void *handle, const struct lhk_line *line)
{
	(void) handle, (void) line;
	return LHK_SKIP;
}
static void
close_stream (void *handle)
{
	(void) handle;
}
static const char *const programs[] = {
	"エージェント🚀", "an-agent-with-a-long-name", NULL
};
LHK_PLUGIN_DEFINE = {
	LHK_PLUGIN_HEADER, .name = "wide", .provider = "wide",
	.version = "1", .summary = "Wide.", .programs = programs,
	.open = open_stream, .line_hook = line_hook, .close = close_stream,
};
END
# shellcheck disable=SC2086
$CC $INCLUDES -shared -fPIC -o "$tmp/wide/wide.so" "$tmp/wide/wide.c"
echo : | fake 'エージェント🚀'
lh doctor --no-run -v --plugin-dir "$tmp/wide"
like 'a wide name is listed' "$out" '^  ok    エージェント🚀 .*/bin/'
is 'and its row lines up with those of checks' \
	"$(python3 "$srcdir/system/column.py" "$tmp/out" \
		"(?<= )($tmp/bin/|Linux [^ ]*, (?!user)|(?<!not )(?<!nothing )mounted|not found in)" | sort -u)" 28
echo : | fake an-agent-with-a-long-name
lh doctor --no-run -v --plugin-dir "$tmp/wide"
is 'a long one moves all rows' \
	"$(python3 "$srcdir/system/column.py" "$tmp/out" \
		"(?<= )($tmp/bin/|Linux [^ ]*, (?!user)|(?<!not )(?<!nothing )mounted|not found in)" | sort -u)" 34
rm "$tmp"/bin/*

lh doctor
# until_ok COMMAND..: wait until it succeeds, half a minute at most.
until_ok () {
	i=0
	while ! "$@" 2>/dev/null && [ $i -lt 300 ]; do
		i=$((i + 1))
		sleep 0.1
	done
	"$@"
}
like 'an agent that is not there is no fault' "$out" \
	'^  -     claude .*not found in PATH$'
unlike 'of an agent that is not there one name is listed' "$out" 'claude-code'

fake codex <<END
echo \$\$ >"$tmp/agent"
exec sleep 300
END
"$LINEHOOK" doctor >"$tmp/out" &
pid=$!
until_ok test -s "$tmp/agent"
kill -TERM "$pid"
wait "$pid" || :
ok 'a doctor that is interrupted leaves no agent' \
	until_ok test ! -d "/proc/$(cat "$tmp/agent")"
rm "$tmp/bin/codex"

# ---- other namespaces and users, which need root ----

if [ "$(id -u)" -ne 0 ]; then
	for name in 'no cgroup file system' 'no /proc' 'no namespaces' \
		'process 1' 'an ordinary user' 'privileges of another'; do
		skip "$name" 'needs root'
	done
else
	# shellcheck disable=SC2016
	if [ -d /sys/fs/cgroup ]; then
		doctor unshare -m sh -c 'umount -R /sys/fs/cgroup; exec "$@"' sh
	else
		doctor env
	fi
	is 'no cgroup file system: 0' "$status" 0
	check 'no cgroup file system: a note' tree.cgroup note
	check 'no cgroup file system: runs that ask for it cannot start' \
		run.cgroup note
	check 'no cgroup file system: AUTO' run.auto ok 'contained by subreaper'
fi
if [ "$(id -u)" -eq 0 ] && ! unshare -m true 2>"$tmp/err"; then
	for name in 'no /proc' 'no namespaces' 'process 1'; do
		skip "$name" 'mounts of its own need a root directory that is a mount point'
	done
elif [ "$(id -u)" -eq 0 ]; then
	# shellcheck disable=SC2016
	doctor unshare -m sh -c 'mount -t tmpfs none /proc; exec "$@"' sh
	# A sanitizer cannot end well without it.
	[ "$LINEHOOK_SANITIZED" != no ] || is 'no /proc: 0' "$status" 0
	check 'no /proc: is reported' files.proc weak
	check 'no /proc: a file for stdout is possible' files.spool ok
	if unshare -Ur true 2>"$tmp/err"; then
		# shellcheck disable=SC2016
		doctor unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_pid_namespaces
			echo 0 >/proc/sys/user/max_user_namespaces; exec "$@"' sh
		check 'no namespaces: a note' tree.namespace note
		like 'no namespaces: names the sysctl' "$out" \
			'^remedy tree.namespace .*sysctl user\.max_(pid|user)_namespaces'
	else
		skip 'no namespaces' 'user namespaces are not permitted'
	fi
	doctor unshare -pf --mount-proc
	is 'process 1: 0' "$status" 0
	check 'process 1: is reported' start.first note
fi
if [ "$(id -u)" -eq 0 ]; then
	cp "$LINEHOOK" "$tmp/linehook"
	cp "$LINEHOOK_EXEC" "$tmp/exec"
	mkdir "$tmp/so"
	cp "$PLUGIN_DIR"/*.so "$tmp/so"
	chmod 755 "$tmp/linehook" "$tmp/exec" "$tmp/so"
	LINEHOOK=$tmp/linehook
	LINEHOOK_EXEC=$tmp/exec
	LINEHOOK_PLUGIN_PATH=$tmp/so
	nobody='setpriv --reuid 65534 --regid 65534 --clear-groups'
	# shellcheck disable=SC2086
	doctor $nobody
	is 'an ordinary user: 0' "$status" 0
	check 'an ordinary user: runs' run.auto ok
	unlike 'an ordinary user: nothing is bad' "$out" '^check [^ ]* bad'
	# shellcheck disable=SC2086
	doctor $nobody prlimit --nproc=1
	is 'a user that may start nothing: 1' "$status" 1
	like 'a user that may start nothing: is reported' "$out" \
		'^check run.auto bad .*temporarily unavailable'
	chown 65534 "$tmp/linehook"
	chmod 4755 "$tmp/linehook"
	doctor setpriv --reuid 65533 --regid 65533 --clear-groups
	is 'privileges of another: 1' "$status" 1
	check 'privileges of another: is reported' start.secure bad
fi

# ---- nothing is left ----

is 'no file is left' "$(ls -A "$tmp/spool")" ''
# There may be other doctors, whose cgroups go.
no_cgroups () {
	[ -z "$(find /sys/fs/cgroup -type d -name 'linehook-doctor-*' 2>/dev/null)" ]
}
ok 'no cgroup is left' until_ok no_cgroups
finish
