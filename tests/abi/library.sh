#!/bin/sh
# SPDX-License-Identifier: MIT
# library.sh - a program that was linked with the library of the stored dump works
# with the one that was built: abidiff compares functions and their structs.
#
# LIBLINEHOOK: the library.  UPDATE=1 writes the dump, of a library that was built
# with gcc and -g on amd64.  What an embedder cannot see of a struct is not
# compared (library.abignore).
set -u
srcdir=${srcdir:-.}
LIBLINEHOOK=${LIBLINEHOOK:-../host/.libs/liblinehook.so}
dump=$srcdir/abi/v1.0/liblinehook.abi

skip_all () {
	echo "1..0 # SKIP $1"
	exit 0
}
[ -e "$LIBLINEHOOK" ] || {
	echo "Bail out! there is no library '$LIBLINEHOOK'"
	exit 99
}
command -v abidiff >/dev/null || skip_all 'there is no abidiff (abigail-tools)'
[ "$(uname -m)" = x86_64 ] && readelf -h "$LIBLINEHOOK" | grep -q ELF64 ||
	skip_all 'the stored dump is of amd64'
! grep -Eq '__(asan|tsan|msan)_init' "$LIBLINEHOOK" ||
	skip_all 'a sanitizer has changed the library'
readelf -SW "$LIBLINEHOOK" | grep -q ' \.debug_info ' ||
	skip_all 'the library has no debug information'

dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
if [ "${UPDATE-}" = 1 ]; then
	abidw --no-corpus-path --no-comp-dir-path --no-show-locs \
		--no-parameter-names --no-write-default-sizes --no-elf-needed \
		--drop-undefined-syms --drop-private-types \
		--exported-interfaces-only \
		--headers-dir "$srcdir/../include/linehook" \
		--out-file "$dir/dump" "$LIBLINEHOOK" || exit 99
	# Where it was built is nobody's business.
	sed "s|path='.*/host/|path='|" "$dir/dump" >"$dump" || exit 99
fi

status=0
# compare DUMP [OPTION..]: its report is in $dir/report.
compare () {
	old=$1
	shift
	abidiff --suppressions "$srcdir/abi/library.abignore" --no-show-locs \
		"$@" "$old" "$LIBLINEHOOK" >"$dir/report" 2>&1
}

echo 1..3
# What is new breaks nothing; it is shown until the dump is renewed.
if compare "$dump" --no-added-syms; then
	compare "$dump" || sed 's/^/# /' "$dir/report"
	echo 'ok 1 - the_library_breaks_no_program_that_was_linked_with_it'
else
	sed 's/^/# /' "$dir/report"
	echo 'not ok 1 - the_library_breaks_no_program_that_was_linked_with_it'
	status=1
fi
# resized STRUCT: the dump, in which it has another size.
resized () {
	sed "s/\(name='$1' size-in-bits='\)[0-9]*/\18/" "$dump" \
		>"$dir/resized"
	if cmp -s "$dump" "$dir/resized"; then
		echo "# there is no $1 in $dump"
		exit 99
	fi
}
resized lhk_outcome
if compare "$dir/resized" --no-added-syms; then
	echo 'not ok 2 - a_struct_of_another_size_is_noticed'
	status=1
else
	echo 'ok 2 - a_struct_of_another_size_is_noticed'
fi
resized lhk_run
if compare "$dir/resized" --no-added-syms; then
	echo 'ok 3 - what_embedders_do_not_see_may_change'
else
	sed 's/^/# /' "$dir/report"
	echo 'not ok 3 - what_embedders_do_not_see_may_change'
	status=1
fi
exit $status
