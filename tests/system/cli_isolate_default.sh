#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_isolate_default.sh - which plugins are isolated, and what they can do as well
# as any other: their probe is asked, and a slow one is ended.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
without=${AGENT%/*}/without
bad=$PWD/plugins/bad/.libs

# Says "as" in this process, and "no" where there is no environment.
reader=$bad/reads-environment.so
printf '{"a":1}\n' >"$tmp/line"

# says NAME WANTED ARG..: what it says of a line.
says () {
	name=$1 wanted=$2
	shift 2
	lh filter -p "$reader" --format text "$@" "$tmp/line"
	is "$name" "$out" "$wanted"
}

# ---- the choice ----

unset LINEHOOK_ISOLATE
says 'a plugin that is not in the installed directory is isolated' no
says '--no-isolate: it is not' as --no-isolate
says '--isolate: it is' no --isolate
LINEHOOK_ISOLATE=no
export LINEHOOK_ISOLATE
says 'LINEHOOK_ISOLATE=no: it is not' as
says 'the option wins over no' no --isolate
LINEHOOK_ISOLATE=yes
says 'LINEHOOK_ISOLATE=yes: it is' no
says 'the option wins over yes' as --no-isolate
LINEHOOK_ISOLATE=
says 'LINEHOOK_ISOLATE empty: as if it were not set' no
LINEHOOK_ISOLATE=maybe
lh filter -p "$reader" "$tmp/line"
is 'another value: refused' "$status" 2
like 'another value: which are valid' "$err" \
	"LINEHOOK_ISOLATE: 'maybe' is not a valid value; give yes or no"
unset LINEHOOK_ISOLATE
lh filter --isolate --no-isolate -p "$reader" "$tmp/line"
is 'both options: refused' "$status" 2
like 'both options: why' "$err" '^linehook: filter: .*--no-isolate'
lh run -q --log off -p "$reader" --format text -- cat "$tmp/line"
is 'run: it is isolated' "$out" no
for value in '' yes; do
	LINEHOOK_ISOLATE=$value
	export LINEHOOK_ISOLATE
	lh check "$bad/good.so"
	is "check calls a plugin in its own processes: '$value'" "$status" 0
done
unset LINEHOOK_ISOLATE
lh plugins --plugin-dir "$bad"
like 'plugins: one that crashes when it is loaded is a row' "$out" \
	'exits-when-loaded'
like 'plugins: and so are those that come after it' "$out" 'sets-umask'

# ---- where the system cannot ----

if [ "$LINEHOOK_SANITIZED" = no ]; then
	out=$("$without" filters "$LINEHOOK" filter -p "$reader" "$tmp/line" \
		2>&1) && status=0 || status=$?
	is 'no filters of system calls: refused' "$status" 2
	like 'no filters: what is missing, and the choice' "$out" \
		"plugin '.*reads-environment.so' cannot be isolated, because .*\\(seccomp\\); --no-isolate runs it"
	out=$("$without" filters "$LINEHOOK" filter --no-isolate -p "$reader" \
		--format text "$tmp/line" 2>/dev/null) || :
	is 'no filters: the choice' "$out" as
fi
mkdir "$tmp/bin"
lhx=$LINEHOOK_EXEC
LINEHOOK_EXEC=$tmp/bin/linehook-exec
cp "$lhx" "$LINEHOOK_EXEC" || :
lh filter -p "$reader" "$tmp/line"
is 'no linehook-isolate: refused' "$status" 2
like 'no linehook-isolate: what to do' "$err" \
	"bin/linehook-isolate', which isolates plugins, does not exist; install linehook completely, or give --no-isolate"
LINEHOOK_EXEC=$lhx
export LINEHOOK_EXEC

# ---- probes ----

header () {
	printf '%s\n' "$out" | sed -n '1s/.*"plugin":"\([^"]*\)".*/\1/p'
}
for p in claude codex gemini opencode; do
	for f in "$streams/$p"/*shell*.ndjson; do
		lh filter --isolate --format events "$f"
		is "$p is found by its lines: ${f##*/}" "$(header)" "$p"
		break
	done
done
printf '{"probe":"exit"}\n{"probe":"exit"}\nwords\n' >"$tmp/probe"
mkdir "$tmp/dir"
cp "$bad/call-asked.so" "$PLUGIN_DIR/raw.so" "$tmp/dir"
LINEHOOK_PLUGIN_PATH=
lh filter --plugin-dir "$tmp/dir" --isolate --format events "$tmp/probe"
is 'a probe that ends its process: the stream is read' \
	"$(printf '%s\n' "$out" | grep -c '"kind":"text"')" 3
is 'it is told once' "$(printf '%s\n' "$err" | grep -c 'in its probe')" 1
like 'and why' "$err" \
	"plugin 'call-asked' ended its process with exit status 3 in its probe"
LINEHOOK_PLUGIN_PATH=$PLUGIN_DIR

# ---- slow calls ----

printf 'one\ndo spin\ntwo\ndo spin\nthree\ndo spin\nfour\n' >"$tmp/slow"
lh filter --isolate -p "$bad/slow-asked.so" --format events "$tmp/slow"
is 'slow calls are noticed' "$(printf '%s\n' "$out" |
	grep -c "notice.*plugin 'slow-asked' is slow: it took")" 2
is 'the third one ends the plugin' "$(printf '%s\n' "$out" |
	grep -c "notice.*is not used any more because 3 of its calls were too")" 1
is 'no line is lost' "$(printf '%s\n' "$out" | grep -c '"kind":"text"')" 7
finish
