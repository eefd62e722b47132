#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_records.sh - records of runs, as a person uses them.
set -u
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

XDG_STATE_HOME=$tmp/state
export XDG_STATE_HOME
store=$tmp/state/linehook/runs
stream=$streams/claude/tool_shell.ndjson

# keep ID COMMAND..: a kept run, nothing on stdout.
keep () {
	id=$1
	shift
	lh run --keep --run-id "$id" -p claude --format none -- "$@"
}

# people ARG..: with a wide terminal as stdout.
people () {
	on_terminal 200 "$@"
}

field () {
	python3 -c '
import json, sys
value = json.load(open(sys.argv[1]))
for key in sys.argv[2].split("."):
    value = value[key]
print(value)' "$tmp/out" "$1"
}

# removed: the runs that rm or gc has removed, in order of their names.
removed () {
	sed -n 's/.*"removed":\[\([^]]*\)\].*/\1/p' "$tmp/out" | tr -d '"' |
		tr ',' '\n' | sort | tr '\n' ' '
}

# await COMMAND..: until it succeeds, at most 20 s.
await () {
	tries=0
	until "$@" >/dev/null 2>&1; do
		tries=$((tries + 1))
		[ "$tries" -lt 2000 ] || return 1
		sleep 0.01
	done
}

lh runs
is 'no runs, no list' "$status:$out" '0:'
people runs
is 'of which people are told' "$status:$out" '0:no runs'

keep demo cat "$stream"
is 'a kept run exits as ever' "$status" 0
ok 'the raw stream is kept' cmp -s "$store/demo/stdout.raw" "$stream"
is 'only its owner may look' "$(stat -c %a "$store" "$store/demo" \
	"$store/demo/stdout.raw" | tr '\n' ' ')" '700 700 600 '
lh show demo
is 'show is 0' "$status" 0
is 'show tells the verdict' "$(field verdict)" ok
is 'show tells the usage' "$(field usage)" \
	"$(lh filter --format none --result "$tmp/r" "$stream" &&
		cp "$tmp/r" "$tmp/out" && field usage)"
lh show demo --format view
like 'show --format view is for people on a pipe, too' "$out" '^demo: ok'
lh runs --format view
like 'so is runs' "$out" '^RUN +STATUS '
lh wait demo --format view
like 'and wait' "$out" '^demo: ok'
lh runs --run-dir "$tmp/nowhere" --format view
is 'and a store that is not there' "$status:$out" '0:no runs'
lh show demo --format json
like 'show --format json is JSON' "$out" '^\{"v":1,"run":"demo",'
lh show demo --include state
is 'state is loaded when asked for' "$(field state.text)" \
	'The command printed hello.'
is 'no tool is open any more' "$(field state.tools_open)" '[]'
lh show demo --include everything
is 'an unknown word to include' "$status" 2
like 'is named' "$err" "'everything'|everything.*want state"
lh show nothing
is 'an unknown run is 1' "$status" 1
like 'and one sentence' "$err" "^linehook: show: there is no run 'nothing' in"
lh show
is 'no run is a mistake of usage' "$status" 2

lh follow demo
is 'follow ends with the run' "$status" 0
ok 'follow gives what is stored' cmp -s "$tmp/out" "$store/demo/events.ndjson"
total=$(wc -l <"$store/demo/events.ndjson")
lh follow demo --from 4
is 'follow from an event on' "$(wc -l <"$tmp/out")" "$((total - 3))"
for format in text answer; do
	lh replay demo --format "$format"
	cp "$tmp/out" "$tmp/replayed"
	lh follow demo --format "$format"
	is "follow --format $format is 0" "$status:$err" 0:
	ok 'and shows what a replay does' cmp -s "$tmp/out" "$tmp/replayed"
done
lh follow demo --format view
is 'follow --format view is 0' "$status:$err" 0:
like 'it shows the directory' "$out" "^\* claude, $PWD, run demo$"
like 'the tool calls' "$out" '^> Bash  echo hello$'
is 'what they printed and the words' "$(grep '^  ' "$tmp/out")" \
	'  I will run a command.
    hello
  The command printed hello.'
like 'the verdict' "$out" '^\+ ok, .* 1 tool, 4,580 tokens in'
like 'how to go on' "$out" '^- resume: claude --resume b7d08dc1-b95e-4dc1-96f0-f36ce7a6796d$'
is 'and the run' "$(tail -n 1 "$tmp/out")" '- run: demo'
lh follow demo --format view --from 4
like 'how to go on is known without the header' "$out" '^- resume: claude --resume'

# Of a run that failed, with words on stderr, as `run' printed it.
"$LINEHOOK" run --keep --run-id told -p claude --format result -q -- \
	sh -c "cat '$stream'; echo oops >&2; exit 3" >"$tmp/told" 2>/dev/null
like 'the result of a run has what the header has' "$(cat "$tmp/told")" \
	'"started":"[^"]*Z","ended":"[^"]*Z","argv":\["sh",.*"cwd":"/'
lh replay told --format result
ok 'replay --format result is the same' cmp -s "$tmp/out" "$tmp/told"
lh replay told --format none --result "$tmp/again"
ok 'and so is its --result' cmp -s "$tmp/again" "$tmp/told"
lh follow told --format result
ok 'and follow --format result' cmp -s "$tmp/out" "$tmp/told"
lh replay told
is 'the header of a replay is that of the run, without its clock' \
	"$(head -n 1 "$tmp/out")" \
	"$(head -n 1 "$store/told/events.ndjson" | sed 's/"t":[0-9]*,//')"
rm -r "$store/told"

# A canceled run: the signal is not in its outcome.
"$LINEHOOK" run --keep --run-id stop -p raw --format result -q -- \
	sh -c 'echo here; exec sleep 100' >"$tmp/told" &
pid=$!
await grep -q here "$store/stop/stdout.raw" 2>/dev/null
lh cancel stop --signal INT
wait "$pid"
lh replay stop --format result -q
is 'a replay exits as a canceled run did' "$status" 130
ok 'and has its result' cmp -s "$tmp/out" "$tmp/told"
rm -r "$store/stop"

# Its events are removed while it is followed.
"$LINEHOOK" run --keep --run-id robbed -p raw --format none -q -- \
	sh -c 'echo here; exec sleep 100' &
pid=$!
await grep -q here "$store/robbed/events.ndjson" 2>/dev/null
"$LINEHOOK" follow robbed >"$tmp/followed" 2>"$tmp/lost" &
follower=$!
await grep -q here "$tmp/followed"
rm "$store/robbed/events.ndjson"
lh cancel robbed
wait "$follower"
is 'follow of a record that loses its events says so' "$?:$(cat "$tmp/lost")" \
	"1:linehook: follow: '$store/robbed/events.ndjson' was removed or replaced while it was followed; linehook replay robbed reads the output of the agent again"
wait "$pid"
rm -r "$store/robbed"

# Files of a record of a run that has ended are damaged, each in its own way.
damage() { # COMMAND, in a copy of the record of demo
	rm -rf "$store/hurt"
	cp -a "$store/demo" "$store/hurt"
	sed -i 's/"run":"demo"/"run":"hurt"/' "$store"/hurt/*.json
	(cd "$store/hurt" && eval "$1")
	lh follow hurt
}
events="linehook: follow: '$store/hurt/events.ndjson' is not complete:"
mend='; linehook replay hurt reads the output of the agent again'
damage 'head -c 1000 events.ndjson >e; mv e events.ndjson'
is 'follow of torn events says where they end' "$status:$err" \
	"125:$events it ends after event 3, without the final result$mend"
damage 'rm events.ndjson'
is 'of removed ones, that there is none' "$status:$err" \
	"125:$events it has no event 1 and no final result$mend"
damage 'sed -i 4,5d events.ndjson'
is 'of some that are missing, which' "$status:$err" \
	"125:$events 2 events are missing, from event 4 on$mend"
lh follow hurt --from 6
is 'unless they were not asked for' "$status:$err" 0:
lh follow hurt --format result
is 'or the result alone was' "$status:$err" 0:
damage 'head -c 1000 /dev/zero | dd of=events.ndjson bs=1 seek=600 \
	conv=notrunc 2>/dev/null'
is 'of overwritten ones, where they end' "$status:$err" \
	"125:$events it ends after event 1, without the final result$mend"
damage 'rm result.json'
is 'a result that is missing is no death of the host' "$status:$err" \
	"125:linehook: follow: run 'hurt' is lost: its result.json is missing, although its events have the final result; linehook replay hurt makes the result again"
damage 'truncate -s 100 result.json'
like 'nor is one that is cut' "$status:$err" \
	"^125:linehook: follow: run 'hurt' is lost: its result.json is cut short: .*; linehook replay hurt makes the result again$"
rm -r "$store/hurt"

lh follow demo --json
ok '--json are the events' cmp -s "$tmp/out" "$store/demo/events.ndjson"
lh follow demo --json --format view
is 'but not with another format' "$status" 2
lh follow demo --format raw
like 'a record has no other format' "$status:$err" \
	'^2:.*give view, text, answer, events or result'
lh follow nothing --for-start=10ms
like 'a run that does not start in time is 1' "$status:$err" \
	"^1:linehook: follow: there is no run 'nothing' in"
lh follow nothing --for-start=0
is 'nor is it waited for' "$status" 1
lh wait demo
is 'wait is as the run was' "$status" 0
lh replay demo --diff
is 'a replay by the same plugin is the same' "$status:$out" '0:'
lh replay demo -p raw --diff
is 'by another it is not' "$status" 1
like 'and says in what' "$out" '^[-+]\{"kind":"tool"'
lh replay demo --format text
is 'a replay is a reading like any' "$(printf '%s\n' "$out" | tail -n 1)" \
	'The command printed hello.'

numbers='18446744073709551615,-9223372036854775808,0.10,1E5,-1.5e-300'
sed "s|\"command\":\"echo hello\"|&,\"n\":[$numbers]|" "$stream" >"$tmp/numbers"
keep numbers cat "$tmp/numbers"
lh replay numbers -p raw --diff
is 'a difference has all digits of a number' \
	"$(sed -n 's/^-{"kind":"tool".*"n":\[\([^]]*\)\].*/\1/p' "$tmp/out")" \
	"$numbers"
rm -r "$store/numbers"

keep demo true
is 'a name is used once' "$status" 125
like 'and the sentence says so' "$err" "run 'demo' already exists"

# A run that goes on until it is told to end, followed before it is there.
"$LINEHOOK" follow long --for-start --from 3 >"$tmp/followed" \
	2>"$tmp/followed.err" &
follower=$!
"$LINEHOOK" run --keep --run-id long -p raw --format none -- sh -c \
	"cat '$stream'; echo >&2 started; exec sleep 100" 2>/dev/null &
pid=$!
await grep -q started "$store/long/stderr.raw"
lh show long
is 'while it runs it is running' "$(field status)" running
lh wait long --timeout 200ms
is 'the time of wait is its own' "$status" 75
is 'with how it stands' "$(field status)" running
lh gc --all
is 'gc leaves it alone' "$(removed)" 'demo '
lh cancel long
is 'cancel asks' "$status" 0
lh wait long --timeout 60s
is 'and it ends' "$status" 143
is 'canceled' "$(field verdict)" canceled
lh cancel long
is 'once' "$status" 1
wait "$pid"
wait "$follower"
is 'whoever waited for its start has followed it to its end' \
	"$(sed -n '1s/{"seq":\([0-9]*\),.*/\1/p' "$tmp/followed") \
$(tail -n 1 "$tmp/followed" | grep -c '"final":true')" '3 1'
like 'and was told why it did not end well' "$(cat "$tmp/followed.err")" \
	'^linehook: canceled: .*\(raw, SIGTERM, .*\); see linehook show long$'
lh follow long --quiet
is 'follow --quiet does not tell' "$status:$err" 0:
lh follow long --format view
is 'nor does follow beside the view, which shows it' "$err" ''

# Signals and ages, as people write them.
keep young cat "$stream"
for bad in FOO SIGFOO 9 SIG 02 ''; do
	lh cancel young --signal "$bad"
	is "cancel --signal '$bad' is refused" "$status" 2
	like 'with what is wanted' "$err" 'give (NAME|TERM, INT, HUP or QUIT)$'
done
for good in INT SIGINT int sigint 2; do
	lh cancel young --signal "$good"
	like "cancel --signal $good is one" "$status:$err" '^1:.*has ended'
done
for bad in 5 0 1x d -1d 9999-12-31 yesterday ''; do
	lh gc --older-than "$bad" --dry-run
	is "gc --older-than '$bad' is refused" "$status" 2
	like 'the unit is wanted' "$err" 'give an age such as 30d'
	lh runs --since "$bad"
	is "runs --since '$bad', too" "$status" 2
done
for good in 1d 24h 3600s 90000ms 1h30m 1970-01-01 1970-01-01T00:00:00Z; do
	lh runs --since "$good"
	is "runs --since $good finds a new one" \
		"$status:$(grep -c '"run":"young"' "$tmp/out")" 0:1
	lh gc --older-than "$good" --dry-run
	is 'which is not as old' "$status:$(removed)" '0: '
done
rm -r "$store/young"

# Agents that take no notice of a cancel: by --now, by a second one, and on a
# disk without room.
deaf () {
	"$LINEHOOK" run -q --keep --run-id deaf --grace 10m --format none \
		-- sh -c "trap '' TERM INT; echo >&2 started; while :; do sleep 1; done" \
		2>/dev/null &
	pid=$!
	await grep -q started "$store/deaf/stderr.raw"
}
deaf
lh cancel deaf --now
is 'cancel --now asks' "$status" 0
lh wait deaf --timeout 60s
is 'and grants no grace' "$status:$(field outcome.signal)" 143:9
wait "$pid"
rm -r "$store/deaf"
deaf
lh cancel deaf --signal INT
lh cancel deaf
lh wait deaf --timeout 60s
is 'nor does a second cancel' "$status:$(field outcome.signal)" 130:9
wait "$pid"
rm -r "$store/deaf"

# A small file system of its own.
mkdir "$tmp/disk"
cat >"$tmp/full.sh" <<'F'
mount -t tmpfs -o size=256k none "$1/disk" || exit 77
"$LINEHOOK" run --keep --run-dir "$1/disk/runs" --run-id full -p raw \
	--format text -- seq 40000 >/dev/null 2>"$1/full.err"
echo "run $?"
dd if=/dev/zero of="$1/disk/other" bs=4k 2>/dev/null
"$LINEHOOK" wait full --run-dir "$1/disk/runs" >/dev/null
echo "wait $?"
"$LINEHOOK" follow full --run-dir "$1/disk/runs" >/dev/null 2>"$1/follow.err"
echo "follow $?"
"$LINEHOOK" replay full --run-dir "$1/disk/runs" >/dev/null 2>"$1/replay.err"
echo "replay $?"
"$LINEHOOK" gc --all --run-dir "$1/disk/runs"
echo "gc $?"
dd if=/dev/zero of="$1/disk/other" bs=4k 2>/dev/null
"$LINEHOOK" gc --all --run-dir "$1/disk/runs"
echo "gc $?"
F
if unshare -m sh "$tmp/full.sh" "$tmp" >"$tmp/full.out" 2>&1; then
	is 'a full disk keeps the verdict, and gc works on it' \
		"$(grep -v '^{' "$tmp/full.out" | tr '\n' ' ')" \
		'run 0 wait 0 follow 125 replay 0 gc 0 gc 0 '
	like 'which removes the run' "$(cat "$tmp/full.out")" \
		'"removed":\["full"\],"runs":1,'
	like 'and a sentence tells of it' "$(cat "$tmp/full.err")" \
		'the record .* ends here: .*No space left'
	like 'follow says that the events end early' "$(cat "$tmp/follow.err")" \
		"full/events.ndjson' is not complete: it ends after event [0-9]+, without the final result; linehook replay --run-dir $tmp/disk/runs full reads"
	like 'replay that the output does' "$(cat "$tmp/replay.err")" \
		"record of 'full' is not complete: its stdout.raw has"
else
	skip 'a full disk keeps the verdict' 'no file system of its own'
fi

# A host that is killed in the middle.
"$LINEHOOK" run --keep --run-id dead -p claude --format none -- sh -c \
	"cat '$stream'; exec sleep 100" 2>/dev/null &
pid=$!
await grep -q '"kind":"result"' "$store/dead/events.ndjson" 2>/dev/null
kill -9 "$pid"
wait "$pid" 2>/dev/null
lh wait dead --timeout 60s
is 'a dead host is 125' "$status" 125
is 'its run is lost' "$(field status)" lost
is 'with a verdict' "$(field verdict)" host_error
like 'and a reason' "$(field error)" 'host \(process [0-9]+\) ended without'
lh follow dead
is 'follow says so at the end' "$status:$err" \
	"125:linehook: follow: run 'dead' is lost: its host (process $pid) ended without a result; everything recorded until then is complete"
lh replay dead --format none
is 'it can be read anew' "$status" 0

keep one cat "$stream"
keep two cat "$stream"
people runs
is 'runs are listed, the newest first' \
	"$(sed 1d "$tmp/out" | cut -d' ' -f1 | tr '\n' ' ')" 'two one dead long '
lh runs --status lost --json
is 'by status' "$(field run)" dead
people runs -n 1
is 'so many' "$(sed 1d "$tmp/out" | wc -l)" 1
people runs --json
is '--json is JSON on a terminal, too' \
	"$(grep -c '^{"run":"[a-z]*","status":"[a-z]*",.*}$' "$tmp/out")" 4
people runs --status failed
is 'what did not end well' \
	"$(sed 1d "$tmp/out" | cut -d' ' -f1 | tr '\n' ' ')" 'dead long '
lh runs --verdict canceled
is 'by verdict' "$(field run)" long
lh runs --label job
is 'or by a label that nobody has' "$status:$out" 0:
for bad in '--verdict good' '--label A=b' '--status bad' '--since 5'; do
	# shellcheck disable=SC2086
	lh runs $bad
	is "runs $bad is refused" "$status" 2
done
lh runs --usage --by model --csv
is 'usage by model' "$(grep -c '^"claude-sonnet-4-5",[0-9]' "$tmp/out")" 1
is 'each run once' "$(sed -n 's/^"claude-sonnet-4-5",\([0-9]*\),\([0-9]*\),.*/\1 \2/p' \
	"$tmp/out")" "2 $((2 * 4580))"
lh runs --usage --json
is 'as one sum' "$(field input_tokens)" "$((2 * 4580))"
lh runs --csv
is 'csv is for usage' "$status" 2
lh runs --usage --by model,provider --csv
is 'by two keys' "$(grep -c '^"claude-sonnet-4-5","claude",2,' "$tmp/out")" 1
is 'the columns say so' "$(sed -n 1p "$tmp/out" | cut -d, -f1-3)" \
	model,provider,runs
lh runs --usage --by day,model --json
is 'a member for each' \
	"$(grep -c '^{"day":"20..-..-..","model":"claude-sonnet-4-5",' \
	"$tmp/out")" 1
for bad in model,model '' ',' 'model,' nothing all,day label: label:A \
	label:a,label:b; do
	lh runs --usage --by "$bad"
	is "by '$bad' is refused" "$status" 2
done
cost=$(sed -n 's/.*"cost_usd":\([0-9.]*\),"tools".*/\1/p' \
	"$store/two/result.json")
sed -i 's/"cost_usd":[0-9.]*/&,"cost_source":"estimated"/g
	s/claude-sonnet-4-5/&\\u001b[2J/g' "$store/two/result.json"
lh runs --usage --json
is 'what is estimated is told' "$(field estimated_cost_usd)" "$cost"
is 'beside the whole' "$(field cost_usd)" \
	"$(awk -v c="$cost" 'BEGIN { printf "%.10g", 2 * c }')"
people runs --usage --by model
like 'a name does nothing to a terminal' "$out" \
	'^claude-sonnet-4-5.x1b\[2J +1 .* [0-9.]+ +[0-9.]+$'
is 'columns that say nothing are left out' \
	"$(head -n 1 "$tmp/out" | sed 's/  */ /g')" \
	'model runs input output cache read USD estimated incomplete'
people runs --usage --by model --provider nobody
unlike 'estimates too' "$out" estimated

# Three records with names that are wider or narrower than their bytes.
rename () {
	sed -i "s/$2/$3/g" "$store/$1/result.json"
}
rename two 'claude-sonnet-4-5[^"]*' '日本語モデル'
rename one 'claude-sonnet-4-5' '🚀-model-é'
rename one '"provider":"claude"' '"provider":"プラグ🚀"'
# columns PATTERN: in which it begins, in the lines that have it.
columns () {
	python3 "$srcdir/system/column.py" "$tmp/out" "$1" | sort -u
}
people runs
is 'columns of a list line up, whatever the characters' \
	"$(columns 'cat ' | wc -l)" 1
is 'those of the heading, too' "$(columns PROMPT)" "$(columns 'cat ')"
before=$(columns PROMPT)
people runs --usage --by model,provider
is 'and those of the sums' "$(columns '$' | wc -l)" 1
like 'whose names are shown' "$out" '^日本語モデル +claude +1 '
long=a-name-of-a-run-that-is-longer-than-its-column
keep "$long" cat "$stream"
people runs
is 'a long name moves all rows' "$(columns 'cat ')" \
	"$((before + ${#long} - 12))"
rename "$long" '"provider":"claude"' \
	"\"provider\":\"$(printf 'a\\\\u001b[2J')\""
sed -i 's/"argv":.*,"cwd":"[^"]*"/"argv":["\\u001b[2J"],"cwd":"\/\\u001b[2J"/' \
	"$store/$long/run.json"
people runs -n 1
unlike 'nothing of a record does anything to a terminal' "$out" \
	"$(printf '\033')"
like 'it is shown' "$out" '.u001b\[2J .*/.x1b\[2J *.x1b\[2J$'
rm -r "${store:?}/$long"

lh gc --older-than 1d
is 'nothing is so old' "$(removed)" ' '
lh gc --all --dry-run
is 'a dry run names them' "$(removed)" 'dead long one two '
lh gc --all
is 'gc removes what is over' "$(removed)" \
	'dead long one two '
is 'all of it' "$(find "$store" -mindepth 1)" "$store/index"

# Whatever decides on the exit status of a run, wait has the same.
# waits_as ID HOW SCRIPT
waits_as () {
	lh run -q --run-dir "$tmp/exit" --run-id "$1" -p raw --exit "$2" \
		--format none -- sh -c "$3"
	ran=$status
	lh wait "$1" --run-dir "$tmp/exit"
	is "wait is as the run: --exit $2, $3" "$status" "$ran"
}
for how in verdict child zero; do
	waits_as "${how}0" "$how" 'exit 0'
	waits_as "${how}7" "$how" 'exit 7'
	waits_as "${how}k" "$how" 'kill -9 $$'
done

# What nobody has reported is absent: a plain program, an agent without a result,
# and one that tells the input alone.
mkdir "$tmp/usage"
lines () {
	lh run -q --run-dir "$tmp/usage" --run-id "$1" -p "$2" --format none \
		-- printf '%s\n' "$3"
	lh runs --json --run-dir "$tmp/usage" -n 1
	unlike "no usage is not zero: $1" "$out" 'tokens'
}
chmod 700 "$tmp/usage"
lines plain raw x
lines claude claude '{"type":"system","subtype":"init","session_id":"s"}'
lines codex codex '{"type":"thread.started","thread_id":"t"}'
people runs --run-dir "$tmp/usage"
is 'nor in a list' "$(awk 'NR > 1 { print $6 }' "$tmp/out" | sort -u)" -
people runs --usage --run-dir "$tmp/usage"
like 'nor in sums' "$(tail -n 1 "$tmp/out")" '^total +3 +- +- +- '
lh runs --usage --json --run-dir "$tmp/usage"
unlike 'as JSON' "$out" '(input|output|reasoning)_'
lh runs --usage --csv --run-dir "$tmp/usage"
like 'and as CSV' "$(tail -n 1 "$tmp/out")" '^"total",3,,,,,,,,'
sed -i 's/"usage":\[[^]]*\]/"usage":[{"input_tokens":0}]/' \
	"$tmp/usage/plain/result.json"
lh runs --usage --csv --run-dir "$tmp/usage"
like 'a zero that is reported is one' "$(tail -n 1 "$tmp/out")" \
	'^"total",3,0,,,'

lh run --run-dir "$tmp/other" --run-id x --format none -- true
is '--run-dir keeps too' "$status" 0
lh runs --run-dir "$tmp/other"
like 'in that place' "$out" '^{"run":"x",'
chmod 777 "$tmp/other"
lh runs --run-dir "$tmp/other"
is 'a store that others may write to' "$status" 125
like 'is refused' "$err" 'can be written by other users; use a directory of your own'
finish
