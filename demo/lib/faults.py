"""Runs the swarm against unfair.py, fault by fault, and counts what was found. Called by demo/faults."""
import argparse
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent


def faults():
    listed = subprocess.run([sys.executable, HERE / 'unfair.py', '--list'], capture_output=True, text=True, check=True)
    rows = [line.split('\t') for line in listed.stdout.splitlines()]
    return {name: (who, measures.split(','), what) for name, who, measures, what in rows}


def arguments(known):
    parser = argparse.ArgumentParser(prog='demo/faults')
    parser.add_argument('hubbub')
    parser.add_argument('--runs', type=int, default=3)
    parser.add_argument('--fair', type=int)
    parser.add_argument('--seconds', type=int, default=8)
    parser.add_argument('--rate', type=int, default=200)
    parser.add_argument('--busy', type=int, default=0)
    parser.add_argument('--at')
    parser.add_argument('--verbose', action='store_true')
    parser.add_argument('--seed', type=int, default=random.randrange(1 << 30))
    parser.add_argument('fault', nargs='*')
    given = parser.parse_intermixed_args()
    for fault in given.fault:
        if fault not in known:
            parser.error(f"there is no fault '{fault}'; there are {', '.join(known)}")
    return given


def measure(given, fault, victim, number):
    """Runs the swarm once; returns the exit code and what it wrote."""
    server = None
    port = given.at
    if not (fault == 'fair' and port):
        server = subprocess.Popen([sys.executable, HERE / 'unfair.py', '0', fault, victim], stdout=subprocess.PIPE, text=True)
        port = server.stdout.readline().strip()
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / 'run.json'
        try:
            run = subprocess.run(
                [given.hubbub, 'swarm', f'127.0.0.1:{port}', '--rate', str(given.rate), '--duration', str(given.seconds),
                 '--seed', str(given.seed + number), '--json', file],
                stdin=subprocess.DEVNULL, capture_output=True, text=True)
        finally:
            if server:
                server.kill()
                server.wait()
        if not file.exists():
            sys.exit(f'{fault} could not be measured: {run.stdout}{run.stderr}')
        return run.returncode, json.loads(file.read_text())


def judge(fault, victim, who, measures, code, outcome):
    """Whether the fault was found, named rightly, and the right one named."""
    failed = [v for v in outcome['verdicts'] if v['standing'] == 'failed']
    if measures == ['stall']:
        told = [v for v in outcome['verdicts'] if v['name'] == 'stalls']
        return bool(told), bool(told), bool(told) and not failed
    right = [v for v in failed if v['measure'] in measures]
    named = [v['who'][0] for v in right if v.get('who')]
    expected = {'victim': victim}.get(who, who)
    return code == 1, bool(right), bool(right) if who == '-' else expected in named


def main():
    known = faults()
    given = arguments(known)
    busy = [subprocess.Popen([sys.executable, '-c', 'while True: pass']) for _ in range(given.busy)]
    dice = random.Random(given.seed)
    print(f'seed {given.seed}, {given.rate} messages a second for {given.seconds} s, {given.busy} busy processes, '
          f'load average {os.getloadavg()[0]:.1f}')
    print(f'{"fault":12}{"runs":>5}{"found":>7}{"named":>7}{"victim":>8}  what it does')
    number, is_good = 0, True
    try:
        for fault in given.fault or known:
            who, measures, what = known[fault]
            runs = given.runs if given.fair is None or fault != 'fair' else given.fair
            counts, accusations, unsure = [0, 0, 0], [], 0
            for _ in range(runs):
                number += 1
                victim = f'bot-{dice.randrange(20)}'
                code, outcome = measure(given, fault, victim, number)
                failed = [f'{v["measure"]} {v["name"]}: {v["meaning"]}' for v in outcome['verdicts'] if v['standing'] == 'failed']
                unsure += code == 3
                if fault == 'fair':
                    counts[0] += code == 1
                    accusations += failed
                else:
                    result = judge(fault, victim, who, measures, code, outcome)
                    counts = [a + b for a, b in zip(counts, result)]
                    if given.verbose or not all(result):
                        accusations.append(f'{victim}: {failed}')
            if fault == 'fair':
                is_good = is_good and counts[0] * 40 <= runs
                print(f'{fault:12}{runs:5}{counts[0]:7}{"–":>7}{"–":>8}  accused of something; not enough to tell in {unsure}', flush=True)
            else:
                is_good = is_good and min(counts) * 20 >= runs * 19
                print(f'{fault:12}{runs:5}{counts[0]:7}{counts[1]:7}{counts[2]:8}  {what}', flush=True)
            for accusation in accusations:
                print(f'    {accusation}', flush=True)
    finally:
        for process in busy:
            process.kill()
    sys.exit(0 if is_good else 1)


main()
