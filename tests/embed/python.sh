#!/bin/sh
# SPDX-License-Identifier: MIT
# python.sh - the Python example compiles and drives many runs.
#
# A library with a sanitizer needs the sanitizer's runtime preloaded into the
# interpreter.  Python crashes with that of the thread sanitizer, so in such a
# build the example is only compiled.
set -u
srcdir=${srcdir:-.}
: "${LIBLINEHOOK:?is the library that was built}"
LAYOUT=${LAYOUT:-./embed/layout}
example=$srcdir/../host/examples/python
PYTHONPATH=$example
PYTHONDONTWRITEBYTECODE=1
export LAYOUT PYTHONPATH PYTHONDONTWRITEBYTECODE
# Find the interpreter itself: a wrapper script would be preloaded as well.
python=$("${PYTHON:-python3}" -c 'import sys; print(sys.executable)') || exit 99

compile='import sys
for path in sys.argv[1:]: compile(open(path).read(), path, "exec")'
word=ok
"$python" -c "$compile" "$example"/*.py || word='not ok'
echo "$word 1 - python_examples_are_python"

if grep -q __tsan_init "$LIBLINEHOOK"; then
	echo 1..1
	exit
fi
if grep -q __asan_init "$LIBLINEHOOK"; then
	for name in libasan.so "libclang_rt.asan-$(uname -m).so"; do
		path=$(${CC:-cc} -print-file-name="$name")
		[ ! -e "$path" ] || LD_PRELOAD=$path
	done
	# The interpreter itself does not free all its memory.
	ASAN_OPTIONS=${ASAN_OPTIONS:-}:detect_leaks=0
	export LD_PRELOAD ASAN_OPTIONS
fi
exec "$python" "$srcdir/embed/many_runs.py"
