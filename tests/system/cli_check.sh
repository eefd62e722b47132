#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_check.sh - ours keep all rules, and each bad plugin breaks its own alone.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
umask 022
bad=plugins/bad/.libs
table=$srcdir/plugins/bad/table

# ---- plugins that are right ----

holds='^[1-9][0-9]* rules hold, 0 do not, '
for p in claude codex gemini opencode droid qwen copilot pi raw; do
	set --
	for file in "$streams/$p"/*shell*.ndjson "$streams/$p"/*plain*.ndjson; do
		# A sanitizer makes ten times as much of each.
		[ "$LINEHOOK_SANITIZED" != no ] && [ $# -gt 0 ] && break
		[ -f "$file" ] && set -- "$@" "$file"
	done
	lh check $p "$@"
	is "$p keeps all rules" "$status" 0
	[ "$status" -eq 0 ] || show "$p" "$(grep -A 2 '^  FAILS' "$tmp/out")"
	like "$p: the last line counts" "$(tail -n 1 "$tmp/out")" "$holds"
done
lh check $bad/good.so
is 'without a transcript there are samples' "$status" 0
like 'all rules are named' "$out" '^  holds    umask  '
(cd $bad && "$LINEHOOK" check good.so >/dev/null)
is 'a file in this directory needs no ./' "$?" 0
lh check --plugin-dir $bad good
is 'by its name' "$status" 0

cc=${CC:-cc}
mkdir -p "$tmp/inc/linehook" "$tmp/own"
echo '#define LHK_VERSION "test"' >"$tmp/inc/linehook/version.h"
# shellcheck disable=SC2086
if $cc -std=c99 -fPIC -fvisibility=hidden -shared -w -I"$srcdir/../include" \
	-I"$tmp/inc" -o "$tmp/own/good.so" "$srcdir/plugins/bad/good.c" \
	2>"$tmp/cc"; then
	lh check "$tmp/own/good.so"
	is 'a plugin of a third party keeps all rules' "$status" 0
else
	sed 's/^/# /' "$tmp/cc"
	skip 'a plugin of a third party keeps all rules' 'none can be built'
fi

# ---- plugins that break one rule ----

sed '/^#/d' "$table" >"$tmp/table"
cp "$tmp/table" "$tmp/tried"
# No other rule has two threads, and none needs a run: all are tried elsewhere.
[ "$LINEHOOK_SANITIZED" != thread ] ||
	grep -E '(handles|threads)  ' "$tmp/table" | sed 's/[a-z]*$/refused/' \
		>"$tmp/tried"
while read -r p rule run; do
	if [ "$LINEHOOK_SANITIZED:${rule%%-*}" = memory:memory ]; then
		skip "$p breaks $rule alone" 'this allocator does not count'
	else
		lh check --tap "$bad/$p.so"
		is "$p breaks $rule alone" "$(sed -n \
			's/^not ok [0-9]* - \([^:]*\):.*/\1/p' "$tmp/out")" "$rule"
		[ -z "$unseen" ] && is "$p: status" "$status" 1
	fi
	[ "$run" = refused ] && continue
	for how in '' --isolate; do
		[ "$run$how" = isolated ] && continue
		# It confines no process.
		[ "$LINEHOOK_SANITIZED" != no ] && [ -n "$how" ] && continue
		lh run $how -p "$bad/$p.so" --format events -- \
			cat "$streams/codex/plain.ndjson"
		# What a plugin must not do it may already do in open.
		like "a run with $p has a result $how" \
			"$(tail -n 1 "$tmp/out")$how$(cat "$tmp/err")" \
			'"final":true|did not open: it made a system'
	done
done <"$tmp/tried"
ls "$srcdir"/plugins/bad/*.c | sed 's|.*/||; s/\.c$//' | grep -v asked |
	grep -vx good |
	sort >"$tmp/files"
cut -d ' ' -f 1 "$tmp/table" | sort >"$tmp/named"
is 'the table has every bad plugin' "$(cat "$tmp/named")" "$(cat "$tmp/files")"

# finds PLUGIN TEXT: what the failure says.
finds () {
	lh check "$bad/$1.so"
	like "$1: what was found" "$out" "^           found: .*$2"
	like "$1: how to fix it" "$out" '^           fix: [a-z]'
	like "$1 is counted" "$(tail -n 1 "$tmp/out")" \
		'^[0-9]+ rules hold, 1 does not, [0-9]+ (was|were) skipped$'
}
finds shares-buffer 'event [0-9]+ differs while another thread reads'
[ "$LINEHOOK_SANITIZED" = thread ] || {
	finds exits 'line_hook ends the process with exit status 0, line 2'
	finds exits-when-loaded 'a constructor of the file ends the process'
	finds sleeps 'line_hook does not return for line 1 '
	finds accepts-all 'probe accepts a line of claude'
	finds sets-umask 'open changes the umask'
	finds closes-stdout 'line_hook closes descriptor 1, line 1'
	finds exports-more "exports 'one_symbol_too_many'"
	finds bad-event 'text is marked as the body of a JSON string'
	finds keeps-pointer 'line_hook reads the line before line 2'
	finds reads-behind 'reads 64 bytes after the end of line 1'
	finds writes-line 'writes to byte [0-9]+ of line 1'
	finds crashes 'line_hook crashes on line 2'
}
is 'no process is left' \
	"$(pgrep -f "check $bad/leaves-process.so" || :)" ''

# ---- forms of the report ----

lh check --json $bad/prints.so
is 'JSON: status' "$status" 1
like 'JSON: a rule that does not hold' "$out" \
	'^\{"type":"rule","id":"no-writes","group":"process","rule":".*","status":"failed","found":".*","fix":".*","problems":1,"transcript":"built-in samples"\}$'
like 'JSON: a rule that holds' "$out" \
	'^\{"type":"rule","id":"umask","group":"process","rule":".*","status":"ok"\}$'
like 'JSON: one that was skipped' "$out" '"id":"probe-strict",.*"reason":"'
like 'JSON: the totals come last' "$(tail -n 1 "$tmp/out")" \
	'^\{"type":"end","ok":[0-9]+,"failed":1,"skipped":[0-9]+\}$'
n_rules=$(($(wc -l <"$tmp/out") - 1))
lh check --tap $bad/prints.so
like 'TAP: the plan comes first' "$(head -n 2 "$tmp/out")" "^1\.\.$n_rules\$"
is 'TAP: as many lines as planned' \
	"$(grep -Ec '^(not )?ok [0-9]+ - ' "$tmp/out")" "$n_rules"
lh check --tap $bad/no-hook.so
is 'TAP: as many if it is not loaded' \
	"$(grep -Ec '^(not )?ok [0-9]+ - ' "$tmp/out")" "$n_rules"

sed -n 's/^\(not \)\{0,1\}ok [0-9]* - \([^:]*\):.*/\2/p' "$tmp/out" >"$tmp/rules"
sed -n 's/^\.It Cm //p' "$srcdir/../host/man/linehook-check.1" >"$tmp/manual"
is 'the manual has every rule, in order' "$(cat "$tmp/manual")" \
	"$(cat "$tmp/rules")"
cut -c 20-34 "$tmp/table" | tr -d ' ' | sort -u >"$tmp/broken"
is 'each rule has a plugin that breaks it' "$(cat "$tmp/broken")" \
	"$(sort "$tmp/rules")"

mkdir "$tmp/none"
echo 'no shared object' >"$tmp/none/odd.so"
lh check "$tmp/none/odd.so"
is 'a file that is no plugin fails' "$status" 1
like 'and says why' "$out" '^           found: .*odd.so'
finish
