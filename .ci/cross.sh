# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: MIT
# cross.sh - other machines, another C library, another standard of C.
#
# Sourced by run, with setup.sh.  The library, the program, the monitor and the
# plugins are built with warnings as errors; what qemu can run is run, and has
# to say what the native program says.
cross=$top/build-cross
cross_apt="-o Dir::State=$cross/apt -o Dir::State::status=$cross/apt/status \
-o Dir::Cache=$cross/apt/cache -o APT::Sandbox::User= \
-o Acquire::Languages=none -o APT::Architectures::=arm64 \
-o APT::Architectures::=armhf -o APT::Architectures::=i386"

# The libraries that a cross compiler's package does not bring, unpacked:
# nothing of another machine is installed, and dpkg does not hear of it.
cross_packages='libjson-c-dev libjson-c5 libunistring-dev libunistring2'

cross_get_packages () {
	[ ! -e "$cross/apt/done" ] || return 0
	mkdir -p "$cross/apt/lists/partial" "$cross/apt/cache/archives/partial"
	: >"$cross/apt/status"
	# A list that a mirror does not have whole is not always the one that
	# is needed: what follows tells.  Splitting into options is wanted.
	# shellcheck disable=SC2086
	apt-get -qq $cross_apt update || say "a list of packages is missing"
	for arch in arm64 armhf i386; do
		mkdir -p "$cross/$arch.debs" "$cross/$arch.root"
		names=
		for name in $cross_packages; do
			names="$names $name:$arch"
		done
		# shellcheck disable=SC2086
		(cd "$cross/$arch.debs" && quiet "libraries for $arch" \
			apt-get -qq $cross_apt download $names) || exit 1
		for deb in "$cross/$arch.debs"/*.deb; do
			dpkg -x "$deb" "$cross/$arch.root"
		done
	done
	touch "$cross/apt/done"
}

# cross_build DIR CONFIGURE-ARGUMENT... [-- TARGET...]: below host/ all, or
# TARGETs, and the plugins.
cross_build () (
	dir=$cross/$1
	shift
	mkdir -p "$dir"
	cd "$dir" || exit 1
	arguments=
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		arguments="$arguments '$1'"
		shift
	done
	[ $# -eq 0 ] || shift
	eval "\"\$top/configure\" --enable-werror --disable-dependency-tracking \
		$arguments"
	make -C host -j "$(jobs_count)" "$@"
	make -C plugins -j "$(jobs_count)"
)

# cross_build_for ARCH TRIPLET
cross_build_for () (
	# Debian's name of i686-linux-gnu differs from that of its compiler.
	for libs in "$cross/$1.root"/usr/lib/*-linux-gnu*; do
		PKG_CONFIG_LIBDIR=$libs/pkgconfig
	done
	PKG_CONFIG_SYSROOT_DIR=$cross/$1.root
	export PKG_CONFIG_LIBDIR PKG_CONFIG_SYSROOT_DIR
	cross_build "$1" --host="$2" CFLAGS=-O2 \
		CPPFLAGS="-isystem $cross/$1.root/usr/include" \
		LDFLAGS="-L$libs"
)

# cross_run ARCH TRIPLET LOADER QEMU: filter and check, as the native program.
# The loader is run by its name: with a prefix for it, qemu opens other files
# than the program asks for.
cross_run () (
	libs=/usr/$2/lib
	for lib in "$cross/$1.root"/usr/lib/*-linux-gnu* \
		"$cross/$1.root"/lib/*-linux-gnu*; do
		[ ! -d "$lib" ] || libs=$libs:$lib
	done
	linehook="$4 /usr/$2/lib/$3 --library-path $libs $cross/$1/host/linehook"
	for provider in claude codex gemini opencode droid qwen copilot pi; do
		for stream in "$top/tests/streams/$provider"/*.ndjson; do
			status=0 wanted=0
			# shellcheck disable=SC2086
			$linehook filter --no-isolate --plugin-dir "$cross/$1/plugins/.libs" \
				-p "$provider" --format events "$stream" \
				>"$cross/out" || status=$?
			"$top/build/host/linehook" filter --no-isolate \
				--plugin-dir "$top/build/plugins/.libs" \
				-p "$provider" --format events "$stream" \
				>"$cross/wanted" || wanted=$?
			[ "$status" -eq "$wanted" ]
			cmp "$cross/out" "$cross/wanted"
		done
		# Of all the rules each costs a process, which takes qemu long:
		# two plugins are enough to show that check runs there.
		case $provider in
		claude | codex)
			# shellcheck disable=SC2086
			$linehook check "$cross/$1/plugins/.libs/$provider.so"
			;;
		esac
	done
)

# musl: Debian has no libraries for it, so all but the program's link.
cross_build_musl () (
	mkdir -p "$cross/musl.include"
	for header in json-c unistring unilbrk.h unitypes.h uniwidth.h linux \
		asm-generic; do
		ln -sfn "/usr/include/$header" "$cross/musl.include/$header"
	done
	ln -sfn "/usr/include/$(gcc -print-multiarch)/asm" \
		"$cross/musl.include/asm"
	JSON_C_CFLAGS="-isystem $cross/musl.include"
	JSON_C_LIBS=" "
	export JSON_C_CFLAGS JSON_C_LIBS
	cross_build musl CC=musl-gcc CFLAGS=-O0 --host="$(uname -m)-linux-musl" \
		CPPFLAGS="-isystem $cross/musl.include" UNISTRING_LIBS=" " -- \
		librooms.la libcli.la liblinehook-json.a linehook-exec
)

suite_cross () {
	need_compilers
	need_packages autoconf automake libtool pkg-config libjson-c-dev libunistring-dev \
		libcunit1-dev gcc-aarch64-linux-gnu libc6-dev-arm64-cross \
		gcc-arm-linux-gnueabihf libc6-dev-armhf-cross \
		gcc-i686-linux-gnu libc6-dev-i386-cross musl-tools qemu-user
	build "$top/build" --enable-werror
	cross_get_packages
	cases_passed=0 cases_failed=0
	one_case "arm64 builds" cross_build_for arm64 aarch64-linux-gnu
	one_case "armhf builds" cross_build_for armhf arm-linux-gnueabihf
	one_case "i386 builds" cross_build_for i386 i686-linux-gnu
	one_case "musl builds" cross_build_musl
	one_case "-std=c11 -pedantic builds" cross_build c11 \
		CC="gcc -std=c11" CFLAGS="-O0 -pedantic"
	one_case "arm64 filters and checks as we do" \
		cross_run arm64 aarch64-linux-gnu \
		ld-linux-aarch64.so.1 qemu-aarch64
	one_case "armhf filters and checks as we do" \
		cross_run armhf arm-linux-gnueabihf \
		ld-linux-armhf.so.3 qemu-arm
	one_case "i386 filters and checks as we do" \
		cross_run i386 i686-linux-gnu ld-linux.so.2 \
		qemu-i386
	echo "$cases_passed passed, $cases_failed failed, 0 skipped"
	[ "$cases_failed" -eq 0 ]
}
