#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_output.sh - readers that go, disks that are full, files that are whole.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

s=$streams/claude/tool_shell.ndjson
fail=$streams/claude/err429.ndjson

# many TIMES: the same stream again and again.
many () {
	i=0
	while [ $i -lt "$1" ]; do
		i=$((i + 1))
		cat "$s"
	done
}
many 300 >"$tmp/many"

# ---- stdout ----

status=0
"$LINEHOOK" filter "$s" >&- 2>"$tmp/err" || status=$?
is 'closed stdout: 125' "$status" 125
is 'closed stdout: one line on stderr' "$(wc -l <"$tmp/err" | tr -d ' ')" 1
like 'closed stdout: what it says' "$(cat "$tmp/err")" \
	'^linehook: filter: cannot write to standard output: Bad file'
status=0
"$LINEHOOK" filter "$fail" >&- 2>/dev/null || status=$?
is 'closed stdout: a failure is still one' "$status" 1
status=0
"$LINEHOOK" filter --format raw "$s" >&- 2>"$tmp/err" <&- || status=$?
is 'all closed but stderr' "$status $(wc -l <"$tmp/err" | tr -d ' ')" \
	'125 1'
status=0
"$LINEHOOK" filter "$s" >&- 2>&- <&- || status=$?
is 'all three closed' "$status" 125
"$LINEHOOK" filter --result "$tmp/r" "$s" >&- 2>&- <&- || :
like 'no file is written to by accident' "$(head -c 20 "$tmp/r")" \
	'^\{"kind":"result"'

{
	status=0
	"$LINEHOOK" filter "$tmp/many" 2>"$tmp/err" || status=$?
	echo "$status" >"$tmp/status"
} | head -n 1 >/dev/null
is 'a reader that goes: status by the verdict' "$(cat "$tmp/status")" 0
is 'a reader that goes: nothing is said' "$(cat "$tmp/err")" ''
{
	"$LINEHOOK" filter --result "$tmp/r" "$tmp/many" 2>/dev/null || :
} | true
like 'a reader that goes: the input is read to its end' "$(cat "$tmp/r")" \
	"\"bytes\":$(wc -c <"$tmp/many" | tr -d ' '),"

if [ -c /dev/full ]; then
	status=0
	"$LINEHOOK" filter "$s" >/dev/full 2>"$tmp/err" || status=$?
	is 'full disk as stdout: 125' "$status" 125
	is 'full disk as stdout: one line' \
		"$(wc -l <"$tmp/err" | tr -d ' ')" 1
	like 'full disk as stdout: what it says' "$(cat "$tmp/err")" \
		'No space left on device'
	status=0
	"$LINEHOOK" filter "$fail" >/dev/full 2>/dev/null || status=$?
	is 'full disk as stdout: a failure is still one' "$status" 1
	lh filter --result /dev/full "$s"
	is 'full disk as result: 125' "$status" 125
	is 'full disk as result: one sentence' "$err" \
		"linehook: filter: cannot write the result to '/dev/full': No space left on device"
	like 'full disk as result: the events are there' \
		"$(tail -n 1 "$tmp/out")" '"verdict":"ok"'
	lh filter --result /dev/full "$fail"
	is 'full disk as result: a failure is still one' "$status" 1
	ok 'a device stays a device' test -c /dev/full
else
	skip 'full disks' 'there is no /dev/full'
fi

# ---- result ----

lh filter --result "$tmp/result" "$s"
like 'the result is one object' "$(cat "$tmp/result")" \
	'^\{"kind":"result","final":true,"verdict":"ok",.*\}$'
is 'with one line' "$(wc -l <"$tmp/result" | tr -d ' ')" 1
is 'nothing is left beside it' "$(find "$tmp" -name 'result?*')" ''
lh filter --result "$tmp/result" "$fail"
like 'an older one is replaced' "$(cat "$tmp/result")" '"verdict":"failed"'
chmod 640 "$tmp/result"
lh filter --result "$tmp/result" "$s"
is 'an older one that is replaced gives its mode' \
	"$(stat -c %a "$tmp/result")" 640
ln -s result "$tmp/link"
lh filter --result "$tmp/link" "$s"
ok 'a symbolic link stays one' test -L "$tmp/link"
like 'and what it leads to is written' "$(cat "$tmp/result")" '"verdict":"ok"'
cp "$s" "$tmp/stream"
(cd "$tmp" && "$LINEHOOK" filter --result here stream >/dev/null)
ok 'a name without a directory' test -s "$tmp/here"
lh run --log off --result "$tmp/r2" -p claude --format none -- cat "$s"
like 'run: the result too' "$(cat "$tmp/r2")" \
	'"verdict":"ok".*"outcome":\{"how":"exited","exit_code":0\}'
lh run --log off --result "$tmp/r3" -- no-such-program
like 'run: also of what did not start' "$(cat "$tmp/r3")" \
	'"verdict":"spawn_failed"'

# ---- people ----

printf 'a\033[31mb\302\233c\342\200\256d\n' >"$tmp/hostile"
lh filter --format text "$tmp/hostile"
is 'a file gets text made harmless too' "$out" \
	"$(printf 'a\\x1b[31mb\\u{9b}c\\u{202e}d')"
lh filter --format answer "$tmp/hostile"
is 'and so is an answer' "$out" "$(printf 'a\\x1b[31mb\\u{9b}c\\u{202e}d')"
lh filter --format raw "$tmp/hostile"
ok 'raw is as it came' cmp -s "$tmp/hostile" "$tmp/out"
if has_terminals && command -v script >/dev/null 2>&1; then
	NO_COLOR=1 script -qec "'$LINEHOOK' filter '$tmp/hostile'" /dev/null \
		>"$tmp/tty" </dev/null 2>&1
	like 'a terminal gets the view by default, made harmless' \
		"$(tr -d '\r' <"$tmp/tty")" '^  a\\x1b\[31mb.*c.*202e.*d$'
	is 'no control byte reaches it' \
		"$(tr -d '\r\n' <"$tmp/tty" | tr -d '[:print:]' | wc -c |
			tr -d ' ')" 0
else
	skip 'a terminal gets text made harmless' "there is no script(1), or $no_terminals"
fi
printf 'x\nlevel=error code=forged\n\033[2J\n' >"$tmp/forge"
lh run -- sh -c "cat '$tmp/forge' >&2"
is 'stderr of a command cannot forge a record' \
	"$(printf '%s\n' "$err" | grep -c '^level=warn code=stderr msg="')" 3
unlike 'nor clear the screen' "$err" "$(printf '\033')"
finish
