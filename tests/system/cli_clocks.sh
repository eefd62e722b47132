#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_clocks.sh - which limit ends a run that hangs, for every provider.
#
# Each agent prints lines and then sleeps.  The runs wait side by side; each has
# a limit that would end it wrongly, so that none of them hangs for ever.
set -u
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

runs=
pids=

# hangs NAME WANTED PLUGIN OPTION.. -- LINE..: an agent that prints the lines; it
# is to end as WANTED says, "VERDICT how".
hangs () {
	name=$1
	plugin=$3
	printf '%s\n' "$2" >"$tmp/$name.wanted"
	shift 3
	options=
	while [ "$1" != -- ]; do
		options="$options $1"
		shift
	done
	shift
	printf '%s\n' "$@" >"$tmp/$name.in"
	# shellcheck disable=SC2086
	"$LINEHOOK" run -q -p "$plugin" --timeout 60s --grace 2s --result \
		"$tmp/$name.json" --format none $options -- \
		sh -c "cat '$tmp/$name.in'; exec sleep 100" </dev/null \
		>/dev/null 2>&1 &
	runs="$runs $name"
	pids="$pids $!"
}

user='{"type":"user","message":{"content":[{"type":"tool_result","tool_use_id":'
# Longer than thirty agents need to start on a machine that is busy.
idle=--idle-timeout=5s
linger=--linger=5s

claude_call () {
	printf '{"type":"assistant","message":{"id":"%s","content":[{"type":"tool_use","id":"%s","name":"Bash"}]}}' "$1" "$2"
}
claude_text () {
	printf '{"type":"assistant","message":{"id":"%s","content":[{"type":"text","text":"x"}]}}' "$1"
}
claude_done='{"type":"result","subtype":"success","result":"x"}'
task='{"type":"system","subtype":"task_started","task_id":"k","tool_use_id":"a","is_backgrounded":true}'
codex_item () {
	printf '{"type":"item.%s","item":{"id":"%s","type":"%s","text":"x","status":"in_progress"}}' "$1" "$2" "$3"
}
codex_done='{"type":"turn.completed","usage":{"input_tokens":1,"output_tokens":1}}'
gemini_use () {
	printf '{"type":"tool_use","timestamp":"t","tool_name":"x","tool_id":"%s"}' "$1"
}
gemini_text='{"type":"message","timestamp":"t","role":"assistant","content":"x","delta":true}'

# ---- what holds the idle limit back, and what does not
hangs a_call_at_work 'timeout timeout' claude "$idle" --timeout 12s -- \
	"$(claude_text m)" "$(claude_call m a)" "$(claude_text m)"
hangs a_result_that_was_lost 'stalled idle' claude "$idle" -- \
	"$(claude_call m a)" "$(claude_call m b)" \
	"$user\"a\",\"content\":\"x\"}]}}" "$(claude_text n)"
hangs a_call_that_is_followed_by_another 'stalled idle' claude "$idle" -- \
	"$(claude_call m a)" "$(claude_call n b)" \
	"$user\"b\",\"content\":\"x\"}]}}"
hangs a_result_that_was_too_long 'stalled idle' claude "$idle" \
	--line-max 4k -- "$(claude_call m a)" \
	"$user\"a\",\"content\":\"$(printf '%5000s' x | tr ' ' x)\"}]}}"
hangs a_result_that_was_torn 'stalled idle' claude "$idle" -- \
	"$(claude_call m a)" "$user\"a\",\"cont"
hangs the_call_of_a_subagent_that_ended 'stalled idle' claude "$idle" -- \
	"$(claude_call m a)" "$task" \
	'{"type":"assistant","parent_tool_use_id":"a","message":{"id":"s","content":[{"type":"tool_use","id":"b","name":"Bash"}]}}' \
	"$user\"a\",\"content\":\"launched\"}]},\"tool_use_result\":{\"isAsync\":true}}" \
	'{"type":"system","subtype":"task_notification","task_id":"k","status":"failed"}'
hangs a_permission_nobody_gives 'stalled idle' claude "$idle" -- \
	"$(claude_call m a)" \
	'{"type":"control_request","request_id":"q","request":{"subtype":"can_use_tool","tool_name":"Bash","tool_use_id":"a"}}'
hangs a_question_nobody_answers 'stalled idle' claude "$idle" -- \
	'{"type":"assistant","message":{"id":"m","content":[{"type":"tool_use","id":"a","name":"AskUserQuestion"}]}}'
hangs a_call_longer_than_it_may_take 'stalled idle' claude "$idle" \
	--tool-timeout 1s -- "$(claude_call m a)"
hangs a_codex_call_at_work 'timeout timeout' codex "$idle" --timeout 12s -- \
	"$(codex_item started a command_execution)"
hangs a_codex_call_that_is_followed_by_words 'stalled idle' codex "$idle" -- \
	"$(codex_item started a command_execution)" \
	"$(codex_item completed b agent_message)"
hangs a_codex_call_of_an_earlier_turn 'stalled idle' codex "$idle" -- \
	"$(codex_item started a command_execution)" "$codex_done" \
	'{"type":"turn.started"}'
hangs a_gemini_result_that_was_lost 'stalled idle' gemini "$idle" -- \
	"$(gemini_use a)" "$(gemini_use b)" \
	'{"type":"tool_result","timestamp":"t","tool_id":"a","status":"success"}' \
	"$gemini_text"
hangs a_gemini_result_that_was_too_long 'stalled idle' gemini "$idle" \
	--line-max 4k -- "$(gemini_use a)" \
	"{\"type\":\"tool_result\",\"timestamp\":\"t\",\"tool_id\":\"a\",\"status\":\"success\",\"output\":\"$(printf '%5000s' x | tr ' ' x)\"}"
hangs an_opencode_call_that_is_followed_by_words 'stalled idle' opencode \
	"$idle" -- \
	'{"type":"tool_use","timestamp":1,"sessionID":"s","part":{"callID":"a","tool":"bash","state":{"status":"running"}}}' \
	'{"type":"text","timestamp":1,"sessionID":"s","part":{"id":"p","text":"x"}}'

# ---- what stops linger, and what does not
hangs linger_after_words_of_the_program 'ok linger' claude "$linger" -- \
	"$(claude_text m)" "$claude_done" \
	'{"type":"system","subtype":"informational","content":"hint"}'
hangs linger_after_the_end_of_an_old_call 'ok linger' claude "$linger" -- \
	"$(claude_call m a)" "$claude_done" "$user\"a\",\"content\":\"x\"}]}}"
hangs linger_after_a_task_that_ended 'ok linger' claude "$linger" -- \
	"$(claude_call m a)" "$task" "$claude_done" \
	'{"type":"system","subtype":"task_updated","task_id":"k","patch":{"status":"completed"}}'
hangs linger_behind_a_task_that_never_ends 'ok linger' claude "$linger" \
	--tool-timeout 1s -- "$(claude_call m a)" "$task" "$claude_done"
hangs no_linger_behind_a_task 'timeout timeout' claude "$linger" --timeout 12s \
	-- "$(claude_call m a)" "$task" "$claude_done"
hangs no_linger_in_a_new_turn 'timeout timeout' claude "$linger" --timeout 12s \
	-- "$claude_done" '{"type":"system","subtype":"init","session_id":"s"}'
hangs codex_linger_after_the_plan 'ok linger' codex "$linger" -- \
	"$codex_done" "$(codex_item completed p todo_list)"
hangs no_codex_linger_in_a_new_turn 'timeout timeout' codex "$linger" \
	--timeout 12s -- '{"type":"thread.started","thread_id":"t"}' \
	"$codex_done" '{"type":"turn.started"}'
opencode_error='{"type":"error","timestamp":1,"sessionID":"s","error":{"name":"ContextOverflowError","data":{"message":"too long"}}}'
hangs no_opencode_linger_after_an_error 'timeout timeout' opencode "$linger" \
	--timeout 12s -- "$opencode_error"
hangs an_opencode_error_then_silence 'stalled idle' opencode "$idle" \
	"$linger" -- "$opencode_error"
hangs opencode_linger_after_late_words 'ok linger' opencode "$linger" -- \
	'{"type":"step_finish","timestamp":1,"sessionID":"s","part":{"reason":"stop","messageID":"m"}}' \
	'{"type":"text","timestamp":1,"sessionID":"s","part":{"id":"p","messageID":"m","text":"x"}}'
hangs no_opencode_linger_in_a_new_step 'timeout timeout' opencode "$linger" \
	--timeout 12s -- \
	'{"type":"step_finish","timestamp":1,"sessionID":"s","part":{"reason":"stop"}}' \
	'{"type":"step_start","timestamp":1,"sessionID":"s"}'

# ---- a heartbeat is no progress; other lines are, a part of one too
for line in '{"type":"keep_alive"}' \
	'{"type":"stream_event","event":{"type":"ping"}}'; do
	name=heartbeat_${#line}
	echo 'stalled idle' >"$tmp/$name.wanted"
	"$LINEHOOK" run -q -p claude --timeout 60s "$idle" --format none --result \
		"$tmp/$name.json" -- sh -c "
		while printf '%s\n' '$line'; do sleep 0.3; done" </dev/null &
	runs="$runs $name"
	pids="$pids $!"
done
echo 'timeout timeout' >"$tmp/progress.wanted"
"$LINEHOOK" run -q -p claude --timeout 12s "$idle" --format none --result \
	"$tmp/progress.json" -- sh -c '
	while echo "{\"type\":\"system\",\"subtype\":\"status\"}"; do sleep 0.3; done' \
	</dev/null &
runs="$runs progress"
pids="$pids $!"

# ---- somebody is behind stdin, and may answer
mkfifo "$tmp/answers"
sleep 100 >"$tmp/answers" &
sleeper=$!
echo 'timeout timeout' >"$tmp/an_answer_may_come.wanted"
claude_call m a >"$tmp/ask.in"
echo >>"$tmp/ask.in"
echo '{"type":"control_request","request_id":"q","request":{"subtype":"can_use_tool","tool_use_id":"a"}}' \
	>>"$tmp/ask.in"
"$LINEHOOK" run -q -p claude --stdin inherit --timeout 12s "$idle" --format none \
	--result "$tmp/an_answer_may_come.json" -- \
	sh -c "cat '$tmp/ask.in'; exec sleep 100" <"$tmp/answers" &
runs="$runs an_answer_may_come"
pids="$pids $!"

# Each of them ends by itself, at its own limit.
# shellcheck disable=SC2086
wait $pids
kill "$sleeper"
for name in $runs; do
	is "$name" "$(sed 's/.*"verdict":"\([a-z_]*\)".*"how":"\([a-z_]*\)".*/\1 \2/' \
		"$tmp/$name.json")" "$(cat "$tmp/$name.wanted")"
done
finish
