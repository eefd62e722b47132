#!/bin/sh
# SPDX-License-Identifier: MIT
# worker.sh - the JavaScript worker answers `linehook tool'.  It needs node.
# shellcheck source=tests/system/lib.sh
. "${srcdir:-.}/system/lib.sh"
begin
worker=$srcdir/../host/examples/worker
cp "$worker/worker.mjs" "$worker/tools.mjs" "$tmp" || exit 99
cat >"$tmp/odd.mjs" <<'EOF'
import { stdout } from 'node:process';
import { log } from 'node:console';
export function exits () { process.exit (0); }
export function never () { return new Promise (() => {}); }
export function thrown () { throw 'a string'; }
export function late () {
	setTimeout (() => { throw new Error ('too late'); }, 1);
	return new Promise (() => setInterval (() => {}, 1000));
}
export function rejected () {
	Promise.reject (new Error ('nobody cares'));
	return new Promise (() => setInterval (() => {}, 1000));
}
export function circle () { const a = {}; a.a = a; return a; }
export function nothing () { setInterval (() => {}, 1000); }
export function large () { return 'x'.repeat (3000000); }
export const object = { execute () { return this.value; }, value: 'mine' };
export const data = { not: 'a tool' };
export function noisy () {
	process.stdout.write ('direct\n');
	log ('named');
	console.group ('group');
	console.warn ('two\nlines');
	console.groupEnd ();
	console.error ('an error');
	console.debug ('a detail');
	stdout.end ('the end\n');
	stdout.write ('and more\n');
	return [9007199254740993n, { a: -5n, b: 'bigint-1"' }];
}
EOF
echo 'export default {' >"$tmp/broken.mjs"
cd "$tmp" || exit 99

# call ENTRY ID INPUT ARG..: call tool ID of the file ENTRY.
call () {
	entry=$1 id=$2
	printf '%s' "$3" >"$tmp/input"
	shift 3
	lh tool --id "$id" --input "$tmp/input" "$@" -- node worker.mjs "$entry"
}

call tools.mjs weather '{"city":"Oslo"}'
like 'weather' "$status $out" \
	'^0 .*"output":\{"city":"Oslo","unit":"celsius","temperature":[0-9]+\},"metadata":\{"tool_id":"weather","tool_exec_id":"[^"]+","execution_time":[0-9]+\}'
is 'console.log is stderr with its level' "$err" \
	'level=warn code=stderr msg="[LOG] looking out of the window in Oslo"'
echo '{"unit":"fahrenheit"}' >"$tmp/config"
call tools.mjs weather '{"city":"Oslo"}' --config "$tmp/config"
like 'config is handed on' "$out" '"unit":"fahrenheit"'
call tools.mjs echo '{"a":[1,{"b":null}],"c":"\u00e9\ud83d\ude00"}'
like 'echo' "$out" '"output":\{"a":\[1,\{"b":null\}\],"c":"é😀"\}'
call tools.mjs add '{"terms":["9007199254740992",1]}'
like 'a BigInt is exact' "$out" '"output":\{"value":9007199254740993\}'
call tools.mjs env/get '{"name":"A_NAME"}' --env 'A_NAME=a value'
like 'the environment of the request' "$out" '"value":"a value"'
call tools.mjs fail '{"message":"on purpose"}'
like 'a thrown error' "$status $out" \
	'^1 .*"kind":"tool","message":"[^"]*on purpose","name":"RangeError"'
unlike 'its stack stays out' "$out" '"stack"'
call tools.mjs fail '{"message":"on purpose"}' --stack
like 'its stack on demand' "$out" '"stack":"RangeError: on purpose.*tools\.mjs'
call tools.mjs nope '{}'
like 'an unknown tool names those there are' "$out" \
	"no tool 'nope' \\(available: add, echo, env/get, fail, sleep, weather\\)\",\"name\":\"UnknownToolError\""
call tools.mjs constructor '{}'
like 'what every object has is no tool' "$out" 'UnknownToolError'
call tools.mjs sleep '{"ms":600000}' --timeout 2s
like 'a time-out' "$status $out" '^(124 .*"kind":"timeout"|1 .*"name":"TimeoutError")'

# The worker without linehook: its own timeout, its own checks.
# alone REQUEST: run it; sets $status and $out.
alone () {
	status=0
	out=$(printf '%s' "$1" | node worker.mjs "${2:-tools.mjs}" 2>"$tmp/err") ||
		status=$?
	err=$(cat "$tmp/err")
}
alone '{"tool_id":"sleep","tool_exec_id":"e","input":{"ms":600000},"timeout_ms":50}'
like 'its own time-out' "$status $out" \
	'^1 \{"error":\{"message":"the tool took longer than 50 ms","name":"TimeoutError",.*"tool_id":"sleep","tool_exec_id":"e","timestamp":"20'
alone '{bad'
like 'no JSON' "$status $out" '^1 .*"message":"Invalid JSON input.*"name":"ParseError"'
alone "$(printf '{"tool_id":"\377"}')"
like 'no UTF-8' "$status $out" '^1 .*"name":"ParseError"'
for request in '[]' null '{"tool_id":""}' '{"tool_id":"a"}' \
	'{"tool_id":"a","tool_exec_id":"b","input":[]}' \
	'{"tool_id":"a","tool_exec_id":"b","env":{"A":1}}'; do
	alone "$request"
	like "$request" "$status $out" '^1 .*"name":"ValidationError"'
done
alone '{"tool_id":"a","tool_exec_id":"b"}' none.mjs
like 'no entry module' "$status $out" '^1 .*none\.mjs.*"tool_id":"a"'
alone '{"tool_id":"a","tool_exec_id":"b"}' broken.mjs
like 'a broken entry module' "$status $out" '^1 .*"name":"SyntaxError"'

call odd.mjs noisy '{}'
like 'noise does not reach the answer' "$status $out" \
	'^0 .*"output":\{"value":\[9007199254740993,\{"a":-5,"b":"bigint-1\\""\}\]\}'
is 'all of it is stderr' "$(printf '%s\n' "$err" | sed 's/.*msg=//')" \
'"direct"
"named"
"[LOG] group"
"[WARN]   two"
"[WARN]   lines"
"[ERROR] an error"
"[DEBUG] a detail"
"the end"
"and more"'
call odd.mjs object null
like 'an object with execute keeps its this' "$out" '"value":"mine"'
call odd.mjs data null
like 'an export that is no function is no tool' "$out" 'UnknownToolError'
call odd.mjs nothing null
like 'nothing, and a timer that is left' "$status $out" '^0 .*"output":\{\}'
call odd.mjs thrown null
like 'a thrown string' "$out" 'a string","name":"UnknownError"'
call odd.mjs exits null
like 'a tool that ends the process' "$status $out" '^1 .*"name":"ExitError"'
call odd.mjs never null
like 'a promise that is never settled' "$out" '"name":"UnsettledError"'
call odd.mjs late null
like 'an error outside of the call' "$out" 'too late","name":"Error"'
call odd.mjs rejected null
like 'a rejection that nobody handles' "$out" 'nobody cares","name":"Error"'
call odd.mjs circle null
like 'a result that is no JSON' "$out" '"name":"TypeError"'
call odd.mjs large null
is 'a large result is whole' "$status $(tr -cd x <"$tmp/out" | wc -c |
	tr -d ' ' | sed 's/^300000[0-9]*$/3000000/')" '0 3000000'

for i in 1 2 3 4 5; do
	printf '{"id":"add","input":{"terms":["9007199254740992",%d]}}\n' "$i"
done >"$tmp/jobs"
lh tool --jobs "$tmp/jobs" -- node worker.mjs tools.mjs
is 'many calls' "$status $(sed 's/.*"value":\([0-9]*\).*/\1/' "$tmp/out" |
	tr '\n' ' ')" '0 9007199254740993 9007199254740994 9007199254740995 9007199254740996 9007199254740997 '
cd / || exit 99
finish
