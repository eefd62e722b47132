#!/bin/sh
# SPDX-License-Identifier: MIT
# cli_options.sh - what is typed wrong is exit status 2 and one sentence.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin

# wrong NAME PATTERN ARG..: one line that matches, nothing on stdout, 2.
wrong () {
	name=$1
	pattern=$2
	shift 2
	lh "$@" </dev/null
	if [ "$status" -eq 2 ] && [ "$(count "$err")" -eq 1 ] &&
		[ -z "$out" ] &&
		printf '%s\n' "$err" | grep -Eq -- "$pattern"; then
		result 0 "$name"
	else
		show 'found status' "$status"
		show 'found stderr' "$err"
		show 'wanted one line like' "$pattern"
		result 1 "$name"
	fi
}

cp "$(command -v cat)" "$tmp/my agent"
lh run --format none -- "$tmp/my agent"
is 'a program with a blank in its name' "$status" 0
lh run --format none --env "PATH=$tmp" -- 'my agent'
is 'also in PATH' "$status" 0
cp "$(command -v cat)" "$tmp/-x"
lh run --format none --env "PATH=$tmp" -- -x
is 'a program whose name begins with a dash' "$status" 0
wrong 'C1 controls and bidirectional ones are not passed on' \
	"^linehook: unknown subcommand 'a\?b\?c\?d\?é';" \
	"$(printf 'a\302\233b\342\200\256c\233d\033\303\251')"
wrong 'nor in a value' "'\?1' is not a size" \
	filter --line-max "$(printf '\342\200\2561')"
wrong 'control bytes in a word do not reach the terminal' \
	"^linehook: filter: unknown option '--bad\?\[31m';" \
	filter "$(printf -- '--bad\033[31m')"
wrong 'a line break in a word makes no second line' \
	"^linehook: run: there is no program 'a\?b';" run "$(printf 'a\nb')"

for value in lots 4095 nosuch=1M; do
	LINEHOOK_LINE_MAX=$value
	export LINEHOOK_LINE_MAX
	wrong "LINEHOOK_LINE_MAX=$value" \
		'^linehook: filter: LINEHOOK_LINE_MAX: .*'"(${value%=*})" \
		filter /dev/null
	unset LINEHOOK_LINE_MAX
done

for sub in '' $("$LINEHOOK" help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
	# shellcheck disable=SC2086
	lh $sub --help
	is "linehook $sub --help succeeds" "$status" 0
	like "linehook $sub --help says how it is used" "$out" \
		"^Usage: linehook ${sub:-SUBCOMMAND}"
	like "linehook $sub --help has an example" "$out" '^Examples?:$'
	is "linehook $sub --help fits 80 columns" \
		"$(printf '%s\n' "$out" | awk 'length > 79')" ''
	unlike "linehook $sub --help has a heading above every group" "$out" \
		'^\(null\)'
done
lh filter --line-max banana --help
is 'what is wrong before --help is said' "$status" 2
lh filter --help --line-max banana
is 'what comes behind --help does not matter' "$status" 0
for word in version --version -V; do
	lh "$word"
	like "the version: $word" "$out" '^linehook [0-9]+\.[0-9]'
done
lh --help
all=$out
for words in help -h; do
	lh "$words"
	is "linehook $words is linehook --help" "$out" "$all"
done
lh run --help
all=$out
for words in 'help run' 'run -h' '--help run'; do
	# shellcheck disable=SC2086
	lh $words
	is "linehook $words is linehook run --help" "$out" "$all"
done

s=$streams/claude/tool_shell.ndjson
lh filter "$s"
plain=$out
for words in "-p claude $s" "-pclaude $s" "--plugin claude $s" \
	"--plugin=claude $s" "-p auto $s" "$s -p claude" "-vp claude -- $s" \
	"--line-max 4k --line-max claude=10M $s" "--line-max=1G $s" \
	"--line-max 4k,claude=1M $s" "-p claude -- $s" "$s --format events"; do
	# shellcheck disable=SC2086
	lh filter $words
	is "the same options: $(printf '%s\n' "$words" | sed 's,/.*/,,')" \
		"$status $out" "0 $plain"
done
lh filter <"$s"
is 'standard input' "$status $out" "0 $plain"
lh filter - <"$s"
is 'standard input by name' "$status $out" "0 $plain"
lh run --format raw --env A=1 --unset A -- sh -c 'printenv A || echo none'
is '--unset after --env' "$out" none
lh run --format raw --unset A --env A=1 -- sh -c 'printenv A || echo none'
is '--env after --unset' "$out" 1
lh run --format raw --env A=1 --env A=2 -- printenv A
is 'the last --env counts' "$out" 2
lh run --log journal -v --format none -- sh -c 'echo trouble >&2'
is 'every line for the journal begins with its priority' \
	"$(printf '%s\n' "$err" | grep -cv '^<[0-7]>')" 0
like 'and standard error of the agent is a warning' "$err" '^<4>.*trouble'
lh run -v -p raw --timeout 90 --format none -- true
like '-v names the process, the plugin and the clocks' "$err" \
	"code=started msg=\"the agent is process [0-9]+, plugin 'raw' reads its output, --timeout 1 min 30 s, --idle-timeout none, --grace 5\.0 s\""
like '-v says what held its processes' "$err" \
	'level=info code=contain msg="the processes of the agent were contained by '
is 'each is said once' "$(printf '%s\n' "$err" | grep -c level=info)" 2
lh run -v --format none -- true
like '-v: the plugin may not be known yet' "$err" \
	'its output decides which plugin reads it, --timeout none'
finish
