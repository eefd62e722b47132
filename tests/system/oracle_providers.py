# SPDX-License-Identifier: MIT
"""oracle_providers.py - what each agent's lines mean.

There is one class for each provider: line () takes one object, and end () is
called at the end of the stream.
"""
import re

from oracle_droid import Droid, is_droid
from oracle_qwen import Qwen, is_qwen
from oracle_copilot import Copilot, is_copilot
from oracle_pi import Pi, is_pi
from oracle_wire import OPEN, add_usage, count_of, get, text_of, usage


class Claude:
    def __init__(self):
        self.calls = {}		# message id -> [model, usage], since the result
        self.denied = set()
        self.live = None	# id of the message whose deltas come
        self.legacy_cost = None

    @staticmethod
    def api_usage(u):
        read = count_of(u, "cache_read_input_tokens")
        write = count_of(u, "cache_creation_input_tokens")
        return usage(count_of(u, "input_tokens") + read + write,
                     count_of(u, "output_tokens"), read, write,
                     count_of(u, "output_tokens_details", "thinking_tokens"))

    def line(self, facts, obj):
        kind = text_of(obj, "type")
        session = text_of(obj, "session_id")
        starts = kind == "result" or text_of(obj, "subtype") == "init"
        if session and (starts or facts.session is None
                        and kind != "system"):
            facts.session = session
        hook = getattr(self, "on_" + (kind or ""), None)
        if hook:
            hook(facts, obj)

    def on_system(self, facts, obj):
        sub = text_of(obj, "subtype")
        if sub == "init" and facts.model is None:
            facts.model = text_of(obj, "model")
        elif sub == "permission_denied":
            self.deny(facts, text_of(obj, "tool_use_id"))

    def deny(self, facts, ident):
        if ident:
            self.denied.add(ident)
            facts.tool(ident, "denied")

    def on_assistant(self, facts, obj):
        msg = obj.get("message")
        ident, model = text_of(msg, "id"), text_of(msg, "model")
        main = not obj.get("parent_tool_use_id")
        synthetic = model == "<synthetic>"
        if ident and not synthetic and isinstance(get(msg, "usage"), dict):
            self.calls[ident] = [model, self.api_usage(msg["usage"])]
        content = get(msg, "content")
        if isinstance(content, str):
            content = [{"type": "text", "text": content}]
        for block in content if isinstance(content, list) else []:
            if get(block, "type") == "text" and main and not synthetic:
                facts.whole = text_of(block, "text") or facts.whole
            elif get(block, "type") == "tool_use":
                self.call(facts, block)

    @staticmethod
    def call(facts, block):
        """For mcp__SERVER__TOOL the name is TOOL."""
        name = text_of(block, "name")
        if name and name.startswith("mcp__"):
            name = name.split("__", 2)[-1]
        facts.tool(text_of(block, "id"), OPEN, name)

    def on_user(self, facts, obj):
        content = get(obj, "message", "content")
        metas = obj.get("tool_result_meta")
        metas = {text_of(m, "id"): m for m in metas} \
            if isinstance(metas, list) else {}
        for block in content if isinstance(content, list) else []:
            if get(block, "type") != "tool_result":
                continue
            ident = text_of(block, "tool_use_id")
            meta = metas.get(ident)
            if get(meta, "permission_decision", "decision") == "reject":
                self.denied.add(ident)
            if ident in self.denied:
                state = "denied"
            elif get(meta, "non_execution_kind") == "user-rejected":
                state = "canceled"
            elif block.get("is_error") is True:
                state = "failed"
            else:
                state = "completed"
            facts.tool(ident, state)

    def on_stream_event(self, facts, obj):
        ev, main = obj.get("event"), not obj.get("parent_tool_use_id")
        kind = text_of(ev, "type")
        if kind == "message_start":
            self.live = text_of(ev, "message", "id")
            model = text_of(ev, "message", "model")
            self.calls[self.live] = [
                model, self.api_usage(get(ev, "message", "usage"))]
            if main:
                facts.deltas = []
        elif kind == "content_block_start":
            block = get(ev, "content_block")
            if get(block, "type") == "tool_use":
                self.call(facts, block)
        elif kind == "content_block_delta" and main:
            if get(ev, "delta", "type") == "text_delta":
                facts.deltas.append(text_of(ev, "delta", "text") or "")
        elif kind == "message_delta" and self.live in self.calls:
            old = self.calls[self.live][1]
            if get(ev, "usage", "output_tokens") is not None:
                old["output_tokens"] = count_of(ev, "usage", "output_tokens")

    def on_result(self, facts, obj):
        sub, why = text_of(obj, "subtype"), text_of(obj, "terminal_reason")
        if (why or "").startswith("aborted_"):
            facts.claim = "canceled"
        elif sub in ("error_max_turns", "error_max_budget_usd"):
            facts.claim = "limit"
        elif text_of(obj, "stop_reason") == "refusal":
            facts.claim = "refused"
        elif obj.get("is_error") is True or (sub or "").startswith("error"):
            facts.claim = "failed"
        else:
            facts.claim = "ok"
        said = obj.get("result")
        if isinstance(said, str):
            facts.claim_text = said or facts.claim_text
        elif isinstance(said, (int, float)) and not isinstance(said, bool):
            facts.claim_text = "%.17g" % said
        denials = obj.get("permission_denials")
        for d in denials if isinstance(denials, list) else []:
            self.deny(facts, text_of(d, "tool_use_id"))
        self.result_usage(facts, obj)

    def result_usage(self, facts, obj):
        self.calls = {}
        since = obj.get("model_usage_since_last_result")
        if isinstance(since, dict):
            for model, u in since.items():
                read = count_of(u, "cacheReadInputTokens")
                write = count_of(u, "cacheCreationInputTokens")
                cost = get(u, "costUSD")
                add_usage(facts.usage, model, usage(
                    count_of(u, "inputTokens") + read + write,
                    count_of(u, "outputTokens"), read, write,
                    count_of(u, "thinkingTokens"), cost))
            return
        if not isinstance(obj.get("usage"), dict):
            return
        models = obj.get("modelUsage")
        one = isinstance(models, dict) and len(models) == 1
        model = next(iter(models)) if one else facts.model
        value = self.api_usage(obj["usage"])
        cost = obj.get("total_cost_usd")
        if isinstance(cost, (int, float)):	# a running total
            value["cost_usd"] = cost - (self.legacy_cost or 0)
            self.legacy_cost = cost
        add_usage(facts.usage, model, value)

    def end(self, facts):
        for model, value in self.calls.values():
            add_usage(facts.usage, model, value)


class Codex:
    STATES = {"completed": "completed", "failed": "failed",
              "declined": "denied", "in_progress": OPEN}

    def line(self, facts, obj):
        kind = text_of(obj, "type")
        if kind == "thread.started":
            facts.session = text_of(obj, "thread_id")
        elif kind in ("item.started", "item.updated", "item.completed"):
            self.item(facts, kind, obj.get("item"))
        elif kind == "turn.completed":
            facts.claim = "ok"
            u = obj.get("usage")
            if isinstance(u, dict):
                facts.scope = "session"
                facts.usage = {None: usage(
                    count_of(u, "input_tokens"), count_of(u, "output_tokens"),
                    count_of(u, "cached_input_tokens"),
                    count_of(u, "cache_write_input_tokens"),
                    count_of(u, "reasoning_output_tokens"))}
        elif kind == "turn.failed":
            facts.claim = "failed"

    def item(self, facts, when, item):
        kind = text_of(item, "item_type") or text_of(item, "type")
        if kind in ("agent_message", "assistant_message"):
            if when == "item.completed":
                facts.whole = text_of(item, "text") or facts.whole
            return
        if kind not in ("command_execution", "file_change", "mcp_tool_call",
                        "web_search", "collab_tool_call", "function_call"):
            return
        state = self.STATES.get(text_of(item, "status"))
        if state is None:
            state = "completed" if when == "item.completed" else OPEN
        code = get(item, "exit_code")
        if isinstance(code, int) and code != 0 and state == "completed":
            state = "failed"
        ident = getattr(item, "first_id", None)
        facts.tool(ident if isinstance(ident, str) else None, state,
                   text_of(item, "tool"))

    def end(self, facts):
        pass


class Gemini:
    ERRORS = {"FatalTurnLimitedError": "limit"}

    def line(self, facts, obj):
        kind = text_of(obj, "type")
        if kind == "init":
            facts.session = text_of(obj, "session_id")
            facts.model = text_of(obj, "model")
        elif kind == "message" and obj.get("role") == "assistant":
            facts.deltas.append(text_of(obj, "content") or "")
        elif kind == "tool_use":
            facts.tool(text_of(obj, "tool_id"), OPEN,
                       text_of(obj, "tool_name"))
        elif kind == "tool_result":
            state = "completed"
            if obj.get("status") != "success":
                why = text_of(obj, "error", "type")
                state = "denied" if why == "policy_violation" else "failed"
            facts.tool(text_of(obj, "tool_id"), state)
        elif kind == "result":
            ok = obj.get("status") == "success"
            facts.claim = "ok" if ok else self.ERRORS.get(
                text_of(obj, "error", "type"), "failed")
            self.stats(facts, obj.get("stats"))

    @staticmethod
    def stats(facts, stats):
        if not isinstance(stats, dict):
            return
        models = stats.get("models")
        rows = models if isinstance(models, dict) and models \
            else {facts.model: stats}
        facts.usage = {}
        for model, s in rows.items():
            inp, out = count_of(s, "input_tokens"), count_of(s, "output_tokens")
            total = count_of(s, "total_tokens")
            reason = max(0, total - inp - out) if total else 0
            add_usage(facts.usage, model, usage(
                inp, out + reason, count_of(s, "cached"), 0, reason))

    def end(self, facts):
        pass


class Opencode:
    REFUSED = re.compile("The user rejected permission|"
                         "The user has specified a rule which prevents")
    ERRORS = {"ContentFilterError": "refused",
              "MessageOutputLengthError": "limit",
              "MessageAbortedError": "canceled"}
    CLAIMS = {"stop": "ok", "length": "limit", "content-filter": "refused"}

    def line(self, facts, obj):
        kind, part = text_of(obj, "type"), obj.get("part")
        if facts.session is None:
            facts.session = text_of(obj, "sessionID")
        if kind == "text" and not get(part, "synthetic"):
            facts.whole = text_of(part, "text") or facts.whole
        elif kind == "tool_use":
            self.tool(facts, part)
        elif kind == "error":
            facts.claim = self.ERRORS.get(text_of(obj, "error", "name"),
                                          "failed")
        elif kind == "step_finish":
            claim = self.CLAIMS.get(text_of(part, "reason"))
            if claim:
                facts.claim = claim
            self.step(facts, part)

    def tool(self, facts, part):
        name, wire = text_of(part, "tool"), text_of(part, "state", "status")
        also = []
        state = {"completed": "completed", "error": "failed"}.get(wire, OPEN)
        if state == "completed":
            code = get(part, "state", "metadata", "exit")
            if isinstance(code, int) and code != 0:
                state = "failed"
            elif name == "invalid":
                also = ["failed"]
        elif state == "failed":
            if self.REFUSED.match(text_of(part, "state", "error") or ""):
                state = "denied"
        facts.tool(text_of(part, "callID"), state, name, also)

    @staticmethod
    def step(facts, part):
        tokens = get(part, "tokens")
        if not isinstance(tokens, dict):
            return
        read = count_of(tokens, "cache", "read")
        write = count_of(tokens, "cache", "write")
        reason = count_of(tokens, "reasoning")
        cost = get(part, "cost")
        add_usage(facts.usage, None, usage(
            count_of(tokens, "input") + read + write,
            count_of(tokens, "output") + reason, read, write, reason,
            cost if isinstance(cost, (int, float)) else None))

    def end(self, facts):
        pass


PROVIDERS = {"claude": Claude, "codex": Codex, "gemini": Gemini,
             "opencode": Opencode,
             "droid": Droid,
             "qwen": Qwen,
             "copilot": Copilot,
             "pi": Pi}


# Members which no other program prints in a line of this type.
CLAUDE_MARKS = {
    "system": ("claude_code_version", "retry_delay_ms",
               "estimated_tokens_delta", "apiKeySource"),
    "user": ("tool_use_result",),
    "result": ("total_cost_usd",),
    "rate_limit_event": ("rate_limit_info",),
}
# Members which every line of this type of Gemini has, texts.
GEMINI_MARKS = {
    "init": ("session_id", "model"),
    "message": ("role", "content"),
    "tool_use": ("tool_id", "tool_name"),
    "tool_result": ("tool_id", "status"),
    "result": ("status",),
}


def is_claude(obj, kind):
    message = obj.get("message") or {}
    if kind == "stream_event":
        event = obj.get("event") or {}
        if event.get("type") == "message_delta":
            return True
        message = event.get("message") or {}
    elif kind != "assistant":
        return any(m in obj for m in CLAUDE_MARKS.get(kind, ()))
    return isinstance(message, dict) and (
        (text_of(message, "id") or "").startswith("msg_")
        or message.get("model") == "<synthetic>")


def guess(obj):
    """The provider of one line, taken alone, or None."""
    kind = text_of(obj, "type")
    if kind is None:
        return None
    if kind.split(".")[0] in ("thread", "turn", "item"):
        return "codex"
    if "sessionID" in obj:
        return "opencode"
    if is_droid(obj, kind):
        return "droid"
    if is_copilot(obj):
        return "copilot"
    if is_claude(obj, kind):
        return "claude"
    if is_qwen(obj, kind):
        return "qwen"
    marks = GEMINI_MARKS.get(kind)
    if marks and all(text_of(obj, m) for m in ("timestamp", *marks)):
        return "gemini"
    if is_pi(obj, kind):
        return "pi"
    return None
