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
for p in claude codex gemini opencode droid qwen copilot pi raw; do
	like "lists $p with its file" "$out" "^$p .* 1\.0 .*/$p\.so$"
done
like 'says what a plugin needs' "$out" '^gemini .*stdout-file'
like 'qwen needs a file, too' "$out" '^qwen .*stdout-file'
is 'says nothing on stderr' "$err" ''
lh plugins --json
like '--json: one object a line' "$out" \
	'^\{"name":"claude","provider":"claude","version":".*","abi":"1\.0","flags":\["json","claims"\],"programs":\["claude".*"path":"/.*claude\.so"\}$'
words='"command":\["codex","exec","--json","--","PROMPT"\],'
words=$words'"permissions":\["read-only","edit","all"\],'
words=$words'"resume":\["codex","resume","SESSION"\],'
like '--json: how its agent is started' "$out" \
	"$words\"install\":\"npm install -g @openai/codex\",\"path\""
like '--json: variables' "$out" '"agent_env":\["DISABLE_AUTOUPDATER=1"\]'
unlike '--json: raw has no agent' "$(printf '%s\n' "$out" | grep '"raw"')" command
lh plugins -v
like '-v: the command line' "$out" '^    codex exec --json -- PROMPT$'

mkdir "$tmp/first" "$tmp/second"
cp "$file" "$tmp/first/raw.so"
cp "$file" "$tmp/second/raw.so"
lh plugins --plugin-dir "$tmp/first" --plugin-dir "$tmp/second"
like '--plugin-dir comes first' "$(printf '%s\n' "$out" | grep '^raw' |
	head -n 1)" "$tmp/first/raw.so"
like 'the next one is shadowed' "$out" "^raw .*not used, .*$tmp/second/raw\.so"
like 'and that of the environment too' "$out" \
	"^raw .*not used, .*$PLUGIN_DIR/raw\.so"
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
refused 'not a shared object' 'odd'
head -c 8000 "$file" >"$tmp/bad/odd.so"
refused 'half copied' 'shorter than its segments: it has 8000 bytes'
cp "$file" "$tmp/bad/odd.so"
refused 'another name than its file' "raw"
cp "$file" "$tmp/bad/odd.so"
chmod 666 "$tmp/bad/odd.so"
refused 'writable by others' 'can be written by other users'
cp "$file" "$tmp/bad/odd.so"
chmod 777 "$tmp/bad"
refused 'in a directory that is writable by others' 'its directory can be written'
ln -s "$tmp/first/raw.so" "$tmp/bad/odd.so"
refused 'a symbolic link' 'odd'
mkdir "$tmp/bad/odd.so"
refused 'a directory' 'odd'

# ---- the way to a plugin ----

mkdir -p "$tmp/above/plugins"
cp "$file" "$tmp/above/plugins/raw.so"
# A program that says so when it is loaded would not be one of ours: that ours
# was loaded is told by its path.
chmod 777 "$tmp/above"
lh filter -p raw --plugin-dir "$tmp/above/plugins" /dev/null
is 'below a directory that others may write to: refused' "$status" 2
like 'and which one is said' "$err" \
	"the directory 'above' can be written by other users"
chmod 1777 "$tmp/above"
lh plugins --plugin-dir "$tmp/above/plugins"
like 'below a sticky one: taken' "$out" "^raw .*$tmp/above/plugins/raw\.so"
ln -s above/plugins "$tmp/mine"
lh plugins --plugin-dir "$tmp/mine"
like 'through a link of ours: taken' "$out" "^raw .*$tmp/mine/raw\.so"

# The working directory is chosen by those who start us in it.
in_place () {
	status=0
	(cd "$tmp/above/plugins" && "$LINEHOOK" "$@" >"$tmp/out" 2>"$tmp/err") ||
		status=$?
	out=$(cat "$tmp/out") err=$(cat "$tmp/err")
}
LINEHOOK_PLUGIN_PATH=.:plugins:$PLUGIN_DIR
in_place plugins
unlike 'a relative LINEHOOK_PLUGIN_PATH is not searched' "$out" 'above/plugins'
like 'and this is said of each entry' "$err" \
	"LINEHOOK_PLUGIN_PATH: 'plugins' is not searched for plugins because it is a relative path"
XDG_DATA_HOME=data
export XDG_DATA_HOME
in_place plugins
like 'nor a relative XDG_DATA_HOME' "$err" "XDG_DATA_HOME: 'data' is not searched"
unset XDG_DATA_HOME
LINEHOOK_PLUGIN_PATH=$PLUGIN_DIR
in_place filter -p ./raw.so /dev/null
is 'what was typed may be relative: -p' "$status" 0
in_place plugins --plugin-dir .
like 'what was typed may be relative: --plugin-dir' "$out" 'above/plugins/\./raw'
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null 2>&1; then
	chown -h 65534:65534 "$tmp/mine"
	lh filter -p raw --plugin-dir "$tmp/mine" /dev/null
	is 'through a link of another user: refused' "$status" 2
	like 'and which one is said' "$err" "symbolic link 'mine' belongs to another"
else
	skip 'through a link of another user: refused' 'needs root and setpriv'
fi

# ---- poor machines ----

# A sanitizer needs /proc and descriptors: a sanitized program has no such
# cases.
if [ "$LINEHOOK_SANITIZED" != no ]; then
	:
elif [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
	# shellcheck disable=SC2016
	no_proc='mount -t tmpfs tmpfs /proc && exec "$0" "$@"'
	status=0
	unshare -m --propagation private sh -c "$no_proc" "$LINEHOOK" run -q \
		-p raw --format raw -- echo works >"$tmp/out" 2>&1 || status=$?
	is 'without /proc: a plugin is loaded and a run is possible' \
		"$(cat "$tmp/out")" works
else
	skip 'without /proc: a run is possible' 'needs root and mounts'
fi
if [ "$LINEHOOK_SANITIZED" = no ]; then
	# The loader of the program itself needs 4; a plugin, 5.
	status=0
	# shellcheck disable=SC2016
	sh -c 'exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-; ulimit -n 4
		exec "$0" "$@"' "$LINEHOOK" filter -p "$file" /dev/null \
		>"$tmp/out" 2>&1 || status=$?
	is 'few descriptors: status' "$status" 125
	like 'few descriptors: the reason and what mends it' "$(cat "$tmp/out")" \
		'plugin .*Too many open files; raise the limit of open files'
fi

# ---- columns ----

# Two characters that take two terminal columns each.
wide=$(printf '\346\227\245\346\234\254')
rm -rf "$tmp/bad"
mkdir "$tmp/bad"
echo 'not a shared object' >"$tmp/bad/$wide.so"
lh plugins --plugin-dir "$tmp/bad"
like 'columns line up beside wide characters' "$out" "^$wide        refused: "
finish
