"""Promises of a product's bill: its parts add up, and levers pull where they should."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_limits import grows, served, situations

import inferlib as il
from inferlib.formulas import product

PARTS = [
    "prompts_bill",
    "conversations_bill",
    "weights_bill",
    "latency_bill",
    "idle_bill",
    "small_models_bill",
]
NO_LEVER = {
    "request_rate": 10.0,
    "hit_rate": 0.0,
    "cached_tokens": 0.0,
    "settled_share": 0.0,
    "distilled_share": 0.0,
    "small_request_cost": 1e-4,
    "router_request_cost": 1e-5,
    "data_cost": 1e4,
    "tuning_cost": 1e3,
    "evaluation_cost": 1e3,
    "upkeep_price": 1e-3,
    "refresh_time": 1e7,
}
SHARES = st.floats(0, 1)


def test_the_parts_that_are_tested_are_all_there_are() -> None:
    bills = {
        n for n, q in vars(product).items() if isinstance(q, il.Quantity) and n[-5:] == "_bill"
    }
    assert bills == {*PARTS, "routing_bill", "distillation_bill", "monthly_bill"}


@given(situations(), SHARES, SHARES, SHARES, SHARES, st.floats(0.01, 1))
def test_the_parts_of_a_month_add_up(
    situation: il.Scenario, hit: float, reused: float, settled: float, distilled: float, use: float
) -> None:
    pulled = NO_LEVER | {
        "hit_rate": hit,
        "cached_tokens": reused * situation["prompt_tokens"],
        "settled_share": settled,
        "distilled_share": distilled,
        "utilization": use,
    }
    solved = il.solve([*PARTS, "monthly_bill"], **situation.but(**pulled))
    parts = [solved[name] for name in PARTS]
    assert min(parts) >= -1e-9 * solved["monthly_bill"]
    assert math.isclose(sum(parts), solved["monthly_bill"], rel_tol=1e-9)


@given(situations())
def test_without_levers_a_month_is_its_requests(situation: il.Scenario) -> None:
    found = il.solve(["monthly_bill", "small_models_bill"], **situation.but(**NO_LEVER))
    assert found["monthly_requests"] == pytest.approx(10 * found["year"] / 12)
    every = found["monthly_requests"] * found["cost_per_request"]
    assert found["monthly_bill"] == pytest.approx(every, rel=1e-12)
    assert found["small_models_bill"] == 0


@given(situations())
def test_shared_and_own_cost_are_the_decode(situation: il.Scenario) -> None:
    found = il.solve(
        ["shared_cost", "conversation_cost", "prompt_cost", "cost_per_request"],
        **situation.but(utilization=1),
    )
    decode = found["cost_per_request"] - found["prompt_cost"]
    assert found["shared_cost"] + found["conversation_cost"] == pytest.approx(decode, rel=1e-9)
    assert found["conversation_cost"] >= -1e-12 * decode


def test_a_full_batch_pays_nothing_for_speed() -> None:
    some = served("llama-3.1-8b").but(**NO_LEVER)
    most = il.solve("max_concurrency", **some)["max_concurrency"]
    bills = [
        il.solve("latency_bill", **some.but(concurrency=batch))["latency_bill"]
        for batch in (1, most / 2, most)
    ]
    assert bills[0] > bills[1] > bills[2] == 0


@given(situations())
def test_a_full_batch_costs_least_and_what_it_costs(situation: il.Scenario) -> None:
    found = il.solve(["full_request_cost", "cost_per_request"], **situation)
    if found["fits"]:
        assert grows(found["full_request_cost"], found["cost_per_request"])
    if 1 <= found["max_concurrency"] <= 1e5:
        full = situation.but(concurrency=found["max_concurrency"])
        at = il.solve(["full_request_cost", "cost_per_request"], **full)
        assert at["full_request_cost"] == pytest.approx(at["cost_per_request"], rel=1e-9)


@given(situations(), SHARES, SHARES)
def test_requests_go_to_one_model_or_the_other(
    situation: il.Scenario, settled: float, distilled: float
) -> None:
    some = situation.but(**NO_LEVER | {"settled_share": settled, "distilled_share": distilled})
    found = il.solve(["small_models_bill", "kept_requests"], **some)
    besides = found["routing_bill"] + found["distillation_bill"]
    small = (found["small_models_bill"] - besides) / NO_LEVER["small_request_cost"]
    assert small + found["kept_requests"] == pytest.approx(found["monthly_requests"], rel=1e-6)
    assert grows(found["kept_requests"], found["monthly_requests"])


def test_a_lever_that_rests_costs_nothing_and_one_that_is_pulled_costs_all_of_it() -> None:
    some = served("llama-3.1-8b").but(**NO_LEVER)
    names = ["routing_bill", "distillation_bill", "distillation_cost"]
    rest = il.solve(names, **some)
    assert rest["routing_bill"] == rest["distillation_bill"] == 0
    routed = il.solve(names, **some.but(settled_share=0.5, distilled_share=0.25))
    asked = routed["monthly_requests"] * 0.75
    assert routed["routing_bill"] == pytest.approx(asked * NO_LEVER["router_request_cost"])
    month = routed["year"] / 12
    assert routed["distillation_bill"] == pytest.approx(
        routed["distillation_cost"] * month / NO_LEVER["refresh_time"]
    )


def test_an_answer_token_carries_its_prompt() -> None:
    busy = served("llama-3.1-8b").but(utilization=1)
    found = il.solve(["cost_per_answer_token", "output_throughput"], **busy)
    apart = found["cost_per_output_token"] + found["cost_per_input_token"] * (
        found["prompt_tokens"] / found["output_tokens"]
    )
    assert found["cost_per_answer_token"] == pytest.approx(apart, rel=1e-12)
    earned = found["cost_per_answer_token"] * found["output_throughput"]
    assert earned == pytest.approx(found["system_price"], rel=1e-9)
