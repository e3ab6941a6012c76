"""A system that was measured to be slower than calculated is so in every time that it takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_limits import DENSE, served, situations

import inferlib as il
from inferlib.formulas import quantities
from inferlib.presets import engine

TIMES = {one.name for one in quantities.values() if one.unit.startswith("second") and one.formula}
# How long money or a charge lasts is no time that a system takes.
TAKEN = {name for name in TIMES if quantities[name].hue not in ("money", "energy")}


def below(name: str) -> set[str]:
    """All that a quantity is calculated from."""
    needs = quantities[name].needs
    return {*needs}.union(*map(below, needs))


SLOWED = sorted(name for name in TAKEN if "slowdown" in below(name))


def test_no_time_is_made_from_parts_without_the_slowdown() -> None:
    parts = {n for n in below("step_time") | below("lone_prefill_time") if n in TIMES}
    inner = set().union(*map(below, TAKEN))
    built = {name for name in TAKEN - inner if below(name) & parts}
    assert {"shared_step_time", "own_step_time", "round_time", "request_time"} <= built
    assert built <= set(SLOWED)


@given(situations(), st.floats(0, 1e3))
def test_twice_the_slowdown_doubles_every_time(situation: il.Scenario, rate: float) -> None:
    some = situation.but(
        draft_tokens=4, acceptance=0.8, draft_cost=0.05, cached_tokens=500, hit_rate=0.5
    )
    # Time passes half as fast for those who ask, too: the load stays what it is.
    once = il.solve(SLOWED, **some.but(slowdown=1, request_rate=rate))
    twice = il.solve(SLOWED, **some.but(slowdown=2, request_rate=rate / 2))
    for name in SLOWED:
        assert twice[name] == pytest.approx(2 * once[name], rel=1e-9), name


@pytest.mark.parametrize("model", DENSE)
@pytest.mark.parametrize("slowdown", [1, 2])
def test_a_lone_step_is_the_time_of_a_token_without_load(model: str, slowdown: float) -> None:
    alone = served(model, chips=8, request_rate=0, slowdown=slowdown)
    found = il.solve(["step_time", "tpot", "loaded_tpot", "loaded_step_time"], **alone)
    for name in ("tpot", "loaded_tpot", "loaded_step_time"):
        assert found[name] == pytest.approx(found["step_time"], rel=1e-12), name


@pytest.mark.parametrize(
    "name",
    ["vllm 0.19.0", "vLLM 0.19.0", " VLLM v0.19.0", "vllm==0.19.0", "vllm-0.19.0", "vllm/0.19.0"],
)
def test_an_engine_may_be_spelt_in_many_ways(name: str) -> None:
    assert engine(name) == ("vllm", "vllm 0.19.0")


def test_engines_of_many_names_and_versions() -> None:
    assert engine("TensorRT-LLM 1.0") == engine("trt-llm 1.0") == ("trtllm", "trtllm 1.0")
    assert (
        engine("sglang nightly-dev-20260216-d3bae71e")[1] == "sglang nightly-dev-20260216-d3bae71e"
    )
    assert engine("vllm None") == ("vllm", "vllm")
    assert engine("Transformers NeuronX 2.18.0") == engine("") == ("any", "any")


@pytest.mark.parametrize("name", ["", " ", "vllmm", "H100", "any 2"])
def test_an_engine_that_nobody_knows_is_refused(name: str) -> None:
    with pytest.raises(LookupError, match=f"no engine is called {name!r}; (did you|choose vllm)"):
        il.scenario(model="qwen3-8b", chip="l4", engine=name)
    assert il.scenario(model="qwen3-8b", chip="l4", engine="Any")
