#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_isolate.sh - a plugin in a process of its own: the same events, and nothing
# that it does there reaches the run.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

call=plugins/bad/.libs/call-asked.so
streams=$srcdir/streams

# ---- the same events ----

# A sanitizer takes its time to start a program.
some='*'
[ "$LINEHOOK_SANITIZED" = no ] || some='*shell*'
for p in claude codex copilot droid gemini opencode pi qwen; do
	differ=
	for f in "$streams/$p"/$some.ndjson; do
		lh filter -p "$p" "$f"
		mv "$tmp/out" "$tmp/inside"
		lh filter --isolate -p "$p" "$f"
		cmp -s "$tmp/out" "$tmp/inside" || differ="$differ ${f##*/}"
	done
	is "$p: the events are the same" "$differ" ''
done
lh filter --isolate -p raw "$streams/README"
mv "$tmp/out" "$tmp/isolated"
lh filter -p raw "$streams/README"
ok 'raw: the events are the same' cmp "$tmp/out" "$tmp/isolated"
head -c 3000000 /dev/zero | tr '\0' x >"$tmp/long"
printf '{"type":"assistant","message":{"id":"m","content":[{"type":"text","text":"%s"}]}}\n' \
	"$(cat "$tmp/long")" >"$tmp/long.ndjson"
lh filter -p claude "$tmp/long.ndjson"
mv "$tmp/out" "$tmp/inside"
lh filter --isolate -p claude "$tmp/long.ndjson"
ok 'a line of 3 MB: the events are the same' cmp "$tmp/out" "$tmp/inside"
printf 'log {"type":"system","subtype":"init","session_id":"s"} {"a":1}\n{"b\n' \
	>"$tmp/bad.ndjson"
lh filter -p claude "$tmp/bad.ndjson"
mv "$tmp/out" "$tmp/inside"
lh filter --isolate -p claude "$tmp/bad.ndjson"
ok 'lines that are recovered: the events are the same' \
	cmp "$tmp/out" "$tmp/inside"


# Many lines at once are read in batches; one that is refused ends its batch, and
# one that is too long comes between them.
awk 'BEGIN {
	for (i = 0; i < 3000; i++) {
		print "{\"type\":\"stream_event\",\"event\":{\"type\":" \
			"\"content_block_delta\",\"index\":0,\"delta\":{\"type\":" \
			"\"text_delta\",\"text\":\"word " i "\"}},\"session_id\":\"s\"}"
		if (i % 17 == 3) print "not of the format " i
		if (i % 100 > 90) print "log " i " {\"type\":\"system\"," \
			"\"subtype\":\"init\",\"session_id\":\"s" i "\"} {\"b"
		if (i % 500 == 77) {
			printf "{\"type\":\"assistant\",\"x\":\""
			for (j = 0; j < 2000; j++) printf "forty characters that make up a long line"
			print "\"}"
		}
		if (i % 40 == 0) print "  "
	}
}' >"$tmp/many.ndjson"
for more in '' '--line-max 60000'; do
	# shellcheck disable=SC2086
	lh filter -p claude $more "$tmp/many.ndjson"
	mv "$tmp/out" "$tmp/inside"
	# shellcheck disable=SC2086
	lh filter --isolate -p claude $more "$tmp/many.ndjson"
	ok "many lines, good and bad $more: the events are the same" \
		cmp "$tmp/out" "$tmp/inside"
done

# ---- a run whose plugin is lost ----

# The lines before the one at which it is lost were read, and their events stand.
lines () {
	awk 'BEGIN { for (i = 0; i < 1000; i++) print "line " i }'
	echo "do $1"
	echo 'after it'
}
for how in exit null; do
	[ "$LINEHOOK_SANITIZED" = no ] || [ $how = exit ] || continue
	lines $how >"$tmp/lines"
	lh filter --isolate -p $call "$tmp/lines"
	is "$how in a batch: the notice stands before its line" \
		"$(sed -n '/"kind":"notice"/,$s/.*"kind":"[nt].*"text":"\([a-z ]*\).*/\1/p' \
		"$tmp/out" | tr '\n' '|')" \
		"plugin |do $how|after it|"
	is "$how in a batch: the lines before it were read" \
		"$(grep -c '"kind":"text".*"text":"line' "$tmp/out")" 1000
done

agent () {
	printf 'echo one; echo do %s; echo three; exit 4' "$1"
}

# lost NAME REASON: the run has ended as its agent did, with all lines as text and
# one notice.
lost () {
	is "$1: the exit status is the agent's" "$status" 1
	is "$1: the verdict follows it" "$(last verdict)" failed
	is "$1: every line is a text" "$(printf '%s\n' "$out" |
		grep -c '"kind":"text"')" 3
	is "$1: there is one notice" "$(printf '%s\n' "$out" |
		grep -c '"kind":"notice"')" 1
	like "$1: it says why" "$(printf '%s\n' "$out" | grep '"notice"')" \
		"\"plugin 'call-asked' $2; it is not used any more"
}

if [ "$LINEHOOK_SANITIZED" = no ]; then
	for name in openat close socket connect clone execve kill tgkill \
		ptrace prctl ioctl fcntl dup pipe2 getpid getuid uname chdir \
		umask setrlimit rt_sigaction rt_sigprocmask seccomp bpf \
		memfd_create process_vm_readv unshare keyctl nanosleep \
		stderr; do
		lh run -q --log off --isolate -p $call --format events -- \
			sh -c "$(agent $name)"
		lost $name 'made a system call .*SIGSYS.'
	done
	lh run -q --log off --isolate -p $call --format events -- \
		sh -c "$(agent null)"
	lost 'a crash' 'crashed: signal 11 .*'
	lh run -q --log off --isolate -p $call --format events -- \
		sh -c "$(agent hog)"
	lost 'all memory' 'crashed: signal 11 .*'
fi
lh run -q --log off --isolate -p $call --format events -- sh -c "$(agent exit)"
lost exit 'ended its process with exit status 3'
lh run -q --log off --isolate -p $call --format events -- sh -c "$(agent noise)"
lost 'noise on its pipe' 'answered nonsense'
lh run -q --log off --isolate -p $call --format events -- sh -c "$(agent spin)"
lost 'a loop' 'did not answer within 5 seconds'

# ---- a plugin that fails before the first line ----

lh run -q --log off --isolate -p $call -- sh -c true open:exit
is 'open: the exit status' "$status" 125
like 'open: the sentence' "$err" \
	"^linehook: run: plugin 'call-asked' did not open: it ended its process"
lh run -q --log off --isolate -p $call --format events -- \
	sh -c 'echo one' exited:exit
is 'exited: the run has ended' "$(last verdict)" ok
lh filter --isolate -p plugins/bad/.libs/wrong-magic.so /dev/null
is 'a descriptor that is wrong: refused' "$status" 2
like 'a descriptor that is wrong: why' "$err" 'magic is 0x'

# ---- its process ----

# The agent's parent is the monitor, and the monitor's is the host.
cat >"$tmp/look" <<'EOF'
host=$(ps -o ppid= -p $PPID | tr -d ' ')
ps -o pid=,pgid=,comm= --ppid "$host" | grep linehook-isol
pid=$(ps -o pid=,comm= --ppid "$host" | awk '/linehook-isol/ { print $1 }')
grep ^Seccomp: "/proc/$pid/status"
EOF
lh run -q --isolate -p raw --format text -- sh "$tmp/look"
like 'it is in a process group of its own' "$out" \
	'^ *([0-9]+) +\1 linehook-isol'
[ "$LINEHOOK_SANITIZED" = no ] &&
	like 'its system calls are filtered' "$out" '^Seccomp:.*2$'
finish
