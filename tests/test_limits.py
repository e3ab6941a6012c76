"""Limits, directions, conservation, and what is not an answer."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl
import pytest
from conftest import situations as any_inputs
from hypothesis import assume, given
from hypothesis import strategies as st

import inferlib as il
from inferlib import catalog
from inferlib.formulas import quantities

BASE = {"prompt_tokens": 1000, "output_tokens": 500, "concurrency": 1}
MODELS = catalog.models()["model"].to_list()
WITH_EXPERTS = [name for name in MODELS if catalog.model(name)["experts"]]
DENSE = [name for name in MODELS if not catalog.model(name)["experts"]]
CHIPS = ["h100-sxm", "a100-80-sxm", "mi300x", "tpu-v5e", "l4", "apple-m1-max", "groq-lpu-v1"]


def served(model: str = "llama-3.1-8b", chip: str = "h100-sxm", **named: Any) -> il.Scenario:
    """A situation, complete down to power and price."""
    return il.scenario(
        model=model, chip=chip, **BASE | {"chip_price": 1e-3, "chip_power": 700} | named
    )


def value(name: str, situation: Mapping[str, float]) -> float:
    """One quantity of a situation."""
    found: float = il.solve(name, **situation)[name]
    return found


@st.composite
def situations(draw: st.DrawFn) -> il.Scenario:
    """A model of the catalog on some chips of it, with some traffic."""
    return served(
        draw(st.sampled_from(MODELS)),
        draw(st.sampled_from(CHIPS)),
        weights=draw(st.sampled_from(["bf16", "fp8", "int4"])),
        kv=draw(st.sampled_from(["bf16", "fp8"])),
        chips=draw(st.sampled_from([1, 2, 4, 8, 16, 72])),
        concurrency=draw(st.integers(1, 4096)),
        prompt_tokens=draw(st.integers(1, 200_000)),
        output_tokens=draw(st.integers(1, 20_000)),
    )


EVERY = [one.name for one in quantities.values() if one.formula]
PAYING = {"small_request_cost": 1e-3, "cached_input_price": 1e-7, "target_loss": 2}


def complete(situation: Mapping[str, float]) -> dict[str, float]:
    """A situation with every other input in the middle of its range, and levers that pay."""
    middle = {
        one.name: math.sqrt(max(one.low, one.high * 1e-9) * one.high)
        for one in quantities.values()
        if not one.formula
    }
    return middle | PAYING | dict(situation)


def moved(one: Mapping[str, float], other: Mapping[str, float]) -> list[str]:
    """All quantities that two situations differ in."""
    values = il.solve(EVERY, **one), il.solve(EVERY, **other)
    return [name for name in EVERY if not math.isclose(*(v[name] for v in values), rel_tol=1e-12)]


def grows(small: float, large: float) -> bool:
    """Whether a value is not below another, but for rounding."""
    return large >= small * (1 - 1e-12)


# What is worked with, read and kept, on every model


@pytest.mark.parametrize("model", WITH_EXPERTS)
def test_a_token_works_with_and_reads_the_active_parameters_alone(model: str) -> None:
    attention = {"prefill_attention_values": 0, "index_values": 0, "state_flops_per_token": 0}
    alone = served(model, weights="bf16", **attention)
    table = (alone["embedding_matrices"] - 1) * value("head_parameters", alone)
    used = value("active_parameters", alone) - table
    assert used < 0.6 * value("parameters", alone)
    assert value("matmul_flops_per_token", alone) == 2 * used
    assert value("weight_bytes_read", alone) == pytest.approx(2 * used, rel=1e-12)
    head = value("head_parameters", alone)
    assert value("prefill_flops", alone) == 2 * (used - head) * 1000 + 2 * head


@pytest.mark.parametrize("model", WITH_EXPERTS)
def test_a_batch_reads_more_than_the_experts_of_one_token_and_less_than_all(model: str) -> None:
    one = served(model)
    share = one["experts_per_token"] / one["experts"]
    shares = [value("expert_coverage", one.but(concurrency=2**n)) for n in range(20)]
    assert shares[0] == pytest.approx(share, rel=1e-12)
    assert shares == sorted(shares)
    assert share < shares[2] < min(1, 4 * share)
    assert shares[-1] == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("model", DENSE)
def test_decode_is_bound_by_arithmetic_at_a_large_batch(model: str) -> None:
    short = served(model, prompt_tokens=1, output_tokens=1, state_bytes_per_sequence=0)
    few, many = (il.solve("roofline_time", **short.but(concurrency=b)) for b in (1, 4096))
    assert few["roofline_time"] == few["memory_time"] > few["compute_time"]
    assert many["roofline_time"] == many["compute_time"] > many["memory_time"]


def test_attention_that_a_release_leaves_in_16_bits_is_counted_so() -> None:
    names = ["weight_bytes", "attention_parameters", "parameters", "wide_parameters"]
    for weights, apart in (("mxfp4", 1), ("fp8", 0), ("bf16", 0)):
        one = served("gpt-oss-120b", weights=weights)
        found, size = il.solve(names, **one), one["bytes_per_weight"]
        wide = found["wide_parameters"] + apart * found["attention_parameters"]
        bytes_ = (found["parameters"] - wide) * size + wide * 2
        assert found["weight_bytes"] == pytest.approx(bytes_, rel=1e-12)
    assert served("llama-3.1-8b", weights="nvfp4")["wide_attention_share"] == 0


def test_a_state_is_kept_once_and_moved_twice_whatever_the_context() -> None:
    hybrid = served("qwen3.5-27b", chips=16)
    state = value("state_bytes_per_sequence", hybrid)
    for prompt in (1, 100_000):
        long = hybrid.but(prompt_tokens=prompt)
        assert (
            value("state_bytes_per_sequence", long)
            == state
            == value("state_bytes_per_sequence", hybrid.but(chips=1, kv="fp8"))
        )
        bare = long.but(state_bytes_per_sequence=0)
        for name, times in (("kv_bytes_per_sequence", 2), ("full_kv_bytes_per_sequence", 1)):
            more = value(name, long) - value(name, bare)
            assert more == pytest.approx(times * state, rel=1e-9)


@pytest.mark.parametrize("model", ["glm-5", "deepseek-v3.2"])
def test_selection_cuts_what_is_read_and_calculated_but_not_what_is_kept(model: str) -> None:
    names = ("kv_bytes_per_sequence", "attention_flops_per_token", "prefill_flops")
    for prompt, spared in ((100, False), (100_000, True)):
        sparse = served(model, prompt_tokens=prompt, output_tokens=1)
        whole = sparse.but(selected_tokens=0)
        for name in names:
            assert (value(name, sparse) < value(name, whole)) == spared, name
        for name in ("full_kv_bytes_per_sequence", "kv_bytes_per_token"):
            assert value(name, sparse) == value(name, whole)


# Limits


@given(situations())
def test_one_chip_talks_to_nobody(situation: il.Scenario) -> None:
    alone = il.solve(["step_time", "prefill_time"], **situation.but(chips=1))
    assert alone["communication_time"] == alone["prefill_communication_time"] == 0
    assert alone["kv_copies"] == 1


@pytest.mark.parametrize("model", WITH_EXPERTS)
def test_a_token_that_uses_all_experts_makes_a_dense_model(model: str) -> None:
    every = served(model, experts_per_token=catalog.model(model)["experts"])
    found = il.solve(["active_parameters", "expert_coverage", "expert_sparsity"], **every)
    assert found["active_parameters"] == found["parameters"]
    assert found["expert_coverage"] == found["expert_sparsity"] == 1


@pytest.mark.parametrize("model", DENSE)
def test_a_dense_model_reads_all_but_the_input_table(model: str) -> None:
    names = ["weight_bytes_read", "active_parameters", "expert_sparsity"]
    found = il.solve(names, **served(model, weights="bf16"))
    table = 2 * (found["embedding_matrices"] - 1) * found["head_parameters"]
    assert found["weight_bytes_read"] == found["weight_bytes"] - table
    assert found["active_parameters"] == found["parameters"]
    assert found["expert_sparsity"] == 1


@given(situations())
def test_a_window_wider_than_the_context_is_none(situation: il.Scenario) -> None:
    layers, situation = situation["layers"], situation.but(selected_tokens=0, index_heads=0)
    wide = situation.but(full_layers=0, window_layers=layers, window=1e8)
    full = situation.but(full_layers=layers, window_layers=0, window=0)
    names = ("kv_bytes_per_sequence", "attended_pairs", "attention_flops_per_token")
    for name in names:
        assert value(name, wide) == pytest.approx(value(name, full), rel=1e-12)
    assert value("attended_pairs", full) == layers * full["prompt_tokens"] ** 2 / 2


@pytest.mark.parametrize("model", DENSE)
def test_at_the_critical_batch_weights_take_as_long_as_their_arithmetic(model: str) -> None:
    ideal = {"memory_efficiency": 1, "compute_efficiency": 1, "attention_flops_per_token": 0}
    start = served(model, weights="bf16", **ideal)
    found = il.solve(
        ["weight_time", "compute_time"],
        **start.but(concurrency=value("critical_batch", start)),
    )
    assert found["weight_time"] == pytest.approx(found["compute_time"], rel=1e-9)


@given(situations())
def test_an_answer_of_one_token_ends_with_the_first(situation: il.Scenario) -> None:
    short = il.solve("request_time", **situation.but(output_tokens=1))
    assert short["request_time"] == short["ttft"]


# Chips together

EXCHANGES = (
    "all_gather_time", "reduce_scatter_time", "ring_all_reduce_time", "tree_all_reduce_time",
    "all_reduce_time", "dispatch_bytes", "combine_bytes", "all_to_all_time",
    "expert_all_reduce_time", "all_to_all_ratio",
)  # fmt: skip


@given(situations())
def test_one_chip_exchanges_nothing(situation: il.Scenario) -> None:
    found = il.solve(EXCHANGES, **situation.but(chips=1))
    assert {name: found[name] for name in EXCHANGES} == dict.fromkeys(EXCHANGES, 0)
    assert found.feasible


@pytest.mark.parametrize("name", EXCHANGES)
def test_exchanges_without_a_known_link_are_finite_and_refused(name: str) -> None:
    found = il.solve(name, **served("deepseek-v3", chips=64, link_bandwidth=0))
    assert math.isfinite(found[name])
    assert list(found.why) == ([] if name.endswith("_bytes") else ["linked"])


@given(situations())
def test_many_chips_move_each_token_once_to_each_expert(situation: il.Scenario) -> None:
    many = il.solve("all_to_all_time", **situation.but(chips=1e5, copy_limit=1e5))
    tokens = situation["concurrency"] * situation["experts_per_token"]
    sent = tokens * situation["model_width"] * situation["bytes_per_dispatched_value"]
    assert many["dispatch_bytes"] == pytest.approx(sent, rel=2e-5)
    waits = 2 * situation["moe_layers"] * situation["hop_latency"]
    assert many["all_to_all_time"] == pytest.approx(
        waits + situation["moe_layers"] * many["expert_imbalance"]
        * (many["dispatch_bytes"] + many["combine_bytes"])
        / (1e5 * max(situation["link_bandwidth"], 1)),
    )  # fmt: skip


@pytest.mark.parametrize("chips", [2, 8, 64])
def test_a_token_that_goes_to_every_expert_is_gathered_by_every_chip(chips: int) -> None:
    every = served("deepseek-v3", experts_per_token=256, chips=chips, hop_latency=0)
    every = every.but(bytes_per_dispatched_value=2, concurrency=1000)
    found = il.solve(["dispatch_bytes", "all_gather_time", "reduce_scatter_time"], **every)
    sent = found["dispatch_bytes"] / (chips * every["link_bandwidth"])
    assert sent == pytest.approx(found["all_gather_time"], rel=1e-12)
    assert found["all_gather_time"] == found["reduce_scatter_time"]


@given(situations())
def test_a_ring_tends_to_twice_the_message_and_a_tree_to_few_waits(situation: il.Scenario) -> None:
    linked = situation.but(link_bandwidth=1e11, chips=1024)
    wide = il.solve("all_reduce_time", **linked.but(hop_latency=0))
    twice = 2 * wide["message_bytes"] / 1e11
    assert wide["ring_all_reduce_time"] == pytest.approx(twice, rel=1e-3)
    assert wide["all_reduce_time"] == wide["ring_all_reduce_time"]
    small = il.solve("all_reduce_time", **linked.but(message_bytes=0, hop_latency=1e-6))
    assert small["tree_all_reduce_time"] == pytest.approx(2 * 10 * 1e-6)
    assert small["ring_all_reduce_time"] == pytest.approx(2 * 1023 * 1e-6)
    assert small["all_reduce_time"] == small["tree_all_reduce_time"]


def test_an_uneven_load_and_a_higher_cap_take_longer() -> None:
    start = served("deepseek-v3", chips=64, concurrency=4096, hop_latency=0, copy_limit=4)
    even = value("all_to_all_time", start)
    assert value("all_to_all_time", start.but(expert_imbalance=1.5)) == pytest.approx(1.5 * even)
    assert value("all_to_all_time", start.but(copy_limit=8)) == pytest.approx(2 * even)
    assert value("all_to_all_time", start.but(copy_limit=1e5)) == pytest.approx(2 * even)


def test_whole_experts_exchange_less_than_split_ones_on_many_chips() -> None:
    start = served("deepseek-v3", concurrency=4096)
    assert value("all_to_all_ratio", start.but(chips=2)) > 0.5
    assert value("all_to_all_ratio", start.but(chips=256)) < 0.1
    assert value("all_to_all_ratio", served("llama-3.1-8b", chips=8)) == 0, "it has no experts"


# Directions


@given(situations())
def test_a_larger_batch_is_slower_for_one_and_cheaper_for_all(situation: il.Scenario) -> None:
    up = ("step_time", "tpot", "output_throughput", "cache_bytes", "decode_mfu")
    down = ("user_throughput", "cost_per_output_token", "energy_per_output_token")
    few = il.solve([*up, *down], **situation)
    many = il.solve([*up, *down], **situation.but(concurrency=2 * situation["concurrency"]))
    assert [name for name in up if not grows(few[name], many[name])] == []
    assert [name for name in down if not grows(many[name], few[name])] == []


@given(situations())
def test_a_longer_prompt_costs_time_and_room(situation: il.Scenario) -> None:
    up = ("step_time", "prefill_time", "ttft", "cache_bytes", "cost_per_request")
    short = il.solve([*up, "max_concurrency"], **situation)
    long = il.solve(
        [*up, "max_concurrency"], **situation.but(prompt_tokens=2 * situation["prompt_tokens"])
    )
    assert [name for name in up if not grows(short[name], long[name])] == []
    assert long["max_concurrency"] <= short["max_concurrency"]


@pytest.mark.parametrize("name", ["memory_bandwidth", "chip_flops", "link_bandwidth"])
@given(situation=situations())
def test_a_better_chip_is_not_slower(name: str, situation: il.Scenario) -> None:
    times = ("step_time", "prefill_time", "request_time")
    before = il.solve(times, **situation)
    after = il.solve(times, **situation.but(**{name: 2 * situation[name]}))
    assert [time for time in times if not grows(after[time], before[time])] == []


@given(situations())
def test_more_chips_share_the_work_and_talk_more(situation: il.Scenario) -> None:
    linked = situation.but(link_bandwidth=1e11)
    some = il.solve("step_time", **linked)
    more = il.solve("step_time", **linked.but(chips=2 * linked["chips"]))
    assert grows(more["roofline_time"], some["roofline_time"])
    assert grows(some["communication_time"], more["communication_time"])
    assert more["usable_memory"] == 2 * some["usable_memory"]


# Conservation


@given(situations())
def test_a_busy_system_earns_its_price(situation: il.Scenario) -> None:
    bills = ["cost_per_input_token", "cost_per_output_token", "cost_per_request", "system_price"]
    found = il.solve([*bills, "tpot"], **situation.but(utilization=1))
    each = found["prefill_time"] + found["output_tokens"] * found["tpot"]  # one after the other
    requests = found["concurrency"] / each
    tokens_in, tokens_out = (requests * found[n] for n in ("prompt_tokens", "output_tokens"))
    earned = tokens_in * found["cost_per_input_token"] + tokens_out * found["cost_per_output_token"]
    assert earned == pytest.approx(found["system_price"], rel=1e-9)
    assert requests * found["cost_per_request"] == pytest.approx(found["system_price"], rel=1e-9)
    written = value("output_throughput", situation)
    assert written == pytest.approx(requests * found["output_tokens"], rel=1e-9)


@given(situations(), st.floats(0.01, 1))
def test_idle_time_is_charged_to_the_tokens(situation: il.Scenario, share: float) -> None:
    busy, idle = (value("cost_per_request", situation.but(utilization=u)) for u in (1, share))
    assert idle * share == pytest.approx(busy, rel=1e-9)


@given(situations())
def test_no_step_reaches_more_than_the_roof(situation: il.Scenario) -> None:
    found = il.solve(["decode_mfu", "attainable_flops", "prefill_achieved_flops"], **situation)
    assert found["decode_mfu"] <= found["compute_efficiency"] * (1 + 1e-12)
    assert found["prefill_achieved_flops"] <= found["chip_flops"] * (1 + 1e-12)
    assert grows(found["achieved_flops"], found["attainable_flops"])
    assert found["attainable_flops"] <= found["chip_flops"]


@given(situations())
def test_the_largest_batch_fits_and_one_more_does_not(situation: il.Scenario) -> None:
    largest = value("max_concurrency", situation)
    assume(1 <= largest < 1e6)
    assert il.solve("fits", **situation.but(concurrency=largest)).feasible
    assert not il.solve("fits", **situation.but(concurrency=largest + 1)).feasible


@given(situations())
def test_the_chips_that_are_named_hold_the_model(situation: il.Scenario) -> None:
    split = situation.but(kv_copies=1)  # where chips repeat the cache, more of them repeat more
    needed = value("chips_needed", split)
    assume(needed <= 1e5)
    assert il.solve("fits", **split.but(chips=needed)).feasible
    if needed > 1:
        assert not il.solve("fits", **split.but(chips=needed - 1)).feasible


@given(situations())
def test_fewer_chips_than_are_named_do_not_hold_the_model(situation: il.Scenario) -> None:
    found = il.solve("fits", **situation)
    assume(not found.feasible and found["chips_needed"] <= 1e5)
    fewer = situation.but(
        chips=found["chips_needed"] - 1
    )  # heads may be repeated: at least so many
    assert not il.solve("fits", **fewer).feasible


# All quantities at once


LINKS = {"link_bandwidth": 1e12, "link_efficiency": 0.5, "all_reduce_latency": 0.1,
         "hop_latency": 0.1, "copy_limit": 1, "expert_imbalance": 2}  # fmt: skip


@pytest.mark.parametrize("model", ["llama-3.1-8b", "deepseek-v3"])
def test_with_one_chip_no_quantity_knows_of_links(model: str) -> None:
    alone = complete(served(model, chips=1, request_rate=0.01))
    assert moved(alone, alone | LINKS) == []
    assert moved(alone, alone | {"link_bandwidth": 0}) == []
    assert len(moved(alone | {"chips": 8}, alone | {"chips": 8} | LINKS)) > 50


@pytest.mark.parametrize("model", ["llama-3.1-8b", "deepseek-v3"])
def test_without_links_all_that_depends_on_them_is_refused(model: str) -> None:
    several = complete(served(model, chips=8, request_rate=0.01))
    lost = several | {"link_bandwidth": 0}
    for name in moved(several, several | {"link_bandwidth": 1e12}):
        assert "linked" in il.solve(name, **lost).why, name


def power(unit: str, base: str) -> int:
    """How often a base unit stands above the line of a unit, less how often below."""
    above, *below = unit.split("/")
    return above.split("*").count(base) - below.count(base)


@pytest.mark.parametrize("base", ["dollar", "joule", "gram", "byte"])
@pytest.mark.parametrize("model", ["llama-3.1-70b", "mixtral-8x7b", "deepseek-v3.2"])
def test_a_unit_of_half_the_size_doubles_all_that_is_measured_in_it(model: str, base: str) -> None:
    plain = complete(served(model, chips=16, request_rate=0.01))
    finer = {
        name: number * 2.0 ** power(quantities[name].unit, base) for name, number in plain.items()
    }
    before, after = il.solve(EVERY, **plain), il.solve(EVERY, **finer)
    times = {name: 2.0 ** power(quantities[name].unit, base) for name in EVERY}
    odd = [n for n in EVERY if not math.isclose(after[n], times[n] * before[n], rel_tol=1e-9)]
    assert odd == []
    assert sum(factor != 1 for factor in times.values()) >= 3


BALANCES = {"markup", "gross_margin", "router_saving", "cascade_saving"}


@given(any_inputs())
def test_only_a_balance_may_be_below_zero(inputs: dict[str, float]) -> None:
    found = il.solve(EVERY, **inputs)
    assert {name for name in EVERY if found[name] < 0} <= BALANCES


@given(situations())
def test_a_batch_of_one_bears_all_and_waits_for_nobody(situation: il.Scenario) -> None:
    names = ["tpot", "output_throughput", "request_time", "cost_per_request", "energy_per_request",
             "busy_time_per_request", "cache_bytes", "kv_bytes_read"]  # fmt: skip
    one = il.solve(names, **situation.but(concurrency=1))
    step, read, tokens = one["step_time"], one["prefill_time"], one["output_tokens"]
    busy = read + tokens * step
    right = {
        "tpot": step,
        "output_throughput": tokens / busy,
        "request_time": one["queue_time"] + read + tokens * step,
        "cost_per_request": one["chips"] * one["chip_price"] * busy / one["utilization"],
        "energy_per_request": one["energy_excess"] * one["chips"]
        * (one["prefill_chip_power"] * read + one["decode_chip_power"] * tokens * step),
        "busy_time_per_request": busy,
        "cache_bytes": one["full_kv_bytes_per_sequence"],
        "kv_bytes_read": one["kv_bytes_per_sequence"],
    }  # fmt: skip
    assert {name: one[name] for name in names} == pytest.approx(right, rel=1e-9)


@pytest.mark.parametrize("model", WITH_EXPERTS)
def test_weights_that_all_tokens_use_are_read_once_whatever_the_batch(model: str) -> None:
    every = served(model, experts_per_token=catalog.model(model)["experts"], draft_tokens=3)
    names = ["weight_bytes_read", "batch_weight_bytes_read", "verification_coverage"]
    few, many = (il.solve(names, **every.but(concurrency=batch)) for batch in (1, 512))
    assert few["weight_bytes_read"] == many["weight_bytes_read"] == few["batch_weight_bytes_read"]
    assert few["verification_coverage"] == few["expert_coverage"] == 1


@pytest.mark.parametrize("model", ["llama-3.1-8b", "deepseek-v3"])
def test_at_no_load_and_beyond_the_edge_every_quantity_is_finite(model: str) -> None:
    start = complete(served(model, chips=16, weights="fp8", tpot_target=1))
    for rate, refused in ((0.0, {"requests_arrive"}), (1e9, {"stable"})):
        found = il.solve(EVERY, **start | {"request_rate": rate})
        assert all(map(math.isfinite, found.values()))
        assert {"requests_arrive", "stable"} & set(found.why) == refused


# What cannot be is an answer


def test_what_does_not_fit_says_what_would() -> None:
    found = il.solve("tpot", **served("llama-3.1-70b"))
    assert not found.feasible
    assert list(found.why) == ["fits"]
    assert found.why["fits"].replace("\u202f", " ") == (
        "141 GB of weights and 492 MB of cache do not fit 72 GB of usable memory; "
        "it takes at least 2 chips"
    )
    assert math.isfinite(found["tpot"]), "the value stays finite, for a faint line in a chart"
    assert il.solve("tpot", **served("llama-3.1-70b", chips=2)).feasible


def test_chips_without_links_do_not_work_together() -> None:
    found = il.solve("tpot", **served(chip="apple-m1-max", chips=2))
    assert list(found.why) == ["linked"]
    assert found.why["linked"].startswith("2 chips need links between them")
    assert il.solve("tpot", **served(chip="apple-m1-max", chips=1)).feasible


def test_what_asks_for_no_time_asks_for_no_room() -> None:
    assert il.solve("weight_bytes", **served("llama-3.1-405b")).feasible


def test_a_sweep_says_what_is_feasible_and_why_not() -> None:
    start = served("llama-3.1-8b")
    frame = il.sweep(start, chip=["h100-sxm", "apple-m1-max"], chips=[1, 2], want=["tpot"])
    assert frame.columns == ["chip", "chips", "tpot", "feasible", "why"]
    assert frame["feasible"].to_list() == [True, True, True, False]
    assert [bool(why) for why in frame["why"]] == [False, False, False, True]
    assert frame["why"][3].startswith("2 chips need links")
    assert frame["tpot"].is_finite().all()


def test_a_sweep_gives_both_reasons() -> None:
    start = served("llama-3.1-405b", chip="apple-m1-max")
    why = il.sweep(start, chips=[2], want="tpot")["why"][0]
    assert "do not fit" in why
    assert "need links" in why


def test_a_sweep_agrees_with_solving_one_by_one() -> None:
    start = served("llama-3.1-70b")
    axes = {"chip": ["h100-sxm", "mi300x"], "chips": [1, 4], "concurrency": [1, 100]}
    for row in il.sweep(start, **axes, want=["tpot", "fits"]).iter_rows(named=True):
        one = il.solve(["tpot", "fits"], **start.but(**{name: row[name] for name in axes}))
        assert one["tpot"] == pytest.approx(row["tpot"], rel=1e-12)
        assert one.feasible == row["feasible"]
        assert "; ".join(one.why.values()) == row["why"]


# Errors name the thing and the way out

NUMBERS = [
    (0, ValueError, r"'concurrency' is 0; give Batch.* from 1 to 1e\+06 \[sequence\]"),
    (-1, ValueError, r"'concurrency' is -1; give Batch"),
    (math.nan, ValueError, r"'concurrency' is nan; give Batch"),
    (math.inf, ValueError, r"'concurrency' is inf; give Batch"),
    (None, TypeError, r"'concurrency' is None; give a number \[sequence\]"),
    ("4", TypeError, r"'concurrency' is '4'; give a number \[sequence\]"),
    (True, TypeError, r"'concurrency' is True; give a number \[sequence\]"),
    (np.int64(0), ValueError, r"'concurrency' is 0; give Batch"),
    (np.float32(-1), ValueError, r"'concurrency' is -1; give Batch"),
    ([1, 2], TypeError, r"'concurrency' is \[1, 2\]; give a number \[sequence\]"),
]


@pytest.mark.parametrize(("bad", "error", "message"), NUMBERS)
@pytest.mark.parametrize("call", ["scenario", "but", "sweep", "solve"])
def test_a_value_that_is_no_sensible_number_is_refused(
    call: str, bad: Any, error: type[Exception], message: str
) -> None:
    start = served()
    calls: dict[str, Callable[[], Any]] = {
        "scenario": lambda: served(concurrency=bad),
        "but": lambda: start.but(concurrency=bad),
        "sweep": lambda: il.sweep(start, concurrency=[1, bad], want="tpot"),
        "solve": lambda: il.solve("tpot", **dict(start) | {"concurrency": bad}),
    }
    with pytest.raises(error, match=message):
        calls[call]()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: served(concurency=1),
            "a scenario knows no 'concurency'; did you mean 'concurrency'",
        ),
        (lambda: served(model="llama"), "no model 'llama'; did you mean 'llama-"),
        (lambda: served(chip="h100"), "no chip 'h100'; did you mean 'h100-sxm'"),
        (lambda: served(weights="fp9"), "no dtype 'fp9'; did you mean 'fp8'?"),
        (lambda: served(pricing="spot"), "no price is on the basis 'spot'; choose .*on-demand"),
        (lambda: served(model=None), "give 'model' as a name of the catalog, not None"),
        (
            lambda: il.sweep(served(), concurency=[1], want="tpot"),
            "called 'concurency'; did you mean",
        ),
        (lambda: il.sweep(served(), concurrency=[1], want="tpott"), "'tpott', did you mean 'tpot'"),
        (lambda: il.sweep(served(), chip=["h100"], want="tpot"), "no chip 'h100'; did you mean"),
        (
            lambda: il.solve("tpott", **served()),
            "no quantity is called 'tpott', did you mean 'tpot'",
        ),
        (lambda: il.explain("tpott", **served()), "no quantity is called 'tpott', did you mean"),
        (
            lambda: il.solve("tpot", **served(), usrs=1),
            "no quantity is called 'usrs', did you mean",
        ),
        (lambda: il.solve("tpot", **served())["tpott"], "'tpott' was not asked for, did you mean"),
        (lambda: il.solve("tpot", **served(chip="cerebras-wse3")), "give 'chip_flops': Peak"),
        (
            lambda: il.sweep(served(), chip=["h100-sxm", "cerebras-wse3"], want="tpot"),
            "the catalog leaves 'chip_flops' blank for .*cerebras-wse3.*; leave that out",
        ),
    ],
)
def test_an_unknown_or_missing_name_is_told_the_way_out(
    call: Callable[[], Any], message: str
) -> None:
    with pytest.raises(LookupError, match=message):
        call()


def test_an_axis_of_one_number_is_told_the_way_out() -> None:
    with pytest.raises(TypeError, match="concurrency"):
        il.sweep(served(), concurrency=5, want="tpot")


def test_an_axis_of_one_name_is_told_the_way_out() -> None:
    with pytest.raises((TypeError, LookupError), match="h100-sxm"):
        il.sweep(served(), chip="h100-sxm", want="tpot")


def test_a_cache_is_not_kept_in_a_format_of_weights() -> None:
    with pytest.raises(LookupError, match="mxfp4"):
        served(kv="mxfp4")


# Whole numbers do not wrap: 6 N D is beyond 64 bits


TRAINING = {"active_parameters": 70_000_000_000, "training_tokens": 15_000_000_000_000}


def test_whole_numbers_become_floats() -> None:
    assert value("training_flops", TRAINING) == 6.3e24
    start = served("llama-3.1-70b", active_parameters=70_000_000_000)
    frame = il.sweep(start, training_tokens=[15_000_000_000_000], want="training_flops")
    assert frame["training_flops"].to_list() == [6.3e24]
    assert frame.schema["training_tokens"] == frame.schema["training_flops"] == pl.Float64


def test_whole_numbers_of_numpy_become_floats() -> None:
    assert value("training_flops", {name: np.int64(n) for name, n in TRAINING.items()}) == 6.3e24


def test_columns_of_whole_numbers_do_not_wrap() -> None:
    frame = pl.DataFrame({name: [n] for name, n in TRAINING.items()})
    found = il.solve("training_flops", **{name: pl.col(name) for name in TRAINING})
    assert frame.select(found["training_flops"]).item() == 6.3e24
