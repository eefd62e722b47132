// SPDX-License-Identifier: MIT
//
// many_runs.js - the Node example drives many runs, and nothing is left of them.
//
// EXAMPLE is the directory of the addon that was built.  Prints TAP.
'use strict';

const assert = require('assert');
const fs = require('fs');
const { Worker, isMainThread } = require('worker_threads');
const { Host } = require(process.env.EXAMPLE + '/linehook.js');

const AGENT = process.env.AGENT;
const N_RUNS = 20, N_ROUNDS = 3;

function newHost() {
	return new Host({ pluginDirs: [process.env.PLUGIN_DIR],
		monitor: process.env.LINEHOOK_EXEC });
}

// What must be the same before and after; zombies are children, too.
function left() {
	const children = fs.readdirSync('/proc/self/task').map((tid) =>
		fs.readFileSync(`/proc/self/task/${tid}/children`, 'utf8'));
	return { descriptors: fs.readdirSync('/proc/self/fd').sort(),
		threads: fs.readdirSync('/proc/self/task').length,
		children: children.join('') };
}

// by NUMBER % 4: what the agent does after its first "out", and the verdict
const KINDS = [
	[['pause'], 'canceled'],
	[['err', 'oops', 'exit', '3'], 'failed'],
	[['lines', '200'], 'ok'],
	[['fork', '(', 'sleep', '5', ')', 'cat'], 'ok'],
];

async function one(host, round, number) {
	const [words, verdict] = KINDS[number % 4];
	const name = `round ${round} run ${number}`;
	const run = host.start([AGENT, 'out', name, ...words], {
		plugin: 'raw', timeout: 60, grace: 1, input: `in ${name}\n`,
		env: { N: number } });
	const texts = [], seqs = [];
	for await (const event of run) {
		seqs.push(event.seq);
		if (event.kind === 'text') {
			texts.push(event.text);
			if (words[0] === 'pause')
				run.cancel();
		}
	}
	const result = await run.wait();
	const wanted = [name];
	if (words[0] === 'lines')
		for (let i = 1; i <= 200; i++)
			wanted.push(`line ${i}`);
	if (words[5] === 'cat')
		wanted.push(`in ${name}`);
	assert.strictEqual(result.verdict, verdict, name);
	assert.deepStrictEqual(texts, wanted, name);
	assert.deepStrictEqual(seqs, seqs.map((_, i) => i + 1), name);
}

async function round(number) {
	const host = newHost();
	const runs = [];
	for (let i = 0; i < N_RUNS; i++)
		runs.push(one(host, number, i));
	try {
		await Promise.all(runs);
	} finally {
		host.close();
	}
}

// libuv closes its side of the descriptor in the next turn of the loop.
function turn() {
	return new Promise((resolve) => setImmediate(resolve));
}

async function many() {
	await round(-1);	// what Node itself opens once
	await turn();
	const before = left();
	for (let i = 0; i < N_ROUNDS; i++) {
		await round(i);
		await turn();
		assert.deepStrictEqual(left(), before, `round ${i}`);
	}
}

async function endedByClose() {
	const before = left();
	const host = newHost();
	const run = host.start([AGENT, 'out', 'up', 'ignoreall', 'pause']);
	const waiting = assert.rejects(run.wait(), /host was closed/);
	await turn();
	host.close();
	await waiting;	// whoever waits is told
	run.cancel();
	host.close();
	await turn();
	assert.deepStrictEqual(left(), before);
}

async function errors() {
	const host = newHost();
	const run = host.start(['/nowhere/agent']);
	assert.strictEqual((await run.wait()).verdict, 'spawn_failed');
	assert.throws(() => host.start([]), { code: -1 });
	assert.throws(() => host.start(['true'], { plugin: 'none-such' }),
		{ code: -7, message: /none-such/ });
	assert.throws(() => host.start(['echo', 'a\0b']), TypeError);
	host.close();
	assert.throws(() => host.start(['true']), /closed/);
}

// A worker thread is an embedder of its own, even if it is terminated.
async function workers() {
	const before = left();
	for (const how of ['round', 'hang']) {
		const worker = new Worker(__filename, { argv: [how] });
		const said = await new Promise((resolve, reject) => {
			worker.on('message', resolve);
			worker.on('error', reject);
		});
		assert.strictEqual(said, how);
		await worker.terminate();
	}
	assert.strictEqual(left().children, before.children);
}

async function inWorker(how) {
	const { parentPort } = require('worker_threads');
	if (how === 'round')
		await round(99);
	else
		newHost().start([AGENT, 'out', 'up', 'ignoreall', 'pause']);
	parentPort.postMessage(how);
}

const CASES = [
	['node_20_runs_at_once_have_no_cross_talk_and_leave_nothing', many],
	['node_closing_the_host_ends_the_runs_and_who_waits', endedByClose],
	['node_errors_are_exceptions_with_a_sentence', errors],
	['node_a_worker_that_is_ended_takes_its_runs_along', workers],
];

async function main() {
	console.log(`1..${CASES.length}`);
	for (const [i, [name, fn]] of CASES.entries()) {
		let word = 'ok';
		try {
			await fn();
		} catch (error) {
			word = 'not ok';
			process.exitCode = 1;
			console.log(String(error.stack).replace(/^/gm, '# '));
		}
		console.log(`${word} ${i + 1} - ${name}`);
	}
}

if (isMainThread)
	main();
else
	inWorker(process.argv[2]);
