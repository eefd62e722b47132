#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_detect.sh - which plugin reads the output, and what is said if none can.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
umask 022
tab=$(printf '\t')

# header MEMBER: of the first event.
header () {
	printf '%s\n' "$out" | sed -n "1s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"
}

# agent NAME FILE: a program in PATH that prints FILE.
mkdir "$tmp/bin"
PATH=$tmp/bin:$PATH
agent () {
	printf '#!/bin/sh\ncat "%s"\n' "$2" >"$tmp/bin/$1"
	chmod +x "$tmp/bin/$1"
}
cp "$streams/claude/tool_shell.ndjson" "$tmp/claude"
cp "$streams/claude/err429.ndjson" "$tmp/failing"
agent claude "$tmp/failing"

# ---- what each program prints ----

n=0
while IFS=$tab read -r plugin lines; do
	n=$((n + 1))
	printf '%s\n' "$lines" | tr '\t' '\n' >"$tmp/stream"
	lh filter "$tmp/stream"
	is "row $n is $plugin: $(printf '%s' "$lines" | cut -c1-60)" \
		"$(header plugin)" "$plugin"
done <"$streams/detect/lines.tsv"

# ---- by the name of the command ----

lh run -- flock "$tmp/lock" timeout 60 claude -p hi
is 'behind launchers: the header' "$(header plugin)" claude
is 'behind launchers: a failure' "$status" 1
unlike 'behind launchers: nothing was detected' "$out" '"code":"plugin"'

for program in kilo kilocode; do
	agent "$program" "$streams/kilo/tool_shell.ndjson"
	lh run -- "$program" run --format json hi
	is "$program is read by the plugin opencode" \
		"$status $(header plugin) $(last text)" \
		'0 opencode The command printed hello.'
	unlike "$program: nothing was detected" "$out" '"code":"plugin"'
	rm "$tmp/bin/$program"
done

# ---- by the output ----

printf 'exec claude "$@"\n' >"$tmp/agent.sh"
printf 'agent:\n\t@claude\n' >"$tmp/Makefile"
for command in "sh $tmp/agent.sh" "env -i $tmp/bin/claude" "make -sC $tmp agent"
do
	case $command in
	make*) command -v make >/dev/null || continue ;;
	esac
	# shellcheck disable=SC2086
	lh run -- $command
	is "${command%% *}: the header" "$(header plugin)" claude
	is "${command%% *}: a failure" "$status $(last verdict)" '1 failed'
done
printf 'one\ntwo\n' | cat - "$tmp/failing" >"$tmp/banner"
agent banner "$tmp/banner"
lh run -- banner
is 'behind a banner: the header' "$(header plugin)" claude
like 'behind a banner: a notice' "$out" \
	'"code":"plugin",.*"data":\{"plugin":"claude","first_line":3\}'
is 'behind a banner: a failure' "$status" 1
is 'behind a banner: no text of it' "$(printf '%s\n' "$out" | grep -c '"text":"one"')" 0
for write in 's/^/agent-1  | /' 's/^/data: /' 's/^/- working\r\x1b[K/'; do
	lh run -- sh -c 'claude | sed "$1"' sh "$write"
	is "behind text ($write)" "$status $(header plugin)" '1 claude'
done
lh run -- sh -c 'claude | tr -d "\n"'
is 'without newlines' "$status $(header plugin)" '1 claude'
lh run --format none -- sh -c 'echo one; claude; echo three'
is 'text behind it changes nothing' "$status" 1
like 'the sentence names the plugin' "$err" '^linehook: failed: .* \(claude, '
lh run -p raw -- claude
is 'who names raw gets raw' "$status $(header plugin)" '0 raw'
lh run -- sh -c 'echo "{\"a\":1}"; exit 3'
is 'an object of nobody is raw' "$status $(header plugin)" '1 raw'

# The header waits a second for it; then lines go out as they come.
lh run --keep --run-dir "$tmp/store" --run-id late -- \
	sh -c 'echo one; sleep 3; claude'
is 'late: the header' "$(header plugin)" raw
like 'late: what came before' "$out" '"kind":"text",.*"text":"one"'
is 'late: a failure' "$status" 1
unlike 'late: what was raw is no answer' "$(printf '%s\n' "$out" | tail -n 1)" \
	'"text":"one"'
like 'late: the record has the plugin' "$(cat "$tmp/store/late/result.json")" \
	'"plugin":"claude","provider":"claude"'
lh replay --run-dir "$tmp/store" late --diff
is 'late: a replay gives the same events' "$status" 0
lh run --keep --run-dir "$tmp/store" --run-id soon -- \
	banner
lh replay --run-dir "$tmp/store" soon --diff
is 'soon: a replay gives the same events' "$status" 0
lh replay --run-dir "$tmp/store" soon
is 'soon: the header too' "$(header plugin)" claude
lh replay --run-dir "$tmp/store" soon -p raw
is 'soon: read as raw' "$(header plugin) $(last verdict)" 'raw ok'

lh run -v --line-max claude=4k -- sh "$tmp/agent.sh"
like 'the cap of the plugin holds' "$out" '"buffer_peak":[1-4][0-9]{0,3}[,}]'
like 'and -v says so' "$err" '^level=info code=plugin .*claude'

# ---- a plugin file that is refused ----

# Both paths are long, and the sentence has to end.
deep=$tmp/a-directory-of-sixty-bytes-is-what-this-one-has-to-be-named
mkdir -p "$deep/plugins" "$deep/installed/plugins"
for dir in "$PLUGIN_DIR" "$PLUGIN_DIR/.libs"; do
	[ -f "$dir/claude.so" ] &&
		cp "$dir/claude.so" "$deep/plugins/" &&
		cp "$dir"/*.so "$deep/installed/plugins/"
done
chmod 666 "$deep/plugins/claude.so"
LINEHOOK_PLUGIN_PATH=$deep/plugins:$deep/installed/plugins
lh run -- claude
is 'refused: the next one of its name reads' "$status $(header plugin)" \
	'1 claude'
like 'refused: a warning' "$err" \
	'^level=warn code=plugin-refused .*claude\.so.* is used instead'
like 'refused: a notice' "$out" '"level":"warn","code":"plugin","text":"plugin'
lh run -- sh "$tmp/agent.sh"
is 'refused, by the output' "$status $(header plugin)" '1 claude'
like 'refused, by the output: a warning' "$err" 'code=plugin-refused'
lh filter "$tmp/failing"
is 'refused, in a filter' "$status $(header plugin)" '1 claude'
lh run -p claude -- claude
is 'refused, and named' "$status" 2
mv "$deep/plugins/claude.so" "$deep/plugins/odd.so"
LINEHOOK_PLUGIN_PATH=$deep/plugins:$PLUGIN_DIR
lh run -- echo '{"odd":1}'
like 'an object that a refused plugin may know' "$err" 'plugin-refused.*odd'
echo '{"type":"odd"}' >"$tmp/odd"
agent odd "$tmp/odd"
lh run -- odd
is 'a refused file is told once' \
	"$(printf '%s\n' "$err" | grep -c code=plugin)$(printf '%s\n' "$out" | grep -c '"code":"plugin"')" 11
lh run -- echo odd
is 'nobody is told of a plugin that is not wanted' "$err" ''
LINEHOOK_PLUGIN_PATH=$PLUGIN_DIR
lh run -- odd
like 'an agent that no plugin knows is told' "$err" \
	'code=plugin-unknown msg="no plugin recognises the JSON lines'

# ---- output of another format ----

printf 'The command\nprinted hello.\n' >"$tmp/words"
for row in 'claude|--output-format stream-json --verbose' 'codex|--json' \
	'gemini|--output-format stream-json' 'opencode|--format json' \
	'droid|-o stream-json' \
	'qwen|--output-format stream-json' \
	'copilot|--output-format json' \
	'pi|--mode json'; do
	plugin=${row%%|*}
	agent "$plugin" "$tmp/words"
	lh run --format text -- "$plugin"
	is "$plugin: text is not lost" "$out" "$(cat "$tmp/words")"
	is "$plugin: it is no answer that was claimed" "$status" 5
	like "$plugin: its hint is on stderr" "$err" \
		"^linehook: truncated: no line .* in the format of $plugin: add ${row#*|}.* \($plugin, "
	lh run -- "$plugin"
	like "$plugin: and in the result" "$(printf '%s\n' "$out" | tail -n 1)" \
		"\"text\":\"The command.nprinted hello\.\",\"error\":\"no line.*${row#*|}"
done
agent claude "$tmp/failing"
for named in claude codex gemini opencode droid qwen copilot pi; do
	for p in claude codex gemini opencode droid qwen copilot pi; do
		[ "$p" = "$named" ] && continue
		lh filter -p "$named" "$streams/$p/tool_shell.ndjson"
		like "-p $named: these are $p's" "$(last error)" \
			"looks? like th(at|ose) of $p.*; use -p $p\$"
		is "-p $named: $p's is not ok" "$(last verdict)" truncated
		unlike "-p $named: $p's text is not lost" "$(last text)" '^$'
	done
done
cat >"$tmp/other" <<'EOF'
{"type":"system","subtype":"init","session_id":"s"}
{"type":"result","subtype":"success","is_error":false,"result":"hi"}
EOF
lh filter -p gemini --format text "$tmp/other"
is 'a result of a program that nobody knows is no claim' "$status" 5
is 'and its lines are the text' "$out" "$(cat "$tmp/other")"
like 'and the hint is told' "$err" 'add --output-format stream-json'
lh filter -p gemini "$streams/gemini/json_format.ndjson"
like 'a document in many lines' "$(printf '%s\n' "$out" | tail -n 1)" \
	'"verdict":"truncated","text":"\{.n .*"error":"no line of the output'

# ---- UTF-16 ----

if command -v iconv >/dev/null; then
	{ printf '\377\376' && iconv -f UTF-8 -t UTF-16LE "$tmp/claude"
	} >"$tmp/wide"
	for words in "filter $tmp/wide" "filter -p claude $tmp/wide" \
		"run -- cat $tmp/wide" "run -p claude -- cat $tmp/wide"; do
		# shellcheck disable=SC2086
		lh $words
		is "UTF-16, ${words%%/*}: status" "$status" 5
		like "UTF-16, ${words%%/*}: the error" "$(last error)" \
			'in UTF-16 \(it begins with the bytes FF FE\)'
		is "UTF-16, ${words%%/*}: one notice" \
			"$(printf '%s\n' "$out" | grep -c '"kind":"notice"')" 1
	done
else
	skip 'UTF-16' 'no iconv'
fi

# ---- limits that cannot hold ----

# bound PATTERN WORD..: a warning and a notice.
bound () {
	pattern=$1
	shift
	lh run "$@"
	like "$*: a warning" "$err" "^level=warn code=budget .*$pattern"
	like "$*: a notice" "$out" "\"code\":\"budget\",\"text\":\".*$pattern"
}
agent codex "$streams/codex/plain.ndjson"
bound 'codex does not report cost, so --max-cost has no effect' \
	--max-cost 1 -- codex
bound 'codex reports tokens only at the end of a turn, so --max-tokens' \
	--max-tokens 100000 -- codex
bound 'codex reports the usage of the whole session, including earlier runs' \
	--max-tokens 10 -- codex exec resume id
is 'and that is told once' "$(printf '%s\n' "$out" | grep -c 'reports the usage of the whole session')" 1
is 'a session that has used more ends by itself' "$status $(last verdict)" '0 ok'
bound 'codex reports the usage of the whole session' --max-tokens 10 -p codex -- \
	sh -c 'codex exec'
lh run --max-tokens 1000000 -- codex
unlike 'the tokens of a new thread are those of the run' "$err" 'the session'
lh run --max-cost 9 -- no-such-program
unlike 'what did not start is not warned about' "$err" 'code=budget'
bound 'gemini does not report cost' --max-cost 1 -p gemini -- true
bound 'droid reports tokens only at the end of a turn' --max-tokens 9 -p droid \
	-- true
bound 'claude reports cost only at the end' --max-cost 1 -- sh -c claude
bound 'raw does not report tokens' --max-tokens 9 -p raw -- true
bound 'raw does not report cost' --max-cost 9 -- sleep 2
bound 'raw does not report cost' --max-cost 9 -- echo hi
bound 'raw does not report tokens' --max-tokens 9 -- sh -c 'exit 3'
bound 'copilot does not report tokens' --max-tokens 9 -p copilot -- true
lh run --max-tokens 100000 -- claude
unlike 'a limit that holds is no warning' "$err" 'code=budget'
lh run --max-cost 1 --max-tokens 100000 -p opencode -- true
unlike 'opencode tells both in time' "$err" 'code=budget'
finish
