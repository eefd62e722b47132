#!/bin/sh
# SPDX-License-Identifier: MIT
# threaded.sh - each test that starts a thread is run under the thread sanitizer.
#
# THREADED has the programs and scripts that are; the others are not even built
# there.
set -u
cd "${srcdir:-.}" || exit 99

n=0
for file in $(grep -l 'pthread_create' unit/*.c embed/*.c system/*.c); do
	n=$((n + 1))
	name="${file%.c} is run under the thread sanitizer"
	case " $THREADED " in
	*" ${file%.c} "*) echo "ok $n - $name" ;;
	*) echo "not ok $n - $name" ;;
	esac
done
echo "1..$n"
