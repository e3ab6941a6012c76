"""Continuous batching, request by request: what the closed forms of a load are tested against."""

import math
import random
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import accumulate
from typing import Any

import polars as pl

from inferlib.formulas import quantities
from inferlib.naming import suggest
from inferlib.quantity import solve
from inferlib.scenarios import Scenario
from inferlib.simulated import Simulation

CONTEXTS = 24  # between which the step time is taken as straight

Draw = Callable[[random.Random, float, float], float]
LENGTHS: dict[str, Draw] = {
    "fixed": lambda rng, mean, cv: mean,
    "geometric": lambda rng, mean, cv: _geometric(rng, mean),
    "lognormal": lambda rng, mean, cv: _lognormal(rng, mean, cv),
}


@dataclass
class _Request:
    arrival: float
    prompt: float
    output: int
    prefill: float  # seconds
    cache: float  # bytes, at the last token
    counted: bool = False
    first: float = 0.0
    end: float = 0.0


@dataclass
class _Counts:
    """Sums over the time between two moments."""

    since: float
    until: float
    busy_seconds: float = 0.0
    sequence_seconds: float = 0.0
    tokens: float = 0.0

    def add(self, began: float, ended: float, sequences: int, tokens: int) -> None:
        seconds = min(ended, self.until) - max(began, self.since)
        if seconds > 0:
            self.busy_seconds += seconds
            self.sequence_seconds += seconds * sequences
            self.tokens += tokens * seconds / (ended - began)


def simulate(
    situation: Scenario,
    /,
    *,
    request_rate: float,
    requests: int = 4000,
    seed: int = 0,
    arrival_cv: float = 1.0,
    prompt: str = "fixed",
    prompt_cv: float = 1.0,
    output: str = "fixed",
    output_cv: float = 1.0,
    warm_up: float = 0.25,
    max_batch: int | None = None,
) -> Simulation:
    """Serve requests one by one: first come first served, and prefills stall the decode.

    A request starts when memory has room for its cache at its last token. Between two decode
    steps all that can start are prefilled, one after the other. A step takes the `step_time` of
    the sequences at hand and of their mean context.

    Example:
        >>> seen = il.simulate(s, request_rate=0.5)    # of a scenario s
        >>> seen.quantile("ttft", 0.95)    # second

    Args:
        situation: Model, chips, and mean lengths; its `concurrency` plays no part.
        request_rate: Requests a second.
        requests: How many are measured; as many again, times `warm_up`, come before and after.
        seed: Of the random numbers; the same seed gives the same result.
        arrival_cv: Coefficient of variation of the times between requests: 1 at random, 0
            evenly, more in bursts.
        prompt: How prompt lengths vary: "fixed", "geometric" or "lognormal".
        prompt_cv: Their coefficient of variation, if lognormal.
        output: How output lengths vary.
        output_cv: Their coefficient of variation, if lognormal.
        warm_up: Share of `requests` that is served before the measuring, and after.
        max_batch: Most sequences at once, if the engine sets a limit below the memory's.

    Raises:
        LookupError: A distribution is unknown, or the situation lacks an input.
        TypeError: A value is not a number, or the situation is no scenario.
        ValueError: A number is out of range, or the model and a request do not fit in memory.
    """
    if not isinstance(situation, Scenario):
        raise TypeError(f"{situation!r} is no scenario; make one with inferlib.scenario")
    _check("request_rate", request_rate, 1e-9, 1e9)
    _check("warm_up", warm_up, 0, 10)
    for name, cv in (("arrival", arrival_cv), ("prompt", prompt_cv), ("output", output_cv)):
        _check(f"{name}_cv", cv, 0, 10)
    most = math.inf if max_batch is None else max_batch
    _check("max_batch", most, 1)
    _check("requests", requests, 40)
    if type(requests) is not int:
        raise TypeError(f"'requests' is {requests!r}; give a whole number")
    rng = random.Random(seed)
    early = math.ceil(requests * warm_up)
    total = requests + 2 * early
    times = accumulate(_gap(rng, 1 / request_rate, arrival_cv) for _ in range(total))
    means = solve(["prompt_tokens", "output_tokens"], quantities=quantities, **situation)
    prompts = _lengths(rng, "prompt", prompt, means["prompt_tokens"], prompt_cv, total)
    outputs = _lengths(rng, "output", output, means["output_tokens"], output_cv, total)
    served, memory = _requests(situation, list(times), prompts, outputs)
    for one in served[early : early + requests]:
        one.counted = True
    batch = int(min(total, most, memory // min(one.cache for one in served)))
    counts = _serve(served, memory, batch, _step_times(situation, served, batch))
    return _measured(served[early : early + requests], counts)


def _check(name: str, number: float, low: float, high: float = math.inf) -> None:
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise TypeError(f"'{name}' is {number!r}; give a number")
    if not low <= number <= high:
        raise ValueError(f"'{name}' is {number!r}; give a number from {low:g} to {high:g}")


def _gap(rng: random.Random, mean: float, cv: float) -> float:
    return rng.gammavariate(cv**-2, mean * cv**2) if cv > 1e-3 else mean


def _geometric(rng: random.Random, mean: float) -> float:
    if mean <= 1:
        return 1.0
    return 1.0 + math.floor(math.log(1 - rng.random()) / math.log(1 - 1 / mean))


def _lognormal(rng: random.Random, mean: float, cv: float) -> float:
    spread = math.log(1 + cv**2)
    return max(1.0, round(rng.lognormvariate(math.log(mean) - spread / 2, math.sqrt(spread))))


def _lengths(
    rng: random.Random, what: str, kind: str, mean: float, cv: float, many: int
) -> list[float]:
    if kind not in LENGTHS:
        way = suggest(str(kind), LENGTHS) or f"choose {', '.join(LENGTHS)}"
        raise LookupError(f"no distribution for '{what}' is called {kind!r}; {way}")
    return [LENGTHS[kind](rng, mean, cv) for _ in range(many)]


def _requests(
    situation: Scenario, times: list[float], prompts: list[float], outputs: list[float]
) -> tuple[list[_Request], float]:
    """The requests, and the bytes of memory that their caches share."""
    outputs = [float(max(1, round(o))) for o in outputs]
    lengths = pl.DataFrame({"prompt_tokens": prompts, "output_tokens": outputs}).unique()
    names = ["prefill_time", "full_kv_bytes_per_sequence"]
    columns = {name: pl.col(name) for name in lengths.columns}
    one = situation.but(concurrency=1)
    found = solve(names, quantities=quantities, **{**one, **columns})
    frame = lengths.with_columns(**{name: _column(found[name]) for name in names})
    each = {row[:2]: row[2:] for row in frame.iter_rows()}
    alone = solve(["holds_one", "linked"], quantities=quantities, **one)
    memory = alone["usable_memory"] - alone["weight_bytes"]
    if not alone.feasible:
        raise ValueError("; ".join(alone.why.values()))
    if (largest := max(cache for _, cache in each.values())) > memory:
        raise ValueError(
            f"the longest request needs {largest:.4g} bytes of cache, and memory has "
            f"{memory:.4g} beside the weights; take more chips or shorter requests"
        )
    return [
        _Request(t, p, int(o), each[p, o][0], each[p, o][1])
        for t, p, o in zip(times, prompts, outputs, strict=True)
    ], memory


def _column(value: Any) -> pl.Expr:
    return value if isinstance(value, pl.Expr) else pl.lit(float(value))


def _step_times(
    situation: Scenario, served: Sequence[_Request], batch: int
) -> Callable[[int, float], float]:
    """Time of a step by its sequences and the sum of their contexts, from a table."""
    low = min(one.prompt for one in served)
    wide = (max(one.prompt + one.output for one in served) - low) / (CONTEXTS - 1)
    contexts = pl.DataFrame({"mean_context": [low + wide * k for k in range(CONTEXTS)]})
    rows = pl.DataFrame({"concurrency": [float(n) for n in range(1, batch + 1)]})
    rows = rows.join(contexts, how="cross", maintain_order="left_right")
    columns = {name: pl.col(name) for name in rows.columns}
    found = solve("step_time", quantities=quantities, **{**situation, **columns})
    times: list[float] = rows.select(_column(found["step_time"])).to_series().to_list()

    def step(sequences: int, context: float) -> float:
        place = (context / sequences - low) / wide
        left = min(int(place), CONTEXTS - 2)
        at = (sequences - 1) * CONTEXTS + left
        return times[at] + (place - left) * (times[at + 1] - times[at])

    return step


def _serve(
    served: Sequence[_Request], memory: float, batch: int, step: Callable[[int, float], float]
) -> _Counts:
    """Serve until all counted requests have ended; what the system did while they arrived."""
    import simpy

    clock = simpy.Environment()
    line = simpy.Store(clock)
    arrivals = [one.arrival for one in served if one.counted]
    counts = _Counts(arrivals[0], arrivals[-1])
    clock.process(_arrive(clock, line, served))
    work = _work(clock, line, memory, batch, step, counts, len(arrivals))
    clock.run(until=clock.process(work))
    return counts


def _arrive(clock: Any, line: Any, served: Sequence[_Request]) -> Generator[Any, Any, None]:
    for one in served:
        yield clock.timeout(one.arrival - clock.now)
        line.put(one)


def _work(
    clock: Any,
    line: Any,
    memory: float,
    batch: int,
    step: Callable[[int, float], float],
    counts: _Counts,
    left: int,
) -> Generator[Any, Any, None]:
    free, context, steps, started = memory, 0.0, 0, 0
    active: list[tuple[int, int, _Request]] = []  # by the step after which they end
    fresh: list[_Request] = []
    while left:
        while line.items and line.items[0].cache <= free and len(active) < batch:
            one, began = line.items.pop(0), clock.now
            yield clock.timeout(one.prefill)
            counts.add(began, clock.now, len(active), 0)
            started += 1
            heappush(active, (steps + one.output, started, one))
            free, context = free - one.cache, context + one.prompt + 0.5
            fresh.append(one)
        if not active:
            line.items.insert(0, (yield line.get()))  # the next request rings, and stays in line
            continue
        began = clock.now
        yield clock.timeout(step(len(active), context))
        counts.add(began, clock.now, len(active), len(active))
        steps, context = steps + 1, context + len(active)
        while fresh:
            fresh.pop().first = clock.now
        while active and active[0][0] == steps:
            one = heappop(active)[2]
            one.end = clock.now
            free, context = free + one.cache, context - one.prompt - 0.5 - one.output
            left -= one.counted
        if not active:
            free, context = memory, 0.0  # without what rounding left


def _measured(served: Sequence[_Request], counts: _Counts) -> Simulation:
    frame = pl.DataFrame(
        {
            "arrival_time": [one.arrival for one in served],
            "prompt_tokens": [one.prompt for one in served],
            "output_tokens": [float(one.output) for one in served],
            "ttft": [one.first - one.arrival for one in served],
            "tpot": [
                (one.end - one.first) / (one.output - 1) if one.output > 1 else None
                for one in served
            ],
            "request_time": [one.end - one.arrival for one in served],
        },
        schema_overrides={"tpot": pl.Float64},
    )
    span = counts.until - counts.since
    return Simulation(
        frame,
        request_rate=(len(served) - 1) / span,
        concurrency=counts.sequence_seconds / span,
        busy_share=counts.busy_seconds / span,
        output_throughput=counts.tokens / span,
    )
