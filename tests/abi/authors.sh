#!/bin/sh
# SPDX-License-Identifier: MIT
# authors.sh - plugins as strangers build them: in four languages, with each
# compiler that is here, and with other readers of JSON than ours.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
umask 022
warnings="-O2 -Wall -Wextra -Wpedantic -Werror"
shared="-fPIC -fvisibility=hidden -shared -Wl,-z,defs"
reader=$(dirname "$LINEHOOK")/liblinehook-json.a

if [ "$LINEHOOK_SANITIZED" != no ]; then
	skip 'plugins of strangers' 'the JSON reader of this build needs a sanitizer'
	finish
fi
cat >"$tmp/sample.ndjson" <<'EOF'
{"say":"Hello"}
{"other":1}
{"say":"Good bye"}
EOF

# built WHAT PREFIX COMPILE..: the command builds a plugin, which gives texts
# that begin with PREFIX.
built () {
	what=$1 prefix=$2
	shift 2
	rm -f "$tmp/author.so"
	"$@" >"$tmp/cc" 2>&1 || sed 's/^/# /' "$tmp/cc"
	ok "$what: builds without a warning" test -s "$tmp/author.so"
	lh filter -p "$tmp/author.so" "$tmp/sample.ndjson"
	like "$what: the first text" "$out" "\"text\":\"${prefix}Hello\""
	like "$what: the last text" "$out" "\"text\":\"${prefix}Good bye\""
}

# works WHAT PREFIX COMPILE..: the same, and it passes the check.
works () {
	built "$@"
	lh check "$tmp/author.so" "$tmp/sample.ndjson"
	is "$what: passes linehook check" "$status" 0
	[ "$status" -eq 0 ] || show check "$out"
}

# each LANGUAGE SOURCE COMPILER..: with the compilers that are here.
each () {
	language=$1 source=$srcdir/abi/$2
	shift 2
	for compiler; do
		command -v "${compiler%% *}" >/dev/null 2>&1 || {
			skip "$language with $compiler" "there is no $compiler"
			continue
		}
		# shellcheck disable=SC2086
		works "$language with $compiler" '0: ' $compiler \
			-std=$language $warnings $shared $INCLUDES \
			-o "$tmp/author.so" "$source" "$reader"
	done
}

each c99 author.c gcc clang
each c11 author.c gcc clang
each c++17 author.cc g++ clang++
each c++20 author.cc g++ clang++

# ---- other readers ----

cc=${CC:-cc}
# shellcheck disable=SC2086
works 'a parser of its own' '' $cc -std=c99 $warnings $shared $INCLUDES \
	-o "$tmp/author.so" "$srcdir/abi/author_parser.c"
if pkg-config --exists json-c 2>/dev/null; then
	# The program has json-c too.
	# shellcheck disable=SC2046,SC2086
	works 'json-c' '' $cc -std=c99 $warnings $shared $INCLUDES \
		-o "$tmp/author.so" "$srcdir/abi/author_json_c.c" \
		$(pkg-config --cflags --libs json-c)
else
	skip 'json-c' 'there is no json-c'
fi
archive=$($cc -print-file-name=libjson-c.a)
# shellcheck disable=SC2046,SC2086
if [ -f "$archive" ] && $cc $shared -o "$tmp/probe.so" -Wl,--whole-archive \
	"$archive" -Wl,--no-whole-archive -lm 2>/dev/null; then
	# The check refuses its abort, which the library has for bugs.
	built 'a json-c of its own' '' $cc -std=c99 $warnings $shared $INCLUDES \
		$(pkg-config --cflags json-c) -Wl,--exclude-libs,ALL \
		-o "$tmp/author.so" "$srcdir/abi/author_json_c.c" "$archive" -lm
else
	skip 'a json-c of its own' 'no static json-c can be part of a plugin here'
fi
finish
