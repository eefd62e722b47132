#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_view.sh - recorded streams as a person sees them, at two widths.
#
# views/PROVIDER-SCENARIO.COLUMNS is what `--format view' shows.  `UPDATE=1'
# writes them; read the difference, as a friend would read the screen.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
LC_ALL=C.UTF-8
export LC_ALL

# view SCENARIO COLUMNS: one case.
view () {
	file=$srcdir/views/$(echo "$1" | tr / -).$2
	COLUMNS=$2
	export COLUMNS
	lh filter --format view "$streams/$1.ndjson"
	if [ -n "${UPDATE:-}" ]; then
		cp "$tmp/out" "$file"
	fi
	is "$1 at $2 columns" "$(cat "$tmp/out")" "$(cat "$file")"
}

for columns in 80 40; do
	view claude/tool_multi "$columns"
	view claude/agent "$columns"
	view claude/perm_denied "$columns"
	view claude/unicode "$columns"
	view codex/err429_once "$columns"
	view gemini/todo "$columns"
	view opencode/tool_shell_fail "$columns"
	view opencode/tool_write "$columns"
	view copilot/tool_shell "$columns"
	view droid/tool_multi "$columns"
	view pi/tool_shell "$columns"
	view qwen/tool_multi "$columns"
done

# On a terminal the same bytes, so that emoji are joined there too.
NO_COLOR=1
export NO_COLOR
on_terminal 80 filter --format view "$streams/claude/unicode.ndjson"
unset NO_COLOR
like 'joined emoji are joined on a terminal' "$out" \
	"^$(grep family "$srcdir/views/claude-unicode.80")"
unseen=

# However wide it is, no line is wider, ends with a blank, or has an escape.
for stream in "$streams"/*/*.ndjson; do
	COLUMNS=60 "$LINEHOOK" filter --format view "$stream" >>"$tmp/all" 2>&1
done
unlike 'no line of any stream ends with a blank' "$(cat "$tmp/all")" ' $'
ok 'no stream has an escape sequence' test -z "$(tr -dc '\033' <"$tmp/all")"
like 'each stream has a verdict' "$(grep -c '^[^ ] \(ok\|failed\|limit\)' \
	"$tmp/all")" '^[0-9][0-9]'
finish
