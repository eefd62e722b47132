# SPDX-License-Identifier: MIT
"""oracle_copilot.py - what the lines of GitHub Copilot CLI mean."""
from oracle_wire import OPEN, get, text_of


class Copilot:
    """Only the last line has a session, and is a claim; nothing has tokens."""
    CODES = {"denied": "denied", "rejected": "denied"}

    def __init__(self):
        self.held = None	# what `result' means besides its exit code
        self.message = None	# id of the message whose deltas come

    def line(self, facts, obj):
        kind = text_of(obj, "type") or ""
        main = not obj.get("agentId")
        hook = getattr(self, "on_" + kind.replace(".", "_"), None)
        if hook and isinstance(obj.get("data"), dict):
            hook(facts, obj["data"], main)
        elif kind == "result":
            self.result(facts, obj)

    @staticmethod
    def on_session_tools_updated(facts, data, main):
        facts.model = text_of(data, "model") or facts.model

    def on_assistant_turn_start(self, facts, data, main):
        self.held = None if main else self.held

    def on_assistant_message_delta(self, facts, data, main):
        if not main:
            return
        if text_of(data, "messageId") != self.message:
            facts.deltas = []
        self.message = text_of(data, "messageId")
        facts.deltas.append(text_of(data, "deltaContent") or "")

    def on_assistant_message(self, facts, data, main):
        if main and text_of(data, "content"):
            facts.whole, facts.deltas = data["content"], []

    @staticmethod
    def on_tool_execution_start(facts, data, main):
        facts.tool(text_of(data, "toolCallId"), OPEN,
                   text_of(data, "toolName"))

    def on_tool_execution_complete(self, facts, data, main):
        state = "completed"
        if data.get("success") is not True:
            state = self.CODES.get(text_of(data, "error", "code"), "failed")
        elif get(data, "shellExecution", "exitCode") not in (None, 0):
            state = "failed"
        facts.tool(text_of(data, "toolCallId"), state)

    def on_session_error(self, facts, data, main):
        self.held = "failed" if main else self.held

    def on_abort(self, facts, data, main):
        self.held = "canceled" if main else self.held

    def on_agent_interrupted(self, facts, data, main):
        self.on_abort(facts, data, main)
        for ident in data.get("toolCallIds") or ():
            facts.tool(ident, "canceled")

    def result(self, facts, obj):
        facts.session = text_of(obj, "sessionId") or facts.session
        facts.claim = self.held if self.held == "canceled" else \
            "failed" if obj.get("exitCode") else "ok"
        self.held = None

    def end(self, facts):
        facts.claim = facts.claim or self.held


def is_copilot(obj):
    """All lines but the last are of a chain and have their members in data."""
    if isinstance(obj.get("data"), dict) and "parentId" in obj:
        return isinstance(obj.get("id"), str) and "timestamp" in obj
    return get(obj, "usage", "premiumRequests") is not None
