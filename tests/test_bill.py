"""Promises of the bill: its parts add up, and none is negative."""

import math

from conftest import situations
from hypothesis import given

import inferlib as il
from inferlib.formulas import bill

PARTS = [one.name for one in vars(bill).values() if isinstance(one, il.Quantity)]


@given(situations())
def test_the_parts_of_a_bill_add_up(situation: dict[str, float]) -> None:
    solved = il.solve([*PARTS, "cost_per_request"], **situation)
    parts = [solved[name] for name in PARTS]
    assert min(parts) >= 0
    assert math.isclose(sum(parts), solved["cost_per_request"], rel_tol=1e-9)


def test_a_bill_by_hand() -> None:
    """Llama 3.1 8B on a chip at $3.60 an hour, half of the time in use."""
    given = {"chips": 1, "chip_price": 0.001, "utilization": 0.5, "slowdown": 1}
    given |= {"output_tokens": 500, "concurrency": 10, "prefill_time": 0.02}
    given |= {"weight_time": 0.006, "kv_time": 0.002, "roofline_time": 0.008}
    given |= {"memory_time": 0.008, "overhead_time": 0.001, "communication_time": 0.0}
    given |= {"prompt_tokens": 1000, "linked": 1, "fits": 1, "link_bandwidth": 0}
    solved = il.solve([*PARTS, "cost_per_request"], **given)
    # A request takes 20 ms of prefill, and a tenth of 500 steps of 9 ms: 470 ms at $0.001 a second.
    wanted = {
        "prompt_cost": 2e-5,
        "weight_reading_cost": 3e-4,
        "cache_reading_cost": 1e-4,
        "arithmetic_cost": 0,
        "fixed_time_cost": 5e-5,
        "link_cost": 0,
        "idle_cost": 4.7e-4,
        "cost_per_request": 9.4e-4,
    }
    for name, value in wanted.items():
        assert math.isclose(solved[name], value, rel_tol=1e-9, abs_tol=1e-15), name
