#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""peer_python.py - the same filter in Python, with the json module.

usage: peer_python.py PROVIDER < STREAM
"""
import json
import sys

TYPES = {"Bash": "execute", "Edit": "edit", "Read": "read", "Write": "edit",
         "run_shell_command": "execute"}
encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
loads = json.loads
write = sys.stdout.buffer.write


class Peer:
    def __init__(self):
        self.seq = 1		# the header, which is left out
        self.turn = 1
        self.names = {}		# tool id -> name
        self.said_session = False

    def emit(self, kind, fields):
        self.seq += 1
        ev = {"seq": self.seq, "kind": kind}
        if self.turn > 1:
            ev["turn"] = self.turn
        ev.update(fields)
        write((encode(ev) + "\n").encode("utf-8", "replace"))

    def claim(self, verdict, more=()):
        self.emit("result", {"final": False, "verdict": verdict, **dict(more)})
        self.turn += 1

    def call(self, ident, name, status, value=None):
        self.names[ident] = name
        ev = {"id": ident, "name": name, "type": TYPES.get(name, "other"),
              "status": status}
        if value is not None:
            brief = value.get("file_path") or value.get("command")
            if brief:
                ev["brief"] = brief
            ev["input"] = value
            if value.get("file_path"):
                ev["paths"] = [value["file_path"]]
        self.emit("tool", ev)


class Codex(Peer):
    def line(self, o):
        kind, item = o.get("type"), o.get("item") or {}
        if item.get("type") == "command_execution":
            self.command(item)
        elif kind == "item.completed":
            role = {"agent_message": "assistant",
                    "reasoning": "thought"}.get(item["type"])
            if role:
                self.emit("text", {"role": role, "id": item["id"],
                                   "text": item["text"], "delta": False})
        elif kind == "turn.completed":
            u = o["usage"]
            self.emit("usage", {
                "scope": "session", "input_tokens": u["input_tokens"],
                "output_tokens": u["output_tokens"],
                "cache_read_input_tokens": u["cached_input_tokens"],
                "cache_creation_input_tokens": u["cache_write_input_tokens"],
                "reasoning_output_tokens": u["reasoning_output_tokens"]})
            self.claim("ok")
        elif kind == "thread.started" and not self.said_session:
            self.said_session = True
            self.emit("session", {"provider": "codex", "id": o["thread_id"]})

    def command(self, item):
        ev = {"id": item["id"], "name": "command_execution",
              "type": "execute", "status": item["status"],
              "brief": item["command"], "input": {"command": item["command"]}}
        if item["status"] != "in_progress":
            ev["output"] = item["aggregated_output"]
        if item["exit_code"] is not None:
            ev["exit_code"] = item["exit_code"]
        self.emit("tool", ev)


class Gemini(Peer):
    texts = 0
    in_text = False

    def line(self, o):
        kind = o.get("type")
        if kind == "message":
            self.message(o)
            return
        self.in_text = False
        if kind == "tool_use":
            self.call(o["tool_id"], o["tool_name"], "in_progress",
                      o["parameters"])
        elif kind == "tool_result":
            name = self.names.get(o["tool_id"])
            self.emit("tool", {
                "id": o["tool_id"], "name": name,
                "type": TYPES.get(name, "other"),
                "status": "completed" if o["status"] == "success"
                else "failed", "output": o["output"]})
        elif kind == "init" and not self.said_session:
            self.said_session = True
            self.emit("session", {"provider": "gemini",
                                  "id": o["session_id"], "model": o["model"]})
        elif kind == "result":
            self.result(o)

    def message(self, o):
        delta, role = o.get("delta") is True, o["role"]
        ev = {"role": role}
        if role == "assistant":
            if not (delta and self.in_text):
                self.texts += 1
            ev["id"] = "m%d" % self.texts
        self.in_text = delta and role == "assistant"
        ev["text"] = o["content"]
        ev["delta"] = delta
        self.emit("text", ev)

    def result(self, o):
        for model, m in o["stats"]["models"].items():
            out = m["total_tokens"] - m["input_tokens"]
            ev = {"scope": "run", "model": model,
                  "input_tokens": m["input_tokens"], "output_tokens": out,
                  "cache_read_input_tokens": m["cached"]}
            if out > m["output_tokens"]:
                ev["reasoning_output_tokens"] = out - m["output_tokens"]
            self.emit("usage", ev)
        self.claim("ok" if o["status"] == "success" else "failed")


class Claude(Peer):
    COUNTS = ("input_tokens", "output_tokens", "cache_read_input_tokens",
              "cache_creation_input_tokens")
    ident = None		# of the message that is being told
    model = None
    block = 0
    used = None

    def line(self, o):
        kind = o.get("type")
        if kind == "stream_event":
            self.stream(o["event"])
        elif kind == "assistant":
            self.assistant(o["message"])
        elif kind == "user":
            self.user(o["message"])
        elif kind == "system" and o.get("subtype") == "init":
            self.emit("session", {
                "provider": "claude", "id": o["session_id"],
                "model": o["model"], "cwd": o["cwd"],
                "agent_version": o["claude_code_version"],
                "tools": o["tools"]})
        elif kind == "result":
            self.result(o)

    def begin(self, m):
        self.ident, self.model = m["id"], m["model"]
        self.block, self.used = 0, None

    def text(self, role, block, text, delta):
        ev = {"role": role}
        if self.ident:
            ev["id"] = "%s:%d" % (self.ident, block)
        ev["text"] = text
        ev["delta"] = delta
        self.emit("text", ev)

    def usage(self, u):
        """Usage is printed once per message, and when a number has grown."""
        old = self.used or (0, 0, 0, 0)
        now = tuple(max(o, u.get(k, 0)) for o, k in zip(old, self.COUNTS))
        if now == self.used:
            return
        self.used = now
        self.emit("usage", {
            "scope": "call", "id": self.ident, "model": self.model,
            "input_tokens": now[0] + now[2] + now[3], "output_tokens": now[1],
            "cache_read_input_tokens": now[2],
            "cache_creation_input_tokens": now[3]})

    def stream(self, e):
        kind = e["type"]
        if kind == "content_block_delta":
            d = e["delta"]
            if d["type"] == "text_delta":
                self.text("assistant", e["index"], d["text"], True)
            elif d["type"] == "thinking_delta":
                self.text("thought", e["index"], d["thinking"], True)
        elif kind == "content_block_start":
            self.block = e["index"]
        elif kind == "message_start":
            self.begin(e["message"])
            self.usage(e["message"]["usage"])
        elif kind == "message_delta":
            self.usage(e["usage"])

    def assistant(self, m):
        if m["id"] != self.ident:
            self.begin(m)
        for b in m["content"]:
            kind = b["type"]
            if kind == "tool_use":
                self.call(b["id"], b["name"], "in_progress", b["input"])
            elif kind == "text":
                self.text("assistant", self.block, b["text"], False)
            elif kind == "thinking":
                self.text("thought", self.block, b["thinking"], False)
        self.usage(m["usage"])

    def user(self, m):
        for b in m["content"]:
            if b["type"] != "tool_result":
                continue
            name = self.names.get(b["tool_use_id"])
            self.emit("tool", {
                "id": b["tool_use_id"], "name": name,
                "type": TYPES.get(name, "other"),
                "status": "failed" if b["is_error"] else "completed",
                "output": b["content"]})

    def result(self, o):
        for model, m in o["model_usage_since_last_result"].items():
            read, write = m["cacheReadInputTokens"], \
                m["cacheCreationInputTokens"]
            self.emit("usage", {
                "scope": "turn", "id": o["uuid"], "model": model,
                "input_tokens": m["inputTokens"] + read + write,
                "output_tokens": m["outputTokens"],
                "cache_read_input_tokens": read,
                "cache_creation_input_tokens": write,
                "cost_usd": m["costUSD"], "cost_source": "reported"})
        self.claim("failed" if o["is_error"] else "ok",
                   {"stop_reason": o["stop_reason"], "text": o["result"]})


def main():
    peers = {"claude": Claude, "codex": Codex, "gemini": Gemini}
    hook = peers[sys.argv[1]]().line
    for data in sys.stdin.buffer:
        try:
            o = loads(data)
        except ValueError:
            continue
        if isinstance(o, dict):
            hook(o)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
