#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_records_forged.sh - records that somebody else wrote: nothing in them is
# run, followed or believed.
set -u
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
store=$tmp/runs
LINEHOOK_STREAM=$streams/claude/tool_shell.ndjson

keep () {
	lh run -q --keep --run-dir "$store" --run-id "$1" -p claude \
		--format none -- cat "$LINEHOOK_STREAM"
}

# records SUBCOMMAND ARG..
records () {
	lh "$@" --run-dir "$store"
}

# change FILE SED-SCRIPT: in record r.
change () {
	sed -i "$2" "$store/r/$1"
}

anew () {
	rm -rf "${store:?}/r"
	keep r
}

# ---- plugins ----
keep r
echo 'int puts (const char *);
__attribute__ ((constructor)) static void c (void) { puts ("CODE RUNS"); }' \
	>"$tmp/p.c"
if ${CC:-cc} -shared -fPIC -o "$store/r/p.so" "$tmp/p.c" 2>/dev/null; then
	for path in "$store/r/p.so" ./p.so ../runs/r/p.so /p.so; do
		change run.json "s|\"plugin\":\"[^\"]*\"|\"plugin\":\"$path\"|"
		(cd "$store/r" && "$LINEHOOK" replay r --run-dir "$store" \
			>"$tmp/out" 2>"$tmp/err")
		is "a plugin named '$path' by a record is not run" "$?" 2
		unlike 'none of its code' "$(cat "$tmp/out" "$tmp/err")" \
			'CODE RUNS'
		like 'and -p is wanted' "$(cat "$tmp/err")" 'give -p PLUGIN'
	done
	records replay r -p claude --format none
	is 'with -p it is read anew' "$status" 0
else
	skip 'a plugin named by a record is not run' 'no compiler'
fi
change run.json 's|"plugin":"[^"]*"|"plugin":""|'
records replay r
is 'no name is no plugin' "$status" 2
change run.json 's|"plugin":"[^"]*"|"plugin":"nothing"|'
records replay r
is 'nor is an unknown one' "$status" 2

# ---- what is no text, no number ----
anew
change run.json 's|"argv":\[[^]]*\]|"argv":[null,1,{},["x"],"--resume",null]|'
records replay r --format none
is 'words that are none are no words' "$status" 0
for bad in null '"x"' 7 '{}' '[[[]]]'; do
	change run.json "s|\"argv\":.*,\"cwd\"|\"argv\":$bad,\"cwd\"|;
		s|\"argv\":.*,\"line_max\"|\"argv\":$bad,\"line_max\"|"
	records replay r --format none
	is "argv may be $bad" "$status" 0
done
for bad in -1 0 18446744073709551616 1e30 null '"x"' 5; do
	change run.json "s|\"line_max\":[^,]*|\"line_max\":$bad|"
	records replay r --format none
	is "line_max may be $bad" "$status" 0
done
for bad in -1 99999999999999999999 1e300 null; do
	anew
	change result.json "s|\"input_tokens\":[0-9]*|\"input_tokens\":$bad|g
		s|\"wall_ms\":[0-9]*|\"wall_ms\":$bad|
		s|\"cost_usd\":[0-9.]*|\"cost_usd\":$bad|g
		s|\"started_ms\":[0-9]*|\"started_ms\":$bad|"
	for command in 'runs' 'runs --json' 'runs --usage' 'show r' \
		'runs --usage --by model,day --json'; do
		# shellcheck disable=SC2086
		records $command
		is "$command with numbers like $bad" "$status" 0
		[ "$command" = 'show r' ] ||
			unlike 'has none less than zero' "$out" \
				'(tokens|cost_usd|wall_ms)":-|NaN'
	done
done
anew
keep s
for run in r s; do
	sed -i 's|"input_tokens":[0-9]*|"input_tokens":9223372036854775807|g' \
		"$store/$run/result.json"
done
records runs --usage --json
like 'a sum ends at the largest number' "$out" \
	'"input_tokens":9223372036854775807'
anew
for bad in '' '{' '[]' '{}' 'null' '{"usage":[null,7,{},[]]}' \
	'{"usage":{"a":1}}'; do
	printf '%s\n' "$bad" >"$store/r/result.json"
	records runs --usage --by model
	is "a result of '$bad' is no harm to sums" "$status" 0
	records runs --json
	is 'nor to lists' "$status" 0
	records replay r --format none
	ok 'nor to a replay' test "$status" -le 5 -o "$status" = 125
done

# ---- many names ----
anew
python3 - "$store/r/result.json" <<'P'
import re
import sys
models = ",".join('{"model":"m%d","input_tokens":1}' % i for i in range(40000))
text = open(sys.argv[1]).read()
text = re.sub(r'"usage":\[[^]]*\]', '"usage":[' + models + "]", text)
open(sys.argv[1], "w").write(text)
P
rm -r "${store:?}/s"
records runs --usage --by model --csv
is 'many made-up names have one line in the end' "$(grep -c . "$tmp/out")" 16385
is 'and nothing is lost of their sum' \
	"$(awk -F, 'NR > 1 { n += $3 } END { print n }' "$tmp/out")" 40000
like 'which is named' "$out" '^"\(others\)",1,2361[0-9],'

# ---- what an agent does to its own record ----
rm -rf "${store:?}"
for change in 'mkdir -p a/b/c; chmod 0 a' 'mkdir -p result.json/a' \
	'mkfifo result.json' 'ln -s /etc/passwd result.json' \
	'rm .result.new' 'rm .result.new; mkdir -p .result.new/a' \
	'rm .result.new; mkfifo .result.new' 'rm events.ndjson' 'rm run.json' \
	'rm lock' 'chmod 0 .result.new; chmod 500 .'; do
	lh run -q --keep --run-dir "$store" --run-id r -p raw --format none -- \
		sh -c 'cd "$0" && eval "$1"; exit 7' "$store/r" "$change"
	is "$change: run" "$status" 1
	records wait r
	is 'wait says the same' "$status" 1
	records runs --json
	like 'runs too' "$status:$out" '^0:\{"run":"r","status":"ended","verdict":"failed"'
	records gc --all
	like 'gc removes it' "$status:$out" '^0:\{"removed":\["r"\],"runs":1,'
	is 'all of it' "$(ls -A "$store")" index
done

# ---- what is no store ----
mkdir -p "$tmp/home/docs" "$tmp/home/src/deep"
chmod 700 "$tmp/home"
for file in docs/precious src/deep/code index .index.new .removed-x; do
	echo "$file" >"$tmp/home/$file"
done
(cd "$tmp/home" && find . | sort) >"$tmp/home.list"
for command in runs 'gc --older-than 1s' 'gc --all' 'runs --usage'; do
	# shellcheck disable=SC2086
	lh $command --run-dir "$tmp/home"
	is "$command finds no run there" "$status" 0
	unlike 'and names none' "$out" 'docs|src|lost'
done
is 'nothing is removed' "$(cd "$tmp/home" && find . | sort)" \
	"$(cat "$tmp/home.list")"
is 'nor written' "$(cd "$tmp/home" && cat index .index.new)" \
	"$(printf 'index\n.index.new')"
lh run -q --keep --run-dir "$tmp/home" --run-id r -p raw --format none -- true
lh gc --all --run-dir "$tmp/home"
is 'beside a record it stays, too' "$(cat "$tmp/home/src/deep/code" \
	"$tmp/home/docs/precious")" "$(printf 'src/deep/code\ndocs/precious')"

# ---- files ----
anew
rm "$store/r/stdout.raw"
mkfifo "$store/r/stdout.raw"
records replay r
is 'a pipe is no raw stream' "$status" 125
rm "$store/r/stdout.raw"
ln -s /etc/passwd "$store/r/stdout.raw"
records replay r
is 'nor is a link' "$status" 125
rm "$store/r/stdout.raw"
cp "$LINEHOOK_STREAM" "$store/r/stdout.raw"
truncate -s 100G "$store/r/stdout.raw"
records replay r --format none
is 'a hole is not read' "$status" 0
like 'and told' "$err" 'has a hole after byte'
# ---- events ----
anew
{
	printf '{"seq":1,"kind":"text","text":"\033]0;forged\007"}\n'
	printf '{"seq":1,\033[31mforged}\n'
	printf '{"seq":1,"text":"forged\377"}\n'
} >"$tmp/forged"
events=$(grep -c '' "$store/r/events.ndjson")
cat "$tmp/forged" >>"$store/r/events.ndjson"
records follow r
is 'follow: lines that are no JSON are left out' \
	"$status $(grep -c '' "$tmp/out") $(grep -c forged "$tmp/out")" \
	"0 $events 0"
records show r --include state
unlike 'show: they are no state' "$out" 'forged'
finish
