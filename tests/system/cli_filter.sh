#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_filter.sh - formats, detection, verdicts and caps of `linehook filter'.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

s=$streams/claude/tool_shell.ndjson

# ---- formats ----

lh filter --format events "$s"
is 'events: verdict ok is status 0' "$status" 0
like 'events: the first is the header' "$(head -n 1 "$tmp/out")" \
	'^\{"seq":1,"kind":"run","v":1,"plugin":"claude","provider":"claude"'
like 'events: the last is the final result' "$(tail -n 1 "$tmp/out")" \
	'"kind":"result".*"final":true,"verdict":"ok"'
is 'events: one final result' "$(grep -c '"final":true' "$tmp/out")" 1
is 'events: nothing on stderr' "$err" ''
unlike 'events: no source unless asked for' "$out" '"(line|raw)":'
events=$out

lh filter "$s"
is 'events is the format where stdout is no terminal' "$out" "$events"

lh filter --format text "$s"
is 'text: the assistant alone' "$out" \
	"$(printf 'I will run a command.\nThe command printed hello.')"

lh filter --format verbose "$s"
view=$out
lh filter --format view "$s"
is 'view has an older name' "$out" "$view"
like 'view: tools' "$out" 'Bash.*echo hello'
like 'view: the last lines have the verdict' "$(tail -n 2 "$tmp/out")" \
	'ok.*0[.]0108'

lh filter --format answer "$s"
is 'answer: the final text alone' "$out" 'The command printed hello.'
is 'answer: it ends with a newline' "$(wc -l <"$tmp/out" | tr -d ' ')" 1
lh filter --format answer "$streams/claude/err429.ndjson"
is 'answer: an error is none' "$status $out" '1 '

lh filter --format result --result "$tmp/result" "$s"
like 'result: one object' "$out" \
	'^\{"kind":"result","final":true,"verdict":"ok",.*\}$'
ok 'result: that of --result' cmp -s "$tmp/result" "$tmp/out"
lh filter --format result --result - "$s"
ok 'result: once, if it is wanted twice' cmp -s "$tmp/result" "$tmp/out"
lh filter --format answer --result - "$s"
is 'the result comes behind the answer' "$out" \
	"$(echo 'The command printed hello.' && cat "$tmp/result")"

lh filter --format raw "$s"
ok 'raw: the bytes as they came' cmp -s "$s" "$tmp/out"
is 'raw: status by the verdict' "$status" 0

lh filter --format none "$s"
is 'none: nothing on stdout' "$status $out" '0 '

lh filter --source "$s"
like 'source: number and byte range' "$out" '"line":1,"off":0,"len":[1-9]'
lh filter --raw-events "$s"
like 'raw events: the line is in its event' "$out" '"raw":\{"type":"system"'

# ---- detection ----

for p in claude codex gemini opencode droid qwen copilot pi; do
	for file in "$streams/$p"/*plain.ndjson; do
		lh filter "$file"
		like "detects $p" "$(head -n 1 "$tmp/out")" \
			"\"plugin\":\"$p\""
	done
done
printf 'npm warn deprecated\n\nsecond\n' | cat - "$s" >"$tmp/late"
lh filter "$tmp/late"
like 'detects behind lines of something else' "$(head -n 1 "$tmp/out")" \
	'"plugin":"claude"'
is 'the lines before are noise, and are counted' "$(last unparsed)" 3
like 'noise costs nothing' "$(tail -n 1 "$tmp/out")" \
	'"flags":\[\].*"complete_usage":true'
like 'a notice says where it begins' "$out" \
	'"code":"plugin","text":"[^"]*claude[^"]*from line 4 on[^"]*","data":\{"plugin":"claude","first_line":4\}'
seq 1 1000 | cat - "$s" >"$tmp/late"
lh filter "$tmp/late"
like 'looks at any number of lines' "$(head -n 1 "$tmp/out")" \
	'"plugin":"claude"'
seq 100000 200000 | cat - "$s" >"$tmp/late"
lh filter "$tmp/late"
like 'holds no more than 64 KiB of them' "$(head -n 1 "$tmp/out")" \
	'"plugin":"raw"'
like 'and still looks at what follows' "$out" \
	'"code":"plugin".*"first_line":100002'
is 'what was raw is no answer' "$status $(last verdict) $(last text)" \
	'0 ok The command printed hello.'
seq 1 17 >"$tmp/numbers"
sed 's/"is_error":false/"is_error":true/' "$s" | cat "$tmp/numbers" - \
	>"$tmp/late"
lh filter "$tmp/late"
is 'a failure behind noise is a failure' "$status" 1
sed 's/$/\r/' "$s" >"$tmp/crlf"
lh filter "$tmp/crlf"
like 'detects with CR LF' "$(head -n 1 "$tmp/out")" '"plugin":"claude"'
{ printf '\357\273\277' && cat "$s"; } >"$tmp/bom"
lh filter "$tmp/bom"
like 'detects behind a byte order mark' "$(head -n 1 "$tmp/out")" \
	'"plugin":"claude"'
head -n 1 "$s" | tr -d '\n' >"$tmp/one"
lh filter "$tmp/one"
like 'detects an unterminated line' "$(head -n 1 "$tmp/out")" \
	'"plugin":"claude"'
is 'a stream without a claim is truncated' "$status" 5
printf 'just words\n' >"$tmp/words"
lh filter "$tmp/words"
like 'what nobody knows is raw' "$(head -n 1 "$tmp/out")" '"plugin":"raw"'
is 'raw at its end is ok' "$status $(last verdict)" '0 ok'
lh filter -v "$tmp/words"
is 'raw has nothing to say' "$err" ''
lh filter /dev/null
is 'an empty stream' "$status $(last lines)" '0 0'
lh filter -p claude /dev/null
is 'an empty stream of a provider that makes claims' "$status" 5
# The same bytes one by one, as a pipe may bring them.
dd if="$s" bs=1 2>/dev/null | "$LINEHOOK" filter >"$tmp/pieces"
is 'output does not depend on the reads' "$(cat "$tmp/pieces")" "$events"

# ---- plugins by path, verdicts ----

file=
for dir in "$PLUGIN_DIR" "$PLUGIN_DIR/.libs"; do
	[ -f "$dir/raw.so" ] && file=$dir/raw.so
done
lh filter -p "$file" "$s"
like 'a plugin by its path' "$(head -n 1 "$tmp/out")" '"plugin":"raw"'
lh filter -p claude "$streams/claude/err429.ndjson"
is 'failed is 1' "$status $(last verdict)" '1 failed'
lh filter -p claude "$streams/claude/max_turns.ndjson"
is 'limit is 3' "$status $(last verdict)" '3 limit'
lh filter --exit zero -p claude "$streams/claude/err429.ndjson"
is '--exit zero' "$status $(last verdict)" '0 failed'
is 'and the result tells that status' "$(last exit_status)" 0
lh filter -p claude "$streams/claude/err429.ndjson"
is 'the result tells the exit status' "$status $(last exit_status)" '1 1'

# ---- caps ----

# line BYTES: a line of so many bytes, without its end.
line () {
	printf '{"type":"x","pad":"'
	head -c $(($1 - 21)) /dev/zero | tr '\0' a
	printf '"}'
}
# at_cap END NAME
at_cap () {
	for n in 4095 4096 4097; do
		# shellcheck disable=SC2059
		{ line $n && printf "$1"; } >"$tmp/cap"
		lh filter --log off -p claude --line-max 4k "$tmp/cap"
		is "$n bytes and $2, cap 4096" \
			"$(last lines) $(last oversize)" \
			"1 $((n > 4096))"
	done
}
at_cap '\n' LF
at_cap '\r\n' 'CR LF'
at_cap '' 'end of file'
{ line 5000 && printf '\n' && cat "$s"; } >"$tmp/over"
lh filter -p claude --line-max 4k "$tmp/over"
is 'one notice for an oversize line' \
	"$(grep -c '"code":"oversize"' "$tmp/out")" 1
is 'one log record too' "$(printf '%s\n' "$err" | grep -c code=oversize)" 1
like 'with its true size' "$err" 'bytes=5000 limit=4096'
is 'the rest is parsed' "$status" 0
lh filter -q -p claude --line-max 4k "$tmp/over"
is '-q hides the record' "$err" ''
lh filter --log json -p claude --line-max 4k "$tmp/over"
like '--log json' "$err" '^\{"level":"warn","code":"oversize",.*"bytes":5000'
lh filter --log off -p claude --line-max raw=4k "$tmp/over"
is 'a cap for another plugin is none for this' "$(last oversize)" 0
lh filter --log off -p claude --line-max 10M --line-max claude=4k "$tmp/over"
is 'a cap for this plugin wins' "$(last oversize)" 1
LINEHOOK_LINE_MAX=4k
export LINEHOOK_LINE_MAX
lh filter --log off -p claude "$tmp/over"
is 'a cap from the environment' "$(last oversize)" 1
lh filter --log off -p claude --line-max 1M "$tmp/over"
is 'a cap that was typed wins over it' "$(last oversize)" 0
unset LINEHOOK_LINE_MAX
lh filter --log off -p claude --line-max 4k --oversize raw "$tmp/over"
is '--oversize raw: the line is there' "$(grep -c '^{"raw":"{\\"type\\":\\"x\\"' "$tmp/out")" 1
is '--oversize raw: events are lines of their own' \
	"$(grep -c '^{"seq"' "$tmp/out")" "$(last events)"
line 5000 >"$tmp/over"
lh filter --log off -p claude --line-max 4k --oversize raw "$tmp/over"
is '--oversize raw: a line without an end too' \
	"$(grep -c '^{"seq"' "$tmp/out")" "$(last events)"
lh filter --log off -p raw --line-max 4k --format raw "$tmp/over"
ok 'format raw passes oversize lines' cmp -s "$tmp/over" "$tmp/out"
# A claim is salvaged from a line over the cap, whatever a plugin gets of it.
# claim PLUGIN TYPE REST
claim () {
	line 5000 | sed "s/\"x\"/\"$2\",$3/" >"$tmp/over"
	for part in drop head raw; do
		lh filter --log off -p "$1" --line-max 4k --oversize $part \
			"$tmp/over"
		is "$1, --oversize $part: the claim is heard" \
			"$status $(last verdict)" '1 failed'
	done
}
claim claude result '"subtype":"success","is_error":true'
claim gemini result '"status":"error"'
claim codex turn.failed '"error":{"message":"no"}'
claim opencode error '"error":{"name":"UnknownError"}'
# part TYPE ID REST: a line of OpenCode.
part () {
	printf '{"type":"%s","timestamp":1,"sessionID":"s","part":{"id":"%s","messageID":"m",%s}}\n' "$@"
}
end='"reason":"stop","tokens":{"input":9,"output":5,"reasoning":0,"cache":{"read":0,"write":0}}'
{
	part step_start p1 '"type":"step-start"'
	part step_finish p2 "$end"
	part reasoning p3 '"text":"why"'
	part text p4 '"text":"late"'
} >"$tmp/late"
lh filter "$tmp/late"
is 'words behind the end of their step are its own' \
	"$(last text) $(last complete_usage)" 'late true'
{
	cat "$tmp/late"
	part step_start p5 '"type":"step-start"'
	part text p6 '"text":"more"'
} >"$tmp/more"
lh filter "$tmp/more"
is 'those of another step are new work' \
	"$(last text) $(last complete_usage)" 'more false'
# A bad number in the last line, and no callback that comes after it.
# fault PLUGIN LINE
fault () {
	printf '%s\n' "$2" >"$tmp/bad"
	lh filter --log off -p "$1" "$tmp/bad"
	is "$1: one fault is one" \
		"$(last plugin_errors) $(grep -c '"code":"plugin"' "$tmp/out")" '1 1'
}
fault codex '{"type":"turn.completed","usage":{"input_tokens":-1,"output_tokens":5}}'
fault claude '{"type":"assistant","message":{"id":"m","content":[],"usage":{"input_tokens":-1,"output_tokens":5}}}'
lh filter --log off --buffer-budget 64k -p claude "$s"
is 'a budget that is large enough' "$(last oversize)" 0
finish
