"""The faults that other calculators have had; each test fails if the fault is made here.

What is right is worked out from published shapes, by arithmetic that stands here; no formula of the
package takes part in it.
"""

import os
import subprocess
import sys
from typing import Any

import pytest
from conftest import ROOT
from polars import col

import inferlib as il
from inferlib import catalog
from inferlib.formulas import quantities

# Layers, width, query heads, KV heads, head size, feed-forward width, vocabulary, norms a layer in
# values, matrices of a feed-forward network: configurations of the releases.
DENSE = {
    "llama-3.1-8b": (32, 4096, 32, 8, 128, 14336, 128256, 2 * 4096, 3),
    "llama-3.1-70b": (80, 8192, 64, 8, 128, 28672, 128256, 2 * 8192, 3),
    "llama-3.1-405b": (126, 16384, 128, 8, 128, 53248, 128256, 2 * 16384, 3),
    "qwen3-8b": (36, 4096, 32, 8, 128, 12288, 151936, 2 * 4096 + 2 * 128, 3),
}
# The same, with experts of that width, how many of them, and how many a token uses.
MIXTURES = {
    "mixtral-8x7b": (32, 4096, 32, 8, 128, 14336, 32000, 2 * 4096, 8, 2),
    "qwen3-235b-a22b": (94, 4096, 64, 4, 128, 1536, 151936, 2 * 4096 + 2 * 128, 128, 8),
}
P, OUT, B = 1000, 500, 4  # prompt, output, batch
IDEAL = {"compute_efficiency": 1, "memory_efficiency": 1, "link_efficiency": 1, "slowdown": 1}
FLOPS, BANDWIDTH, LINK = 989e12, 3.35e12, 450e9  # an H100 SXM, dense and one way


def served(model: str, **named: Any) -> il.Scenario:
    """A model on one ideal H100, complete down to power and price."""
    situation = {"prompt_tokens": P, "output_tokens": OUT, "concurrency": B, "request_rate": 0}
    paid = {"chip_price": 1e-3, "chip_power": 700, "energy_excess": 1, "utilization": 1}
    free = {"layer_time": 0, "expert_layer_time": 0}
    every = situation | paid | free | IDEAL | named
    return il.scenario(model=model, chip="h100-sxm", **every)


def attention(layers: int, d: int, heads: int, kv_heads: int, head: int) -> int:
    """Attention weights: queries and output, keys and values."""
    return layers * (2 * d * heads * head + 2 * d * kv_heads * head)


def mixture(model: str, experts: float) -> float:
    """Parameters of a mixture, both tables included, with so many experts in each layer."""
    layers, d, heads, kv_heads, head, width, words, norms, every, _ = MIXTURES[model]
    rest = attention(layers, d, heads, kv_heads, head) + layers * (norms + d * every) + d
    return rest + 2 * words * d + layers * experts * 3 * d * width


def met(every: float, used: float, tokens: int) -> float:
    """Experts that tokens meet: each finds `used` of them, the share that is still new counts."""
    seen = 0.0
    for _ in range(tokens):
        seen += used * (1 - seen / every)
    return seen


# 1. Heads in groups


@pytest.mark.parametrize("model", [*DENSE, *MIXTURES])
def test_grouped_heads_keep_few_keys_on_every_path(model: str) -> None:
    layers, _, _, kv_heads, head, *_ = (DENSE | MIXTURES)[model]
    token = 2 * layers * kv_heads * head * 2
    mean, full = token * (P + OUT / 2), token * (P + OUT)
    right = {
        "kv_bytes_per_token": token,
        "kv_bytes_per_sequence": mean,
        "kv_bytes_read": B * mean,
        "kv_time": B * mean / BANDWIDTH,
        "memory_step_slope": mean / BANDWIDTH,
        "full_kv_bytes_per_sequence": full,
        "cache_bytes": B * full,
        "stored_bytes": P * token,
    }
    found = il.solve(right, **served(model, cached_tokens=P, hit_rate=1))
    assert {name: found[name] for name in right} == pytest.approx(right, rel=1e-12)


# 2. The third matrix of a gated network


@pytest.mark.parametrize("model", DENSE)
def test_a_gated_network_has_three_matrices(model: str) -> None:
    layers, d, heads, kv_heads, head, width, words, norms, matrices = DENSE[model]
    blocks = attention(layers, d, heads, kv_heads, head) + layers * matrices * d * width
    every = blocks + layers * norms + d + 2 * words * d
    pairs = 2 * 2 * heads * head * layers * P**2 / 2
    small = layers * norms + d  # norms, a multiply each
    right = {
        "parameters": every,
        "weight_bytes": 2 * every,
        "matmul_flops_per_token": 2 * (every - words * d),
        "prefill_flops": 2 * (blocks + small) * P + 2 * words * d + pairs,
    }
    found = il.solve(right, **served(model))
    assert {name: found[name] for name in right} == pytest.approx(right, rel=1e-12)


# 3. Active parameters, in prefill and in decode


@pytest.mark.parametrize("model", MIXTURES)
def test_a_token_of_a_mixture_works_with_its_own_experts_alone(model: str) -> None:
    layers, d, heads, _, head, _, words, *_, every, used = MIXTURES[model]
    active, table = mixture(model, used), words * d
    pairs = 2 * 2 * heads * head * layers * P**2 / 2
    token = 2 * (active - table)
    earlier = 2 * 2 * heads * head * layers * (P + OUT / 2)
    right = {
        "active_parameters": active,
        "matmul_flops_per_token": token,
        "decode_flops": token + earlier,
        "compute_time": (token + earlier) / FLOPS,
        "compute_step_slope": (token + earlier) / FLOPS,
        "weight_bytes_read": 2 * (active - table),
        "weight_time": 2 * (active - table) / BANDWIDTH,
        "prefill_flops": 2 * (active - 2 * table) * P + 2 * table + pairs,
        "training_flops": 6 * active * 1e12,
    }
    found = il.solve(right, **served(model, concurrency=1, training_tokens=1e12))
    assert {name: found[name] for name in right} == pytest.approx(right, rel=1e-12)
    assert mixture(model, every) > 3 * active, "the fault would show"


# 4. As many experts as a batch meets


@pytest.mark.parametrize("batch", [1, 2, 4, 16, 64, 1000])
@pytest.mark.parametrize("model", MIXTURES)
def test_a_batch_reads_the_experts_that_it_meets(model: str, batch: int) -> None:
    *_, words, _, every, used = MIXTURES[model]
    d = MIXTURES[model][1]
    seen = met(every, used, batch)
    drafted = met(every, used, 4 * batch)
    right = {
        "expert_coverage": seen / every,
        "weight_bytes_read": 2 * (mixture(model, seen) - words * d),
        "weight_time": 2 * (mixture(model, seen) - words * d) / BANDWIDTH,
        "verification_coverage": drafted / every,
    }
    found = il.solve(right, **served(model, concurrency=batch, draft_tokens=3))
    assert {name: found[name] for name in right} == pytest.approx(right, rel=1e-9)


# 5. Arithmetic binds at a large batch


@pytest.mark.parametrize("model", DENSE)
def test_a_large_batch_is_bound_by_arithmetic(model: str) -> None:
    layers, d, heads, kv_heads, head, width, words, norms, _ = DENSE[model]
    blocks = attention(layers, d, heads, kv_heads, head) + layers * 3 * d * width
    weights = blocks + layers * norms + d + words * d  # without the input table
    pairs, cache = 4 * layers * heads * head * 1.5, 4 * layers * kv_heads * head * 1.5
    for batch in (1, 100, 300, 1000, 4096):
        memory = (2 * weights + batch * cache) / BANDWIDTH
        compute = batch * (2 * weights + pairs) / FLOPS
        one = served(model, prompt_tokens=1, output_tokens=1, concurrency=batch)
        found = il.solve(["roofline_time", "step_time"], **one)
        assert found["roofline_time"] == pytest.approx(max(memory, compute), rel=1e-12)
        assert found["step_time"] == pytest.approx(max(memory, compute), rel=1e-12)
        assert (compute > memory) == (batch >= 300), "the ridge is 295"


# 6. The cache is read at every step


@pytest.mark.parametrize("model", [*DENSE, *MIXTURES])
@pytest.mark.parametrize("name", ["step_time", "memory_lone_step", "verification_time"])
def test_a_longer_context_takes_longer_to_read(model: str, name: str) -> None:
    layers, _, _, kv_heads, head, *_ = (DENSE | MIXTURES)[model]
    one = served(model, concurrency=1, draft_tokens=1)
    more = il.solve(name, **one.but(prompt_tokens=9000))[name] - il.solve(name, **one)[name]
    assert more == pytest.approx(8000 * 2 * layers * kv_heads * head * 2 / BANDWIDTH, rel=1e-6)


# 7. Communication is counted once


@pytest.mark.parametrize("model", ["llama-3.1-70b", "llama-3.1-405b", "mixtral-8x7b"])
@pytest.mark.parametrize("chips", [2, 8])
def test_communication_is_counted_once(model: str, chips: int) -> None:
    layers, d, *_ = (DENSE | MIXTURES)[model]
    wait = 9e-6
    linked = served(model, chips=chips, weights="int4", all_reduce_latency=wait, concurrency=1)
    here = il.solve(["step_time", "prefill_time", "memory_lone_step"], **linked)
    free = il.solve(list(here), **linked.but(all_reduce_latency=0, link_bandwidth=1e15))
    around = 2 * (chips - 1) / chips * d * 2 * (1 / LINK - 1e-15)  # a token, and less what is left
    right = {
        "step_time": 2 * layers * (wait + around),
        "memory_lone_step": 2 * layers * (wait + around),
        "prefill_time": 2 * layers * (wait + P * around),
    }
    for name, time in right.items():
        assert here[name] - free[name] == pytest.approx(time, rel=1e-6), name


# 8. Dense rates, decimal bytes, links one way


def test_an_h100_has_dense_rates_decimal_bytes_and_links_one_way() -> None:
    h100 = catalog.chip("h100-sxm")
    assert h100["bf16_flops"] == pytest.approx(1979e12 / 2, rel=1e-3), "half of the sparse rate"
    assert h100["fp8_flops"] == pytest.approx(3958e12 / 2, rel=1e-3), "half of the sparse rate"
    assert h100["memory_bandwidth"] == 3.35e12, "not 3,072 GB/s"
    assert h100["chip_memory"] == 80e9, "not 80 GiB"
    assert h100["link_bandwidth"] == 900e9 / 2, "half of both ways"


def test_eight_bits_are_twice_as_fast_as_sixteen() -> None:
    both = catalog.chips().filter(
        col("vendor").is_in(["NVIDIA", "AMD"]),
        col("bf16_flops").is_not_null(),
        col("fp8_flops").is_not_null(),
    )
    assert both.height >= 15
    ratios = both.select("chip", ratio=col("fp8_flops") / col("bf16_flops"))
    assert ratios.filter((col("ratio") - 2).abs() > 0.03).to_dicts() == []


# Bytes a second that a generation carries one way, by what the notes of a chip call it.
GENERATIONS = {
    "NVLink 3": 12 * 25e9,
    "NVLink 4": 18 * 25e9,
    "NVLink 5": 18 * 50e9,
    "PCIe 4 x16": 32e9,
    "PCIe 5 x16": 64e9,
    "7 x 64 GB/s": 7 * 64e9,
    "7 x 76.8 GB/s": 7 * 76.8e9,
}


def test_links_carry_what_their_generation_does_one_way() -> None:
    seen = dict.fromkeys(GENERATIONS, 0)
    for chip in catalog.chips().iter_rows(named=True):
        for name, one_way in GENERATIONS.items():
            if f"link: {name}" in (chip["notes"] or ""):
                seen[name] += 1
                assert chip["link_bandwidth"] == pytest.approx(one_way, rel=1e-9), chip["chip"]
    assert min(seen.values()) >= 1


def test_a_gigabyte_over_a_gigabyte_a_second_takes_a_second() -> None:
    reading = {"weight_bytes_read": 1e9, "memory_bandwidth": 1e9, "memory_efficiency": 1}
    assert il.solve("weight_time", chips=1, **reading)["weight_time"] == 1
    sent = {"message_bytes": 1e9, "link_bandwidth": 1e9, "hop_latency": 0}
    assert il.solve("all_gather_time", chips=2, **sent)["all_gather_time"] == 0.5
    assert il.show(80e9, "byte") == "80\u202fGB"


# 9. Throughput is in tokens


@pytest.mark.parametrize("prompt", [100, 2000, 100_000])
def test_throughput_of_prefill_is_in_tokens(prompt: int) -> None:
    found = il.solve("prefill_throughput", prompt_tokens=prompt, prefill_time=0.1)
    assert found["prefill_throughput"] == pytest.approx(10 * prompt), "10 would be requests"


def test_throughput_is_tokens_a_second_everywhere() -> None:
    rates = {one.name: one.unit for one in quantities.values() if "throughput" in one.name}
    assert len(rates) >= 5
    odd = [name for name, unit in rates.items() if not unit.startswith("token/second")]
    assert odd == []


# 10. Tiers are thresholds, and cached tokens are part of the prompt


@pytest.mark.parametrize(
    ("provider", "model", "tokens", "millionths"),
    [  # per million: input, read from a cache, output; above 200,000 prompt tokens
        ("google", "gemini-2.5-pro", (200_000, 0, 1000), 200_000 * 1.25 + 1000 * 10),
        ("google", "gemini-2.5-pro", (200_001, 0, 1000), 200_001 * 2.5 + 1000 * 15),
        (
            "google",
            "gemini-2.5-pro",
            (300_000, 250_000, 1000),
            50_000 * 2.5 + 250_000 * 0.25 + 1000 * 15,
        ),
        ("openai", "gpt-5", (10_000, 9_000, 0), 1000 * 1.25 + 9000 * 0.125),
        ("anthropic", "claude-sonnet-4-5", (250_000, 250_000, 0), 250_000 * 0.6),
    ],
)
def test_a_list_price_charges_each_token_once_at_the_tier_of_its_request(
    provider: str, model: str, tokens: tuple[int, int, int], millionths: float
) -> None:
    asked = dict(zip(("prompt_tokens", "cached_tokens", "output_tokens"), tokens, strict=True))
    found = catalog.list_price(provider, model, **asked)
    assert found == pytest.approx(millionths / 1e6, rel=1e-12)


# 11. Importing and solving are quick and silent

FRESH = """
import logging, sys, time
spoken = []
logging.lastResort = None
logging.root.setLevel(0)
handler = logging.Handler()
handler.emit = lambda record: spoken.append(record.getMessage())
logging.root.addHandler(handler)
before, start = set(sys.modules), time.process_time()
import inferlib as il
il.solve("usable_memory", chips=1, chip_memory=8e10, memory_utilization=0.9)
spent = time.process_time() - start
loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
assert loaded - sys.stdlib_module_names == {"inferlib"}, loaded
assert spent < 2, f"{spent} s of computing"
traffic = dict(prompt_tokens=1000, output_tokens=500, concurrency=4)
il.solve("tpot", **il.scenario(model="llama-3.1-8b", chip="h100-sxm", **traffic))
assert not spoken, spoken
"""


def test_importing_and_solving_are_quick_and_silent() -> None:
    command = [sys.executable, "-W", "error", "-c", FRESH]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# 12. Reading the prompt takes energy


@pytest.mark.parametrize("model", DENSE)
def test_energy_of_a_request_has_that_of_its_prompt(model: str) -> None:
    layers, d, heads, kv_heads, head, width, words, norms, _ = DENSE[model]
    blocks = attention(layers, d, heads, kv_heads, head) + layers * (3 * d * width + norms) + d
    prompt = 20_000
    work = 2 * blocks * prompt + 2 * words * d + 2 * heads * head * layers * prompt**2
    bare = {"host_power_share": 0, "pue": 1, "idle_power_share": 0}
    one = served(model, prompt_tokens=prompt, prefill_activity=1, decode_chip_power=0, **bare)
    reading = 700 * work / FLOPS
    names = ["energy_per_request", "system_energy_per_request", "facility_energy_per_request"]
    found = il.solve([*names, "energy_per_input_token", "carbon_per_request"], **one)
    for name in names:
        assert found[name] == pytest.approx(reading, rel=1e-9), name
    assert found["energy_per_input_token"] == pytest.approx(reading / prompt, rel=1e-9)
    assert found["carbon_per_request"] >= reading * one["carbon_intensity"]
