#!/bin/sh
# SPDX-License-Identifier: MIT
# sbom.sh - a bill of materials of installed files, as SPDX 2.3 (tag-value).
#
#	.ci/sbom.sh VERSION NAME=ROOT...
#
# Each NAME is a package whose files are those below ROOT.  CC is the compiler
# that linked them, READELF reads them; SOURCE_DATE_EPOCH is the time that the
# document gives as its own.  A library that they link is named by its Debian
# package where there is dpkg, and otherwise by its file.
set -eu
LC_ALL=C
export LC_ALL
CC=${CC:-cc}
READELF=${READELF:-readelf}
version=$1
shift
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
: >"$dir/links"
: >"$dir/depends"

# The licences of what is linked, by the name of the library's file.
licence_of_library () {
	case $1 in
	libc.* | ld-linux*) echo "LGPL-2.1-or-later" ;;
	libjson-c.*) echo "MIT" ;;
	libunistring.*) echo "LGPL-3.0-or-later OR GPL-2.0-or-later" ;;
	*) echo "NOASSERTION" ;;
	esac
}

# owner FILE: NAME VERSION ARCHITECTURE of the Debian package that has it.
owner () {
	command -v dpkg-query >/dev/null || return 0
	for path in "$1" "$(realpath "$1")"; do
		# dpkg may know it below /lib or below /usr/lib.
		for name in "$path" "${path#/usr}" "/usr$path"; do
			package=$(dpkg-query -S "$name" 2>/dev/null |
				sed 's/: .*//; s/, .*//' | head -n 1)
			[ -z "$package" ] || break 2
		done
	done
	[ -z "$package" ] || dpkg-query -W \
		-f '${Package} ${Version} ${Architecture}\n' "$package"
}

# links ID KIND LIBRARY: the file ID links LIBRARY; says so in both lists.
links () {
	# Splitting is wanted: CC may have arguments, an owner is three words.
	# shellcheck disable=SC2046,SC2086
	set -- "$1" "$2" "$3" $(owner "$($CC -print-file-name="$3")")
	echo "$1 $2 SPDXRef-Package-${4:-$3}" >>"$dir/links"
	echo "${4:-$3} ${5:--} ${6:--} $(licence_of_library "$3")" \
		>>"$dir/depends"
}

# links_of ID FILE: of an executable without a loader, the C library is a part.
links_of () {
	$READELF -dW "$2" >"$dir/dynamic" 2>/dev/null || return 0
	sed -n 's/.*(NEEDED).*\[\(.*\)\]$/\1/p' "$dir/dynamic" >"$dir/needed"
	while read -r library; do
		links "$1" DYNAMIC_LINK "$library"
	done <"$dir/needed"
	$READELF -hlW "$2" >"$dir/headers"
	if grep -q 'Type:.*\(EXEC\|DYN\)' "$dir/headers" &&
		! grep -q INTERP "$dir/headers" &&
		! grep -q NEEDED "$dir/dynamic"; then
		links "$1" STATIC_LINK libc.a
	fi
}

# one_file ID ROOT PATH
one_file () {
	file=$2/$3
	declared=$(gzip -dcf "$file" | head -n 5 | tr -d '\0' |
		sed -n 's/.*SPDX-License-Identifier: *\([A-Za-z0-9.-]*\).*/\1/p' |
		head -n 1)
	concluded=MIT
	links_of "$1" "$file"
	! grep -q "^$1 STATIC_LINK" "$dir/links" ||
		concluded="MIT AND $(licence_of_library libc.a)"
	cat <<END

FileName: ./$3
SPDXID: $1
FileChecksum: SHA1: $(sha1sum "$file" | cut -d ' ' -f 1)
FileChecksum: SHA256: $(sha256sum "$file" | cut -d ' ' -f 1)
LicenseConcluded: $concluded
LicenseInfoInFile: ${declared:-NOASSERTION}
FileCopyrightText: NOASSERTION
END
}

# The paths of the regular files below ROOT that are installed.
files_of () {
	(cd "$1" && find . -path ./DEBIAN -prune -o -type f -print) |
		sed 's,^\./,,' | sort
}

# one_package NAME ROOT: its head and its files; the code is one for the sums
# of all files.
one_package () {
	n=0
	files_of "$2" >"$dir/paths"
	while read -r path; do
		n=$((n + 1))
		one_file "SPDXRef-File-$1-$n" "$2" "$path"
	done <"$dir/paths" >"$dir/files"
	code=$(sed -n 's/^FileChecksum: SHA1: //p' "$dir/files" | sort |
		tr -d '\n' | sha1sum | cut -d ' ' -f 1)
	# Of its files, the licences with more parts have all of the others.
	licence=$(sed -n 's/^LicenseConcluded: //p' "$dir/files" | sort -u |
		tail -n 1)
	cat <<END

PackageName: $1
SPDXID: SPDXRef-Package-$1
PackageVersion: $version
PackageSupplier: Organization: linehook authors
PackageDownloadLocation: NOASSERTION
FilesAnalyzed: true
PackageVerificationCode: $code
PackageLicenseConcluded: $licence
PackageLicenseInfoFromFiles: MIT
PackageLicenseDeclared: MIT
PackageCopyrightText: <text>Copyright (c) 2026 the linehook authors</text>
END
	cat "$dir/files"
	echo
	echo "Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-Package-$1"
	for i in $(seq 1 "$n"); do
		echo "Relationship: SPDXRef-Package-$1 CONTAINS SPDXRef-File-$1-$i"
	done
}

# one_dependency NAME VERSION ARCHITECTURE LICENCE
one_dependency () {
	cat <<END

PackageName: $1
SPDXID: SPDXRef-Package-$1
END
	[ "$2" = - ] || echo "PackageVersion: $2"
	cat <<END
PackageDownloadLocation: NOASSERTION
FilesAnalyzed: false
PackageLicenseConcluded: $4
PackageLicenseDeclared: $4
PackageCopyrightText: NOASSERTION
END
	[ "$2" = - ] || echo "ExternalRef: PACKAGE-MANAGER purl" \
		"pkg:deb/debian/$1@$(echo "$2" | sed 's/:/%3A/g; s/+/%2B/g')?arch=$3"
}

for package in "$@"; do
	one_package "${package%%=*}" "${package#*=}"
done >"$dir/packages"

created=$(date -u -d "@${SOURCE_DATE_EPOCH:-$(date +%s)}" +%Y-%m-%dT%H:%M:%SZ)
cat <<END
SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: linehook-$version
DocumentNamespace: https://spdx.org/spdxdocs/linehook-$version-$(sha1sum \
	<"$dir/packages" | cut -d ' ' -f 1)
Creator: Tool: sbom.sh-$version
Creator: Organization: linehook authors
Created: $created
END
cat "$dir/packages"
sort -u "$dir/depends" | while read -r name has arch licence; do
	one_dependency "$name" "$has" "$arch" "$licence"
done
echo
while read -r id kind other; do
	echo "Relationship: $id $kind $other"
done <"$dir/links"
