#!/bin/sh
# SPDX-License-Identifier: MIT
# hardening.sh - what the linker and the compiler made of the hardening flags.
#
# FILES: the program, the monitor, the library and the plugins, by default those
# of this build.  The monitor, which is static, has the C library in it: what
# its own code is compiled with is read from an archive of its objects.
set -u
LIBLINEHOOK=${LIBLINEHOOK:-../host/.libs/liblinehook.so}
FILES=${FILES:-"$LINEHOOK $LINEHOOK_EXEC $LIBLINEHOOK $(echo "$PLUGIN_DIR"/*.so)"}
monitor=../host/libmonitor.a
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
n=0

# Each rule looks at one file and is false when that is not as it should be.
is_position_independent () {
	grep -q 'Type: *DYN' "$dir/headers" &&
		{ grep -q 'Shared object' "$dir/headers" ||
			grep -q 'FLAGS_1.* PIE' "$dir/dynamic"; }
}

has_read_only_relocations () {
	grep -q GNU_RELRO "$dir/headers" &&
		grep -q '(FLAGS).*BIND_NOW\|(BIND_NOW)' "$dir/dynamic" &&
		grep -q '(FLAGS_1).*NOW' "$dir/dynamic"
}

has_no_executable_stack () {
	grep -q 'GNU_STACK .* RW  *0x' "$dir/headers"
}

has_no_writable_code () {
	grep -q 'LOAD .* R E ' "$dir/headers" &&
		! grep -q ' [R ]WE ' "$dir/headers"
}

has_code_apart_from_data () {
	[ "$(grep -c ' LOAD .* R  *0x' "$dir/headers")" -ge 2 ]
}

has_no_text_relocations () {
	! grep -q TEXTREL "$dir/dynamic"
}

has_no_search_path () {
	! grep -q 'RPATH\|RUNPATH' "$dir/dynamic"
}

# rule NAME FUNCTION: a case.
rule () {
	n=$((n + 1))
	not=
	for file in $FILES; do
		readelf -hlW "$file" >"$dir/headers" 2>"$dir/error" &&
			readelf -dW "$file" >"$dir/dynamic" 2>>"$dir/error" &&
			"$2" && continue
		not="not "
		echo "# $file"
		sed 's/^/# /' "$dir/error"
	done
	echo "${not}ok $n - $1"
}

# imported FILE WHAT: does it call a function of such a name?  The names of an
# archive's members are undefined in its table, those of a file in the dynamic.
imported () {
	case $1 in
	*.a) nm "$1" ;;
	*) nm -D "$1" ;;
	esac 2>"$dir/error" | grep -q " U $2"
}

# calls NAME WHAT FILE...: a case; is it what each of the files imports?
calls () {
	n=$((n + 1))
	name=$1 what=$2 not=
	shift 2
	for file in "$@"; do
		imported "$file" "$what" && continue
		not="not "
		echo "# $file does not call $what"
	done
	echo "${not}ok $n - $name"
}

# In place of the monitor its objects; plugins may have nothing to fortify.
compiled=$monitor fortified=$monitor
for file in $FILES; do
	case $file in
	*/linehook-exec) ;;
	*/plugins/*) compiled="$compiled $file" ;;
	*) compiled="$compiled $file" fortified="$fortified $file" ;;
	esac
done

echo "1..10"
rule code_is_position_independent is_position_independent
rule relocations_are_read_only_before_main has_read_only_relocations
rule the_stack_is_not_executable has_no_executable_stack
rule nothing_is_writable_and_executable has_no_writable_code
rule data_is_not_executable has_code_apart_from_data
rule code_has_no_relocations has_no_text_relocations
rule files_name_no_search_path has_no_search_path
# Splitting is wanted: lists of files.
# shellcheck disable=SC2086
calls stacks_have_a_protector __stack_chk_fail $compiled
# shellcheck disable=SC2086
calls calls_of_the_c_library_are_fortified '__[a-z]*_chk\>' $fortified
# The linker marks a file only if the C library's start is marked, too; whether
# our objects are is a note in each of them.
name=targets_of_indirect_jumps_are_marked
if ! readelf -h "$LIBLINEHOOK" | grep -q 'Machine:.*X86-64'; then
	echo "ok 10 - $name # SKIP not x86-64"
elif readelf -nW ../host/*.a ../host/.libs/*.a ../plugins/.libs/*.a | awk '
	/^File: .*\.l?o\)$/ { n_objects++ }
	/IBT, SHSTK/ { n_marked++ }
	END {
		print "# " n_marked " of " n_objects " objects"
		exit !(n_objects > 0 && n_marked == n_objects)
	}'; then
	echo "ok 10 - $name"
else
	echo "not ok 10 - $name"
fi
