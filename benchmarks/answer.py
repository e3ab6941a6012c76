"""How long one answer takes: from Python, and from the command in a process of its own."""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import inferlib as il

ROOT = Path(__file__).parents[1]
KINDS = {"model": "llama-3.1-70b", "chip": "h100-sxm", "weights": "fp8"}
NUMBERS = {"chips": 4, "prompt_tokens": 2000, "output_tokens": 500, "concurrency": 64}
WANT = "cost_per_output_token"
COMMAND = [sys.executable, "-m", "inferlib", "estimate"]
COMMAND += [f"--{name.replace('_', '-')}={value}" for name, value in (KINDS | NUMBERS).items()]


def seconds(run: Callable[[], object], times: int) -> float:
    """Median wall time of a call; the first, which fills caches, is not counted."""
    run()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        spent.append(time.perf_counter() - start)
    return statistics.median(spent)


def main() -> None:
    """Time the three, and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="processes; 100 times as many calls")
    parser.add_argument("--json", action="store_true", help="print seconds as JSON")
    asked = parser.parse_args()
    if asked.runs < 1:
        sys.exit(f"--runs is {asked.runs}: give 1 or more.")
    situation = il.scenario(**KINDS, **NUMBERS)
    calls = 100 * asked.runs
    found = {
        "solve": seconds(lambda: il.solve(WANT, **situation), calls),
        "scenario_and_solve": seconds(
            lambda: il.solve(WANT, **il.scenario(**KINDS, **NUMBERS)), calls
        ),
        "command": seconds(
            lambda: subprocess.run(COMMAND, cwd=ROOT, capture_output=True, check=True), asked.runs
        ),
    }
    if asked.json:
        print(json.dumps(found, indent=2))
    else:
        for name, one in found.items():
            print(f"{name:18} = {one * 1e3:.2f} ms")


if __name__ == "__main__":
    main()
