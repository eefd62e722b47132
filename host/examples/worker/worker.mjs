// SPDX-License-Identifier: MIT
//
// worker.mjs - tools written in JavaScript, for `linehook tool'.
//
//	node worker.mjs ENTRY.mjs < request > response
//
// Node 18 or later, or bun; nothing from a registry.  One request is read
// from stdin to its end, ENTRY is imported, the tool it names is called once
// with (input, config, context), and one document is written to stdout:
// linehook-tool(1) has the formats.  Exit status 0, or 1 with an error.
//
// A tool is a member of ENTRY's default export or an export of that name: a
// function, or an object with a function `execute'.  What it returns (or what
// its promise comes to) is the result; what it throws is the error.  Its
// console and its process.stdout are stderr: stdout is the answer's alone.
import { Console } from 'node:console';
import { writeSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';

const DEFAULT_TIMEOUT_MS = 60000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

let answered = false;
const about = { tool_id: '', tool_exec_id: '' };

// ---- stdout is the answer's, all else is for stderr ----

const write = process.stdout.write.bind (process.stdout);
const toStderr = process.stderr.write.bind (process.stderr);

process.stdout.write = (chunk, encoding, done) =>
	toStderr (chunk, encoding, done);
process.stdout.end = function (chunk, encoding, done) {
	if (chunk !== undefined && typeof chunk !== 'function')
		toStderr (chunk, encoding, done);
	return this;
};

// Methods by the level they write at; all others are `log'.
const LEVELS = {
	log: ['log', 'dir', 'dirxml', 'table', 'count', 'countReset', 'time',
	      'timeLog', 'timeEnd'],
	info: ['info'],
	debug: ['debug'],
	warn: ['warn'],
	error: ['error', 'assert'],
	trace: ['trace'],
};

function
divertConsole ()
{
	const consoles = [];

	for (const [level, methods] of Object.entries (LEVELS)) {
		const prefix = `[${level.toUpperCase ()}] `;
		const stream = new Writable ({
			write: (chunk, encoding, done) => {
				toStderr (String (chunk).replace (
					/^(?=[^])/gm, prefix));
				done ();
			} });
		const to = new Console ({ stdout: stream, stderr: stream });

		consoles.push (to);
		for (const method of methods)
			console[method] = to[method].bind (to);
	}
	for (const method of ['group', 'groupCollapsed', 'groupEnd'])
		console[method] = (...label) => {
			if (label.length > 0)
				console.log (...label);
			for (const to of consoles)
				to[method] ();
		};
}

// ---- the answer ----

// JSON.stringify knows no BigInt: each becomes a string that nobody can have
// written, and then its digits.
function
toJson (value)
{
	const mark = `bigint-${Math.random ()}-${process.hrtime.bigint ()}:`;
	let some = false;
	const text = JSON.stringify (value, function (key, member) {
		if (typeof member !== 'bigint')
			return member;
		some = true;
		return mark + member;
	});

	return some ? text.replace (
		new RegExp (`"${mark.replace (/\./g, '\\.')}(-?\\d+)"`, 'g'),
		'$1') : text;
}

function
errorDocument (name, error)
{
	const isObject = error !== null && typeof error === 'object';
	const text = isObject && 'message' in error ? error.message
		: typeof error === 'string' ? error : inspect (error);

	return toJson ({ error: {
		message: String (text),
		name: String (name ?? ((isObject && error.name)
			|| 'UnknownError')),
		stack: isObject && typeof error.stack === 'string'
			? error.stack : undefined,
		tool_id: about.tool_id,
		tool_exec_id: about.tool_exec_id,
		timestamp: new Date ().toISOString (),
	} });
}

function
answer (text, status)
{
	if (answered)
		return;
	answered = true;
	process.exitCode = status;
	// With all of it in the pipe, whatever timers the tool left.
	write (text + '\n', () => process.exit (status));
}

function
fail (name, error)
{
	answer (errorDocument (name, error), 1);
}

// A tool that ends the process itself would leave no answer.
function
answerAtExit (status)
{
	if (answered)
		return;
	answered = true;
	process.exitCode = 1;
	writeSync (1, errorDocument ('ExitError', {
		message: `the tool ended the process (status ${status})`,
	}) + '\n');
}

// ---- the request ----

async function
readRequest ()
{
	const chunks = [];

	for await (const chunk of process.stdin)
		chunks.push (chunk);
	return JSON.parse (new TextDecoder ('utf-8', { fatal: true })
		.decode (Buffer.concat (chunks)));
}

function
isObject (value)
{
	return value !== null && typeof value === 'object'
		&& !Array.isArray (value);
}

function
checkRequest (request)
{
	if (!isObject (request))
		throw new Error ('the request is no object');
	for (const member of ['tool_id', 'tool_exec_id'])
		if (typeof request[member] !== 'string'
		    || request[member] === '')
			throw new Error (`${member}: want a string`);
	Object.assign (about, { tool_id: request.tool_id,
				tool_exec_id: request.tool_exec_id });
	for (const member of ['input', 'config', 'env'])
		if ((request[member] ?? null) !== null
		    && !isObject (request[member]))
			throw new Error (`${member}: want an object or null`);
	for (const [name, value] of Object.entries (request.env ?? {}))
		if (typeof value !== 'string')
			throw new Error (`env: ${name}: want a string`);
}

// ---- the tool ----

function
toolsOf (module)
{
	const tools = new Map ();
	const sources = [module, isObject (module.default) ? module.default
		: {}];

	for (const source of sources)
		for (const [name, tool] of Object.entries (source)) {
			const run = typeof tool === 'function' ? tool
				: isObject (tool) ? tool.execute : undefined;

			if (typeof run === 'function' && (source !== module
			    || name !== 'default'))
				tools.set (name, run.bind (tool));
		}
	return tools;
}

function
findTool (module, id)
{
	const tools = toolsOf (module);
	const names = [...tools.keys ()].sort ();

	if (tools.has (id))
		return tools.get (id);
	throw Object.assign (new Error (`no tool '${id}' (available: ${
		names.length > 0 ? names.join (', ') : 'none'})`),
		{ name: 'UnknownToolError' });
}

async function
call (tool, request)
{
	const ms = Math.min (request.timeout_ms || DEFAULT_TIMEOUT_MS,
		LONGEST_TIMER_MS);
	const abort = new AbortController ();
	const started = performance.now ();

	setTimeout (() => {
		const error = Object.assign (new Error (
			`the tool took longer than ${ms} ms`),
			{ name: 'TimeoutError' });

		fail (null, error);
		abort.abort (error);
	}, ms).unref ();

	const result = await tool (request.input ?? null,
		request.config ?? null,
		{ ...about, timeout_ms: ms, signal: abort.signal });

	answer (toJson ({
		result: result ?? null,
		metadata: { ...about, execution_time: Math.round (
			performance.now () - started) },
	}), 0);
}

async function
main (entry)
{
	let request;

	if (entry === undefined)
		return fail ('ValidationError', new Error (
			'no entry module (want worker.mjs ENTRY.mjs)'));
	try {
		request = await readRequest ();
	} catch (error) {
		return fail ('ParseError', new Error (
			`Invalid JSON input: ${error.message}`));
	}
	try {
		checkRequest (request);
	} catch (error) {
		return fail ('ValidationError', error);
	}
	Object.assign (process.env, request.env);
	try {
		const module = await import (pathToFileURL (resolve (entry)));

		await call (findTool (module, request.tool_id), request);
	} catch (error) {
		fail (null, error);
	}
}

divertConsole ();
process.on ('uncaughtException', error => fail (null, error));
process.on ('unhandledRejection', error => fail (null, error));
process.on ('beforeExit', () => fail ('UnsettledError',
	new Error ('the promise of the tool was never settled')));
process.on ('exit', answerAtExit);
main (process.argv[2]);
