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

wrong 'no subcommand' "^linehook: a subcommand is missing .*--help"
wrong 'unknown subcommand is named, and what was meant' \
	"^linehook: 'fliter': .*did you mean 'filter'.*--help lists them" \
	fliter
wrong 'a command line in quotes' \
	"^linehook: run: 'claude -p x': a command line in one word" \
	run -- 'claude -p x'
wrong 'with a path, too' "'/no/such -p': a command line in one word" \
	run -p raw -- '/no/such -p'
cp "$(command -v cat)" "$tmp/my agent"
lh run --format none -- "$tmp/my agent"
is 'a program with a blank in its name' "$status" 0
lh run --format none --env "PATH=$tmp" -- 'my agent'
is 'also in PATH' "$status" 0
wrong 'C1 controls and bidirectional ones are not passed on' \
	"^linehook: 'a\?b\?c\?d\?é': no such subcommand" \
	"$(printf 'a\302\233b\342\200\256c\233d\033\303\251')"
wrong 'nor in a value' "'--line-max \?1': not a size" \
	filter --line-max "$(printf '\342\200\2561')"
wrong 'unknown option before the subcommand' \
	"^linehook: '--foo': no such option" --foo
wrong 'unknown long option' \
	"^linehook: filter: '--formt': no such option.*'--format'" \
	filter --formt text
wrong 'unknown letter' "^linehook: filter: '-x': no such option" filter -x
wrong 'unknown letter in a cluster' "'-x': no such option" filter -qvx
wrong 'a size that is none' \
	"^linehook: filter: '--line-max banana': not a size \(want 4k to 1G" \
	filter --line-max banana
wrong 'a size below the range' "'--line-max 4095': out of range" \
	filter --line-max 4095
wrong 'a size above the range' "'--line-max=?.2G': out of range" \
	filter --line-max=2G
wrong 'a size with a wrong unit' "'--line-max 10X': not a size" \
	filter --line-max 10X
wrong 'a size of too many digits' "not a size" \
	filter --line-max 99999999999999999999999
wrong 'a negative size' "'--line-max -1': not a size" filter --line-max -1
wrong 'a bound of stderr that is none' \
	"'--stderr-max all': not a size \(want bytes, e.g. 64M; 0: no limit" \
	run --stderr-max all -- true
wrong 'one beyond all sizes' "'--stderr-max 9223372036854775808': out of" \
	run --stderr-max 9223372036854775808 -- true
wrong 'a cap without a plugin name' "'--line-max =1M': not a size" \
	filter --line-max =1M
wrong 'a choice that is none' \
	"'--format xml': .*want view, text, answer, events, result, raw or none\)" \
	filter --format xml
wrong 'a missing value' "'--format': a value is missing \(want view" \
	filter --format
wrong 'a value for a flag' "'--source=1': takes no value" filter --source=1
wrong 'two files' "'b': one FILE at most" filter a b
wrong 'a file that is not there' \
	"^linehook: filter: cannot read 'no/such': No such file" filter no/such
wrong 'a directory as file' "cannot read '.*': it is a directory" \
	filter "$tmp"
wrong 'a result file in a directory that is not there' \
	"cannot write the result to '.*': No such file" \
	filter --result "$tmp/no/r.json" /dev/null
wrong 'a directory as result file' "cannot write the result to '.*': Is a d" \
	filter --result "$tmp" /dev/null
wrong 'a plugin that is not there' "^linehook: filter: .*nosuch" \
	filter -p nosuch /dev/null
wrong 'a plugin file that is not there' "^linehook: filter: .*no.so" \
	filter -p ./no.so /dev/null
wrong 'an empty plugin name' "'--plugin ': empty" filter --plugin '' /dev/null
wrong 'a plugin directory that is not there' "'--plugin-dir /no/such': not" \
	filter --plugin-dir /no/such
wrong 'a filter has no child' "'--exit child': no such choice" \
	filter --exit child
wrong 'no command' "^linehook: run: a command is missing" run
wrong 'no command behind --' "a command is missing" run --timeout 1s --
wrong 'an empty command' "a command is missing" run -- ''
wrong 'a time that is none' "'--timeout soon': not a time \(want" \
	run --timeout soon -- true
wrong 'a time out of range' "'--grace 9999h': out of range" \
	run --grace 9999h -- true
wrong 'an amount that is none' "'--max-cost 1e3': not an amount" \
	run --max-cost 1e3 -- true
wrong 'a number that is none' "'--max-tokens many': not a number" \
	run --max-tokens many -- true
wrong 'a limit that is none' "'--limit stack=1': not a limit" \
	run --limit stack=1 -- true
wrong 'a limit of no processes' "'--limit pids=0': not a limit" \
	run --limit pids=0 -- true
wrong 'a limit of a thousandth of a CPU' "'--limit cpus=0.001': not a limit" \
	run --limit cpus=0.001 -- true
wrong 'a limit of the run without a cgroup' \
	"--limit mem= needs a cgroup of the run, which --contain pidns does not make; use --contain cgroup" \
	run --limit mem=1G --contain pidns -- true
wrong 'a variable without a value' "'--env X': not an assignment" \
	run --env X -- true
wrong 'a name with a value' "'--unset X=1': not a name" run --unset X=1 -- true
wrong 'a run id with a slash' "'--run-id a/b': not a run id" \
	run --run-id a/b -- true
wrong 'a containment that is none' \
	"'--contain jail': .*want auto, cgroup, pidns or subreaper" \
	run --contain jail true
wrong 'a flag with a value' "'--unscoped=1': takes no value" \
	run --unscoped=1 true
wrong 'an option that is not there yet' "'--isolate': no such option" \
	run --isolate -- true
wrong 'stdin from what is not there' "'--stdin no/such': No such file" \
	run --stdin no/such -- true
wrong 'an operand of plugins' "'x': no operand" plugins x
wrong 'check without a plugin' "a plugin is missing" check
wrong 'check of what is not there' "^linehook: check: .*nosuch" check nosuch
wrong 'check with a transcript that is not there' "cannot read 'no/such'" \
	check raw no/such
wrong 'control bytes in a word do not reach the terminal' \
	"^linehook: filter: '--bad\?\[31m': no such option" \
	filter "$(printf -- '--bad\033[31m')"

LINEHOOK_LINE_MAX=lots
export LINEHOOK_LINE_MAX
wrong 'a bad value in the environment' \
	"'LINEHOOK_LINE_MAX=lots': not a size" filter /dev/null
unset LINEHOOK_LINE_MAX

for sub in '' run filter tool plugins check runs show follow wait replay \
	cancel gc doctor; do
	# shellcheck disable=SC2086
	lh $sub --help
	is "linehook $sub --help succeeds" "$status" 0
	like "linehook $sub --help says how it is used" "$out" \
		"^usage: linehook ${sub:-SUBCOMMAND}"
	is "linehook $sub --help fits 80 columns" \
		"$(printf '%s\n' "$out" | awk 'length > 79')" ''
	unlike "linehook $sub --help has a heading above every group" "$out" \
		'^\(null\)'
done
lh filter --line-max banana --help
is 'what is wrong before --help is said' "$status" 2
lh filter --help --line-max banana
is 'what comes behind --help does not matter' "$status" 0
lh --version
like 'the version' "$out" '^linehook [0-9]+\.[0-9]'

s=$streams/claude/tool_shell.ndjson
lh filter "$s"
plain=$out
for words in "-p claude $s" "-pclaude $s" "--plugin claude $s" \
	"--plugin=claude $s" "-p auto $s" "$s -p claude" "-qvp claude -- $s" \
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
lh --help
for subcommand in $(printf '%s\n' "$out" |
	sed -n 's/^  linehook \([a-z]*\) .*/\1/p'); do
	lh "$subcommand" --help
	is "$subcommand --help: every heading has a name" \
		"$status $(grep -c '^(null)$' "$tmp/out")" '0 0'
done
finish
