# SPDX-License-Identifier: MIT
"""oracle_pi.py - what the lines of pi mean."""
from oracle_wire import OPEN, add_usage, count_of, get, text_of, usage

REFUSALS = ("content_filter", "refusal", "SAFETY")
CLAIMS = {"length": "limit", "error": "failed", "aborted": "canceled"}
# Messages of pi have a time; those of other streams with such types have none.
MESSAGES = ("message_start", "message_end", "turn_end")


def is_pi(obj, kind):
    """Is this line, taken alone, one of pi's?"""
    if kind in MESSAGES:
        return isinstance(get(obj, "message", "timestamp"), int)
    if kind == "session":
        return isinstance(obj.get("version"), int) and "cwd" in obj
    return "assistantMessageEvent" in obj or kind == "agent_settled" \
        or kind.startswith("tool_execution_") and "toolCallId" in obj


class Pi:
    """The end of a message is what counts; all else repeats it, or says what
    is there until then."""

    def __init__(self):
        self.verdict = None	# of the last message of the assistant

    def line(self, facts, obj):
        hook = getattr(self, "on_" + (text_of(obj, "type") or ""), None)
        if hook:
            hook(facts, obj)

    def on_session(self, facts, obj):
        facts.session = text_of(obj, "id")

    def on_message_start(self, facts, obj):
        if get(obj, "message", "role") == "assistant":
            facts.model = text_of(obj, "message", "model") or facts.model
            facts.before = "".join(facts.deltas) or facts.before
            facts.deltas = []

    def on_message_update(self, facts, obj):
        piece = obj.get("assistantMessageEvent")
        if get(piece, "type") == "text_delta":
            facts.deltas.append(text_of(piece, "delta") or "")
        elif get(piece, "type") == "text_end":
            facts.whole = text_of(piece, "content") or facts.whole

    def on_message_end(self, facts, obj):
        message = obj.get("message")
        if get(message, "role") != "assistant":
            return
        stop = text_of(message, "stopReason")
        self.verdict = CLAIMS.get(stop, "ok")
        if text_of(message, "rawStopReason") in REFUSALS:
            self.verdict = "refused"
        content = get(message, "content")
        if self.verdict in ("ok", "limit", "refused"):
            for block in content if isinstance(content, list) else []:
                if get(block, "type") == "text":
                    facts.whole = text_of(block, "text") or facts.whole
        u = get(message, "usage")
        if not isinstance(u, dict):
            return
        read, write = count_of(u, "cacheRead"), count_of(u, "cacheWrite")
        cost = get(u, "cost", "total")
        add_usage(facts.usage, text_of(message, "model"), usage(
            count_of(u, "input") + read + write, count_of(u, "output"),
            read, write, count_of(u, "reasoning"),
            cost if isinstance(cost, (int, float)) else None))

    def on_tool_execution_start(self, facts, obj):
        name = text_of(obj, "toolName")
        if name and name.startswith("mcp__"):
            name = name.split("__", 2)[-1]
        facts.tool(text_of(obj, "toolCallId"), OPEN, name)

    def on_tool_execution_end(self, facts, obj):
        failed = obj.get("isError") is True
        facts.tool(text_of(obj, "toolCallId"),
                   "failed" if failed else "completed")

    def on_agent_settled(self, facts, obj):
        facts.claim = "canceled" if obj.get("aborted") is True \
            else self.verdict or "ok"

    def end(self, facts):
        pass
