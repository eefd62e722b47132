# shellcheck shell=sh disable=SC2154
# SPDX-License-Identifier: MIT
# packages.sh - the Debian packages: built twice, looked at, installed in a small
# root, used and removed.
#
# Sourced by run, with setup.sh.  What is built is the commit that is checked
# out, not the files of the tree.  Nothing is installed outside build-packages
# but what builds and looks at packages.
packages=$top/build-packages
packages_root=$packages/root

# packages_build DIR MAKE-JOBS: from an export, as dpkg-buildpackage does it.
packages_build () (
	mkdir -p "$1/linehook" "$1/home"
	git -C "$top" archive HEAD |
		tar -x --no-same-permissions -C "$1/linehook"
	cd "$1/linehook" || exit
	HOME=$1/home DEB_BUILD_OPTIONS="nocheck parallel=$2" \
		dpkg-buildpackage -us -uc
)

# Two builders at once: what they have in common is the source.
packages_build_twice () (
	rm -rf "$packages/a" "$packages/another"
	(
		umask 022
		TZ=UTC LC_ALL=C.UTF-8 packages_build "$packages/a" \
			"$(jobs_count)"
	) >"$packages/log.a" 2>&1 &
	first=$!
	(
		umask 077
		USER=someone LOGNAME=someone LANGUAGE=fr LC_ALL=C \
			TZ=Pacific/Kiritimati \
			packages_build "$packages/another/directory" 1
	) >"$packages/log.b" 2>&1 &
	second=$!
	status=0
	wait "$first" || status=1
	wait "$second" || status=1
	[ "$status" -eq 0 ] || tail -n 20 "$packages/log.a" "$packages/log.b"
	return "$status"
)

packages_are_equal () (
	cd "$packages/a" || exit
	for deb in *.deb; do
		cmp "$deb" "../another/directory/$deb"
	done
	[ "$(ls ./*.deb | wc -l)" = \
		"$(ls ../another/directory/*.deb | wc -l)" ]
)

# Not one line of lintian's that has no override with its reason.
packages_lintian () (
	cd "$packages/a" || exit
	status=0
	lintian --allow-root -I -E --pedantic ./*.changes >"$packages/lintian" ||
		status=$?
	grep -v '^N:' "$packages/lintian" || exit "$status"
	exit 1
)

# packages_unpack: all that they install, and nothing else.
packages_unpack () {
	rm -rf "$packages/files"
	for deb in $packages_debs; do
		dpkg -x "$deb" "$packages/files"
	done
}

packages_hardening () (
	files=$packages/files/usr
	FILES=$(echo "$files"/bin/* "$files"/libexec/linehook/* \
		"$files"/lib/*/*.so.*.* "$files"/lib/*/linehook/plugins/*)
	LIBLINEHOOK=$(echo "$files"/lib/*/liblinehook.so.*.*)
	export FILES LIBLINEHOOK
	cd "$packages/a/linehook/tests" || exit
	sh abi/hardening.sh >"$packages/hardening"
	cat "$packages/hardening"
	! grep '^not ok\|SKIP' "$packages/hardening"
)

# Files of a package that two architectures can have at once are those of an
# architecture's own directory, or the same on all of them.
packages_share_files () (
	triplet=$(dpkg-architecture -q DEB_HOST_MULTIARCH)
	for deb in $packages_debs; do
		[ "$(dpkg-deb -f "$deb" Multi-Arch)" = same ] || continue
		rm -rf "$packages/shared"
		dpkg -x "$deb" "$packages/shared"
		rm -rf "$packages/shared/usr/lib/$triplet"
		find "$packages/shared" -name '*.gz' -exec gunzip {} +
		if grep -rlE "$triplet|$(printf '^\177ELF')" "$packages/shared"
		then
			exit 1
		fi
	done
)

packages_sbom () (
	python3 "$top/.ci/sbom_check.py" \
		"$packages/files/usr/share/doc/linehook/linehook.spdx" \
		"$packages/files"
)

# make sbom prints the same kind of list, of what make install installs.
packages_make_sbom () (
	rm -rf "$packages/stage"
	make -C "$top/build" DESTDIR="$packages/stage" install
	make -s -C "$top/build" sbom >"$packages/make.spdx"
	python3 "$top/.ci/sbom_check.py" "$packages/make.spdx" \
		"$packages/stage"
)

# packages_in COMMAND...: in the small root, which has a /proc of its own.
packages_in () {
	# shellcheck disable=SC2016
	unshare --mount --pid --fork sh -c '
		mount -t proc proc "$1/proc" && cd "$1" && shift &&
		exec chroot . env -i PATH="$PATH" HOME=/root "$@"' \
		- "$packages_root" "$@" </dev/null
}

# A Debian that has what the packages depend on, and little else.
packages_make_root () (
	# shellcheck source=/dev/null
	. /etc/os-release
	depends=$(for deb in $packages_debs; do
		dpkg-deb -f "$deb" Depends | tr ',' '\n'
	done | sed 's/^ *//; s/ .*//' | grep -v linehook | sort -u | paste -sd ,)
	rm -rf "$packages_root"
	mmdebstrap --mode=root --variant=apt --include="$depends" \
		"$VERSION_CODENAME" "$packages_root"
	cp /etc/resolv.conf "$packages_root/etc"
	mkdir "$packages_root/source" "$packages_root/debs"
	git -C "$top" archive HEAD | tar -x -C "$packages_root/source"
	cp $packages_debs "$packages_root/debs"
	packages_list >"$packages/before"
)

# Every path of the root that is not a record of dpkg's or apt's own.
packages_list () {
	(cd "$packages_root" && find . -xdev \
		\( -path ./proc -o -path ./dev -o -path ./tmp -o -path ./var/log \
		-o -path ./var/cache -o -path './var/lib/dpkg/*-old' \) \
		-prune -o -print) | sort
}

packages_install () (
	# shellcheck disable=SC2016
	packages_in sh -c 'dpkg -i /debs/*.deb && dpkg -V $(dpkg-query -W \
		-f "\${Package}\n" "*linehook*")'
)

# packages_test NAME: one of debian/tests, as autopkgtest runs it.
packages_test () (
	# shellcheck disable=SC2016
	packages_in sh -euc 'cd /source && AUTOPKGTEST_TMP=$(mktemp -d) &&
		export AUTOPKGTEST_TMP && "debian/tests/$1" &&
		rm -rf "$AUTOPKGTEST_TMP"' - "$1"
)

# packages_remove OPTION: all of ours, by dpkg.
packages_remove () (
	names=$(for deb in $packages_debs; do dpkg-deb -f "$deb" Package; done)
	# Splitting into names is wanted.
	# shellcheck disable=SC2086
	packages_in dpkg "$1" $names
)

# Nothing of ours is left, and nothing else is gone.
packages_left () (
	packages_list >"$packages/after"
	diff "$packages/before" "$packages/after"
)

packages_get_compiler () (
	depends=$(sed -n '/^Tests: build/,$p' "$top/debian/tests/control" |
		sed -n 's/^ \(.*\),$/\1/p' | grep -v linehook)
	packages_in apt-get update
	# shellcheck disable=SC2086
	packages_in env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
		--no-install-recommends $depends
)

# What needs a root of its own.
packages_use () {
	one_case "a small root is made" packages_make_root
	one_case "dpkg installs the packages" packages_install
	one_case "the installed program works" packages_test use
	one_case "dpkg removes the packages" packages_remove -r
	one_case "removed packages leave nothing behind" packages_left
	one_case "dpkg installs the packages again" packages_install
	one_case "dpkg purges the packages" packages_remove -P
	one_case "purged packages leave nothing behind" packages_left
	one_case "dpkg installs the packages beside a compiler" packages_install
	one_case "the small root gets a compiler" packages_get_compiler
	one_case "the installed files build plugins and embedders" \
		packages_test build
}

suite_packages () {
	need_compilers
	need_packages autoconf automake libtool pkg-config libjson-c-dev \
		libunistring-dev libcunit1-dev python3 git binutils dpkg-dev \
		debhelper lintian mmdebstrap util-linux
	build "$top/build" --enable-werror
	mkdir -p "$packages"
	cases_passed=0 cases_failed=0 cases_skipped=0
	one_case "the packages are built" packages_build_twice
	packages_debs=$(find "$packages/a" -maxdepth 1 -name '*.deb' \
		! -name '*-dbgsym_*')
	one_case "another builder builds the same packages" packages_are_equal
	one_case "lintian finds nothing" packages_lintian
	packages_unpack
	one_case "all files are hardened" packages_hardening
	one_case "two architectures can share files" packages_share_files
	one_case "the bill of materials is true" packages_sbom
	one_case "make sbom is true" packages_make_sbom
	if [ "$(id -u)" = 0 ] &&
		unshare --mount --pid --fork true 2>/dev/null; then
		packages_use
	else
		cases_skipped=1
		echo "SKIP: packages are not installed: a root of its own needs" \
			"the rights of root"
	fi
	echo "$cases_passed passed, $cases_failed failed, $cases_skipped skipped"
	[ "$cases_failed" -eq 0 ]
}
