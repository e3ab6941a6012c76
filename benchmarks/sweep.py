"""Scenarios a second through the full chain to cost_per_output_token: polars, numba and numpy.

Needs the extra `bench`. See README.md beside this file.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

CORES = 2
os.environ |= {"POLARS_MAX_THREADS": str(CORES), "NUMBA_NUM_THREADS": str(CORES)}

import numba  # noqa: E402  (the threads are counted when these are imported)
import numpy as np  # noqa: E402
import polars as pl  # noqa: E402

import inferlib as il  # noqa: E402
from inferlib.formulas import quantities  # noqa: E402
from inferlib.quantity import evaluate, order  # noqa: E402
from inferlib.trace import Sym, trace  # noqa: E402

COST = "cost_per_output_token"
BASE = dict(model="llama-3.1-70b", chip="h100-sxm", chips=4, weights="fp8", prompt_tokens=2000)
BASE |= dict(output_tokens=500, concurrency=64)
CHIPS = ["h100-sxm", "h200-sxm", "mi300x", "l4"]
# What is drawn evenly from a range; other inputs are those of a model and a chip of the catalog.
EVEN = {
    "concurrency": (1, 256),
    "prompt_tokens": (100, 8000),
    "output_tokens": (50, 2000),
    "chips": (1, 8),
    "utilization": (0.1, 1.0),
    "chip_price": (0.0003, 0.003),
    "memory_efficiency": (0.5, 1.0),
    "compute_efficiency": (0.3, 0.9),
}
WHOLE = {"concurrency", "prompt_tokens", "output_tokens", "chips"}
CONDITIONS = [name for name in order([COST], quantities) if quantities[name].otherwise]


def chain() -> list[str]:
    """What the cost and the conditions rest on, in order; not what only a sentence quotes."""
    used = {COST, *CONDITIONS}
    names = order([COST], quantities)
    for name in reversed(names):
        used |= {*quantities[name].needs} if name in used else set()
    return [name for name in names if name in used]


def varying(inputs: Iterable[str]) -> list[str]:
    """The quantities of the chain that differ from scenario to scenario."""
    found = set(inputs)
    for name in chain():
        found |= {name} if found & {*quantities[name].needs} else set()
    return [name for name in chain() if name in found and quantities[name].formula]


def scenarios(rows: int) -> pl.DataFrame:
    """Situations at random: a model, a chip and a precision of the catalog, with some traffic."""
    draw = np.random.default_rng(0)
    known = [
        il.scenario(
            **BASE | {"model": model, "chip": chip, "weights": weights, "chip_price": 0.001}
        )
        for model in il.catalog.models()["model"]
        for chip in CHIPS
        for weights in ("bf16", "fp8")
    ]
    pick = draw.integers(0, len(known), rows)
    inputs = [name for name in chain() if not quantities[name].formula]
    columns = {name: np.array([one[name] for one in known])[pick] for name in inputs}
    columns |= {name: draw.uniform(low, high, rows) for name, (low, high) in EVEN.items()}
    columns |= {name: np.round(columns[name]) for name in WHOLE}
    return pl.DataFrame(columns)


def python(tree: Sym) -> str:
    """A traced formula as Python that numba compiles."""
    if tree.op == "name":
        return str(tree.args[0])
    if tree.op == "number":
        return repr(tree.args[0])
    parts = [python(part) for part in tree.args]
    named = {"maximum": "max", "minimum": "min"}
    if tree.op == "where":
        return f"({parts[1]} if {parts[0]} else {parts[2]})"
    if tree.op == "neg":
        return f"(-{parts[0]})"
    if len(parts) == 2 and tree.op not in named:
        return f"({parts[0]} {tree.op} {parts[1]})"
    return f"{named.get(tree.op, f'np.{tree.op}')}({', '.join(parts)})"


def loop_source(inputs: list[str]) -> str:
    """One loop over all rows, as written by hand; what does not vary stands before it."""
    each = varying(inputs)
    lines = [f"{n} = {python(trace(quantities[n]))}" for n in chain() if quantities[n].formula]
    constants = [n for n in chain() if not quantities[n].formula and n not in inputs]
    arguments = ", ".join([*(f"{name}_" for name in inputs), *constants, "cost", "feasible"])
    holds = " and ".join(f"{name} > 0" for name in CONDITIONS)
    inside = [f"{name} = {name}_[i]" for name in inputs]
    inside += [line for line in lines if line.partition(" ")[0] in each]
    inside += [f"cost[i] = {COST}", f"feasible[i] = {holds}"]
    before = [line for line in lines if line.partition(" ")[0] not in each]
    body = [*before, "for i in numba.prange(cost.size):", *(f"    {line}" for line in inside)]
    return "\n".join([f"def loop({arguments}):", *(f"    {line}" for line in body)])


def loop(inputs: list[str], parallel: bool) -> Callable[..., None]:
    """The loop compiled; a division by zero is infinity, so that it can be vectorised."""
    scope: dict[str, Any] = {"numba": numba, "np": np}
    exec(loop_source(inputs), scope)
    compiled: Callable[..., None] = numba.njit(parallel=parallel, error_model="numpy")(
        scope["loop"]
    )
    return compiled


def runners(frame: pl.DataFrame, inputs: list[str]) -> dict[str, Callable[[], Any]]:
    """By name, functions that return the cost of every row."""
    varied = frame.select(inputs)
    situation = {n: v for n, v in frame.row(0, named=True).items() if n not in inputs}
    arrays = {name: frame[name].to_numpy() for name in inputs}
    loops = {cores: loop(inputs, parallel=cores > 1) for cores in (1, CORES)}
    constants = [situation[n] for n in chain() if n in situation]

    def polars(checked: bool) -> Any:
        return il.columns(varied, situation, want=COST, checked=checked)[COST].to_numpy()

    def fused(cores: int) -> Any:
        cost, feasible = np.empty(frame.height), np.empty(frame.height, bool)
        loops[cores](*arrays.values(), *constants, cost, feasible)
        return cost

    def numpy() -> Any:
        found: dict[str, Any] = {}
        for name in chain():
            found[name] = evaluate(quantities[name], {**situation, **arrays}, found)
        np.all([found[name] > 0 for name in CONDITIONS if name in varying(inputs)], axis=0)
        return found[COST]

    return {
        "polars": lambda: polars(checked=True),
        "numba": lambda: fused(CORES),
        "numpy": numpy,
        "polars_with_checks": lambda: polars(checked=False),
        "numba_one_core": lambda: fused(1),
    }


def measure(rows: int, runs: int, inputs: list[str]) -> dict[str, Any]:
    """Rates in scenarios a second: the median of runs that take turns, and ratios within a turn."""
    frame = scenarios(rows)
    names = inputs or frame.columns
    calls = runners(frame, names)
    right = calls["numba"]()
    for name, call in calls.items():
        assert np.allclose(call(), right, rtol=1e-12, atol=0), f"{name} gives other values"
    turns = [{name: seconds(call) for name, call in calls.items()} for _ in range(runs)]
    rates = {n: round(rows / statistics.median(turn[n] for turn in turns)) for n in calls}
    against = {"numba", "numpy", "numba_one_core"}
    ratios = {f"polars_to_{n}": [turn[n] / turn["polars"] for turn in turns] for n in against}
    ratios["polars_with_checks_to_numba"] = [t["numba"] / t["polars_with_checks"] for t in turns]
    middle = {name: round(statistics.median(found), 3) for name, found in sorted(ratios.items())}
    spread = {f"{n}_spread": [round(min(x), 3), round(max(x), 3)] for n, x in ratios.items()}
    counted = {"rows": rows, "inputs_that_vary": len(names), "quantities": len(varying(names))}
    return counted | rates | middle | dict(sorted(spread.items())) | single()


def seconds(call: Callable[[], Any]) -> float:
    """Time of one call."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def single() -> dict[str, float]:
    """Milliseconds of one estimate, on a scenario that exists and with making it: medians."""
    made = il.scenario(**BASE)
    calls = {
        "solve_ms": lambda: il.solve(COST, **made),
        "scenario_and_solve_ms": lambda: il.solve(COST, **il.scenario(**BASE)),
    }
    return {
        name: round(1e3 * statistics.median(seconds(call) for _ in range(300)), 3)
        for name, call in calls.items()
    }


def lazily(rows: int) -> pl.LazyFrame:
    """As many situations as one likes, a million at a time, from a hash of the row's number."""
    block = 1_000_000
    numbers = [
        pl.LazyFrame().select(row=pl.int_range(start, min(start + block, rows)))
        for start in range(0, rows, block)
    ]

    def drawn(seed: int, name: str) -> pl.Expr:
        low, high = EVEN[name]
        value = low + (high - low) * (pl.col("row").hash(seed) / 2.0**64)
        return value.round() if name in WHOLE else value

    return pl.concat(numbers).select(**{n: drawn(i, n) for i, n in enumerate(EVEN)})


def stream(rows: int) -> dict[str, float]:
    """Stream so many rows to the cheapest feasible cost: time, and the most memory held."""
    start = time.perf_counter()
    costs = il.columns(lazily(rows), il.scenario(**BASE), want=COST)
    cost = pl.col(COST).filter("feasible")
    found = costs.select(rows=pl.len(), feasible=pl.col("feasible").mean(), least=cost.min())
    answer = found.collect(engine="streaming").row(0, named=True)
    spent = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return answer | {"seconds": round(spent, 2), "peak_megabytes": round(peak)}


def streams(sizes: list[int]) -> Iterator[dict[str, float]]:
    """Each size in a process of its own, so that the peak of its memory is its own."""
    for size in sizes:
        command = [sys.executable, __file__, "--stream-rows", str(size)]
        yield json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def main() -> None:
    """Print what was asked for, as lines or as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="scenarios (a million)")
    parser.add_argument("--runs", type=int, default=15, help="turns (15)")
    parser.add_argument(
        "--inputs", default="", help="names of what varies, by commas (every input)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--loop", action="store_true", help="print the loop that numba compiles")
    parser.add_argument("--stream", action="store_true", help="1e6, 1e7 and 1e8 rows, streamed")
    parser.add_argument("--stream-rows", type=int, help="so many rows, streamed, in this process")
    asked = parser.parse_args()
    inputs = [name for name in asked.inputs.split(",") if name]
    if unknown := [n for n in inputs if n not in chain() or quantities[n].formula]:
        parser.error(f"the cost rests on no input '{unknown[0]}'")
    if asked.stream_rows:
        print(json.dumps(stream(asked.stream_rows)))
    elif asked.loop:
        print(loop_source(inputs or [n for n in chain() if not quantities[n].formula]))
    else:
        streamed = {"stream": list(streams([10**6, 10**7, 10**8]))} if asked.stream else {}
        found = streamed or measure(asked.rows, asked.runs, inputs)
        print(
            json.dumps(found) if asked.json else "\n".join(f"{n} = {v}" for n, v in found.items())
        )


if __name__ == "__main__":
    main()
