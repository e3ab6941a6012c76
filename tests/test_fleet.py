"""A fleet for a peak: limits, directions, conservation, and a published day."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from test_limits import served, situations, value

import inferlib as il

FLEET = ["replicas_for_peak", "chips_for_peak", "fleet_utilization", "fleet_cost_per_request"]
PARTS = ["work_cost_per_request", "promise_cost_per_request", "held_idle_cost_per_request"]
# A mean demand in multiples of what one system takes, its peak, and a target in lone steps.
demands = st.floats(0.001, 1e4)
peaks = st.floats(1, 50)
targets = st.floats(1.01, 30)


def asked(situation: il.Scenario, demand: float, peak: float, target: float) -> il.Scenario:
    """A demand upon a system that reaches its target."""
    start = situation.but(link_bandwidth=1e11, peak_to_mean=peak)
    lone = value("lone_tpot", start)
    assume(1e-6 < lone * target < 1e4)
    start = start.but(tpot_target=lone * target)
    rate = demand * value("goodput_request_rate", start)
    assume(1e-6 < rate < 1e8)
    return start.but(request_rate=rate)


@given(situations(), demands, peaks, targets)
def test_the_fleet_meets_the_target_at_the_peak_and_one_less_would_not(
    situation: il.Scenario, demand: float, peak: float, target: float
) -> None:
    start = asked(situation, demand, peak, target)
    found = il.solve([*FLEET, "peak_request_rate", "goodput_request_rate"], **start)
    replicas, most = found["replicas_for_peak"], found["goodput_request_rate"]
    assert found["peak_request_rate"] == pytest.approx(peak * start["request_rate"])
    assert replicas * most >= found["peak_request_rate"] * (1 - 1e-9)
    assert replicas == 1 or (replicas - 1) * most < found["peak_request_rate"] * (1 + 1e-9)
    assert found["chips_for_peak"] == replicas * start["chips"]
    assert 0 < found["fleet_utilization"] <= (1 + 1e-9) / peak


@given(situations(), demands, peaks, targets)
def test_requests_bear_the_bill_of_the_fleet_used_or_not(
    situation: il.Scenario, demand: float, peak: float, target: float
) -> None:
    found = il.solve([*FLEET, "scaled_cost_per_request"], **asked(situation, demand, peak, target))
    paid = found["request_rate"] * found["fleet_cost_per_request"]
    assert paid == pytest.approx(found["system_price"] * found["replicas_for_peak"])
    # What is held idle is the whole difference to paying by use.
    used = found["fleet_cost_per_request"] * found["fleet_utilization"]
    assert used == pytest.approx(found["scaled_cost_per_request"])


@given(situations(), demands, peaks, targets)
def test_a_request_pays_for_work_a_promise_and_idle_time(
    situation: il.Scenario, demand: float, peak: float, target: float
) -> None:
    found = il.solve(["fleet_cost_per_request", *PARTS], **asked(situation, demand, peak, target))
    assert min(found[part] for part in PARTS) >= 0
    assert sum(found[part] for part in PARTS) == pytest.approx(found["fleet_cost_per_request"])


def test_a_patient_reader_pays_for_no_promise() -> None:
    patient = served(tpot_target=1e3, peak_to_mean=1, request_rate=5)
    assert value("promise_cost_per_request", patient) == 0
    hurried = patient.but(tpot_target=1.5 * value("lone_tpot", patient))
    assert value("promise_cost_per_request", hurried) > value("work_cost_per_request", hurried)


@given(situations(), demands, peaks, targets)
def test_a_higher_peak_and_a_tighter_target_cost_more(
    situation: il.Scenario, demand: float, peak: float, target: float
) -> None:
    start = asked(situation, demand, peak, target)
    for harder in (
        start.but(peak_to_mean=peak * 2),
        start.but(tpot_target=start["tpot_target"] * (1 + 1 / target) / 2),
    ):
        assert value("replicas_for_peak", harder) >= value("replicas_for_peak", start)
        assert value("fleet_cost_per_request", harder) >= value("fleet_cost_per_request", start)


@given(situations(), peaks, targets)
def test_a_large_fleet_pays_the_peak_over_the_mean(
    situation: il.Scenario, peak: float, target: float
) -> None:
    found = il.solve([*FLEET, "scaled_cost_per_request"], **asked(situation, 1e4, peak, target))
    ratio = found["fleet_cost_per_request"] / found["scaled_cost_per_request"]
    assert ratio == pytest.approx(peak, rel=2e-4), "one of ten thousand replicas is not full"


def test_one_request_a_day_pays_for_a_whole_system() -> None:
    rare = served(tpot_target=1, peak_to_mean=1, request_rate=1 / 86400, chip_price=1 / 3600)
    found = il.solve(FLEET, **rare)
    assert found["replicas_for_peak"] == 1
    assert found["fleet_cost_per_request"] == pytest.approx(24)


def test_the_edges_are_finite_and_told() -> None:
    start = served(peak_to_mean=2, tpot_target=1, request_rate=0)
    none = il.solve([*FLEET, "scaled_cost_per_request"], **start)
    assert list(none.why) == ["requests_arrive"]
    assert none["replicas_for_peak"] == 1
    late = il.solve(
        [*FLEET, "scaled_cost_per_request"], **start.but(request_rate=1, tpot_target=1e-6)
    )
    assert "target_reachable" in late.why
    assert all(math.isfinite(one) for found in (none, late) for one in found.values())


def test_deepseeks_day_is_a_fleet_held_or_scaled() -> None:
    # DeepSeek 2025, open-infra-index, day 6: 278 nodes at the peak, 226.75 on average.
    day = il.solve(
        [*FLEET, "scaled_cost_per_request"], goodput_request_rate=1, request_rate=226.75,
        peak_to_mean=278 / 226.75, chips=8, chip_price=2 / 3600,
    )  # fmt: skip
    assert day["replicas_for_peak"] == 278
    assert day["chips_for_peak"] == 278 * 8
    scaled = day["scaled_cost_per_request"] * day["request_rate"] * 86400
    assert scaled == pytest.approx(87_072), "the cost of a day that they print"
    held = day["fleet_cost_per_request"] * day["request_rate"] * 86400
    assert held == pytest.approx(278 * 8 * 24 * 2)
