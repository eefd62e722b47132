#!/bin/sh
# SPDX-License-Identifier: MIT
# go.sh - the Go example is formatted, passes go vet, and runs.
#
# It needs go, and a linehook that pkg-config finds.
set -u
srcdir=${srcdir:-.}
srcdir=$(cd "$srcdir" && pwd)
example=$srcdir/../host/examples/go
tmp=$(mktemp -d "${TMPDIR:-/tmp}/linehook-go.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
# No network, and no other version of the tools.
GOPROXY=off GOFLAGS=-mod=mod GOTOOLCHAIN=local GOCACHE=${GOCACHE:-$tmp/cache}
GOWORK=off
export GOPROXY GOFLAGS GOTOOLCHAIN GOCACHE GOWORK

n=0
check () {
	name=$1
	shift
	n=$((n + 1))
	if "$@" >"$tmp/log" 2>&1; then
		echo "ok $n - $name"
	else
		sed 's/^/# /' "$tmp/log"
		echo "not ok $n - $name"
	fi
}

formatted () {
	test -z "$(gofmt -l "$example" "$srcdir/embed/go" | tee /dev/stderr)"
}

vetted () {
	(cd "$example" && go vet ./...) && (cd "$srcdir/embed/go" && go vet ./...)
}

program () {
	(cd "$example" && go build -o "$tmp/agent" .) &&
		LINEHOOK_EXEC=$LINEHOOK_EXEC LINEHOOK_PLUGIN_PATH=$PLUGIN_DIR \
			"$tmp/agent" -- "$AGENT" out hi >"$tmp/out" 2>&1 &&
		grep -qx hi "$tmp/out" && grep -qx 'verdict: ok' "$tmp/out"
}

check go_example_is_formatted formatted
check go_example_is_vetted vetted
check go_program_prints_what_the_agent_says program
# cases: "--- PASS: TestName (0.1s)"
(cd "$srcdir/embed/go" && go test -count=1 -timeout 150s -v .) \
	>"$tmp/test" 2>&1
status=$?
for name in $(sed -n 's/^func \(Test[A-Za-z0-9]*\).*/\1/p' \
	"$srcdir/embed/go/many_runs_test.go"); do
	check "$name" grep -q "^--- PASS: $name " "$tmp/test"
done
[ $status -eq 0 ] || sed 's/^/# /' "$tmp/test"
echo "1..$n"
exit $status
