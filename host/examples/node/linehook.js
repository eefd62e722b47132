// SPDX-License-Identifier: MIT
//
// linehook.js - agent programs under Node, by liblinehook and addon.c.
//
//	const { Host } = require('./linehook');
//	const host = new Host();
//	const run = host.start(['claude', '-p', 'hi', '--output-format',
//		'stream-json', '--verbose'], { timeout: 600 });
//	for await (const event of run)		// see linehook-events(7)
//		console.log(event.kind);
//	console.log(run.result.verdict, run.result.text);
//	host.close();
//
// A host belongs to the thread that made it: the main one or a worker.
'use strict';

const addon = require('./linehook.node');

function ms(seconds) {
	return seconds === undefined ? undefined : Math.round(seconds * 1000);
}

function word(value) {
	const text = String(value);
	if (text.includes('\0'))
		throw new TypeError('a word has a NUL byte: C would cut it');
	return text;
}

// The words of linehook-events(7), and all of them in `event`.
class Result {
	constructor(event) {
		this.event = event;
		this.verdict = event.verdict;	// 'ok', 'failed', 'canceled'..
		this.text = event.text ?? '';	// the final answer
		this.error = event.error;
		this.exitCode = event.outcome.exit_code;
		this.costUsd = event.cost_usd;
	}
}

// One agent.  Iterate over its events, or wait for its result.
class Run {
	#host;
	#handle;
	#news = null;		// resolves when there may be more
	#tell = null;
	result = null;

	constructor(host, handle) {
		this.#host = host;
		this.#handle = handle;
	}

	async *[Symbol.asyncIterator]() {
		while (this.#handle !== null) {
			// Events wait in the library, which never slows the agent.
			const line = addon.next(this.#handle);
			if (line === null) {
				this.#news ??= new Promise((resolve) => {
					this.#tell = resolve;
				});
				await this.#news;
				continue;
			}
			const event = line === undefined ? null : JSON.parse(line);
			if (event === null || (event.kind === 'result' && event.final)) {
				this.result = event && new Result(event);
				addon.free(this.#handle);
				this._forget();
			}
			if (event !== null)
				yield event;
		}
	}

	// The Result.  Events that were not iterated over are dropped.
	async wait() {
		for await (const event of this)
			void event;
		if (this.result === null)
			throw new Error('no result: the host was closed before');
		return this.result;
	}

	// Ask for the end: SIGTERM or this number, then SIGKILL.  The second
	// call skips the time between them.  Events go on to the result.
	cancel(signo = 0) {
		if (this.#handle !== null)
			addon.cancel(this.#handle, signo);
	}

	_wake() {
		this.#tell?.();
		this.#news = this.#tell = null;
	}

	_forget() {
		this.#handle = null;
		this.#host._runs.delete(this);
		this._wake();
	}
}

class Host {
	#handle;
	_runs = new Set();

	// Defaults are those of the installation; pluginDirs are searched before
	// its directory, monitor is the path of linehook-exec.
	constructor({ pluginDirs = [], monitor = null } = {}) {
		this.#handle = addon.open(monitor, pluginDirs, () => {
			for (const run of [...this._runs])
				run._wake();
		});
	}

	// Start a command (an array of words, no shell).  Options: plugin (else by
	// the command), cwd, env (an object, else that of this process), input
	// (text for its stdin), timeout, idleTimeout, linger, grace in seconds.
	// A program that cannot be executed is a result, not an error.
	start(argv, { plugin, cwd, env, input, timeout, idleTimeout, linger,
		grace } = {}) {
		if (this.#handle === null)
			throw new Error('the host is closed');
		const run = new Run(this, addon.start(this.#handle, Array.from(argv, word), {
			plugin: plugin && word(plugin),
			cwd: cwd && word(cwd),
			input: input === undefined ? input : String(input),
			env: env && Object.entries(env).map((e) =>
				word(e.join('='))),
			timeoutMs: ms(timeout),
			idleTimeoutMs: ms(idleTimeout),
			lingerMs: ms(linger),
			graceMs: ms(grace),
		}));
		this._runs.add(run);
		return run;
	}

	// Kill what still runs and give everything back.
	close() {
		if (this.#handle === null)
			return;
		for (const run of [...this._runs])
			run._forget();
		addon.close(this.#handle);
		this.#handle = null;
	}
}

module.exports = { Host, Run, Result };
