# SPDX-License-Identifier: MIT
"""oracle_wire.py - lines, texts and facts, for all providers.

A line is one strict JSON object.  The last duplicate key counts, invalid bytes
inside strings are repaired, and nothing else is.
"""
import json
import re

DEPTH_MAX = 128
OPEN = "open"		# announced, no outcome: pending or in_progress

CONTROL = {c: 0xFFFD for c in range(0x20)}
STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.S)


def utf8(text):
    """TEXT as valid Unicode: surrogate pairs joined, lone halves replaced."""
    raw = text.encode("utf-16-le", "surrogatepass")
    return raw.decode("utf-16-le", "replace")


def too_deep(value):
    level, todo = 0, [value]
    while todo:
        level += 1
        if level > DEPTH_MAX:
            return True
        below = []
        for v in todo:
            kids = v.values() if isinstance(v, dict) else v
            below += [k for k in kids if isinstance(k, (dict, list))]
        todo = below
    return False


def not_a_number(word):
    raise ValueError(word)


class FirstId(dict):
    """An object that also remembers the first of two keys `id'."""


def build(pairs):
    obj = FirstId(pairs)
    obj.first_id = next((v for k, v in pairs if k == "id"), None)
    return obj


def strict(text):
    value = json.loads(text, object_pairs_hook=build,
                       parse_constant=not_a_number)
    if not isinstance(value, dict) or too_deep(value):
        raise ValueError("not one object")
    return value


def parse(data):
    """The object of a line and whether it was repaired, or None."""
    try:
        return strict(data.decode("utf-8")), False
    except (ValueError, RecursionError):
        pass
    text = data.decode("utf-8", "replace")
    text = STRING.sub(lambda m: m.group(0).translate(CONTROL), text)
    try:
        return strict(text), True
    except (ValueError, RecursionError):
        return None, False


def get(obj, *path):
    for key in path:
        obj = obj.get(key) if isinstance(obj, dict) else None
    return obj


def text_of(obj, *path):
    value = get(obj, *path)
    return value if isinstance(value, str) else None


def count_of(obj, *path):
    value = get(obj, *path)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0
    return int(min(max(0, value), 2 ** 63 - 1))


def usage(inp=0, out=0, read=0, write=0, reason=0, cost=None):
    return {"input_tokens": inp, "output_tokens": out,
            "cache_read_input_tokens": read,
            "cache_creation_input_tokens": write,
            "reasoning_output_tokens": reason, "cost_usd": cost}


def add_usage(table, model, value):
    old = table.setdefault(model, usage())
    for key, n in value.items():
        if n is not None:
            old[key] = (old[key] or 0) + n


class Facts:
    """The facts of one stream so far, for any provider."""

    def __init__(self):
        self.session = self.model = None
        self.tools = {}			# id -> {state, name, also}
        self.claim = None
        self.claim_text = None
        self.whole = None		# last whole assistant text
        self.deltas = []		# since the last tool or message
        self.before = ""		# those before it
        self.usage = {}			# model or None -> usage
        self.fresh = None		# usage, if the process began the session
        self.partial = False		# usage lacks something, if it did not
        self.scope = "run"
        self.lost = set()		# what an oversize line may have held

    def tool(self, ident, state, name=None, also=()):
        if not ident:
            return
        t = self.tools.setdefault(ident, {"state": OPEN, "name": None,
                                          "also": []})
        t["state"] = state
        t["also"] = list(also)
        if name:
            t["name"] = name
        self.before = "".join(self.deltas) or self.before
        self.deltas = []

    def text(self):
        """The last answer that is not empty."""
        return self.claim_text or self.whole or "".join(self.deltas) \
            or self.before

    def worked(self):
        return bool(self.tools or self.text())
