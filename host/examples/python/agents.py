#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""agents.py - run several agents at once, print what they say and how it ends.

    ./agents.py 'claude -p "say hi" --output-format stream-json --verbose' \\
                'codex exec --json "say hi"'

Each argument is one command.  $LINEHOOK_PLUGIN_PATH and $LINEHOOK_EXEC are for
a linehook that is not installed.  The exit status is 0 if every verdict is ok.
"""
import argparse
import asyncio
import os
import shlex

import linehook


async def follow(host, number, command, timeout):
    run = host.start(shlex.split(command), timeout=timeout)
    async for event in run:
        if event["kind"] == "text" and event["role"] == "assistant":
            print("%d: %s" % (number, event["text"]), flush=True)
    return run.result


async def main():
    parser = argparse.ArgumentParser(description="run agents at once")
    parser.add_argument("--timeout", type=float, default=600,
                        metavar="SECONDS")
    parser.add_argument("command", nargs="+")
    args = parser.parse_args()
    dirs = os.environ.get("LINEHOOK_PLUGIN_PATH")
    # On Ctrl-C asyncio cancels this task, and leaving the block kills all.
    async with linehook.Host(plugin_dirs=dirs.split(":") if dirs else (),
                             monitor=os.environ.get("LINEHOOK_EXEC")) as host:
        results = await asyncio.gather(*(
            follow(host, number, command, args.timeout)
            for number, command in enumerate(args.command, 1)))
    for command, result in zip(args.command, results):
        cost = "" if result.cost_usd is None else " %.4f USD" % result.cost_usd
        print("%-10s%s  %s" % (result.verdict, cost, command))
    return 0 if all(r.verdict == "ok" for r in results) else 1


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
