"""Judges a swarm's report of a network in trouble, and the logs of its nodes.

usage: cluster-verdict.py [--everybody-stays] REPORT.json NODE.log …

Prints what was seen in a line, and exits with 0 if everything holds that must hold whatever happens: nothing lost
that anybody read, nothing doubled, one order, one identity, and no node that found its state to be another's. With
--everybody-stays, nobody may have lost a connection either.
"""

import json
import re
import sys

# Slowness and silence are what such a fault is; these are promised all the same.
PROMISED = ("M1", "M7", "M11")


def main():
    paths = sys.argv[1:]
    everybody_stays = paths[0] == "--everybody-stays"
    if everybody_stays:
        del paths[0]
    with open(paths[0]) as file:
        report = json.load(file)
    faults = [
        f"{verdict['measure']} {verdict['name']}: {verdict['value']}"
        for verdict in report["verdicts"]
        if verdict["measure"] in PROMISED and verdict["standing"] == "failed"
    ]
    if everybody_stays:
        failover = report["failover"]
        leavers = [move["nickname"] for move in failover["moves"]] + failover["stranded"]
        if leavers:
            faults.append(f"{len(leavers)} lost their connection, {leavers[0]} first")
    for path in paths[1:]:
        with open(path) as file:
            faults += [line.strip() for line in file if re.search(r" critical |state differs from", line)]
    if faults:
        print("; ".join(faults))
        return 1
    values = {(v["measure"], v["name"]): v["value"] for v in report["verdicts"]}
    print(f"{values[('M1', 'completeness')]}; {values.get(('M8', 'stalls'), 'no stall')}")
    return 0


sys.exit(main())
