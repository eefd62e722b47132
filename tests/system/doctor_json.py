# SPDX-License-Identifier: MIT
"""doctor_json.py FILE - print the object of `linehook doctor --json' as lines.

    check ID STATUS FOUND
    impact ID TEXT
    remedy ID TEXT
    plugin OBJECT
    program NAME STATUS VERSION PROBLEM
    runtime NAME STATUS VERSION PROBLEM
    command NAME TEXT
    newer NAME
    verdict STATUS TEXT
    contain WORD

and assert what is true of every such object.
"""
import json
import sys

with open(sys.argv[1], encoding="utf-8") as f:
    text = f.read()
doc = json.loads(text)
assert doc["v"] == 1 and doc["version"]

count = {"note": 0, "weak": 0, "bad": 0}
complete = True
for c in doc["checks"]:
    assert c["id"].startswith(c["group"] + ".")
    print("check", c["id"], c["status"], c["found"])
    print("impact", c["id"], c.get("impact", "-"))
    print("remedy", c["id"], c.get("remedy", "-"))
    if c["status"] in count:
        count[c["status"]] += 1
        complete = complete and bool(c.get("impact"))
    else:
        assert c["status"] in ("ok", "skip") and not {"impact", "remedy"} & set(c)
for p in doc["plugins"]:
    print("plugin", json.dumps(p, separators=(",", ":"), ensure_ascii=False))
for kind in ("program", "runtime"):
    for p in doc[kind + "s"]:
        version = repr(p["version"])[1:-1] if "version" in p else "-"
        print(kind, p["name"], p["status"], version, p.get("problem", "-"))
        if "command" in p:
            print("command", p["name"], p["command"])
        if p.get("newer"):
            print("newer", p["name"])
        if p["status"] in count:
            count[p["status"]] += 1
v = doc["verdict"]
print("verdict", v["status"], v["text"])
print("contain", v.get("contain", "-"))
if count == {"note": v["notes"], "weak": v["weak"], "bad": v["bad"]}:
    print("counts agree")
if complete:
    print("all have an impact")
