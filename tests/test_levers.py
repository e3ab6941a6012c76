"""Levers and money: limits, directions, conservation, and a published optimum."""

import math

import polars as pl
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from test_limits import DENSE, MODELS, WITH_EXPERTS, grows, served, situations, value

import inferlib as il

SHARES = st.floats(0, 1)
DRAFTS = st.integers(0, 16)
COSTS = st.floats(1e-6, 1e3)
DEMAND = {"users": 1e6, "requests_per_user": 1e-4, "elapsed_time": 1e6, "training_tokens": 1e12}
YEAR = 8760 * 3600
LOSS = {
    "loss_floor": 1.69,
    "loss_parameter_scale": 406.4,
    "loss_parameter_exponent": 0.336,
    "loss_token_scale": 410.7,
    "loss_token_exponent": 0.283,
}


def drafted(situation: il.Scenario, **named: float) -> il.Scenario:
    """A situation with speculation."""
    return situation.but(**{"draft_tokens": 4, "acceptance": 0.8, "draft_cost": 0.05} | named)


def owned(**named: float) -> dict[str, float]:
    """An owned chip, complete."""
    return {
        "chip_capital": 30000,
        "residual_share": 0.1,
        "interest_rate": 0.1,
        "year": YEAR,
        "hardware_life": 4 * YEAR,
        "owned_power": 1400,
        "power_share": 0.8,
        "pue": 1.2,
        "electricity_price": 0.08 / 3.6e6,
        "colocation_price": 0.15 / 3.6e6,
        "maintenance_share": 0.02,
        "utilization": 0.7,
        "chip_price": 3 / 3600,
    } | named


# Speculation


@given(situations(), SHARES.map(lambda a: min(a, 0.9999)), st.floats(0, 1))
def test_without_drafts_nothing_changes(
    situation: il.Scenario, acceptance: float, cost: float
) -> None:
    none = drafted(situation, draft_tokens=0, acceptance=acceptance, draft_cost=cost)
    found = il.solve(["speculation_speedup", "speculation_work"], **none)
    assert found["verification_time"] == pytest.approx(found["step_time"], rel=1e-9)
    assert found["speculation_speedup"] == pytest.approx(1, rel=1e-9)
    assert found["tokens_per_round"] == found["speculation_work"] == 1


@given(DRAFTS)
def test_a_round_yields_one_token_at_least_and_all_at_most(drafts: int) -> None:
    none, nearly, all_but = (
        value("tokens_per_round", {"acceptance": a, "draft_tokens": drafts})
        for a in (0, 0.9999, 0.5)
    )
    assert none == 1
    assert nearly == pytest.approx(drafts + 1, rel=1e-3 * (drafts + 1))
    assert nearly <= drafts + 1
    assert all_but == pytest.approx(sum(0.5**n for n in range(drafts + 1)), rel=1e-12)


@given(situations(), st.integers(1, 16))
def test_drafts_that_are_refused_only_cost_time(situation: il.Scenario, drafts: int) -> None:
    none = drafted(situation, draft_tokens=drafts, acceptance=0)
    found = il.solve(["speculation_speedup", "ideal_speculation_speedup"], **none)
    assert found["speculation_speedup"] < 1
    assert found["ideal_speculation_speedup"] < 1


@given(situations(), st.floats(0, 0.9), DRAFTS)
def test_no_speed_up_is_more_than_the_ideal_one(
    situation: il.Scenario, acceptance: float, drafts: int
) -> None:
    some = drafted(situation, draft_tokens=drafts, acceptance=acceptance)
    better = some.but(acceptance=acceptance + 0.05)
    names = ["speculation_speedup", "ideal_speculation_speedup"]
    found, more = il.solve(names, **some), il.solve(names, **better)
    assert grows(found["speculation_speedup"], found["ideal_speculation_speedup"])
    assert grows(found["speculation_speedup"], more["speculation_speedup"])
    assert grows(found["step_time"], found["verification_time"])


@pytest.mark.parametrize("model", DENSE)
def test_the_speed_up_is_ideal_at_one_sequence_and_gone_at_a_large_batch(model: str) -> None:
    ideal = {"overhead_time": 0, "attention_flops_per_token": 0, "draft_cost": 0}
    short = served(model, prompt_tokens=1, output_tokens=1, state_bytes_per_sequence=0)
    one = drafted(short, **ideal)
    few = il.solve(["speculation_speedup", "ideal_speculation_speedup"], **one)
    assert few["speculation_speedup"] == pytest.approx(few["ideal_speculation_speedup"], rel=1e-9)
    many = il.solve(["speculation_speedup", "speculation_work"], **one.but(concurrency=4096))
    assert many["speculation_speedup"] == pytest.approx(1 / many["speculation_work"], rel=1e-9)
    assert many["speculation_speedup"] < 1


def test_states_that_are_moved_once_a_round_keep_a_gain_at_a_large_batch() -> None:
    many = drafted(served("qwen3.5-27b", chips=8), concurrency=4096)
    bare = many.but(state_bytes_per_sequence=0)
    found = il.solve("verification_bytes", **many)
    assert found["verification_bytes"] == found["decode_bytes"]
    assert value("speculation_speedup", many) > value("speculation_speedup", bare)


@pytest.mark.parametrize("model", WITH_EXPERTS)
def test_a_verification_reads_more_experts_than_a_step(model: str) -> None:
    some = drafted(served(model))
    found = il.solve("verification_bytes", **some)
    assert found["verification_coverage"] > found["expert_coverage"]
    alike = value("expert_coverage", some.but(concurrency=5))
    assert found["verification_coverage"] == pytest.approx(alike, rel=1e-12)
    step = value("decode_bytes", some.but(concurrency=5))
    cache = value("kv_bytes_per_sequence", some)
    assert found["verification_bytes"] == pytest.approx(step - 4 * cache, rel=1e-9)


@given(situations(), DRAFTS)
def test_speculation_moves_the_price_of_a_token_as_its_time(
    situation: il.Scenario, drafts: int
) -> None:
    some = drafted(situation, draft_tokens=drafts, utilization=1)
    found = il.solve("cost_per_speculated_token", **some)
    each_round = found["concurrency"] * found["tokens_per_round"]
    paid = each_round * found["cost_per_speculated_token"]
    assert paid == pytest.approx(found["system_price"] * found["round_time"], rel=1e-9)


# Batch and precision


@given(situations())
def test_shared_and_own_time_make_the_step(situation: il.Scenario) -> None:
    found = il.solve(["step_time", "shared_step_time", "own_step_time"], **situation)
    together = found["shared_step_time"] + found["own_step_time"] * found["concurrency"]
    assert grows(found["step_time"], together)
    if found["memory_time"] >= found["compute_time"] and found["kv_time"] >= found["compute_time"]:
        assert found["step_time"] == pytest.approx(together, rel=1e-9)


@pytest.mark.parametrize("model", DENSE)
def test_at_the_knee_a_sequence_takes_twice_its_own_time_at_most(model: str) -> None:
    one = served(model, chips=8, link_bandwidth=450e9)
    knee = max(1, value("batch_knee", one))
    found = il.solve(["step_time", "own_step_time"], **one.but(concurrency=knee))
    each = found["step_time"] / found["concurrency"]
    assert found["own_step_time"] < each <= 2 * found["own_step_time"] * (1 + 1e-9)


@pytest.mark.parametrize("model", DENSE)
def test_without_a_cache_the_knee_is_the_critical_batch(model: str) -> None:
    bare = {"kv_bytes_read": 0, "overhead_time": 0, "attention_flops_per_token": 0}
    peak = {"memory_efficiency": 1, "compute_efficiency": 1}
    found = il.solve(["batch_knee", "critical_batch"], **served(model, **bare, **peak))
    assert found["batch_knee"] == pytest.approx(found["critical_batch"], rel=1e-9)


@pytest.mark.parametrize("model", DENSE)
def test_weights_of_fewer_bits_alone_do_not_speed_prefill(model: str) -> None:
    wide = served(model, prompt_tokens=20_000, weights="bf16")
    narrow = wide.but(weights="int4", chip_flops=wide["chip_flops"])
    assert value("prefill_time", narrow) == value("prefill_time", wide)
    ratio = value("weight_bytes_read", wide) / value("weight_bytes_read", narrow)
    faster = value("step_time", wide) / value("step_time", narrow)
    assert 1 < faster < ratio


# Prefix and prompt caches


@pytest.mark.parametrize("model", MODELS)
def test_a_prompt_that_is_cached_whole_needs_its_last_token_alone(model: str) -> None:
    whole = served(model, cached_tokens=1e6, hit_rate=1, prompt_tokens=3000)
    found = il.solve(["saved_prefill_share", "cached_input_share", "stored_bytes"], **whole)
    left = found["prefill_flops"] - found["saved_prefill_flops"]
    assert left == pytest.approx(2 * found["head_parameters"], rel=1e-6)
    assert found["cached_input_share"] == 1
    kept = value("full_kv_bytes_per_sequence", whole.but(full_context=3000, kv_copies=1))
    assert found["stored_bytes"] == pytest.approx(kept, rel=1e-12)


@given(situations(), SHARES, SHARES)
def test_a_prefix_saves_less_arithmetic_than_tokens(
    situation: il.Scenario, hits: float, share: float
) -> None:
    cached = situation.but(hit_rate=hits, cached_tokens=share * situation["prompt_tokens"])
    names = ["saved_prefill_share", "cached_input_share", "saved_prefill_time", "prefill_time"]
    found = il.solve(names, **cached)
    assert grows(found["saved_prefill_share"], found["cached_input_share"])
    assert 0 <= found["saved_prefill_time"] <= found["prefill_time"]


@given(situations())
def test_no_prefix_saves_nothing(situation: il.Scenario) -> None:
    none = situation.but(cached_tokens=0, hit_rate=1, storage_price=1e-13)
    found = il.solve(["saved_prefill_share", "storage_break_even_time"], **none)
    assert found["saved_prefill_share"] == found["saved_prefill_flops"] == 0
    assert found["storage_break_even_time"] == 0


@given(situations(), st.floats(0.01, 1), st.floats(1e-16, 1e-11))
def test_at_the_break_even_time_storing_costs_what_it_saves(
    situation: il.Scenario, share: float, price: float
) -> None:
    cached = situation.but(cached_tokens=share * situation["prompt_tokens"], storage_price=price)
    found = il.solve("storage_break_even_time", **cached)
    stored = max(found["stored_bytes"], 1) * price * found["storage_break_even_time"]
    assert stored == pytest.approx(found["saved_prefill_cost"], rel=1e-9)


@given(st.floats(0, 4), st.floats(0, 0.98))
@example(1.25, 0.1)
@example(2, 0.1)
def test_a_cached_prompt_pays_from_the_break_even_on(write: float, read: float) -> None:
    plain = 3e-6
    prices = {
        "input_price": plain,
        "cache_write_price": write * plain,
        "cached_input_price": read * plain,
    }
    uses = value("break_even_uses", prices)
    at, later, once = (
        value("cached_price_share", prices | {"prompt_uses": n}) for n in (uses, 2 * uses, 1)
    )
    assert at <= 1 + 1e-9
    assert later <= 1 + 1e-9
    assert once == pytest.approx(write, rel=1e-9, abs=1e-12)
    if uses > 1:
        assert at == pytest.approx(1, rel=1e-6)


def test_a_read_that_is_no_cheaper_says_so() -> None:
    found = il.solve(
        "break_even_uses", input_price=1e-6, cached_input_price=1e-6, cache_write_price=2e-6
    )
    assert found.why["read_is_cheaper"].startswith("a read at $1.00/M")
    assert math.isfinite(found["break_even_uses"])


# Two models


@given(COSTS, COSTS, COSTS, SHARES)
def test_a_cascade_saves_from_its_break_even_on(
    small: float, large: float, check: float, share: float
) -> None:
    costs = {"small_request_cost": small, "large_request_cost": large, "check_cost": check}
    names = ["cascade_saving", "cascade_break_even"]
    found = il.solve(names, **costs, settled_share=share)
    saving, least = found["cascade_saving"], found["cascade_break_even"]
    assert saving == pytest.approx(share - least, rel=1e-9, abs=1e-9 * (1 + least))
    none, every = (value("cascade_cost", costs | {"settled_share": p}) for p in (0, 1))
    assert none == pytest.approx(small + check + large, rel=1e-12)
    assert every == small + check


@given(COSTS, COSTS, SHARES, st.floats(1e-6, 1))
def test_a_harm_that_is_tolerable_takes_all_that_a_cascade_saves(
    small: float, large: float, share: float, wrong: float
) -> None:
    costs = {"small_request_cost": small, "large_request_cost": large, "check_cost": 0}
    found = il.solve("tolerable_harm", **costs, settled_share=share, wrong_share=wrong)
    paid = found["cascade_cost"] + wrong * found["tolerable_harm"]
    assert paid == pytest.approx(max(large, found["cascade_cost"]), rel=1e-9)


@given(COSTS, COSTS, COSTS, SHARES)
def test_a_router_mixes_two_models(small: float, large: float, route: float, share: float) -> None:
    assume(small < large * 0.999)
    costs = {
        "small_request_cost": small,
        "large_request_cost": large,
        "router_request_cost": route,
    }
    none, every = (value("routed_cost", costs | {"settled_share": q}) for q in (0, 1))
    assert none == large + route
    assert every == small + route
    found = il.solve(["router_saving", "router_break_even"], **costs, settled_share=share)
    if abs(share - found["router_break_even"]) > 1e-6:
        assert (found["router_saving"] > 0) == (share > found["router_break_even"])


@given(COSTS, COSTS, COSTS, st.floats(0, 1e3), st.floats(1, 1e9))
def test_a_tuned_model_has_paid_at_its_break_even(
    small: float, large: float, once: float, upkeep: float, life: float
) -> None:
    assume(small < large * 0.999)
    found = il.solve(
        "distillation_rate",
        small_request_cost=small,
        large_request_cost=large,
        data_cost=once,
        tuning_cost=once,
        evaluation_cost=once,
        upkeep_price=upkeep,
        refresh_time=life,
    )
    saved = found["distillation_break_even"] * (large - small)
    assert saved == pytest.approx(3 * once + upkeep * life, rel=1e-9)
    assert found["distillation_rate"] * life == pytest.approx(found["distillation_break_even"])


def test_a_small_model_that_is_no_cheaper_says_so() -> None:
    found = il.solve(
        "router_break_even", small_request_cost=2, large_request_cost=2, router_request_cost=0.1
    )
    assert found.why["small_is_cheaper"].startswith("$2.00 for the small model is not below $2.00")
    assert math.isfinite(found["router_break_even"])


# Owning


@given(st.floats(0, 1), st.floats(1, 30))
@example(0, 4)
@example(1e-6, 30)
def test_interest_only_adds_to_what_a_year_repays(interest: float, years: float) -> None:
    chip = owned(interest_rate=interest, hardware_life=years * YEAR)
    recovered = value("capital_recovery", chip)
    assert grows(1 / years, recovered)
    assert grows(interest, recovered)
    if interest == 0:
        assert recovered == pytest.approx(1 / years, rel=1e-12)
    # Each year's payment, discounted, repays the capital.
    if interest > 1e-3:
        present = recovered * (1 - (1 + interest) ** -years) / interest
        assert present == pytest.approx(1, rel=1e-9)


def test_interest_near_zero_is_near_none() -> None:
    none, little = (value("owned_price", owned(interest_rate=i)) for i in (0, 2e-6))
    assert little == pytest.approx(none, rel=1e-5)
    assert little > none


@given(st.floats(0, 0.5), st.integers(1, 10), SHARES)
def test_the_payments_and_what_is_left_repay_the_capital(
    interest: float, years: int, residual: float
) -> None:
    found = il.solve(
        "capital_price",
        **owned(interest_rate=interest, hardware_life=years * YEAR, residual_share=residual),
    )
    owed = 30000.0
    for _ in range(years):
        owed = owed * (1 + interest) - found["capital_price"] * YEAR
    assert owed == pytest.approx(residual * 30000, abs=30000 * 1e-4)


@pytest.mark.parametrize(
    "name",
    ["chip_capital", "interest_rate", "owned_power", "pue", "electricity_price", "colocation_price",
     "maintenance_share"],
)  # fmt: skip
def test_what_costs_more_makes_a_chip_dearer(name: str) -> None:
    some = owned()
    more = some | {name: 1.5 * some[name]}
    assert value("owned_price", more) > value("owned_price", some)
    assert value("owning_break_even", more) > value("owning_break_even", some)


def test_what_an_owned_chip_costs_is_the_sum_of_what_it_is_paid_for() -> None:
    parts = ["owned_electricity_price", "space_price", "maintenance_price", "capital_price"]
    found = il.solve([*parts, "owned_price"], **owned())
    assert sum(found[name] for name in parts) == pytest.approx(found["owned_price"], rel=1e-12)
    assert found["space_price"] == pytest.approx(1400 * 0.15 / 3.6e6, rel=1e-12)
    assert found["maintenance_price"] == pytest.approx(600 / YEAR, rel=1e-12)


def test_a_value_at_the_end_and_a_longer_life_make_a_chip_cheaper() -> None:
    for name in ("residual_share", "hardware_life"):
        some = owned()
        assert value("owned_price", some | {name: 1.5 * some[name]}) < value("owned_price", some)


@given(st.floats(0.05, 1))
def test_owning_and_renting_by_use_cost_the_same_at_the_break_even(use: float) -> None:
    at = il.solve(["owning_break_even", "useful_owned_price"], **owned(utilization=use))
    even = owned(utilization=at["owning_break_even"])
    assert value("rent_by_use", even) == pytest.approx(at["owned_price"], rel=1e-12)
    assert (at["useful_owned_price"] < at["chip_price"]) == (use > at["owning_break_even"])


def test_a_chip_is_paid_back_by_the_rent_it_saves_or_never() -> None:
    found = il.solve("payback_time", **owned())
    assert found.feasible
    saved = (found["chip_price"] * 0.7 - found["operating_price"]) * found["payback_time"]
    assert saved == pytest.approx(30000, rel=1e-9)
    never = il.solve("payback_time", **owned(chip_price=0.3 / 3600))
    assert never.why["pays_back"].startswith("a chip rented at $0.30/h for 70")
    assert math.isfinite(never["payback_time"])


# Margin


@given(COSTS, COSTS, st.floats(0.01, 1))
def test_margin_markup_and_break_even_say_the_same(cost: float, price: float, use: float) -> None:
    found = il.solve(
        ["gross_margin", "markup", "break_even_utilization"],
        cost_per_request=cost,
        request_price=price,
        utilization=use,
    )
    left = (1 - found["gross_margin"]) * (1 + found["markup"])
    assert left == pytest.approx(1, rel=1e-6)
    assert found["break_even_utilization"] == pytest.approx(use * cost / price, rel=1e-12)


@given(situations(), st.floats(0.05, 1))
def test_at_the_break_even_utilisation_nothing_is_left(situation: il.Scenario, use: float) -> None:
    priced = situation.but(input_price=1e-4, output_price=4e-4, utilization=use)
    even = value("break_even_utilization", priced)
    assume(0.001 <= even <= 1)
    assert value("gross_margin", priced.but(utilization=even)) == pytest.approx(0, abs=1e-9)


# Training and the size for a lifetime


@given(situations(), st.integers(1, 100_000))
def test_attention_adds_to_training_with_the_length(situation: il.Scenario, length: int) -> None:
    short = situation.but(training_tokens=1e12, training_context=length)
    names = ["training_flops_with_attention", "training_attention_flops"]
    found, long = (
        il.solve(names, **one) for one in (short, short.but(training_context=2 * length))
    )
    assert found["training_flops_with_attention"] > found["training_flops"]
    assert long["training_attention_flops"] <= 2 * found["training_attention_flops"] * (1 + 1e-9)
    assert grows(found["training_attention_flops"], long["training_attention_flops"])


@pytest.mark.parametrize("model", MODELS)
def test_a_training_token_costs_three_prompt_tokens(model: str) -> None:
    one = served(model, prompt_tokens=4096, training_context=4096, training_tokens=4096)
    attention = value("prefill_flops", one.but(matmul_parameters=0, head_parameters=0))
    assert value("training_attention_flops", one) == pytest.approx(3 * attention, rel=1e-9)


def test_published_hours_are_those_of_the_steps_and_somewhat_more() -> None:
    # Llama 3.1 model card: 30.84M H100-hours. Table 4 of arXiv:2407.21783: 38 to 43 % MFU.
    large = served("llama-3.1-405b")
    hours = [
        value("training_chip_time", large.but(training_mfu=mfu)) / 3600 for mfu in (0.43, 0.38)
    ]
    assert hours[0] < hours[1] < 30.84e6 < 1.25 * hours[0]


@given(situations(), st.floats(1e9, 1e14), st.floats(0.01, 1), st.floats(0.001, 1))
def test_serving_overtakes_training_where_it_says(
    situation: il.Scenario, tokens: float, training: float, serving: float
) -> None:
    mfu = {"training_mfu": training, "serving_mfu": serving}
    both = situation.but(training_tokens=tokens, **mfu)
    balance = value("balance_tokens", both)
    assert balance == pytest.approx(3 * tokens, rel=1e-9)
    at = il.solve(["serving_share", "cost_balance_tokens"], **both.but(served_tokens=balance))
    assert at["serving_share"] == pytest.approx(0.5)
    assert at["cost_balance_tokens"] * training == pytest.approx(3 * tokens * serving, rel=1e-9)


@given(situations(), st.floats(1e9, 1e14))
def test_tokens_until_the_bills_are_equal_follow_from_two_mfus(
    situation: il.Scenario, tokens: float
) -> None:
    one = situation.but(**DEMAND | {"training_tokens": tokens})
    want = ["crossing_tokens", "request_mfu", "balance_tokens", "crossing_token_ratio"]
    found = il.solve([*want, "crossing_time", "tokens_since_launch"], **one)
    at = il.solve(
        ["serving_cost", "training_cost", "tokens_since_launch", "serving_cost_share"],
        **one.but(elapsed_time=min(found["crossing_time"], 1e10), research_multiple=1),
    )
    by_mfu = found["balance_tokens"] * found["request_mfu"] / one["training_mfu"]
    assert found["crossing_tokens"] == pytest.approx(by_mfu, rel=1e-9)
    assert found["crossing_tokens"] == pytest.approx(found["crossing_token_ratio"] * tokens)
    if found["crossing_time"] < 1e10:
        assert at["serving_cost"] == pytest.approx(at["training_cost"], rel=1e-9)
        assert at["tokens_since_launch"] == pytest.approx(found["crossing_tokens"], rel=1e-9)
        assert at["serving_cost_share"] == pytest.approx(0.5, rel=1e-9)


@given(situations())
def test_all_compute_is_experiments_the_run_and_serving(situation: il.Scenario) -> None:
    parts = ["experiment_cost", "training_cost", "serving_cost"]
    found = il.solve([*parts, "compute_cost_since_start"], **situation.but(**DEMAND))
    total = sum(found[part] for part in parts)
    assert total == pytest.approx(found["compute_cost_since_start"], rel=1e-9)


@given(situations())
def test_the_mfu_that_a_calculated_time_implies_is_the_one_it_was_calculated_with(
    situation: il.Scenario,
) -> None:
    found = value("implied_training_mfu", situation.but(**DEMAND))
    assert found == pytest.approx(situation["training_mfu"], rel=1e-9)


@given(st.floats(1e8, 1e13), st.floats(1e9, 1e14))
def test_the_tokens_for_a_loss_reach_it(size: float, tokens: float) -> None:
    some = LOSS | {"active_parameters": size, "training_tokens": tokens}
    loss = value("pretraining_loss", some)
    found = il.solve("tokens_for_loss", **LOSS, active_parameters=size, target_loss=loss)
    assert found.feasible
    assert found["tokens_for_loss"] == pytest.approx(tokens, rel=1e-6)


def test_a_size_that_is_too_small_says_so() -> None:
    found = il.solve("lifetime_flops", **LOSS, active_parameters=1e8, target_loss=2.0,
                     served_tokens=1e12)  # fmt: skip
    assert found.why["reaches_loss"].startswith("100M parameters never reach a loss of 2: ")
    assert math.isfinite(found["lifetime_flops"])


@given(st.floats(1e8, 1e12), st.floats(0.3, 3))
def test_the_optimal_tokens_are_the_cheapest_for_their_loss(size: float, ratio: float) -> None:
    assume(abs(ratio - 1) > 0.01)
    named = LOSS | {"active_parameters": size, "served_tokens": 0}
    loss = value(
        "pretraining_loss",
        named | {"training_tokens": value("compute_optimal_tokens", named)},
    )
    best = value("lifetime_flops", named | {"target_loss": loss})
    other = il.solve(
        "lifetime_flops", **named | {"target_loss": loss, "active_parameters": ratio * size}
    )
    assert not other.feasible or other["lifetime_flops"] > best


def lifetimes(served_tokens: float, sizes: list[float]) -> pl.DataFrame:
    """Lives of models of some sizes that all reach the loss of 13B parameters."""
    large = LOSS | {"active_parameters": 13e9}
    tokens = value("compute_optimal_tokens", large)
    loss = value("pretraining_loss", large | {"training_tokens": tokens})
    life = {"served_tokens": served_tokens, "training_mfu": 0.5, "serving_mfu": 0.05}
    wanted = ["tokens_for_loss", "lifetime_flops", "lifetime_cost"]
    return il.sweep(served(**life, **LOSS, target_loss=loss), active_parameters=sizes, want=wanted)


SIZES = [n * 1e7 for n in range(300, 1401)]


def test_the_size_for_a_lifetime_is_that_of_sardana() -> None:
    # arXiv:2401.00448, figure 1: in place of 13B parameters, with 2T tokens served.
    frame = lifetimes(2e12, SIZES).filter("feasible")
    best = frame.sort("lifetime_flops").row(0, named=True)
    large = frame.filter(active_parameters=13e9).row(0, named=True)
    saved = large["lifetime_flops"] - best["lifetime_flops"]
    assert best["active_parameters"] == pytest.approx(6.97e9, rel=0.005)
    assert best["tokens_for_loss"] == pytest.approx(1.25e12, rel=0.01)
    assert saved == pytest.approx(1.69e22, rel=0.005)
    assert saved / large["lifetime_flops"] == pytest.approx(0.174, abs=0.0005)


def test_more_use_or_dearer_use_asks_for_a_smaller_model() -> None:
    def best(served_tokens: float, by: str) -> float:
        frame = lifetimes(served_tokens, SIZES).filter("feasible").sort(by)
        return float(frame["active_parameters"][0])

    flops = [best(tokens, "lifetime_flops") for tokens in (0, 1e11, 1e12, 2e12)]
    assert flops[0] == pytest.approx(13e9, rel=0.002)
    assert flops == sorted(flops, reverse=True)
    assert len(set(flops)) == 4
    assert best(2e12, "lifetime_cost") < flops[-1]


@pytest.mark.parametrize("served_tokens", [1e11, 1e12, 1e13])
def test_a_size_matches_the_demand_for_which_no_other_is_cheaper(served_tokens: float) -> None:
    sizes = [13e9 * 1.0005**n for n in range(-3500, 200)]
    frame = lifetimes(served_tokens, sizes).filter("feasible")
    life = {"training_mfu": 0.5, "serving_mfu": 0.05}
    large = LOSS | {"active_parameters": 13e9}
    tokens = value("compute_optimal_tokens", large)
    loss = value("pretraining_loss", large | {"training_tokens": tokens})
    for by, name in (
        ("lifetime_flops", "matching_tokens"),
        ("lifetime_cost", "cost_matching_tokens"),
    ):
        best = frame.sort(by)["active_parameters"][0]
        found = value(name, LOSS | life | {"target_loss": loss, "active_parameters": best})
        assert found == pytest.approx(served_tokens, rel=0.02), by


def test_a_size_beyond_the_optimum_matches_no_demand() -> None:
    large = LOSS | {"active_parameters": 13e9}
    tokens = value("compute_optimal_tokens", large)
    loss = value("pretraining_loss", large | {"training_tokens": tokens})
    assert value("matching_tokens", large | {"target_loss": loss}) == pytest.approx(0, abs=1e3)
    assert value("matching_tokens", LOSS | {"target_loss": loss, "active_parameters": 2e10}) == 0


def test_a_sweep_of_sizes_says_which_are_too_small() -> None:
    frame = lifetimes(2e12, [1e8, 13e9])
    assert frame["feasible"].to_list() == [False, True]
    assert "never reach a loss" in frame["why"][0]
    assert frame["lifetime_flops"].is_finite().all()
