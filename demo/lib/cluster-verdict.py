"""Judges a swarm's report of a network in trouble, and the logs of its nodes.

usage: cluster-verdict.py REPORT.json NODE.log …

Prints what was seen in a line, and exits with 0 if everything holds that must hold whatever happens: nothing lost
that anybody read, nothing doubled, one order, one identity, and no node that found its state to be another's.
"""

import json
import re
import sys

# Slowness and silence are what such a fault is; these are promised all the same.
PROMISED = ("M1", "M7", "M11")


def main():
    with open(sys.argv[1]) as file:
        report = json.load(file)
    faults = [
        f"{verdict['measure']} {verdict['name']}: {verdict['value']}"
        for verdict in report["verdicts"]
        if verdict["measure"] in PROMISED and verdict["standing"] == "failed"
    ]
    for path in sys.argv[2:]:
        with open(path) as file:
            faults += [line.strip() for line in file if re.search(r" critical |state differs from", line)]
    if faults:
        print("; ".join(faults))
        return 1
    values = {(v["measure"], v["name"]): v["value"] for v in report["verdicts"]}
    print(f"{values[('M1', 'completeness')]}; {values.get(('M8', 'stalls'), 'no stall')}")
    return 0


sys.exit(main())
