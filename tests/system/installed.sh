#!/bin/sh
# SPDX-License-Identifier: MIT
# installed.sh - the author's path with an installed linehook, and with nothing
# of its source: `make installcheck', also for an install with DESTDIR.
#
# LINEHOOK, LINEHOOK_EXEC, PLUGIN_DIR, PKGCONFIGDIR, ACLOCALDIR and DOCDIR are in
# the installed tree, with STAGE, the DESTDIR of the install, in front.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
umask 022
# The make that runs this has a DESTDIR of its own.
unset DESTDIR MAKEFLAGS MFLAGS MAKEOVERRIDES || :
# An author's plugin is isolated, as it is not in the installed directory.
unset LINEHOOK_ISOLATE
if [ "$LINEHOOK_SANITIZED" != no ]; then
	skip "the author's path" 'the JSON reader of this build needs a sanitizer'
	finish
fi
cd "$tmp" || exit 99
PATH=$(dirname "$LINEHOOK"):$PATH
export PATH

# In a staged tree the directories that pkg-config names are below it.
mkdir pc
sed "s,=/,=${STAGE:-}/," "$PKGCONFIGDIR/linehook-plugin.pc" \
	>pc/linehook-plugin.pc
PKG_CONFIG_PATH=$tmp/pc
export PKG_CONFIG_PATH
is 'pkg-config knows the directory of plugins' \
	"$(pkg-config --variable=plugindir linehook-plugin)" "$PLUGIN_DIR"

# ---- a new plugin ----

warnings='-O2 -Wall -Wextra -Wpedantic -Werror'
ok 'linehook plugins --new' linehook plugins --new acme d
make -C d check CFLAGS="$warnings" >out 2>err || show check "$(cat out err)"
is 'make check builds and passes' "$?: $(cat err)" '0: '
lh filter --plugin-dir d -p acme d/sample.ndjson
is 'it works in a directory of plugins' "$status" 0
mkdir -p "$HOME/.local/share/linehook/plugins"
make -C d install plugindir="$HOME/.local/share/linehook/plugins" \
	mandir="$tmp/man" >out 2>err
is 'make install' "$?: $(cat err)" '0: '
lh filter -p acme d/sample.ndjson
is "and in the user's own" "$status" 0
rm "$HOME/.local/share/linehook/plugins/acme.so"

# ---- what is installed to be read ----

cp -R "$DOCDIR/examples/plugin" example
make -C example check CFLAGS="$warnings" >out 2>err || show example "$(cat out)"
is 'the example passes its tests' "$?: $(cat err)" '0: '
is 'pkg-config knows the documents' \
	"$(pkg-config --variable=docdir linehook-plugin)" "$DOCDIR"
ok 'with the recording of the tutorial' \
	test -s "$DOCDIR/examples/plugin-tutorial/cline.ndjson"

# ---- autotools ----

if ! command -v autoreconf >/dev/null 2>&1 ||
	! command -v libtoolize >/dev/null 2>&1; then
	skip 'LINEHOOK_PLUGIN' 'there are no autotools'
	finish
fi
mkdir project project/build
cp d/acme.c project
cat >project/configure.ac <<'EOF'
AC_INIT([acme], [1])
AM_INIT_AUTOMAKE([foreign])
AC_PROG_CC
AM_PROG_AR
LT_INIT([disable-static])
LINEHOOK_PLUGIN([0.1])
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
EOF
cat >project/Makefile.am <<'EOF'
linehookdir = $(linehook_plugindir)
linehook_LTLIBRARIES = acme.la
acme_la_SOURCES = acme.c
acme_la_CFLAGS = $(LHK_PLUGIN_CFLAGS) -fvisibility=hidden
acme_la_LDFLAGS = -module -avoid-version -shared -no-undefined
acme_la_LIBADD = $(LHK_PLUGIN_LIBS)
EOF
ACLOCAL_PATH=$ACLOCALDIR:$(aclocal --print-ac-dir)
export ACLOCAL_PATH
(cd project && autoreconf -fi) >out 2>err || show autoreconf "$(cat err)"
ok 'autoreconf finds linehook.m4' test -x project/configure
(cd project/build && ../configure) >out 2>err || show configure "$(cat out err)"
like 'configure finds ABI 1' "$(cat out)" 'plugin ABI 1 of linehook\.\.\. yes$'
make -C project/build >out 2>err || show make "$(cat out err)"
lh check project/build/.libs/acme.so d/sample.ndjson
is 'the plugin passes linehook check' "$status" 0
make -C project/build install DESTDIR="$tmp/stage" >out 2>err
ok 'it is installed where the host looks' test -f "$tmp/stage$PLUGIN_DIR/acme.so"
(cd project/build && ../configure linehook_abi_major=2) >out 2>err
is 'another ABI ends configure' "$?" 1
like 'with the reason' "$(cat err)" 'this plugin is written for ABI 1'
(cd project/build && PKG_CONFIG_PATH=/no/such PKG_CONFIG_LIBDIR=/no/such \
	../configure) >out 2>err
is 'no linehook ends configure' "$?" 1
like 'and it is named' "$(cat err)" 'linehook-plugin'
finish
