"""Figures of runs of a swarm, a line each, and their medians as a table.

usage: cluster-measure.py add REPORT.json NAME LOAD SECONDS_BEFORE SECONDS_AFTER
       cluster-measure.py table FILE
"""

import json
import statistics
import sys


def add(path, name, load, before, after):
    with open(path) as file:
        report = json.load(file)
    lost = [v for v in report["verdicts"] if v["measure"] in ("M1", "M7", "M11") and v["standing"] == "failed"]
    if lost:
        print("; ".join(f"{v['measure']} {v['value']}" for v in lost), file=sys.stderr)
    latency = report["response"]
    messages = report["totals"]["sent"]
    print(
        json.dumps(
            {
                "name": name,
                "load": load,
                "p50": latency["p50"],
                "p99": latency["p99"],
                "rate": report["totals"]["messagesPerSecond"],
                "cpu": (float(after) - float(before)) / messages,
            }
        )
    )


def table(path):
    with open(path) as file:
        runs = [json.loads(line) for line in file]
    kinds = {}
    for run in runs:
        kinds.setdefault((run["load"], run["name"]), []).append(run)
    print(f"{'load':<10} {'':<11} {'messages/s':>10} {'p50 ms':>8} {'p99 ms':>8} {'cpu ms a message':>17}")
    for (load, name), group in kinds.items():
        median = {key: statistics.median(run[key] for run in group) for key in ("rate", "p50", "p99", "cpu")}
        print(
            f"{load:<10} {name:<11} {median['rate']:>10.0f} {median['p50'] / 1000:>8.2f} {median['p99'] / 1000:>8.1f}"
            f" {median['cpu'] * 1000:>17.3f}"
        )


if sys.argv[1] == "add":
    add(*sys.argv[2:])
else:
    table(sys.argv[2])
