#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_agent.sh - `run --agent': the command line that each agent is given.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
tab=$(printf '\t')

# Agents that write down their words, each in brackets, and what they read.
mkdir "$tmp/bin"
cat >"$tmp/agent" <<'EOF'
#!/bin/sh
printf '%s' "${0##*/}" >"$HOME/argv"
for word; do
	printf '[%s]' "$word" >>"$HOME/argv"
done
cat >"$HOME/stdin"
printf '%s' "${DISABLE_AUTOUPDATER-unset}" >"$HOME/env"
EOF
chmod +x "$tmp/agent"
for name in claude codex gemini opencode droid qwen copilot pi; do
	cp "$tmp/agent" "$tmp/bin/$name"
done
PATH=$tmp/bin:$PATH

# agent ARG..: run it; $argv is what it got, in one line.
agent () {
	: >"$HOME/argv"
	lh run --format none --log off --agent "$@"
	argv=$(tr '\n' '|' <"$HOME/argv")
}

# ---- the words, by agent and options ----

n=0
while IFS=$tab read -r options prompt words; do
	case $options in
	'' | '#'*) continue ;;
	esac
	n=$((n + 1))
	if [ "$prompt" = - ]; then
		printf 'from stdin' >"$tmp/prompt"
		# shellcheck disable=SC2086
		agent $options --stdin "$tmp/prompt"
		is "row $n: it reads the prompt" "$(cat "$HOME/stdin")" \
			'from stdin'
	else
		# shellcheck disable=SC2086
		agent $options -- "$(printf '%b' "$prompt")"
	fi
	is "row $n: $options" "$argv" "$words"
done <"$srcdir/system/cli_agent.tsv"
is 'all rows were run' "$n" "$(grep -c "^[a-z]" "$srcdir/system/cli_agent.tsv")"

# ---- the prompt is one word, whatever is in it ----

for name in claude codex gemini opencode droid qwen copilot pi; do
	long=-$(head -c 100000 /dev/zero | tr '\0' x)
	agent "$name" -- "$long"
	case $name in
	claude | codex | opencode | droid | pi) ok "$name: a prompt of 100 kB" \
		grep -q "\[--\]\[$long\]\$" "$HOME/argv" ;;
	gemini | qwen | copilot) ok "$name: a prompt of 100 kB" \
		grep -q "\[--prompt=$long\]\$" "$HOME/argv" ;;
	esac
done
# shellcheck disable=SC2016
agent claude -- '$(touch "$HOME/evil"); `touch $HOME/evil`; {model}'
# shellcheck disable=SC2016
like 'no shell sees it' "$argv" '\[\$\(touch "\$HOME/evil"\);.*\{model\}\]$'
ok 'and nothing was run' [ ! -e "$HOME/evil" ]
agent claude --agent-arg --add-dir --agent-arg 'a b' -- hi
like 'words of the user come before the prompt' "$argv" \
	'\[--add-dir\]\[a b\]\[--\]\[hi\]$'

# ---- the plugin, the log, the environment, the record ----

lh run --agent claude -v --format events -- hi
like 'the plugin reads it' "$out" '"kind":"run",.*"plugin":"claude"'
like '-v shows the command' "$err" \
	'code=command msg="claude -p .* -- hi"'
lh run --agent claude -v --format none -- "$long"
is '-v shows the beginning of a long word' "$(printf '%s\n' "$err" | grep -c 'xxx\.\.')" 1
agent claude -- hi
is 'a variable that it should have' "$(cat "$HOME/env")" 1
DISABLE_AUTOUPDATER=0
export DISABLE_AUTOUPDATER
agent claude -- hi
is "the user's own stays" "$(cat "$HOME/env")" 0
unset DISABLE_AUTOUPDATER
agent claude --env DISABLE_AUTOUPDATER=2 -- hi
is '--env wins' "$(cat "$HOME/env")" 2
agent claude --unset DISABLE_AUTOUPDATER -- hi
is '--unset wins' "$(cat "$HOME/env")" unset
lh run -p claude --format none -- claude -p hi
is 'a command typed by hand is left alone' "$(cat "$HOME/env")" unset
agent claude -p claude -- hi
is '--plugin may say the same' "$status" 5

# ---- what is typed wrongly ----

# wrong NAME PATTERN ARG..: a usage error, in one sentence that matches.
wrong () {
	name=$1 pattern=$2
	shift 2
	: >"$HOME/argv"
	lh run "$@" </dev/null
	is "$name: status" "$status" 2
	is "$name: one line" "$(printf '%s\n' "$err" | wc -l)" 1
	like "$name: the sentence" "$err" "^linehook: run: $pattern"
	is "$name: nothing on stdout, nothing started" \
		"$out$(cat "$HOME/argv")" ''
}
wrong 'another name' "--agent: 'claud' is not an agent \(did you mean 'claude'\?\);\
 give one of claude, codex, copilot, droid, gemini, opencode, pi, qwen$" --agent claud -- hi
wrong 'a far name' "--agent: 'foo' is not an agent; give one of claude" \
	--agent foo -- hi
wrong 'no template' "--agent: the plugin 'raw' does not say how" \
	--agent raw -- hi
wrong 'no prompt' 'the prompt is missing; .*--stdin' --agent claude
wrong 'no prompt on the null device' 'the prompt is missing' \
	--agent claude --stdin null
wrong 'an empty prompt' 'the prompt is empty' --agent claude -- ''
wrong 'a blank prompt' 'the prompt is empty' --agent claude -- "$(printf ' \n\t ')"
wrong 'several words' "unexpected argument 'the'; put .* quotes" \
	--agent claude -- fix the test
wrong 'an option behind the prompt' "unexpected argument '--model'; options go before" \
	--agent claude hi --model opus
wrong 'a command line' "'claude' begins a command line, but --agent" \
	--agent claude -- claude -p hi
wrong 'another plugin' "--plugin: 'codex' is not the plugin of agent 'claude'" \
	--agent claude -p codex -- hi
wrong 'permissions' "--agent: .*'claude' has no permissions 'yolo'; give \
read-only, edit or all" --agent claude --permissions yolo -- hi
wrong 'a session like an option' "--agent: the session '-x' begins with '-'" \
	--agent claude --resume -x -- hi
for option in --model=m --resume=s --permissions=all --agent-arg=x --no-deltas
do
	wrong "$option alone" "${option%%=*} needs --agent NAME;" \
		"$option" -- claude
done
wrong 'an empty name' "--agent: the value is empty" --agent= -- hi

# ---- what cannot be started ----

rm "$tmp/bin/codex"
PATH=$tmp/bin:/usr/bin:/bin
if ! command -v codex >/dev/null; then
	lh run --agent codex --format none -- hi
	is 'not installed: status' "$status" 127
	like 'not installed: how to get it' "$err" "^linehook: run: cannot start \
'codex': it is not installed, or not in PATH \(npm install -g @openai/codex\)$"
else
	skip 'not installed' 'codex is there'
fi
# As long as a word can be, and then with its option in front of it.
longest=$(head -c 131068 /dev/zero | tr '\0' x)
lh run --agent gemini --format none -- "$longest"
is 'a prompt too long for a word: status' "$status" 126
like 'a prompt too long for a word: --stdin' "$err" \
	'the prompt, of 131068 bytes, is too long for a command line; .*--stdin FILE'
finish
