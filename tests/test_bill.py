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
