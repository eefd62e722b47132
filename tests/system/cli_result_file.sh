#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_result_file.sh - the file of --result: where it is, whose it is, and that
# nobody waits for its reader.
set -u
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
cd "$tmp" || exit 99
umask 022

# run ARG..: a run of `true' whose result goes where ARG says.
run () {
	lh run -q -p raw --format none "$@" -- true
}

mode () {
	stat -c %a "$1"
}

run --result new.json
is 'a new result is for its user alone' "$(mode new.json)" 600
like 'it has the verdict' "$(cat new.json)" '"verdict":"ok"'
for m in 600 640 644; do
	touch "m$m"
	chmod "$m" "m$m"
	run --result "m$m"
	is "a file of mode $m keeps it" "$(mode "m$m"):$status" "$m:0"
done
lh filter -p raw --format none --result m600 /dev/null
is 'filter keeps it too' "$(mode m600)" 600

# Links: those that are there are the user's, those that come are not.
mkdir there
ln -s there/real.json link.json
touch there/real.json
run --result link.json
like 'a link that is there leads to the file' "$(cat there/real.json)" verdict
ok 'and stays a link' test -L link.json
mkdir work
echo precious >precious
lh run -q -p raw --format none --result work/r.json -- \
	ln -s ../precious work/r.json
is 'a link that comes later is not followed' "$(cat precious)" precious
ok 'it is replaced' test -f work/r.json -a ! -L work/r.json
lh run -q -p raw --format none --result work/d.json -- \
	sh -c 'mv work moved; mkdir work'
ok 'a directory that is moved keeps the result' test -f moved/d.json
is 'the new one has none' "$(ls work)" ''

# Pipes and devices.
mkfifo fifo
run --result fifo --timeout 5s
is 'a pipe that nobody reads is an error' "$status" 125
like 'that says so' "$err" "result to 'fifo': nobody reads this pipe"
cat fifo >read.json &
run --result fifo
wait $!
like 'one that is read gets the result' "$(cat read.json)" '"verdict":"ok"'
(sleep 0.3; cat fifo >late.json) &
lh run -q -p raw --format none --result fifo -- sleep 1
wait $!
like 'a reader may come while the agent works' "$(cat late.json)" verdict
lh run -q -p raw --format none --result fifo -- false
is 'the status of the agent counts first' "$status" 1
# A reader that takes nothing, and more than a pipe holds.
# shellcheck disable=SC2217
sleep 60 <fifo &
reader=$!
lh run -q -p raw --format none --stderr quiet --stderr-keep 4M --result fifo \
	-- sh -c 'head -c 1000000 /dev/zero | tr "\0" x >&2'
kill "$reader"
is 'a reader that takes nothing is not waited for' "$status" 125
like 'and that is said' "$err" 'does not read'
run --result /dev/null
is 'a device takes it' "$status" 0
run --result /dev/full
is 'a full one does not' "$status" 125
like 'and says why' "$err" 'No space left'
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("sock")'
run --result sock
is 'a socket is refused at the start' "$status" 2
like 'with what is wanted' "$err" 'is a socket; give a file'
run --result there
is 'a directory too' "$status" 2
run --result there/
is 'also by a slash' "$status" 2
run --result nowhere/r.json
is 'one that is missing too' "$status" 2
run --result ''
is 'an empty name too' "$status" 2
# What is open already: it is written to, not replaced.
lh run -q -p raw --format text --result - -- printf word
is 'a dash is stdout' "$(head -n1 out)" word
like 'the result has a line of its own' "$(tail -n1 out)" '^{.*"verdict":"ok"'
is 'and there is no file of that name' "$(find . -name '-*')" ''
for f in /dev/stdout /dev/fd/1 out /proc/self/fd/1; do
	lh run -q -p raw --format text --result "$f" -- echo word
	is "$f keeps what was printed" "$(head -n1 out)" word
	like "$f gets the result behind it" "$(tail -n1 out)" '^{.*verdict'
done
lh filter -q -p raw --format events --result - /dev/null
is 'filter, too' "$(grep -c '"verdict":"ok"' out)" 2
for f in /dev/stderr /dev/fd/2 err; do
	lh run -q -p raw --format none --stderr pass --result "$f" -- \
		sh -c 'echo word >&2'
	is "$f keeps what was printed" "$(head -n1 err)" word
	like "$f gets the result behind it" "$(tail -n1 err)" '^{.*verdict'
done
echo word >third
"$LINEHOOK" run -q -p raw --format none --result /dev/fd/3 -- true 3>>third
is 'so does another descriptor' "$(head -n1 third)" word
like 'and gets the result' "$(tail -n1 third)" '^{.*verdict'
mkdir gone
lh run -q -p raw --format none --result gone/r.json -- rmdir gone
is 'a directory that goes is an error' "$status" 125
finish
