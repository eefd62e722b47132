# SPDX-License-Identifier: MIT
"""oracle_droid.py - what the lines of Droid mean."""
import re

from oracle_wire import OPEN, add_usage, count_of, get, text_of, usage


class Droid:
    DENIED = re.compile(r"(Error: )?Tool \S+ is not permitted in this exec "
                        r"session|Error: Exec ended early: ")
    EXIT = re.compile(r"\[Process exited with code (\d+)\]\Z")
    CLAIMS = (("Request failed due to triggering the model provider's content "
               "moderation policy", "refused"),
              ("Exec ended early: ", "refused"),
              ("Streaming session interrupted by user", "canceled"))

    def __init__(self):
        self.cause = None

    def line(self, facts, obj):
        hook = getattr(self, "on_" + (text_of(obj, "type") or ""), None)
        if facts.session is None:
            facts.session = text_of(obj, "session_id")
        if hook:
            hook(facts, obj)

    def on_system(self, facts, obj):
        if obj.get("subtype") == "init":
            facts.session = text_of(obj, "session_id")
            facts.model = text_of(obj, "model")

    def on_message(self, facts, obj):
        text = text_of(obj, "text")
        if obj.get("role") == "user":
            self.cause = None
        elif text and not text.startswith("Exec ended early: "):
            facts.whole = text

    def on_tool_call(self, facts, obj):
        facts.tool(text_of(obj, "id"), OPEN, text_of(obj, "toolName"))

    def on_tool_result(self, facts, obj):
        said = text_of(obj, "value") or text_of(obj, "error", "message") or ""
        state = "completed"
        if obj.get("isError") is True:
            state = "denied" if self.DENIED.match(said) else "failed"
        elif obj.get("toolId") == "Execute":
            code = self.EXIT.search(said)
            state = "failed" if code and int(code.group(1)) else state
        facts.tool(text_of(obj, "id"), state, text_of(obj, "toolId"))

    def on_error(self, facts, obj):
        said = text_of(obj, "message") or ""
        if obj.get("source") != "cli":
            self.cause = said
        why = self.cause or said
        facts.claim = next((claim for words, claim in self.CLAIMS
                            if why.startswith(words)), "failed")

    def on_completion(self, facts, obj):
        self.end_of_run(facts, obj, "ok", text_of(obj, "finalText"))

    def on_result(self, facts, obj):
        if get(obj, "usage", "factory_credits") is None:
            return
        if obj.get("is_error"):
            self.end_of_run(facts, obj, "failed", None)
        else:
            self.end_of_run(facts, obj, "ok", text_of(obj, "result"))

    def end_of_run(self, facts, obj, claim, text):
        facts.session = text_of(obj, "session_id") or facts.session
        facts.claim = claim
        facts.claim_text = text or facts.claim_text
        u = obj.get("usage")
        if not isinstance(u, dict) or not any(
                count_of(u, key) for key in u if key.endswith("_tokens")):
            return
        read = count_of(u, "cache_read_input_tokens")
        write = count_of(u, "cache_creation_input_tokens")
        add_usage(facts.usage, None, usage(
            count_of(u, "input_tokens") + read + write,
            count_of(u, "output_tokens"), read, write,
            count_of(u, "thinking_tokens")))

    def end(self, facts):
        pass


# Members of each type which no other program prints together.
MARKS = {
    "message": ("role", "text"),
    "reasoning": ("id", "text"),
    "tool_call": ("messageId", "toolName"),
    "tool_result": ("messageId", "toolId"),
    "error": ("source", "message"),
    "completion": ("finalText",),
}


def is_droid(obj, kind):
    if text_of(obj, "session_id") is None:
        return False
    if kind == "system":
        return "reasoning_effort" in obj and obj.get("subtype") == "init"
    if kind == "result":
        return get(obj, "usage", "factory_credits") is not None
    stamp = obj.get("timestamp")
    return isinstance(stamp, int) and kind in MARKS and all(
        text_of(obj, m) is not None for m in MARKS[kind])
