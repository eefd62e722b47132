#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_completion.sh - what the shell offers while somebody types.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
if ! command -v bash >/dev/null 2>&1; then
	skip 'completion' 'there is no bash'
	finish
fi

# The scripts call the program by its name.
mkdir "$tmp/bin"
ln -s "$LINEHOOK" "$tmp/bin/linehook"
PATH=$tmp/bin:$PATH

for shell in bash zsh fish; do
	lh completion "$shell"
	printf '%s\n' "$out" >"$tmp/script.$shell"
	if command -v "$shell" >/dev/null 2>&1; then
		ok "$shell can read its script" "$shell" -n "$tmp/script.$shell"
	fi
	for sub in $("$LINEHOOK" help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
		like "$shell: $sub has a line" "$out" "\\b$sub\\b"
	done
	like "$shell: the choices of an option" "$out" \
		'auto cgroup pidns subreaper'
done
if command -v fish >/dev/null 2>&1; then
	found=$(fish --no-config -c "source '$tmp/script.fish'
		complete -C 'linehook run --contain '" </dev/null)
	like 'fish offers choices' "$found" '^pidns'
	found=$(fish --no-config -c "source '$tmp/script.fish'
		complete -C 'linehook run --plugin cl'" </dev/null)
	like 'fish offers plugins' "$found" '^claude'
	found=$(fish --no-config -c "source '$tmp/script.fish'
		complete -C 'linehook gc --old'" </dev/null)
	like 'fish offers options with what they do' "$found" \
		'^--older-than.remove'
fi

# offers LINE WORD: completing this line (a space at its end begins a word).
offers () {
	# shellcheck disable=SC2016
	found=$(bash --norc -c '
		. "$1"
		read -ra COMP_WORDS <<<"$2"
		case $2 in *" ") COMP_WORDS+=("") ;; esac
		COMP_WORDS[0]=$3
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_linehook
		printf "%s\n" "${COMPREPLY[@]}"
	' bash "$srcdir/../host/completion/linehook" "$1" "$LINEHOOK")
	like "'$1' offers '$2'" "$found" "^$2\$"
}
offers 'linehook ' filter
offers 'linehook pl' plugins
offers 'linehook do' doctor
offers 'linehook doctor --n' --no-run
offers 'linehook filter --fo' --format
offers 'linehook filter -' --line-max
offers 'linehook run --idle' --idle-timeout
offers 'linehook filter --format v' view
offers 'linehook filter --format ' raw
offers 'linehook run --exit ' child
offers 'linehook run --contain ' pidns
offers 'linehook run --uns' --unscoped
offers 'linehook filter -p cl' claude
offers 'linehook check ra' raw
offers 'linehook plugins --' --json
offers 'linehook plugins --' --new
offers 'linehook run -- ech' echo
offers 'linehook run --ke' --keep
offers 'linehook runs --by ' model
offers 'linehook to' tool
offers 'linehook tool --stderr-k' --stderr-keep
offers 'linehook tool --contain ' pidns
offers 'linehook tool -- ech' echo
XDG_STATE_HOME=$tmp/state
export XDG_STATE_HOME
"$LINEHOOK" run --keep --run-id nightly --format none -- true
offers 'linehook show ni' nightly
offers 'linehook show ' latest
offers 'linehook help do' doctor
offers 'linehook completion z' zsh
offers 'linehook run --agent co' codex
offers 'linehook run --permissions ' read-only
offers 'linehook cancel nightly -s H' HUP
offers 'linehook run --limit ' nofile=
offers "linehook filter $srcdir/streams/claude/plain.nd" \
	"$srcdir/streams/claude/plain.ndjson"
finish
