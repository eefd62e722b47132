#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_budget.sh - a run that has used enough is ended, for every provider.
set -u
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

# The whole of the usage that a stream tells, input and output.
used () {
	lh filter -p "$1" --format events "$2"
	printf '%s\n' "$out" | tail -n 1 | python3 -c '
import json, sys
usage = json.load(sys.stdin)["usage"]
print(sum(u.get("input_tokens", 0) + u.get("output_tokens", 0) for u in usage))'
}

# The name of the agent counts: Codex tells the tokens of a session, and only the
# command says that it is new.
mkdir "$tmp/bin"
for provider in claude codex gemini opencode droid qwen pi; do
	stream=$streams/$provider/tool_shell.ndjson
	total=$(used "$provider" "$stream")
	ok "$provider: its stream tells usage" test "$total" -gt 100

	# One token too many, told while the agent goes on.
	printf '#!/bin/sh\ncat "%s"\nexec sleep "$1"\n' "$stream" \
		>"$tmp/bin/$provider"
	chmod +x "$tmp/bin/$provider"
	lh run --max-tokens $((total - 1)) --grace 5s \
		--format events -- "$tmp/bin/$provider" 100
	is "$provider: over the budget" "$status" 3
	is "$provider: the verdict" "$(last verdict)" limit
	is "$provider: how" "$(last how)" budget
	like "$provider: a notice says so" "$out" \
		"\"code\":\"budget\",\"text\":\"$total tokens were used and $((total - 1)) are allowed"
	is "$provider: the usage is whole up to there" \
		"$(printf '%s\n' "$out" | tail -n 1 | python3 -c '
import json, sys
usage = json.load(sys.stdin)["usage"]
print(sum(u.get("input_tokens", 0) + u.get("output_tokens", 0) for u in usage))')" \
		"$total"

	lh run --max-tokens "$total" --format events -- \
		"$tmp/bin/$provider" 0
	is "$provider: the last token is within it" "$status" 0
done

stream=$streams/claude/tool_shell.ndjson
lh run -p claude --max-cost 0.01 --format events -- \
	sh -c "cat '$stream'; exec sleep 100"
is 'claude: over its cost' "$status" 3
like 'and what was spent is said' "$out" \
	'"code":"budget","text":"0\.010764 USD were spent and 0\.010000 are allowed'
finish
