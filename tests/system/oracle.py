#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""oracle.py - what a correct host must report for a recorded stream.

usage: oracle.py PROVIDER FILE.ndjson [--exit N | --signal NAME | --meta FILE]
                                      [--resume] [--line-max BYTES]

PROVIDER is one of claude, codex, gemini, opencode, droid, qwen, copilot, pi, or auto.  Prints one JSON
object: the facts of the final result for this stream.  Without --exit, --signal or
--meta nothing is known of a process, which counts as exit status 0.

It was written from the manual pages and the recordings, without looking at the
plugins, and parses each line into a tree: if two independent readers agree,
both are likely to be right.  It uses only the standard library, and may be slow.
"""
import json
import sys

from oracle_providers import PROVIDERS, guess
from oracle_qwen import EXITS as QWEN_EXITS
from oracle_wire import OPEN, Facts, parse, usage, utf8

LINE_MAX = 10 << 20

# The decisions for recordings that the rules do not decide.  A key is
# PROVIDER/SCENARIO, the name of the recording; * matches anything.
READINGS = {
    "claude/agent*":
        "Two results at the end: the last one's text counts.  The first "
        "carries the usage of everything, the second says {}: nothing more.  "
        "'Async agent launched' completes the call; the subagent's own calls "
        "are tools of the run, its texts are never the final text.",
    "claude/disconnect*":
        "usage and model_usage_since_last_result disagree: the latter counts. "
        "The final text is the result's, although it is a tail only.",
    "claude/empty":
        "The result's text is empty: no text.  Verdict ok.",
    "claude/err*, no_key, no_server":
        "subtype success but is_error: failed.  Text is the result's.  "
        "model_usage_since_last_result {} and cost 0 are zero, not unknown; "
        "also in sse_error_always, where `usage' is not zero.",
    "claude/json_format":
        "One result line and nothing else: no init, so no model is announced; "
        "no model_usage_since_last_result, so `usage' counts.",
    "claude/max_tokens":
        "The program asked again by itself: ok, with the second answer.",
    "claude/max_turns":
        "limit; no assistant text anywhere, so no text.",
    "claude/perm_*":
        "denied by system/permission_denied, tool_result_meta or "
        "permission_denials.  The run itself is ok.",
    "claude/sigint_*tool":
        "The call was interrupted, nobody refused it (no permission decision, "
        "permission_denials is empty): canceled.  Verdict canceled.",
    "claude/sigint_text":
        "No result text: the aborted assistant text.",
    "claude/sigkill_*, sigterm_*, reader_gone":
        "No claim.  Usage is what the calls had told until then, the last "
        "value of a message id: incomplete, but not nothing.  Text: deltas.",
    "claude/todo":
        "The tool does not exist: failed, not denied.",
    "codex/disconnect, err*, surrogate":
        "turn.failed is the claim; `error' lines never are.  No usage.",
    "codex/web_search":
        "The id is the first of the two.  No status: completed when its "
        "item.completed comes.",
    "codex/resume_2":
        "2468 tokens are the thread's: scope session.",
    "codex/no_server":
        "No claim: truncated in filter, killed in run.",
    "gemini/disconnect_once, err*":
        "result status error: failed.  All stats are zero.",
    "gemini/empty":
        "status error without an error object, exit status 0: failed.",
    "gemini/json_format":
        "71 lines of one pretty-printed object: no line is an object of its "
        "own.  No session, no claim: truncated, 71 unparsed, which are the "
        "text.",
    "gemini/max_tokens":
        "Looks like success, and nothing tells otherwise: ok.",
    "gemini/max_turns":
        "status error of type FatalTurnLimitedError: the same limit that exit "
        "status 53 tells.",
    "gemini/norelaunch_text_one_delta_11m, tool_big_9m":
        "The last line is cut: one unparsed line, no claim, truncated.",
    "gemini/perm_*":
        "The tools do not exist in this mode: failed, not denied.",
    "gemini/surrogate":
        "Halves of a pair in neighbouring deltas are joined, others U+FFFD.",
    "gemini/tool_shell_fail":
        "Nothing on the wire tells of exit status 3: completed.",
    "copilot/*":
        "No tokens and no cost: no usage, and it is never complete.",
    "copilot/max_tokens":
        "The program asked again by itself: ok, with the second answer.",
    "copilot/refusal":
        "Looks like success, and nothing tells otherwise: ok.",
    "copilot/sigterm_group_tool":
        "abort, and the call was interrupted: canceled in filter.",
    "opencode/disconnect, sig*":
        "Steps began and none finished: no usage, no claim.",
    "opencode/empty":
        "reason stop without any text: ok, no text.",
    "opencode/err400":
        "error, then two finished steps: the last claim is ok; with exit "
        "status 1 that is failed.  The synthetic text is nobody's answer.",
    "opencode/perm_ask":
        "Refused twice, then it stops after tool-calls without another word: "
        "denied, no claim, truncated.",
    "opencode/refusal":
        "content-filter, then an error that names the same filter: refused.",
    "opencode/text_9m":
        "A cut last line: no claim, truncated.",
    "opencode/tool_badargs, tool_unknown":
        "The tool `invalid' reports a call that never ran.  The wire says "
        "completed; completed and failed are both accepted here.",
    "droid/empty, unicode":
        "The completion's text is empty: the last text of the assistant, if "
        "there is one.",
    "droid/err*, disconnect":
        "Two errors: the first says why, the second may repeat the answer.",
    "droid/max_tokens":
        "The program asked again by itself: ok, with the second answer.",
    "droid/perm_early":
        "A refused permission ends the run: denied and refused; the "
        "program's own words are no answer.",
    "droid/sigterm_tool":
        "A signal ended the command: failed.  The run went on: ok.",
    "droid/sigterm_text, err500":
        "Nothing tells that it was interrupted: no claim, truncated.",
    "droid/text_format":
        "Text, which is no line of this format: unparsed, truncated.",
    "qwen/json_schema":
        "The text is the JSON text of the structured output.",
    "qwen/max_tokens, agent*, plain_memory":
        "The sum of the session has calls that were not printed.  They are of "
        "this process if its command does not resume; else it is not known.",
    "qwen/max_turns, max_tool_calls":
        "No result: the exit status is the claim.  In filter: truncated.",
    "qwen/refusal":
        "Nothing on the wire tells of the content filter: ok.",
    "qwen/resume_2":
        "The sum has an earlier process: the calls alone count.",
    "qwen/tool_badargs":
        "The same id twice: the first call did not run.",
    "pi/disconnect_once, err*, sse_error":
        "The counts of a message that failed are 0, and count as 0: that of "
        "disconnect_once is complete with what its second message used.",
    "pi/no_key":
        "A session, no claim: truncated in filter, failed in run.",
}

# Exit statuses of Gemini that have a meaning; they count as claims.
GEMINI_EXITS = {41: "failed", 42: "failed", 53: "limit", 55: "failed"}


def exit_claim(code, signo, provider):
    exits = {"gemini": GEMINI_EXITS, "qwen": QWEN_EXITS}.get(provider, {})
    return None if signo else exits.get(code)


def verdict(facts, code, signo, provider):
    if signo:
        return "killed"
    claim = facts.claim
    said = exit_claim(code, signo, provider)
    if claim is None or said == "limit":
        claim = said or claim
    if claim is None:
        return "truncated" if code == 0 else "failed"
    if claim == "ok" and code != 0:
        return "failed"
    return claim


def read_stream(provider, data, line_max):
    facts = Facts()
    counters = {"lines": 0, "bytes": len(data), "unparsed": 0, "repaired": 0,
                "oversize": 0}
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    hook = None
    plain = []
    for number, line in enumerate(lines):
        counters["lines"] += 1
        if line.endswith(b"\r"):
            line = line[:-1]
        if number == 0 and line.startswith(b"\xef\xbb\xbf"):
            line = line[3:]
        if not line.strip(b" \t\r"):
            continue
        obj, repaired = parse(line)
        if hook is None and provider == "auto":
            found = guess(obj)
            if found:
                provider = found
        if provider in PROVIDERS:
            hook = hook or PROVIDERS[provider]()
        if len(line) > line_max:
            counters["oversize"] += 1
            facts.lost |= {"text", "tools", "usage"}
            obj = {k: v for k, v in (obj or {}).items()
                   if not isinstance(v, (dict, list))
                   and not (isinstance(v, str) and len(v) > 256)}
        elif obj is None:
            counters["unparsed"] += 1
            if plain is not None:
                plain.append(line)
            continue
        plain = None if hook else plain
        counters["repaired"] += repaired
        if hook:
            hook.line(facts, obj)
    facts.plain = b"\n".join(plain or []).decode("utf-8", "replace")
    if hook:
        hook.end(facts)
    return provider, facts, counters


def expect(provider, data, code=0, signo=None, resumed=None,
           line_max=LINE_MAX):
    provider, facts, counters = read_stream(provider, data, line_max)
    is_fresh = resumed is False and facts.fresh is not None
    rows = dict(facts.fresh if is_fresh else facts.usage)
    total = usage()
    for u in rows.values():
        for key in total:
            if u[key] is not None:
                total[key] = (total[key] or 0) + u[key]
    scope = facts.scope
    if scope == "session" and resumed is False:
        scope = "run"
    states = [t["state"] for t in facts.tools.values()]
    clean = not counters["unparsed"] and not counters["oversize"]
    claimed = facts.claim or exit_claim(code, signo, provider)
    complete = bool(claimed) and clean and (is_fresh or not facts.partial)
    tokens = (total["input_tokens"] or 0) + (total["output_tokens"] or 0)
    if complete and facts.worked() and rows and not tokens:
        complete = False	# no work costs no tokens: it is not known
    if provider == "copilot":
        complete = False
    elif complete and not rows:
        # There is a claim and no lost line, but no usage (a failed turn):
        # both "complete" and "not known" are correct.
        complete = None
    result = {
        "provider": provider,
        "session_id": facts.session and utf8(facts.session),
        "model": facts.model and utf8(facts.model),
        "text": utf8(facts.plain or facts.text()),
        "tools": {utf8(k): v for k, v in facts.tools.items()},
        "tool_counts": {
            "started": len(states),
            "completed": states.count("completed"),
            "failed": states.count("failed"),
            "denied": states.count("denied"),
            "canceled": states.count("canceled"),
            "open": states.count(OPEN),
        },
        "usage": [dict(u, model=m) for m, u in rows.items()],
        "usage_total": total,
        "usage_scope": scope if rows else None,
        "cost_usd": total["cost_usd"],
        "verdict": verdict(facts, code, signo, provider),
        "complete_usage": complete,
        "counters": counters,
        "unsure": sorted(facts.lost),
    }
    if provider not in PROVIDERS:	# raw: no claims, nothing known
        result["verdict"] = "killed" if signo else \
            "ok" if code == 0 else "failed"
        result["unsure"] = ["text", "tools", "usage", "complete"]
        counters["unparsed"] = 0	# every line is a text
    return result


def main(argv):
    args, code, signo, line_max, resumed = [], 0, None, LINE_MAX, None
    it = iter(argv[1:])
    for a in it:
        if a == "--exit":
            code = int(next(it))
        elif a == "--signal":
            signo = next(it)
        elif a == "--resume":
            resumed = True
        elif a == "--line-max":
            line_max = int(next(it))
        elif a == "--meta":
            with open(next(it), encoding="utf-8") as f:
                meta = json.load(f)
            code, signo = meta.get("exit_code") or 0, meta.get("killed_by")
        else:
            args.append(a)
    if len(args) != 2:
        sys.stderr.write(__doc__)
        return 2
    with open(args[1], "rb") as f:
        data = f.read()
    json.dump(expect(args[0], data, code, signo, resumed, line_max),
              sys.stdout, ensure_ascii=True, indent=1)
    print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
