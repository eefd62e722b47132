#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_plugins_refused.sh - `linehook plugins' says of each file why it is refused,
# and none of them runs code before it was checked.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

bad=plugins/bad/.libs
cc=${CC:-cc}
umask 022
LINEHOOK_PLUGIN_PATH=
mkdir "$tmp/all" "$tmp/pinned" "$tmp/mended" "$tmp/open"

# A plugin that prints when it is loaded, and links what LDFLAGS say.
cat >"$tmp/loud.c" <<'END'
#include <unistd.h>
static void __attribute__ ((__constructor__))
loud (void)
{
	(void) !write (2, "LOADED\n", 7);
}
END
# loud NAME [LDFLAG..]: in $tmp/all.
loud () {
	name=$1
	shift
	"$cc" -shared -fPIC -o "$tmp/all/$name.so" "$tmp/loud.c" "$@"
}

# ---- a file for each reason; where ELF has them, with code ----

for name in wrong-magic size-zero size-huge unknown-flag needs-minor no-symbol \
	no-summary no-hook no-close bad-command bad-name; do
	cp "$bad/$name.so" "$tmp/all"
done
cp "$bad/good.so" "$tmp/all/other-file.so"
echo 'not a shared object' >"$tmp/all/text.so"
: >"$tmp/all/empty.so"
loud machine
printf '\377' | dd of="$tmp/all/machine.so" bs=1 seek=19 conv=notrunc 2>/dev/null
loud long
head -c 6000 "$tmp/all/long.so" >"$tmp/all/short.so"
rm "$tmp/all/long.so"
# library NAME SONAME: in $tmp, to link with.
library () {
	"$cc" -shared -fPIC -Wl,-soname,"$2" -o "$tmp/$1" "$tmp/loud.c"
}
library libgone.so libgone.so
loud library -Wl,--no-as-needed "$tmp/libgone.so"
rm "$tmp/libgone.so"
loud rpath -Wl,--disable-new-dtags -Wl,-rpath,lib
loud runpath -Wl,--enable-new-dtags -Wl,-rpath,/usr/lib:lib
loud runpath-empty -Wl,--enable-new-dtags -Wl,-rpath,/usr/lib:
# shellcheck disable=SC2016
loud runpath-word -Wl,--enable-new-dtags -Wl,-rpath,'$LIB/own'
library libown.so dir/libown.so
loud needed -Wl,--no-as-needed "$tmp/libown.so"
loud group
chmod 664 "$tmp/all/group.so"
loud others
chmod 646 "$tmp/all/others.so"
loud real
mv "$tmp/all/real.so" "$tmp/real"
ln -s "$tmp/real" "$tmp/all/link.so"
mkdir "$tmp/all/directory.so"
mkfifo "$tmp/all/fifo.so"
cp "$tmp/real" "$tmp/all/Capital.so"
cp "$tmp/real" "$tmp/open/open.so"
chmod 777 "$tmp/open"
cp "$tmp/real" "$tmp/pinned/changed.so"
cp "$tmp/real" "$tmp/pinned/unlisted.so"
printf 'sha256 %064d changed.so\n' 0 >"$tmp/pinned/plugins.conf"
cp "$tmp/real" "$tmp/mended/unclear.so"
echo 'md5 0 unclear.so' >"$tmp/mended/plugins.conf"

cat >"$tmp/table" <<'END'
wrong-magic magic is 0x12345678, expected 0x
size-zero descriptor has 0 bytes, expected [0-9]+ to
size-huge descriptor has 4097 bytes, expected [0-9]+ to
unknown-flag flags are 0x80000000, this host knows
needs-minor needs host ABI 1\.[0-9]+, this host is 1\.0: use a newer
no-symbol does not export 'linehook_plugin_1'
no-summary member 'summary' is NULL
no-hook member 'line_hook' is NULL
no-close member 'close' is NULL
bad-command its command has no word with '\{prompt\}'
bad-name its name is 'Bad_Name', expected lower case
other-file its name is 'good', expected 'other-file'
text it is not a shared object
empty it is not a shared object
machine it is for another machine
short the file is shorter than its segments
library cannot load: libgone\.so: cannot open
rpath its RPATH has the relative path 'lib'
runpath its RUNPATH has the relative path 'lib'
runpath-empty its RUNPATH has the relative path ''
runpath-word its RUNPATH has the relative path '.LIB/own'
needed its NEEDED has the relative path 'dir/libown\.so'
group the file can be written by its group
others the file can be written by other users
link is a symbolic link; give the file to which
directory is a directory; give a regular file
fifo is not a regular file
Capital the file name is not NAME\.so
open its directory can be written by other users
changed its SHA-256 is [0-9a-f]{12}\.\., but plugins\.conf expects 000000000000\.\.
unlisted plugins\.conf of its directory pins other files, not this one
unclear plugins\.conf of its directory, line 1: 'md5' is not a valid keyword
END
if [ "$(id -u)" -eq 0 ]; then
	cp "$tmp/real" "$tmp/all/theirs.so"
	chown 65534:65534 "$tmp/all/theirs.so"
	echo 'theirs the file belongs to another user' >>"$tmp/table"
fi

# all ARG..: the list of all of them.
all () {
	"$@" --plugin-dir "$tmp/all" --plugin-dir "$tmp/open" \
		--plugin-dir "$tmp/pinned" --plugin-dir "$tmp/mended"
}

# ---- each with its reason ----

cd "$tmp" || exit 99
all lh plugins
cd "$OLDPWD" || exit 99
is 'refused files are no error' "$status" 0
list=$out
is 'nothing is printed by a file that is refused' "$err" ''
all lh plugins --json
json=$out
while read -r name reason; do
	row=$(printf '%s\n' "$list" | grep "^$name  *refused: ")
	is "$name: it has one line" "$(count "$row")" 1
	like "$name: with the reason" "$row" "$reason"
	row=$(printf '%s\n' "$json" | grep "\"name\":\"$name\"")
	like "$name: and in JSON" "$row" '"refused":"[^"]'
done <"$tmp/table"
is 'there is no other refused file' "$(printf '%s\n' "$list" |
	grep -c ' refused: ')" "$(wc -l <"$tmp/table" | tr -d ' ')"
printf '%s\n' "$json" | python3 -c '
import json, sys
for line in sys.stdin:
    entry = json.loads(line)
    if "refused" in entry:
        print("%s refused: %s" % (entry["name"], entry["refused"]))
' | sort >"$tmp/from.json"
printf '%s\n' "$list" | sed -n 's/  *refused: / refused: /p' | sort >"$tmp/from.list"
ok 'the reasons are the same in JSON' cmp "$tmp/from.json" "$tmp/from.list"

# The same file, which no check keeps from the loader, would have printed.
mkdir "$tmp/control"
cp "$tmp/real" "$tmp/control/real.so"
lh plugins --plugin-dir "$tmp/control"
is 'a file that passes these checks runs code' "$err" LOADED
like 'before its descriptor is looked for' "$out" '^real .*does not export'

# ---- paths that nobody else decides ----

mkdir "$tmp/paths"
# shellcheck disable=SC2016,SC2086
"$cc" $INCLUDES -shared -fPIC -o "$tmp/paths/good.so" \
	-Wl,-rpath,'$ORIGIN:${ORIGIN}/../lib:/usr/lib/linehook' \
	"$srcdir/plugins/bad/good.c"
lh plugins --plugin-dir "$tmp/paths"
like 'absolute paths, and those that begin with the directory of the file' \
	"$out" "^good .*$tmp/paths/good\.so$"

# ---- pins ----

for how in '' ' --isolate'; do
	# shellcheck disable=SC2086
	lh filter $how -p "$tmp/pinned/changed.so" /dev/null
	is "filter$how: a file that is named by its path has its pin" "$status" 2
	like "filter$how: and this is said" "$err" 'its SHA-256 is .* expects 0000'
done
# As the manual page says.
# shellcheck disable=SC2035
(cd "$tmp/paths" && sha256sum *.so | sed 's/^/sha256 /' >plugins.conf)
lh plugins --plugin-dir "$tmp/paths"
like 'a file that has its pin is used' "$out" "^good .*$tmp/paths/good\.so$"
for how in '' ' --isolate'; do
	# shellcheck disable=SC2086
	lh filter $how --format text -p "$tmp/paths/good.so" "$tmp/loud.c"
	like "filter$how: also by its path" "$out" '^#include <unistd\.h>$'
done
echo >>"$tmp/paths/good.so"
lh plugins --plugin-dir "$tmp/paths"
like 'and not when a byte is added' "$out" '^good .*its SHA-256 is '

# ---- on a terminal ----

# Words that are longer than the line have a line for themselves.
for columns in 80 40; do
	all on_terminal $columns plugins
	printf '%s\n' "$out" | awk -v columns=$columns '
		length > columns && split (substr ($0, 13), words, " ") > 1' \
		>"$tmp/long"
	is "$columns columns: no line is longer" "$(cat "$tmp/long")" ''
	printf '%s\n' "$out" | awk '
		/^[^ ]/ && NR > 1 { print row; row = $0; next }
		{ sub (/^ +/, " "); row = row $0 }
		END { print row }' | sed -n 's/  *refused: / refused: /p' |
		sort >"$tmp/joined"
	ok "$columns columns: every word is there" \
		cmp "$tmp/joined" "$tmp/from.list"
	on_terminal $columns plugins --plugin-dir "$PLUGIN_DIR"
	like "$columns columns: a path is whole" "$out" "  $PLUGIN_DIR/claude\.so$"
done
finish
