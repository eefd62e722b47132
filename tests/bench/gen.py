#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""gen.py - make streams for the benchmarks; equal arguments give equal bytes.

usage: gen.py KIND [--mb N] [--seed N] > FILE

KIND is one of
  delta     Claude text deltas, 247 bytes a line on average: one message
  mixed     whole Claude sessions: thinking, text, tool input as deltas and as
            whole messages, tool results of up to 50 KB
  codex     codex exec --json: reasoning, commands with output of up to 20 KB
  gemini    gemini stream-json: deltas of 20 to 200 bytes, tools
  escapes   Claude deltas and messages, every second word with an escape, a
            character outside ASCII or an emoji, half of them as \\uXXXX
  big1m     Claude tool results of 1 MB a line
  big9m     the same with 9 MB
  lines200  Codex agent messages of 200 bytes a line (for the stream writer)

Valid JSON and whole surrogate pairs only: bad input is a matter of the tests.
A stream ends at the first session that reaches N megabytes.
"""
import argparse
import json
import random
import sys

R = random.Random()
WORDS = """a all also and any are be build but by call can case check code
commit could current data default do each end error event fail file find first
fix for from function get go good has have if in index into is it item key know
last length line list log long look make may message model more must name need
new next no not now number object of old on one only open or other out output
over parse path read result return run same see set should show so some start
state step stream string test text that the then there these this time to token
tool type up use value was we well what when where which while will with word
work would write you""".split()
PATHS = ["src/main.c", "src/stream/reader.c", "include/agent/event.h",
         "tests/test_reader.c", "docs/design.md", "scripts/build.sh"]
ODD = ["\u00e9", "\u00fc", "\u2014", "\u201cq\u201d", "\u4e2d\u6587",
       "\u65e5\u672c", "\ud55c", "\u0434\u0430", "\U0001f642", "\U0001f680",
       "\u2713", "\\", "\"x\"", "\tx", "\b", "/"]
MODEL = "claude-sonnet-4-5"


def hexes(n):
    return "%0*x" % (n, R.getrandbits(4 * n))


def uuid():
    return "-".join(hexes(n) for n in (8, 4, 4, 4, 12))


def words(n):
    return " ".join(R.choices(WORDS, k=n))


def prose(size, odd=0.01):
    out, have = [], 0
    while have < size:
        w = R.choice(WORDS)
        x = R.random()
        if x < odd:
            w = R.choice(ODD)
        elif x < odd + 0.03:
            w += ".\n"
        elif x < odd + 0.05:
            w = '"' + w + '"'
        out.append(w)
        have += len(w) + 1
    return " ".join(out)

def source(size):
    """Text like source, listings and diffs: one escape in 40 bytes."""
    out, have, n = [], 0, 1
    while have < size:
        k = R.randrange(5)
        if k == 0:
            line = "\tif (%s == NULL) {" % R.choice(WORDS)
        elif k == 1:
            line = '\t\treturn fail ("%s", %d);' % (words(3), R.randrange(999))
        elif k == 2:
            line = "%6d\u2192static int %s_%s (size_t n)" % (
                n, R.choice(WORDS), R.choice(WORDS))
        elif k == 3:
            line = "%s:%d: %s" % (R.choice(PATHS), R.randrange(900),
                                  words(R.randrange(4, 12)))
        else:
            line = "-rw-r--r-- 1 user user %6d Jan %2d 12:30 %s" % (
                R.randrange(10 ** 6), R.randrange(1, 29), R.choice(PATHS))
        out.append(line)
        have += len(line) + 1
        n += 1
    return "\n".join(out)

def dump(value, ascii_only=False):
    return json.dumps(value, ensure_ascii=ascii_only, separators=(",", ":"))

class Claude:
    def __init__(self):
        self.sid = uuid()
        self.msg = None
        self.used = {}		# by the message: all its lines say the same

    def init(self):
        return dump({
            "type": "system", "subtype": "init", "cwd": "/home/user/demo",
            "session_id": self.sid, "tools": ["Bash", "Edit", "Read", "Write"],
            "mcp_servers": [], "model": MODEL,
            "permissionMode": "bypassPermissions", "apiKeySource": "none",
            "claude_code_version": "2.1.329", "output_style": "default",
            "uuid": uuid()})

    def new_usage(self):
        self.used = {"input_tokens": R.randrange(3, 99),
                     "cache_creation_input_tokens": R.randrange(9000),
                     "cache_read_input_tokens": R.randrange(90000),
                     "output_tokens": 1, "service_tier": "standard"}

    def event(self, ev):
        return dump({"type": "stream_event", "event": ev,
                     "session_id": self.sid, "parent_tool_use_id": None,
                     "uuid": uuid(), "api_message_id": self.msg})

    def delta(self, index, kind, text, ascii_only=False, api=True):
        key = {"text": "text", "thinking": "thinking",
               "input_json": "partial_json"}[kind]
        return ('{"type":"stream_event","event":{"type":"content_block_delta",'
                '"index":%d,"delta":{"type":"%s_delta","%s":%s}},'
                '"session_id":"%s","parent_tool_use_id":null,"uuid":"%s"%s}' %
                (index, kind, key, json.dumps(text, ensure_ascii=ascii_only),
                 self.sid, uuid(),
                 ',"api_message_id":"%s"' % self.msg if api else ""))

    def start(self):
        self.msg = "msg_01" + hexes(22)
        self.new_usage()
        return self.event({"type": "message_start", "message": {
            "id": self.msg, "type": "message", "role": "assistant",
            "model": MODEL, "content": [], "stop_reason": None,
            "stop_sequence": None, "usage": self.used}})

    def block(self, index, kind, value, body, size, ascii_only=False):
        empty = {"thinking": dict(value, thinking="", signature=""),
                 "text": dict(value, text=""),
                 "input_json": dict(value, input={})}[kind]
        yield self.event({"type": "content_block_start", "index": index,
                          "content_block": empty})
        at = 0
        while at < len(body):
            n = R.randrange(size // 2, size * 3 // 2)
            yield self.delta(index, kind, body[at:at + n], ascii_only)
            at += n
        yield dump({"type": "assistant", "message": {
            "id": self.msg, "type": "message", "role": "assistant",
            "model": MODEL, "content": [value], "stop_reason": None,
            "stop_sequence": None, "usage": self.used},
            "parent_tool_use_id": None, "session_id": self.sid,
            "uuid": uuid(), "request_id": "req_" + hexes(24)}, ascii_only)
        yield self.event({"type": "content_block_stop", "index": index})

    def stop(self, why):
        out = R.randrange(20, 900)
        yield self.event({"type": "message_delta", "delta": {
            "stop_reason": why, "stop_sequence": None},
            "usage": {"output_tokens": out}})
        yield self.event({"type": "message_stop"})

    def tool_result(self, ident, text, failed=False):
        return dump({"type": "user", "message": {"role": "user", "content": [
            {"tool_use_id": ident, "type": "tool_result", "content": text,
             "is_error": failed}]}, "parent_tool_use_id": None,
            "session_id": self.sid, "uuid": uuid(), "tool_use_result": {
                "stdout": text[:200], "stderr": "", "interrupted": False,
                "isImage": False}})

    def result(self, text, turns):
        n_in, n_out = R.randrange(10 ** 6), R.randrange(10 ** 5)
        one = {MODEL: {"inputTokens": n_in, "outputTokens": n_out,
                       "cacheReadInputTokens": 1000,
                       "cacheCreationInputTokens": 56, "costUSD": 0.25,
                       "contextWindow": 200000}}
        return dump({"duration_api_ms": 93, "stop_reason": "end_turn",
                     "session_id": self.sid, "total_cost_usd": 0.25,
                     "usage": {"input_tokens": n_in,
                               "cache_creation_input_tokens": 56,
                               "cache_read_input_tokens": 1000,
                               "output_tokens": n_out},
                     "modelUsage": one, "permission_denials": [],
                     "terminal_reason": "completed", "is_error": False,
                     "num_turns": turns, "subtype": "success", "result": text,
                     "type": "result", "duration_ms": 100, "uuid": uuid(),
                     "model_usage_since_last_result": one})

def delta(full):
    c = Claude()
    yield c.init()
    yield c.start()
    while not full():
        x = R.random()
        if x < 0.08:
            text = R.choice(WORDS) + ".\n\n"
        elif x < 0.10:
            text = ' "%s"' % R.choice(WORDS)
        elif x < 0.12:
            text = " " + R.choice(ODD)
        else:
            text = " " + words(R.randrange(1, 5))
        yield c.delta(0, "text", text, api=False)
    yield c.result("Done.", 1)

def tool_call(name):
    if name == "Edit":
        return {"file_path": "/home/user/demo/" + R.choice(PATHS),
                "old_string": source(R.randrange(50, 800)),
                "new_string": source(R.randrange(50, 800))}
    if name == "Bash":
        return {"command": 'grep -rn "%s" %s | head -n %d' % (
            R.choice(WORDS), R.choice(PATHS), R.randrange(99)),
            "description": words(5)}
    return {"file_path": "/home/user/demo/" + R.choice(PATHS)}

def tool_text():
    x = R.random()
    return source(R.randrange(50, 2000) if x < 0.6 else
                  R.randrange(2000, 12000) if x < 0.9 else
                  R.randrange(12000, 50000))


def mixed(full):
    c = Claude()
    while not full():
        yield c.init()
        turns = R.randrange(5, 15)
        for _ in range(turns):
            yield c.start()
            think = prose(R.randrange(200, 800))
            text = prose(R.randrange(600, 2400))
            yield from c.block(0, "thinking", {
                "type": "thinking", "thinking": think,
                "signature": hexes(400)}, think, 24)
            yield from c.block(1, "text", {"type": "text", "text": text},
                               text, 17)
            ident, name = "toolu_01" + hexes(22), R.choice(
                ("Bash", "Edit", "Read"))
            value = tool_call(name)
            yield from c.block(2, "input_json", {
                "type": "tool_use", "id": ident, "name": name,
                "input": value}, dump(value), 40)
            yield from c.stop("tool_use")
            yield c.tool_result(ident, tool_text(), R.random() < 0.05)
        yield c.start()
        text = prose(R.randrange(300, 2000))
        yield from c.block(0, "text", {"type": "text", "text": text}, text, 17)
        yield from c.stop("end_turn")
        yield c.result(text, turns)


def escapes(full):
    c = Claude()
    yield c.init()
    while not full():
        plain = R.random() < 0.5
        yield c.start()
        text = prose(R.randrange(500, 3000), 0.5)
        yield from c.block(0, "text", {"type": "text", "text": text}, text,
                           60, plain)
        yield from c.stop("end_turn")
    yield c.result("Done.", 1)


def codex(full):
    n = 0
    yield dump({"type": "thread.started", "thread_id": uuid()})
    while not full():
        yield '{"type":"turn.started"}'
        for _ in range(R.randrange(4, 20)):
            yield dump({"type": "item.completed", "item": {
                "id": "item_%d" % n, "type": "reasoning",
                "text": "**%s**\n\n%s" % (words(3),
                                          prose(R.randrange(50, 500)))}})
            n += 1
            for _ in range(R.randrange(1, 5)):
                item = {"id": "item_%d" % n, "type": "command_execution",
                        "command": "/bin/bash -lc 'sed -n 1,%dp %s'" % (
                            R.randrange(10, 400), R.choice(PATHS)),
                        "aggregated_output": "", "exit_code": None,
                        "status": "in_progress"}
                yield dump({"type": "item.started", "item": item})
                bad = R.random() < 0.1
                size = R.randrange(20, 20000 if R.random() < 0.4 else 1500)
                yield dump({"type": "item.completed", "item": dict(
                    item, aggregated_output=source(size),
                    exit_code=1 if bad else 0,
                    status="failed" if bad else "completed")})
                n += 1
            yield dump({"type": "item.completed", "item": {
                "id": "item_%d" % n, "type": "agent_message",
                "text": prose(R.randrange(100, 1500))}})
            n += 1
        yield dump({"type": "turn.completed", "usage": {
            "input_tokens": R.randrange(10 ** 5),
            "cached_input_tokens": R.randrange(10 ** 4),
            "cache_write_input_tokens": 0,
            "output_tokens": R.randrange(1000, 10 ** 4),
            "reasoning_output_tokens": R.randrange(1000)}})


def gemini(full):
    model, n = "gemini-2.5-flash", 0

    def line(kind, **more):
        when = "2026-11-20T22:24:%02d.%03dZ" % (R.randrange(60),
                                                R.randrange(1000))
        return dump(dict({"type": kind, "timestamp": when}, **more))

    yield line("init", session_id=uuid(), model=model)
    yield line("message", role="user", content=prose(500))
    while not full():
        for _ in range(R.randrange(5, 40)):
            yield line("message", role="assistant",
                       content=prose(R.randrange(20, 200)), delta=True)
        n += 1
        ident = "run_shell_command__run_shell_command_%d_0" % (
            1795213490657 + n)
        yield line("tool_use", tool_name="run_shell_command", tool_id=ident,
                   parameters={"command": "cat " + R.choice(PATHS),
                               "description": words(6)})
        yield line("tool_result", tool_id=ident, status="success",
                   output=source(R.randrange(20, 8000)))
    yield line("message", role="assistant", content=prose(200), delta=True)
    row = {"total_tokens": 99009, "input_tokens": 90000,
           "output_tokens": 9000, "cached": 1000, "input": 89000}
    yield line("result", status="success", stats=dict(
        row, duration_ms=142, tool_calls=n, models={model: row}))


def big(size):
    def stream(full):
        c = Claude()
        yield c.init()
        c.start()
        text = source(size * 93 // 100)	# escapes and frame make the rest
        while not full():
            ident = "toolu_01" + hexes(22)
            yield dump({"type": "assistant", "message": {
                "id": c.msg, "type": "message", "role": "assistant",
                "model": MODEL, "content": [{
                    "type": "tool_use", "id": ident, "name": "Read",
                    "input": tool_call("Read")}], "stop_reason": None,
                "stop_sequence": None, "usage": c.used},
                "parent_tool_use_id": None, "session_id": c.sid,
                "uuid": uuid()})
            yield c.tool_result(ident, text)
        yield c.result("Done.", 1)
    return stream


def lines200(full):
    yield dump({"type": "thread.started", "thread_id": uuid()})
    n = 0
    while not full():
        head = ('{"type":"item.completed","item":{"id":"item_%d",'
                '"type":"agent_message","text":"' % n)
        yield head + words(60)[:196 - len(head)] + '"}}'
        n += 1
    yield dump({"type": "turn.completed", "usage": {
        "input_tokens": 1234, "cached_input_tokens": 1000,
        "cache_write_input_tokens": 0, "output_tokens": 78,
        "reasoning_output_tokens": 9}})


KINDS = {"delta": delta, "mixed": mixed, "codex": codex, "gemini": gemini,
         "escapes": escapes, "big1m": big(10 ** 6), "big9m": big(9 * 10 ** 6),
         "lines200": lines200}


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("kind", choices=sorted(KINDS))
    ap.add_argument("--mb", type=float, default=100)
    ap.add_argument("--seed", type=int, default=20261120)
    a = ap.parse_args()
    R.seed(a.seed)
    size, most, buf = 0, a.mb * 1e6, []
    for line in KINDS[a.kind](lambda: size >= most):
        data = line.encode() + b"\n"
        size += len(data)
        buf.append(data)
        if len(buf) >= 4096:
            sys.stdout.buffer.write(b"".join(buf))
            buf.clear()
    sys.stdout.buffer.write(b"".join(buf))


if __name__ == "__main__":
    main()
