// SPDX-License-Identifier: MIT
//
// peer_node.js - the same filter in Node: chunks, Buffer.indexOf, JSON.parse,
// JSON.stringify, one write for each chunk.  (Faster than node:readline.)
//
//	node peer_node.js PROVIDER < STREAM
'use strict';

const types = { Bash: 'execute', Edit: 'edit', Read: 'read', Write: 'edit',
	run_shell_command: 'execute' };

let out = '';
let seq = 1;		// the header, which is left out
let turn = 1;
const names = new Map();	// tool id -> name

function emit(kind, fields) {
	const ev = turn > 1 ? { seq: ++seq, kind, turn, ...fields }
		: { seq: ++seq, kind, ...fields };
	out += JSON.stringify(ev) + '\n';
}

function claim(verdict, more) {
	emit('result', { final: false, verdict, ...more });
	turn++;
}

// Nearly all lines are deltas, so these avoid object spread.
function emitDelta(role, id, text) {
	const ev = turn > 1
		? { seq: ++seq, kind: 'text', turn, role, id, text, delta: true }
		: { seq: ++seq, kind: 'text', role, id, text, delta: true };
	out += JSON.stringify(ev) + '\n';
}

function emitCall(id, name, status, input) {
	const brief = input && (input.file_path || input.command);
	const paths = input && input.file_path ? [input.file_path] : undefined;

	names.set(id, name);
	emit('tool', { id, name, type: types[name] || 'other', status, brief,
		input, paths });
}

const codex = {
	saidSession: false,
	text(item, role) {
		emit('text', { role, id: item.id, text: item.text,
			delta: false });
	},
	command(item) {
		const open = item.status === 'in_progress';

		emit('tool', { id: item.id, name: 'command_execution',
			type: 'execute', status: item.status,
			brief: item.command, input: { command: item.command },
			output: open ? undefined : item.aggregated_output,
			exit_code: item.exit_code === null ? undefined
				: item.exit_code });
	},
	line(o) {
		const item = o.item;

		if (item && item.type === 'command_execution') {
			codex.command(item);
		} else if (o.type === 'item.completed') {
			if (item.type === 'agent_message')
				codex.text(item, 'assistant');
			else if (item.type === 'reasoning')
				codex.text(item, 'thought');
		} else if (o.type === 'turn.completed') {
			const u = o.usage;
			emit('usage', { scope: 'session',
				input_tokens: u.input_tokens,
				output_tokens: u.output_tokens,
				cache_read_input_tokens:
					u.cached_input_tokens,
				cache_creation_input_tokens:
					u.cache_write_input_tokens,
				reasoning_output_tokens:
					u.reasoning_output_tokens });
			claim('ok');
		} else if (o.type === 'thread.started' && !codex.saidSession) {
			codex.saidSession = true;
			emit('session', { provider: 'codex',
				id: o.thread_id });
		}
	},
};

const gemini = {
	texts: 0,
	inText: false,
	saidSession: false,
	message(o) {
		const delta = o.delta === true;

		if (o.role !== 'assistant') {
			gemini.inText = false;
			emit('text', { role: o.role, text: o.content, delta });
			return;
		}
		if (!(delta && gemini.inText))
			gemini.texts++;
		gemini.inText = delta;
		if (delta)
			emitDelta('assistant', 'm' + gemini.texts, o.content);
		else
			emit('text', { role: 'assistant',
				id: 'm' + gemini.texts, text: o.content,
				delta });
	},
	result(o) {
		for (const [model, m] of Object.entries(o.stats.models)) {
			const output = m.total_tokens - m.input_tokens;
			emit('usage', { scope: 'run', model,
				input_tokens: m.input_tokens,
				output_tokens: output,
				cache_read_input_tokens: m.cached,
				reasoning_output_tokens:
					output > m.output_tokens
					? output - m.output_tokens
					: undefined });
		}
		claim(o.status === 'success' ? 'ok' : 'failed');
	},
	line(o) {
		if (o.type === 'message') {
			gemini.message(o);
			return;
		}
		gemini.inText = false;
		if (o.type === 'tool_use') {
			emitCall(o.tool_id, o.tool_name, 'in_progress',
				o.parameters);
		} else if (o.type === 'tool_result') {
			const name = names.get(o.tool_id);
			emit('tool', { id: o.tool_id, name,
				type: types[name] || 'other',
				status: o.status === 'success' ? 'completed'
					: 'failed',
				output: o.output });
		} else if (o.type === 'init' && !gemini.saidSession) {
			gemini.saidSession = true;
			emit('session', { provider: 'gemini',
				id: o.session_id, model: o.model });
		} else if (o.type === 'result') {
			gemini.result(o);
		}
	},
};

const claude = {
	id: '',		// of the message that is being told
	model: '',
	block: 0,
	used: null,
	begin(m) {
		claude.id = m.id;
		claude.model = m.model;
		claude.block = 0;
		claude.used = null;
	},
	// Usage is printed once for each message, and again when a number has grown.
	usage(u) {
		const old = claude.used;
		const now = old || { input_tokens: 0, output_tokens: 0,
			cache_read_input_tokens: 0,
			cache_creation_input_tokens: 0 };
		let changed = old === null;

		for (const key in now) {
			if (u[key] > now[key]) {
				now[key] = u[key];
				changed = true;
			}
		}
		claude.used = now;
		if (!changed)
			return;
		emit('usage', { scope: 'call', id: claude.id,
			model: claude.model,
			input_tokens: now.input_tokens
				+ now.cache_read_input_tokens
				+ now.cache_creation_input_tokens,
			output_tokens: now.output_tokens,
			cache_read_input_tokens: now.cache_read_input_tokens,
			cache_creation_input_tokens:
				now.cache_creation_input_tokens });
	},
	textId(block) {
		return claude.id === '' ? undefined : claude.id + ':' + block;
	},
	stream(e) {
		if (e.type === 'content_block_delta') {
			const d = e.delta;
			if (d.type === 'text_delta')
				emitDelta('assistant', claude.textId(e.index),
					d.text);
			else if (d.type === 'thinking_delta')
				emitDelta('thought', claude.textId(e.index),
					d.thinking);
		} else if (e.type === 'content_block_start') {
			claude.block = e.index;
		} else if (e.type === 'message_start') {
			claude.begin(e.message);
			claude.usage(e.message.usage);
		} else if (e.type === 'message_delta') {
			claude.usage(e.usage);
		}
	},
	assistant(m) {
		if (m.id !== claude.id)
			claude.begin(m);
		for (const b of m.content) {
			if (b.type === 'tool_use')
				emitCall(b.id, b.name, 'in_progress', b.input);
			else if (b.type === 'text' || b.type === 'thinking')
				emit('text', { role: b.type === 'text'
					? 'assistant' : 'thought',
					id: claude.textId(claude.block),
					text: b.type === 'text' ? b.text
						: b.thinking,
					delta: false });
		}
		claude.usage(m.usage);
	},
	user(m) {
		for (const b of m.content) {
			if (b.type !== 'tool_result')
				continue;
			const name = names.get(b.tool_use_id);
			emit('tool', { id: b.tool_use_id, name,
				type: types[name] || 'other',
				status: b.is_error ? 'failed' : 'completed',
				output: b.content });
		}
	},
	result(o) {
		const models = o.model_usage_since_last_result;

		for (const [model, m] of Object.entries(models)) {
			emit('usage', { scope: 'turn', id: o.uuid, model,
				input_tokens: m.inputTokens
					+ m.cacheReadInputTokens
					+ m.cacheCreationInputTokens,
				output_tokens: m.outputTokens,
				cache_read_input_tokens:
					m.cacheReadInputTokens,
				cache_creation_input_tokens:
					m.cacheCreationInputTokens,
				cost_usd: m.costUSD,
				cost_source: 'reported' });
		}
		claim(o.is_error ? 'failed' : 'ok',
			{ stop_reason: o.stop_reason, text: o.result });
	},
	line(o) {
		if (o.type === 'stream_event') {
			claude.stream(o.event);
		} else if (o.type === 'assistant') {
			claude.assistant(o.message);
		} else if (o.type === 'user') {
			claude.user(o.message);
		} else if (o.type === 'system' && o.subtype === 'init') {
			emit('session', { provider: 'claude',
				id: o.session_id, model: o.model, cwd: o.cwd,
				agent_version: o.claude_code_version,
				tools: o.tools });
		} else if (o.type === 'result') {
			claude.result(o);
		}
	},
};

const hook = { claude: claude.line, codex: codex.line,
	gemini: gemini.line }[process.argv[2]];

function takeLine(bytes) {
	let o;

	if (bytes.length === 0)
		return;
	try {
		o = JSON.parse(bytes.toString('utf8'));
	} catch {
		return;
	}
	if (o !== null && typeof o === 'object')
		hook(o);
}

function flush() {
	if (out !== '') {
		process.stdout.write(out);
		out = '';
	}
}

let parts = [];

process.stdin.on('data', (chunk) => {
	let at = 0, nl;

	while ((nl = chunk.indexOf(10, at)) >= 0) {
		if (parts.length > 0) {
			parts.push(chunk.subarray(at, nl));
			takeLine(Buffer.concat(parts));
			parts = [];
		} else {
			takeLine(chunk.subarray(at, nl));
		}
		at = nl + 1;
	}
	if (at < chunk.length)
		parts.push(chunk.subarray(at));
	flush();
});
process.stdin.on('end', () => {
	takeLine(Buffer.concat(parts));
	flush();
});
