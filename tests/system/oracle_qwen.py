# SPDX-License-Identifier: MIT
"""oracle_qwen.py - what the lines of Qwen Code mean.

A dialect of Claude Code's lines: each has one kind of blocks and an id of its
own, and the last line of a model call has its tokens, with the cached ones in
the input.  A result has the sum of the session.
"""
from oracle_wire import OPEN, add_usage, count_of, get, text_of, usage

# How the error of a call begins that did not run, or was broken off.
ERRORS = (
    ("Qwen Code requires permission to use", "denied"),
    ("Tool blocked by plan mode", "denied"),
    ("Skipped because the provider attempt was retried", "canceled"),
    ("[Operation Cancelled]", "canceled"),
)
# Exit statuses without a result.
EXITS = {53: "limit", 55: "limit", 130: "canceled"}


def is_qwen(obj, kind):
    if kind == "system":
        data = obj.get("data")
        return "qwen_code_version" in obj or \
            (isinstance(data, dict) and "discardedToolCalls" in data)
    if kind == "assistant":
        ident = text_of(obj, "message", "id")
        return bool(ident) and ident == obj.get("uuid")
    if kind == "stream_event":
        return get(obj, "event", "type") == "goal_state"
    return kind == "result" and "uuid" in obj and "duration_api_ms" in obj \
        and "permission_denials" in obj and "total_cost_usd" not in obj \
        and (get(obj, "usage", "total_tokens") is not None
             or isinstance(get(obj, "error", "message"), str))


def tokens(u):
    return usage(count_of(u, "input_tokens"), count_of(u, "output_tokens"),
                 count_of(u, "cache_read_input_tokens"),
                 count_of(u, "cache_creation_input_tokens"))


def is_zero(value):
    return not any(value.values())


class Qwen:
    def __init__(self):
        self.called = usage()	# by the calls since the last result
        self.last = usage()	# the last sum of the session
        self.fresh = {}		# usage of a process that began the session
        self.known = False	# there was a sum before
        self.session = None

    def line(self, facts, obj):
        kind = text_of(obj, "type")
        session = text_of(obj, "session_id")
        if session and kind != "system" or text_of(obj, "subtype") == "init":
            facts.session = session
        hook = getattr(self, "on_" + str(kind), None)
        if hook:
            hook(facts, obj)

    def on_system(self, facts, obj):
        if text_of(obj, "subtype") == "init":
            facts.model = text_of(obj, "model")

    def on_assistant(self, facts, obj):
        msg = obj.get("message")
        main = not obj.get("parent_tool_use_id")
        value = tokens(get(msg, "usage"))
        for block in get(msg, "content") or []:
            said = text_of(block, "text")
            if get(block, "type") == "tool_use":
                name = text_of(block, "name") or ""
                if name.startswith("mcp__"):
                    name = name.split("__", 2)[-1]
                facts.tool(text_of(block, "id"), OPEN, name)
            elif get(block, "type") == "text" and main and not (
                    is_zero(value) and said.startswith("[API Error: ")):
                facts.whole = said or facts.whole
        if not is_zero(value):
            model = text_of(msg, "model")
            add_usage(facts.usage, model, value)
            add_usage(self.fresh, model, value)
            add_usage({None: self.called}, None, value)

    def on_user(self, facts, obj):
        content = get(obj, "message", "content")
        for block in content if isinstance(content, list) else []:
            if get(block, "type") != "tool_result":
                continue
            state, said = "completed", block.get("content")
            if block.get("is_error") is True:
                state = next((s for words, s in ERRORS
                              if str(said).startswith(words)), "failed")
            facts.tool(text_of(block, "tool_use_id"), state)

    def on_stream_event(self, facts, obj):
        if obj.get("parent_tool_use_id"):
            return
        said = text_of(obj, "event", "delta", "text")
        if get(obj, "event", "delta", "type") == "text_delta":
            facts.deltas.append(said or "")

    def on_result(self, facts, obj):
        facts.claim = "failed" if obj.get("is_error") is True else "ok"
        facts.claim_text = text_of(obj, "result") or facts.claim_text
        for d in obj.get("permission_denials") or []:
            facts.tool(text_of(d, "tool_use_id"), "denied")
        total = tokens(obj.get("usage"))
        if is_zero(total):
            return
        grown = {k: (total[k] or 0) - (self.last[k] or 0) for k in total
                 if k != "cost_usd"}
        rest = dict(usage(), **{k: n - self.called[k]
                                for k, n in grown.items()})
        if any(rest.values()):
            add_usage(self.fresh, facts.model, rest)
            if self.known:
                add_usage(facts.usage, facts.model, rest)
            else:
                facts.partial = True	# or of an earlier process
        self.last, self.called, self.known = total, usage(), True

    def end(self, facts):
        facts.fresh = self.fresh
