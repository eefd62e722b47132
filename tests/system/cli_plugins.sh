#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_plugins.sh - what `linehook plugins' finds, and where it looks first.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

file=
for dir in "$PLUGIN_DIR" "$PLUGIN_DIR/.libs"; do
	[ -f "$dir/raw.so" ] && file=$dir/raw.so
done
umask 022

lh plugins
is 'status' "$status" 0
for p in claude codex gemini opencode raw; do
	like "lists $p with its file" "$out" "^$p .* 1\.0 .*/$p\.so$"
done
like 'says what a plugin needs' "$out" '^gemini .*stdout-file'
is 'says nothing on stderr' "$err" ''
lh plugins --json
like '--json: one object a line' "$out" \
	'^\{"name":"claude","provider":"claude","version":".*","abi":"1\.0","flags":\["json","claims"\],"programs":\["claude".*"path":"/.*claude\.so"\}$'

mkdir "$tmp/first" "$tmp/second"
cp "$file" "$tmp/first/raw.so"
cp "$file" "$tmp/second/raw.so"
lh plugins --plugin-dir "$tmp/first" --plugin-dir "$tmp/second"
like '--plugin-dir comes first' "$(printf '%s\n' "$out" | grep '^raw' |
	head -n 1)" "$tmp/first/raw.so"
like 'the next one is shadowed' "$out" "^raw .*shadowed .*$tmp/second/raw\.so"
like 'and that of the environment too' "$out" \
	"^raw .*shadowed .*$PLUGIN_DIR/raw\.so"
lh plugins --json --plugin-dir "$tmp/first"
like '--json: shadowed' "$out" '"path":".*","shadowed":true'
LINEHOOK_PLUGIN_PATH=$tmp/second:/no/such:$PLUGIN_DIR
lh plugins
like 'LINEHOOK_PLUGIN_PATH, in its order' "$(printf '%s\n' "$out" |
	grep '^raw' | head -n 1)" "$tmp/second/raw.so"
LINEHOOK_PLUGIN_PATH=
mkdir -p "$HOME/.local/share/linehook/plugins"
cp "$file" "$HOME/.local/share/linehook/plugins/raw.so"
lh plugins
like 'the directory of the user' "$out" "$HOME/.local/share/linehook/plugins/raw"
mkdir -p "$tmp/data/linehook/plugins"
cp "$file" "$tmp/data/linehook/plugins/raw.so"
XDG_DATA_HOME=$tmp/data
export XDG_DATA_HOME
lh plugins
like 'XDG_DATA_HOME' "$out" "$tmp/data/linehook/plugins/raw"
unset XDG_DATA_HOME
LINEHOOK_PLUGIN_PATH=$PLUGIN_DIR

# refused NAME PATTERN: the only file in $tmp/bad, and why it is not used.
refused () {
	lh plugins --plugin-dir "$tmp/bad"
	like "$1: listed with the reason" "$out" "^odd .*refused: .*$2"
	lh plugins --json --plugin-dir "$tmp/bad"
	like "$1: in JSON too" "$out" '^\{"name":"odd".*"refused":"'
	lh filter -p odd --plugin-dir "$tmp/bad" /dev/null
	is "$1: used by name it is 2" "$status" 2
	like "$1: and one sentence" "$err" "^linehook: filter: .*$2"
	is "$1: one" "$(count "$err")" 1
	lh filter -p raw --plugin-dir "$tmp/bad" /dev/null
	is "$1: harms nobody else" "$status" 0
	rm -rf "$tmp/bad"
	mkdir "$tmp/bad"
}
mkdir "$tmp/bad"
echo 'not a shared object' >"$tmp/bad/odd.so"
refused 'no shared object' 'odd'
cp "$file" "$tmp/bad/odd.so"
refused 'another name than its file' "raw"
cp "$file" "$tmp/bad/odd.so"
chmod 666 "$tmp/bad/odd.so"
refused 'writable by others' 'writable'
cp "$file" "$tmp/bad/odd.so"
chmod 777 "$tmp/bad"
refused 'in a directory that is writable by others' 'writable'
ln -s "$tmp/first/raw.so" "$tmp/bad/odd.so"
refused 'a symbolic link' 'odd'
mkdir "$tmp/bad/odd.so"
refused 'a directory' 'odd'

# ---- columns ----

# Two characters that take two terminal columns each.
wide=$(printf '\346\227\245\346\234\254')
rm -rf "$tmp/bad"
mkdir "$tmp/bad"
echo 'not a shared object' >"$tmp/bad/$wide.so"
lh plugins --plugin-dir "$tmp/bad"
like 'columns line up beside wide characters' "$out" "^$wide        refused: "
finish
