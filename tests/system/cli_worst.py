#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cli_worst.py - lines that are meant to cost much.

    cli_worst.py LINEHOOK DIRECTORY

Each kind of line is read with N bytes and with 8 N.  Prints for each a line
with its name, the factor of the processor time, the memory beyond that of
an ordinary line in bytes for each byte of the line, and the output in the same
unit.  The factor is that of 8 N over N, where a time below 50 ms counts as 50.
"""
import os
import sys

LINEHOOK, DIR = sys.argv[1:3]
N = 256 << 10
LONG = "n" * 1000


def many(head, piece, tail, n):
    return head + ",".join([piece] * ((n - len(head) - len(tail))
                                      // (len(piece) + 1))) + tail


def results(n):
    half = (n - 100) // 2
    a = many("", '{"type":"tool_result","tool_use_id":"x1","content":""}', "",
             half)
    b = many("", '{"id":"y1","non_execution_kind":"z"}', "", half)
    return ('{"type":"user","session_id":"s","message":{"content":[%s]},'
            '"tool_result_meta":[%s]}' % (a, b))


def parent(n):
    return many('{"type":"user","parent_tool_use_id":"%s","message":{"content"'
                ':[' % ("p" * (n // 2)), '{"type":"tool_result"}', "]}}", n)


CALL = ('{"type":"assistant","session_id":"s","message":{"id":"m","content":['
        '{"type":"tool_use","id":"t","name":"%s","input":{}}]}}\n' % LONG)
USER = '{"type":"user","session_id":"s","message":{"content":['
SAYS = '{"type":"assistant","session_id":"s","message":{"id":"m","content":['
DONE = '{"type":"result","subtype":"success","is_error":false,"result":"x",'
ITEM = '{"type":"item.completed","item":{"id":"i","type":'
KINDS = [
    # name, plugin, head, piece, tail; or a function of the size
    ("plain", "claude", SAYS + '{"type":"text","text":"', "x" * 60, '"}]}}'),
    ("results-and-metadata", "claude", results),
    ("long-parent", "claude", parent),
    ("results-of-a-long-name", "claude", CALL + USER,
     '{"type":"tool_result","tool_use_id":"t"}', "]}}"),
    ("results", "claude", USER, '{"type":"tool_result"}', "]}}"),
    ("text-blocks", "claude", SAYS.replace('"m"', '"%s"' % ("i" * 120)),
     '{"type":"text","text":"a"}', "]}}"),
    ("content-of-a-result", "claude",
     USER + '{"type":"tool_result","tool_use_id":"t","content":[',
     '{"text":""}', "]}]}}"),
    ("names-of-tools", "claude",
     '{"type":"system","subtype":"init","session_id":"s","tools":[', '"a"',
     "]}"),
    ("paths", "claude", SAYS + '{"type":"tool_use","id":"t","name":"R",'
     '"input":{"paths":[', '""', "]}}]}}"),
    ("lists-to-do", "claude", SAYS, '{"type":"tool_use","id":"t","name":'
     '"TodoWrite","input":{"todos":[]}}', "]}}"),
    ("denials", "claude", DONE + '"permission_denials":[',
     '{"tool_use_id":"t","tool_name":"B"}', "]}"),
    ("models", "claude", DONE + '"model_usage_since_last_result":{',
     '"m":{}', "}}"),
    ("errors", "claude", DONE.replace("false", "true") + '"errors":[', '""',
     "]}"),
    ("tasks", "claude", '{"type":"system","subtype":'
     '"background_tasks_changed","tasks":[', '{"task_id":"t"}', "]}"),
    ("codex-to-do", "codex", ITEM + '"todo_list","items":[', "1", "]}}"),
    ("codex-changes", "codex", ITEM + '"file_change","changes":[',
     '{"path":""}', "]}}"),
    ("codex-blocks", "codex", ITEM + '"mcp_tool_call","tool":"t","result":'
     '{"content":[', '{"text":""}', "]}}}"),
    ("codex-questions", "codex", '{"type":"request_user_input","call_id":"c",'
     '"questions":[', "{}", "]}"),
    ("codex-answers", "codex", '{"type":"request_user_input","call_id":"c",'
     '"questions":[{"options":[', '{"label":"a"}', "]}]}"),
    ("gemini-to-do", "gemini", '{"type":"tool_use","timestamp":"t",'
     '"tool_name":"write_todos","tool_id":"t","parameters":{"todos":[', "1",
     "]}}"),
    ("opencode-to-do", "opencode", '{"type":"tool_use","sessionID":"s","part":'
     '{"id":"p","callID":"c","tool":"todowrite","state":{"status":"completed",'
     '"input":{"todos":[', "1", "]}}}}"),
    ("opencode-rejected", "opencode",
     '{"type":"done","sessionID":"s","rejected":[', '"a"', "]}"),
    ("droid-to-do", "droid", '{"type":"tool_call","id":"c","session_id":"s",'
     '"toolName":"TodoWrite","parameters":{"todos":[', "1", "]}}"),
    ("qwen-to-do", "qwen", '{"type":"assistant","message":{"id":"m",'
     '"content":[{"type":"tool_use","id":"c","name":"todo_write","input":'
     '{"todos":[', "1", "]}}]}}"),
    ("qwen-denials", "qwen", '{"type":"result","subtype":"success",'
     '"permission_denials":[', '{"tool_use_id":"c"}', "]}"),
    ("copilot-edits", "copilot", '{"type":"tool.execution_complete","data":'
     '{"toolCallId":"c","success":true,"fileEdits":[', '{"path":"a"}', "]}}"),
    ("copilot-interrupted", "copilot", '{"type":"agent.interrupted","data":'
     '{"toolCallIds":[', '"a"', "]}}"),
    ("two-by-two", "codex", '{"type":"x"}{"type":', '"x"}{"type":"x"', "}"),
    ("array", "claude", "[", '{"type":"x"}', "]"),
    ("torn", "claude", "", '{"a":1{"b":"', ""),
    ("escapes", "claude", "", "\x1b]0;{", ""),
]


def measure(plugin, line):
    path = os.path.join(DIR, "worst")
    with open(path, "w") as f:
        f.write(line + "\n")
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.dup2(os.open(path + ".out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
                        0o600), 1)
        os.execv(LINEHOOK, [LINEHOOK, "filter", "-q", "-p", plugin, path])
    _, _, used = os.wait4(pid, 0)
    return (used.ru_utime + used.ru_stime, used.ru_maxrss * 1024,
            os.path.getsize(path + ".out"))


plain = None
for name, plugin, make, *rest in KINDS:
    def line(n):
        return make(n) if callable(make) else many(make, rest[0], rest[1], n)
    few, _, _ = measure(plugin, line(N))
    time, memory, size = measure(plugin, line(8 * N))
    plain = memory if plain is None else plain
    print(name, int(max(time, 0.05) / max(few, 0.05)),
          max(0, memory - plain) // (8 * N), size // (8 * N), flush=True)
