"""Batching simulated request by request, beside the closed forms: where they agree, and end."""

import functools
import math
import subprocess
import sys
from typing import Any

import polars as pl
import pytest

import inferlib as il

# Set here, so that a new calibration does not move what these tests say.
SET = {"memory_efficiency": 0.9, "compute_efficiency": 0.69, "layer_time": 5.7e-5}
ROOM = SET | {"model": "llama-3.1-8b", "chip": "h100-sxm", "chip_memory": 1e12}
SYSTEMS = {
    # What binds the step at every batch, by a chip that has plenty of the other.
    "reading": ROOM
    | {"prompt_tokens": 100, "output_tokens": 400, "memory_bandwidth": 1e12, "chip_flops": 1e17},
    "arithmetic": ROOM | {"prompt_tokens": 20, "output_tokens": 200, "memory_bandwidth": 1e15},
    "eight chips": ROOM
    | {"model": "llama-3.1-70b", "chips": 8, "prompt_tokens": 20, "output_tokens": 200,
       "memory_bandwidth": 1e15},
}  # fmt: skip
# The closer to the edge, the longer the memory of a queue, and the more requests a mean takes.
LOADS = {0.02: 4000, 0.2: 4000, 0.5: 8000, 0.8: 20_000, 0.9: 60_000}
NAMES = ["loaded_tpot", "loaded_ttft", "loaded_request_time", "loaded_concurrency", "busy_share"]


@functools.cache
def compared(system: str, load: float) -> tuple[dict[str, float], Any]:
    """Closed form and simulation, at the rate at which requests happened to arrive."""
    situation = il.scenario(**SYSTEMS[system])
    rate = load / il.solve("load", **situation, request_rate=1)["load"]
    seen = il.simulate(situation, request_rate=rate, requests=LOADS[load], seed=1)
    found = il.solve(NAMES, **situation, request_rate=seen.request_rate)
    assert found.feasible
    return dict(found), seen


def off(seen: float, said: float) -> float:
    """How far the closed form is below the simulation, as a share."""
    return seen / said - 1


@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_closed_form_and_simulation_agree(system: str, load: float) -> None:
    found, seen = compared(system, load)
    for name in ("tpot", "ttft", "request_time"):
        assert off(seen.mean(name), found[f"loaded_{name}"]) == pytest.approx(0, abs=0.03)
    assert off(seen.concurrency, found["loaded_concurrency"]) == pytest.approx(0, abs=0.03)
    assert off(seen.busy_share, found["busy_share"]) == pytest.approx(0, abs=0.03)


@pytest.mark.parametrize("system", SYSTEMS)
def test_little_and_the_tokens_hold(system: str) -> None:
    _, seen = compared(system, 0.5)
    decode = seen.requests["request_time"] - seen.requests["ttft"]  # all steps but the first
    at_once = seen.request_rate * decode.mean()
    assert at_once < seen.concurrency < at_once * 1.05
    asked = seen.request_rate * seen.requests["output_tokens"].mean()
    assert seen.output_throughput == pytest.approx(asked, rel=0.02)


# Where the closed form ends

USUAL = il.scenario(
    model="llama-3.1-8b", chip="h100-sxm", prompt_tokens=1000, output_tokens=200, **SET
)


def beside(situation: il.Scenario, rate: float, requests: int, **more: Any) -> tuple[Any, Any]:
    """Closed form and simulation at one rate."""
    seen = il.simulate(situation, request_rate=rate, requests=requests, **more)
    return il.solve([*NAMES, "max_request_rate"], **situation, request_rate=rate), seen


def test_near_the_edge_of_memory_requests_wait_longer_than_is_said() -> None:
    most = il.solve("max_request_rate", **USUAL)["max_request_rate"]
    found, seen = beside(USUAL, 0.7 * most, 20_000)
    assert abs(off(seen.mean("ttft"), found["loaded_ttft"])) < 0.05
    found, seen = beside(USUAL, 0.97 * most, 20_000)
    assert found.feasible, "on average the batch fits, and now and then it does not"
    assert seen.mean("ttft") > 2 * found["loaded_ttft"]
    assert seen.quantile("ttft", 0.95) > 10 * found["loaded_ttft"]


def test_beyond_memory_the_batch_stays_full_and_the_line_grows() -> None:
    most = il.solve("max_request_rate", **USUAL)["max_request_rate"]
    found, seen = beside(USUAL, 1.1 * most, 10_000)
    assert list(found.why) == ["load_fits"]
    assert 0.97 * found["max_concurrency"] < seen.concurrency <= found["max_concurrency"]
    assert seen.mean("tpot") < found["loaded_tpot"]
    _, longer = beside(USUAL, 1.1 * most, 20_000)
    assert longer.mean("ttft") > 1.5 * seen.mean("ttft") > 10 * found["loaded_ttft"]
    served = 200 * most
    assert served < seen.output_throughput < 1.05 * served


def test_bursts_wait_longer_and_a_clock_does_not() -> None:
    found, bursts = beside(USUAL, 12, 8000, arrival_cv=3)
    _, clock = beside(USUAL, 12, 8000, arrival_cv=0)
    assert bursts.mean("ttft") > 3 * found["loaded_ttft"]
    assert bursts.mean("tpot") > 1.05 * found["loaded_tpot"]
    assert clock.mean("ttft") < 0.8 * found["loaded_ttft"]
    assert clock.mean("tpot") < found["loaded_tpot"]


def test_few_sequences_read_few_experts() -> None:
    mixture = il.scenario(
        model="mixtral-8x7b", chip="h100-sxm", chips=2, prompt_tokens=200, output_tokens=200, **SET
    )
    found, few = beside(mixture, 0.05, 1000)
    assert few.mean("tpot") < 0.5 * found["loaded_tpot"]
    found, many = beside(mixture, 15, 8000)
    assert abs(off(many.mean("tpot"), found["loaded_tpot"])) < 0.03


def test_where_the_two_lines_meet_a_step_is_longer_than_is_said() -> None:
    # The batch swings across the bend, and above it a step grows faster than it shrinks below.
    bend = USUAL.but(prompt_tokens=10, output_tokens=100, compute_efficiency=0.05)
    rate = 0.75 / il.solve("load", **bend, request_rate=1)["load"]
    found, seen = beside(bend, rate, 10_000)
    assert 1.05 < seen.mean("tpot") / found["loaded_tpot"] < 1.3
    found, seen = beside(bend, rate / 5, 10_000)
    assert abs(off(seen.mean("tpot"), found["loaded_tpot"])) < 0.03


def test_prefills_without_pause_stall_more_than_is_said() -> None:
    # Requests that come during a long stall join together.
    heavy = USUAL.but(output_tokens=20, chip_memory=1e12)
    rate = 0.75 / il.solve("load", **heavy, request_rate=1)["load"]
    found, seen = beside(heavy, rate, 20_000)
    assert 1.03 < seen.mean("tpot") / found["loaded_tpot"] < 1.3


@pytest.mark.parametrize("kind", ["geometric", "lognormal"])
def test_long_and_short_answers_share_the_steps(kind: str) -> None:
    found, seen = beside(USUAL, 12, 20_000, output=kind)
    assert off(seen.mean("ttft"), found["loaded_ttft"]) == pytest.approx(0, abs=0.05)
    assert off(seen.concurrency, found["loaded_concurrency"]) == pytest.approx(0, abs=0.1)
    times = seen.requests["output_tokens"]
    assert times.mean() == pytest.approx(200, rel=0.03)
    assert times.std() / times.mean() == pytest.approx(1, abs=0.1)


def test_long_and_short_prompts_wait_as_pollaczek_and_khinchine_say() -> None:
    mixed = USUAL.but(prefill_cv=1.0, chip_memory=1e12)
    found, seen = beside(mixed, 12, 60_000, prompt="lognormal")
    same, _ = beside(USUAL.but(chip_memory=1e12), 12, 1000)
    assert seen.mean("ttft") > 1.1 * same["loaded_ttft"]
    assert off(seen.mean("ttft"), found["loaded_ttft"]) == pytest.approx(0, abs=0.05)


# What a simulation gives


def test_one_seed_gives_one_result_and_another_gives_another() -> None:
    one, again, other = (
        il.simulate(USUAL, request_rate=5, requests=400, seed=n) for n in (1, 1, 2)
    )
    assert one.requests.equals(again.requests)
    assert not one.requests.equals(other.requests)


def test_a_lone_request_takes_what_the_formulas_say() -> None:
    seen = il.simulate(USUAL, request_rate=1e-3, requests=40, arrival_cv=0)
    alone = il.solve(["tpot", "ttft", "request_time"], **USUAL, concurrency=1)
    assert seen.mean("ttft") == pytest.approx(alone["ttft"], rel=1e-3)
    for name in ("tpot", "request_time"):
        assert seen.mean(name) == pytest.approx(alone[name], rel=1e-3)
        assert seen.quantile(name, 0.5) == pytest.approx(alone[name], rel=1e-3)


def test_quantiles_intervals_and_goodput() -> None:
    seen = il.simulate(USUAL, request_rate=15, requests=4000)
    ttft = seen.requests["ttft"]
    assert ttft.min() == seen.quantile("ttft", 0) <= seen.quantile("ttft", 0.5)
    assert seen.quantile("ttft", 0.5) < seen.quantile("ttft", 0.95) < seen.quantile("ttft", 1)
    assert 0 < seen.interval("ttft") < seen.mean("ttft") / 5
    assert seen.goodput() == seen.request_rate
    assert seen.goodput(ttft=0) == seen.goodput(tpot=0) == 0
    half = seen.goodput(ttft=seen.quantile("ttft", 0.5))
    assert half == pytest.approx(seen.request_rate / 2, rel=1e-3)
    assert seen.goodput(ttft=0.05, tpot=0.014) <= seen.goodput(ttft=0.05)


def test_the_interval_holds_the_mean_of_other_seeds() -> None:
    runs = [il.simulate(USUAL, request_rate=10, requests=4000, seed=n) for n in range(20)]
    middle = sum(run.mean("ttft") for run in runs) / len(runs)
    inside = [abs(run.mean("ttft") - middle) <= run.interval("ttft") for run in runs]
    assert sum(inside) >= 15


def test_a_limit_of_the_engine_keeps_sequences_out() -> None:
    free = il.simulate(USUAL, request_rate=15, requests=2000)
    held = il.simulate(USUAL, request_rate=15, requests=2000, max_batch=30)
    assert held.concurrency <= 30 < free.concurrency
    assert held.mean("ttft") > free.mean("ttft")


def test_answers_of_one_token_have_no_time_between_tokens() -> None:
    seen = il.simulate(USUAL.but(output_tokens=1), request_rate=5, requests=100)
    assert seen.requests["tpot"].null_count() == 100
    assert seen.requests.schema["tpot"] == pl.Float64
    assert seen.goodput(tpot=0.001) == seen.request_rate
    with pytest.raises(ValueError, match="no request has a 'tpot'"):
        seen.mean("tpot")


def test_the_simulator_loads_its_clock_alone_when_it_runs() -> None:
    program = "import sys, inferlib; inferlib.simulate; print('simpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr


WRONG = [
    ({"request_rate": 0}, ValueError, "'request_rate' is 0; give a number from 1e-09"),
    ({"request_rate": -1.0}, ValueError, "'request_rate' is -1.0; give a number"),
    ({"request_rate": math.nan}, ValueError, "'request_rate' is nan"),
    ({"request_rate": math.inf}, ValueError, "'request_rate' is inf"),
    ({"request_rate": None}, TypeError, "'request_rate' is None; give a number"),
    ({"requests": 10}, ValueError, "'requests' is 10; give a number from 40"),
    ({"requests": 100.0}, TypeError, "'requests' is 100.0; give a whole number"),
    ({"requests": True}, TypeError, "'requests' is True"),
    ({"warm_up": -1}, ValueError, "'warm_up' is -1"),
    ({"arrival_cv": 11}, ValueError, "'arrival_cv' is 11; give a number from 0 to 10"),
    ({"output_cv": -1}, ValueError, "'output_cv' is -1"),
    ({"max_batch": 0}, ValueError, "'max_batch' is 0; give a number from 1"),
    ({"output": "geometrc"}, LookupError, "for 'output' is called 'geometrc'; .*'geometric'"),
    ({"prompt": "zipf"}, LookupError, "for 'prompt' is called 'zipf'; choose fixed"),
    ({"prompt": None}, LookupError, "for 'prompt' is called None; choose fixed"),
    ({"situation": USUAL.but(model="llama-3.1-70b")}, ValueError, "at least 2 chips"),
    ({"situation": USUAL.but(chip="apple-m1-max", chips=2)}, ValueError, "2 chips need links"),
    ({"situation": dict(USUAL)}, TypeError, "is no scenario; make one with inferlib.scenario"),
    (
        {"situation": il.scenario(model="llama-3.1-8b", chip="h100-sxm")},
        LookupError,
        "give 'output_",
    ),
]


@pytest.mark.parametrize(("named", "error", "message"), WRONG)
def test_what_cannot_be_simulated_says_why(
    named: dict[str, Any], error: type[Exception], message: str
) -> None:
    named = {"situation": USUAL, "request_rate": 1.0, "requests": 40} | named
    with pytest.raises(error, match=message):
        il.simulate(named.pop("situation"), **named)


def test_a_request_that_memory_never_holds_says_so() -> None:
    long = USUAL.but(prompt_tokens=2e5)
    with pytest.raises(ValueError, match=r"the longest request needs .* take more chips"):
        il.simulate(long, request_rate=1, requests=1000, prompt="lognormal")


@pytest.mark.parametrize("name", ["mean", "interval"])
def test_a_result_names_what_it_has(name: str) -> None:
    seen = il.simulate(USUAL, request_rate=1, requests=40)
    with pytest.raises(LookupError, match="a simulation has no 'tpott'; ask for ttft"):
        getattr(seen, name)("tpott")
    with pytest.raises(ValueError, match="'share' is 95; give one from 0 to 1"):
        seen.quantile("ttft", 95)
