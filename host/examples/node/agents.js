#!/usr/bin/env node
// SPDX-License-Identifier: MIT
//
// agents.js - run several agents at once, print what they say, how it ends.
//
//	node agents.js 'claude -p "say hi"' 'codex exec --json "say hi"'
//
// Each argument is a command for the shell.  $LINEHOOK_PLUGIN_PATH and
// $LINEHOOK_EXEC are for a linehook that is not installed.
'use strict';

const { Host } = require('./linehook');

async function follow(host, number, command) {
	const run = host.start(['sh', '-c', command], { timeout: 600 });
	for await (const event of run)
		if (event.kind === 'text' && event.role === 'assistant')
			console.log(`${number}: ${event.text}`);
	return run.result;
}

async function main(commands) {
	const dirs = process.env.LINEHOOK_PLUGIN_PATH;
	const host = new Host({
		pluginDirs: dirs ? dirs.split(':') : [],
		monitor: process.env.LINEHOOK_EXEC ?? null,
	});
	const results = await Promise.all(commands.map((command, i) =>
		follow(host, i + 1, command)));
	host.close();
	results.forEach((result, i) =>
		console.log(`${result.verdict.padEnd(10)} ${commands[i]}`));
	process.exitCode = results.every((r) => r.verdict === 'ok') ? 0 : 1;
}

main(process.argv.slice(2));
