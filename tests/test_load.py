"""A system under load: the steady state, its edges, its bill, and waiting lines."""

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from test_limits import DENSE, WITH_EXPERTS, grows, served, situations, value

import inferlib as il

ARMS = ["memory_step_floor", "memory_step_slope", "fixed_step_time", "compute_step_slope"]
BILL = ["cost_per_input_token_at_load", "cost_per_output_token_at_load"]
# Set here, so that a new calibration does not move the numbers in sentences.
SET = {"memory_efficiency": 0.9, "compute_efficiency": 0.69, "layer_time": 5.7e-5}
# Rates as shares of the most that a system takes.
shares = st.floats(0.001, 0.999)


def loaded(situation: il.Scenario, share: float) -> il.Scenario:
    """A situation at a share of the rate that it can take, if memory holds a sequence."""
    most = value("max_request_rate", situation.but(link_bandwidth=1e11))
    assume(0 < share * most < 1e9)
    return situation.but(request_rate=share * most, link_bandwidth=1e11)


# The two lines are the step that the other formulas give


@given(situations())
def test_the_step_is_the_longer_of_two_lines_in_the_batch(situation: il.Scenario) -> None:
    found = il.solve([*ARMS, "step_time"], **situation.but(expert_coverage=1))
    batch = found["concurrency"]
    memory = found["memory_step_floor"] + batch * found["memory_step_slope"]
    compute = found["fixed_step_time"] + batch * found["compute_step_slope"]
    assert max(memory, compute) == pytest.approx(found["step_time"], rel=1e-9)


@given(situations())
def test_the_prefill_is_that_of_any_batch(situation: il.Scenario) -> None:
    found = il.solve(["lone_prefill_time", "prefill_time"], **situation)
    assert found["lone_prefill_time"] == pytest.approx(found["prefill_time"], rel=1e-12)


@given(situations(), shares)
def test_a_step_takes_in_what_arrived_since_the_last(situation: il.Scenario, share: float) -> None:
    found = il.solve(["loaded_tpot", "loaded_concurrency"], **loaded(situation, share))
    tpot, others = found["loaded_tpot"], found["loaded_concurrency"]
    stall = tpot * found["request_rate"] * found["lone_prefill_time"]
    memory = found["memory_lone_step"] + others * found["memory_step_slope"]
    compute = found["compute_lone_step"] + others * found["compute_step_slope"]
    assert stall + max(memory, compute) == pytest.approx(tpot, rel=1e-6)


# Limits


@pytest.mark.parametrize("model", DENSE)
def test_without_load_a_request_is_alone(model: str) -> None:
    situation = served(model, chips=8, request_rate=0)
    found = il.solve(["loaded_tpot", "loaded_ttft", "loaded_request_time"], **situation)
    alone = il.solve(["tpot", "ttft", "request_time"], **situation)
    for name in ("tpot", "ttft", "request_time"):
        assert found[f"loaded_{name}"] == pytest.approx(alone[name], rel=1e-12)
    assert found["loaded_concurrency"] == found["load"] == 0


@pytest.mark.parametrize("model", WITH_EXPERTS)
def test_all_experts_are_an_upper_end_for_a_mixture(model: str) -> None:
    few = served(model, chips=16, request_rate=0)
    assert value("loaded_tpot", few) > value("tpot", few)
    many = few.but(concurrency=4096)
    weights = value("batch_weight_bytes_read", many)
    assert weights == pytest.approx(value("weight_bytes_read", many), rel=1e-6)


@given(situations())
def test_one_chip_sends_nothing(situation: il.Scenario) -> None:
    found = il.solve(ARMS, **situation.but(chips=1))
    assert found["communication_time_per_token"] == 0
    assert found["fixed_step_time"] == found["slowdown"] * found["overhead_time"]


def test_the_edge_is_finite_and_told() -> None:
    start = served("llama-3.1-8b", output_tokens=200, **SET)
    edge = 1 / value("memory_request_time", start)
    names = ["loaded_tpot", "loaded_ttft", "loaded_request_time", "goodput_request_rate", *BILL]
    for rate in (0, edge * 0.999, edge, edge * 1.001, 1e9):
        found = il.solve(names, **start, request_rate=rate, tpot_target=0.05)
        assert all(math.isfinite(one) and one >= 0 for one in found.values())
        assert ("stable" in found.why) == (rate >= edge * (1 - 1e-9))


def test_too_much_load_says_by_how_much_and_what_would_do() -> None:
    start = served("llama-3.1-8b", output_tokens=200, **SET)
    found = il.solve("loaded_tpot", **start, request_rate=100)
    assert list(found.why) == ["stable"]
    assert found.why["stable"].replace("\u202f", " ") == (
        "requests at 100 /s ask for 322 % of the time there is; this system takes at most "
        "27.7 /s, and it takes 4 of them, 4 chips"
    )
    assert il.solve("loaded_tpot", **start, request_rate=25).feasible


def test_a_batch_that_memory_does_not_hold_says_so() -> None:
    start = served("llama-3.1-8b", output_tokens=200, **SET)
    found = il.solve("loaded_tpot", **start, request_rate=29)
    assert list(found.why) == ["load_fits"]
    assert "sequences in decode, and memory holds 355" in found.why["load_fits"]


def test_a_model_that_does_not_fit_says_how_many_chips() -> None:
    found = il.solve("loaded_tpot", **served("llama-3.1-70b"), request_rate=0.01)
    assert "holds_one" in found.why
    assert "at least 2 chips" in found.why["holds_one"]
    assert il.solve("loaded_tpot", **served("llama-3.1-70b", chips=3), request_rate=0.01).feasible


def test_chips_without_links_serve_no_load() -> None:
    found = il.solve("loaded_ttft", **served(chip="apple-m1-max", chips=2), request_rate=0.001)
    assert "linked" in found.why


def test_the_batch_that_is_given_plays_no_part() -> None:
    few, many = (served(concurrency=n, request_rate=5) for n in (1, 4096))
    names = ["loaded_tpot", "loaded_ttft", "max_request_rate", *BILL]
    found = [il.solve(names, **one) for one in (few, many)]
    assert [found[0][n] for n in names] == [found[1][n] for n in names]
    assert found[1].feasible


# Directions


@given(situations(), shares, shares)
def test_more_load_is_slower_for_all(situation: il.Scenario, one: float, two: float) -> None:
    names = ["loaded_tpot", "loaded_ttft", "loaded_request_time", "loaded_concurrency", "load",
             "utilization_at_load", "replicas_needed"]  # fmt: skip
    less, more = (
        il.solve(names, **loaded(situation, share)) for share in (min(one, two), max(one, two))
    )
    assert [name for name in names if more[name] < less[name] * (1 - 1e-9)] == []


@given(situations(), shares)
def test_a_tighter_target_lowers_goodput(situation: il.Scenario, share: float) -> None:
    start = loaded(situation, share)
    lone = value("lone_tpot", start)
    assume(1e-6 < lone < 1e3)
    rates = [value("goodput_request_rate", start.but(tpot_target=lone * k)) for k in (1, 1.5, 9)]
    assert rates == sorted(rates)
    assert rates[0] == pytest.approx(0, abs=1e-9 * rates[2] + 1e-300)
    assert rates[2] <= value("max_request_rate", start)


@given(situations(), shares)
def test_goodput_undoes_tpot(situation: il.Scenario, share: float) -> None:
    start = loaded(situation, share)
    tpot = value("loaded_tpot", start)
    assume(1e-6 < tpot < 1e4)
    back = value("goodput_request_rate", start.but(tpot_target=tpot))
    assert back == pytest.approx(start["request_rate"], rel=1e-6)


@given(situations())
def test_the_most_that_a_system_takes_fills_its_memory(situation: il.Scenario) -> None:
    full = il.solve(["loaded_tpot", "loaded_concurrency"], **loaded(situation, 1))
    assert full["loaded_concurrency"] == pytest.approx(full["max_concurrency"], rel=1e-6)
    assert il.solve("load_fits", **loaded(situation, 1 - 1e-6)).feasible
    over = il.solve(["load_fits", "stable"], **loaded(situation, 1 + 1e-6))
    assert len(over.why) == 1
    assert over["utilization_at_load"] > 1
    assert over["replicas_needed"] == 2


@pytest.mark.parametrize("model", DENSE)
def test_a_full_system_is_a_closed_loop_of_its_largest_batch(model: str) -> None:
    start = served(model, chips=16, chip_memory=1.4e11)
    full = start.but(concurrency=value("max_concurrency", start))
    tokens = value("max_request_rate", start) * start["output_tokens"]
    closed = value("output_throughput", full)
    assert tokens < closed
    assert tokens == pytest.approx(closed, rel=0.01), "the newcomer itself is one sequence more"


def test_a_target_out_of_reach_says_so() -> None:
    found = il.solve("goodput_request_rate", **served(), tpot_target=0.001)
    assert found["goodput_request_rate"] == 0
    assert list(found.why) == ["target_reachable"]


# Conservation


@given(situations(), shares)
def test_tokens_at_load_bear_the_bill(situation: il.Scenario, share: float) -> None:
    found = il.solve(BILL, **loaded(situation, share))
    tokens_in, tokens_out = (
        found["request_rate"] * situation[name] for name in ("prompt_tokens", "output_tokens")
    )
    paid = tokens_in * found[BILL[0]] + tokens_out * found[BILL[1]]
    assert paid == pytest.approx(found["system_price"], rel=1e-9)


@given(situations(), shares)
def test_no_system_is_busy_for_more_than_all_the_time(situation: il.Scenario, share: float) -> None:
    found = il.solve([*BILL, "decode_chance"], **loaded(situation, share))
    assert 0 < found["busy_share"] <= 1 + 1e-9
    # All of the time is prefill, decode or idle, and what decodes holds what Little counts.
    decode = found["request_rate"] * found["decode_time_per_request"]
    assert decode == pytest.approx((1 - found["prefill_share"]) * found["decode_chance"], rel=1e-6)


@pytest.mark.parametrize("name", BILL)
def test_a_token_is_cheaper_on_a_busier_system(name: str) -> None:
    costs = [value(name, served(request_rate=rate)) for rate in (0.01, 0.1, 1, 5, 10)]
    assert costs == sorted(costs, reverse=True)


def test_without_requests_nobody_bears_the_bill() -> None:
    found = il.solve(BILL, **served(request_rate=0))
    assert list(found.why) == ["requests_arrive"]
    assert "give 'request_rate' above 0" in found.why["requests_arrive"]


def test_a_full_token_costs_what_the_step_says() -> None:
    start = served(request_rate=12)
    found = il.solve([*BILL, "cost_per_input_token"], **start)
    assert found["busy_share"] == pytest.approx(1, abs=1e-6)
    assert found[BILL[0]] == pytest.approx(found["cost_per_input_token"], rel=1e-6)


# Waiting lines


def erlang(servers: int, load: Fraction) -> Fraction:
    """Erlang C by factorials, in whole numbers: what the recursion is compared with."""
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (sum(load**n / math.factorial(n) for n in range(servers)) + last)


@pytest.mark.parametrize(("servers", "load"), [(1, "1/2"), (3, "2"), (10, "6"), (40, "39/2")])
def test_the_recursion_is_the_sum_of_factorials(servers: int, load: str) -> None:
    exact = erlang(servers, Fraction(load))
    assert il.erlang_c(servers, float(Fraction(load))) == pytest.approx(float(exact), rel=1e-12)


@pytest.mark.parametrize(
    ("servers", "load", "chance"),
    [
        (1, 0.25, 0.25),  # M/M/1: as busy as it is
        (2, 1, 1 / 3),  # B = (1/2) / (1 + 1 + 1/2) = 1/5; C = (1/5) / (1 - 4/5 / 2)
        (2, 1.5, 9 / 14),  # B = (9/8) / (29/8) = 9/29; C = (9/29) / (1 - 3/4 20/29)
        (3, 2, 4 / 9),  # B = (8/6) / (1 + 2 + 2 + 8/6) = 4/19; C = (4/19) / (1 - 2/3 15/19)
    ],
)
def test_chances_to_wait_by_hand(servers: int, load: float, chance: float) -> None:
    assert il.erlang_c(servers, load) == pytest.approx(chance, rel=1e-12)


def test_ten_servers_at_six_erlangs_as_read_off_the_curve() -> None:
    # 120 customers an hour, 3 minutes each, 10 servers: "about 0.10" on the usual chart.
    assert il.erlang_c(10, 2 * 3) == pytest.approx(0.10, abs=0.005)


def test_lost_calls_by_hand() -> None:
    assert il.erlang_b(1, 1) == pytest.approx(1 / 2)
    assert il.erlang_b(2, 1) == pytest.approx(1 / 5)
    assert il.erlang_b(3, 2) == pytest.approx(4 / 19)


def test_one_server_is_the_simplest_queue() -> None:
    for busy in (0.1, 0.5, 0.9):
        wait = il.erlang_wait(1, busy, 1.0)
        assert wait == pytest.approx(busy / (1 - busy), rel=1e-12)
        tail = il.erlang_wait(1, busy, 1.0, longer_than=2.0)
        assert tail == pytest.approx(busy * math.exp(-2 * (1 - busy)), rel=1e-12)
        same = il.solve(
            "prefill_queue_time", stable=1, prefill_share=busy, lone_prefill_time=1,
            arrival_cv=1, prefill_cv=1,
        )  # fmt: skip
        assert same["prefill_queue_time"] == pytest.approx(wait, rel=1e-12)


def test_many_servers_neither_overflow_nor_wait() -> None:
    assert il.erlang_c(100_000, 90_000) < 1e-9
    assert 0.2 < il.erlang_c(100_000, 99_700) < 0.6
    assert il.erlang_c(5, 0) == 0
    assert il.erlang_c(5, 5) == il.erlang_c(5, 50) == 1


def test_a_larger_pool_needs_less_room_beside_its_mean() -> None:
    loads = [1, 10, 100, 1000, 10_000]
    room = [(il.servers_needed(load) - load) / load for load in loads]
    assert room == sorted(room, reverse=True)
    roots = [(il.servers_needed(load) - load) / math.sqrt(load) for load in loads[2:]]
    assert max(roots) - min(roots) < 0.15, "room grows as the square root"
    for load in loads:
        least = il.servers_needed(load, 0.1)
        assert il.erlang_c(least, load) <= 0.1 < il.erlang_c(least - 1, load)


def test_deepseek_held_and_used_nodes() -> None:
    # DeepSeek 2025, open-infra-index, day 6: 226.75 nodes in use on average, 278 at the peak.
    plan = il.capacity_plan([226.75, 278], 1)
    assert plan["replicas"].to_list() == [227, 278]
    assert plan["peak_utilization"][0] == pytest.approx(226.75 / 278)
    assert round(278 / 226.75, 3) == 1.226


def test_a_plan_of_hours_and_spares() -> None:
    plan = il.capacity_plan([0, 10, 25], 10, spare=1)
    assert plan["replicas"].to_list() == [1, 2, 4]
    assert plan["peak_replicas"].to_list() == [4, 4, 4]
    assert plan["utilization"].to_list() == [0, 0.5, 0.625]
    assert il.capacity_plan([0], 10)["utilization"].to_list() == [0]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: il.erlang_c(0, 1), ValueError, "'servers' is 0; give 1 or more"),
        (lambda: il.erlang_c(2.0, 1), TypeError, "'servers' is 2.0; give a whole number"),
        (lambda: il.erlang_c(True, 1), TypeError, "'servers' is True; give a whole number"),
        (lambda: il.erlang_b(2, -1), ValueError, "'offered_load' is -1; give a finite number"),
        (lambda: il.erlang_c(2, math.nan), ValueError, "'offered_load' is nan"),
        (lambda: il.erlang_c(2, None), TypeError, "'offered_load' is None; give a number"),
        (lambda: il.erlang_wait(2, 3, 1), ValueError, "3 sequences .* take 4 servers or more"),
        (lambda: il.erlang_wait(2, 1, 0), ValueError, "'service_time' is 0; give more than 0"),
        (lambda: il.erlang_wait(2, 1, 1, -1), ValueError, "'longer_than' is -1"),
        (lambda: il.servers_needed(1, 0), ValueError, "'waiting' is 0; give a share above 0"),
        (lambda: il.servers_needed(1, "much"), TypeError, "'waiting' is 'much'; give a number"),
        (lambda: il.erlang_b(10**9, 1), ValueError, "'servers' is 1e\\+09; give at most 1e\\+07"),
        (lambda: il.erlang_b(10**400, 1), ValueError, "'servers' is beyond all numbers; give at m"),
        (
            lambda: il.erlang_b(4, 10**400),
            ValueError,
            "'offered_load' is 10*; give a finite number",
        ),
        (lambda: il.erlang_wait(4, 1e300, 1e300), ValueError, "'request_rate . service_time' is b"),
        (lambda: il.servers_needed(math.inf), ValueError, "'offered_load' is inf"),
        (lambda: il.servers_needed(1e9), ValueError, "'offered_load' is 1e\\+09; give at most"),
        (lambda: il.capacity_plan([], 1), ValueError, "'request_rates' is empty"),
        (lambda: il.capacity_plan([1, None], 1), TypeError, "'request_rates' is None"),
        (lambda: il.capacity_plan([1], 0), ValueError, "'rate_per_replica' is 0"),
        (lambda: il.capacity_plan([1], 1, spare=-1), ValueError, "'spare' is -1"),
        (lambda: il.capacity_plan([1], 1, spare=0.5), TypeError, "'spare' is 0.5; give a whole"),
    ],
)
def test_a_line_that_cannot_be_is_told_the_way_out(
    call: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        call()


@given(st.integers(1, 300), st.floats(0.01, 0.99))
def test_more_servers_at_equal_use_wait_less(servers: int, busy: float) -> None:
    assert grows(
        il.erlang_c(servers + 1, busy * (servers + 1)), il.erlang_c(servers, busy * servers)
    )
