"""Ranges, tornados and bands: against closed forms, to the last bit, and without sense."""

import csv
import itertools
import math
import random
import subprocess
import sys
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st

import inferlib as il
from inferlib import catalog
from inferlib.intervals import Uncertainty
from inferlib.points import PAGE, points, triangular
from inferlib.quantity import Quantity
from inferlib.trace import javascript, trace

TRAFFIC = {"prompt_tokens": 2000, "output_tokens": 500, "concurrency": 64}
WANTS = ["cost_per_output_token", "tpot", "ttft", "max_concurrency"]


def served(model: str = "llama-3.1-70b", **named: Any) -> il.Scenario:
    """A situation with links, a price and power."""
    return il.scenario(
        model=model, **{"chip": "h100-sxm", "chips": 4, "weights": "fp8"} | TRAFFIC | named
    )


def tight(**named: Any) -> il.Scenario:
    """A model that fits its chips at some values of `memory_utilization` only."""
    return served("llama-3.1-405b", chips=6, concurrency=1, **named)


def toy(formula: Callable[..., Any]) -> Mapping[str, Quantity]:
    """The quantities with one more."""
    one = il.quantity(unit="token", symbol="T", source="inferlib")(formula)
    return {**il.quantities, one.name: one}


def rows(frame: pl.DataFrame) -> dict[str, dict[str, Any]]:
    """Rows of a tornado by input."""
    return {row["input"]: row for row in frame.iter_rows(named=True)}


def table(name: str) -> list[dict[str, str]]:
    """A table of data, read without inferlib."""
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def below(x: float, low: float, peak: float, high: float) -> float:
    """The share of a triangular distribution below x, as textbooks have it."""
    if x < peak:
        return (x - low) ** 2 / ((high - low) * (peak - low))
    return 1 - (high - x) ** 2 / ((high - low) * (high - peak))


# Ranges


def test_every_assumption_lies_in_its_range_and_says_why() -> None:
    found = il.ranges(served())
    for row in table("assumptions"):
        low, value, high = (float(row[name]) for name in ("low", "value", "high"))
        assert low <= value <= high, row["input"]
        assert (row["input"] in found) == (low < high)
        if low < high:
            assert found[row["input"]][:2] == (low, high)
            assert len(found[row["input"]].reason) > 8
    assert found["utilization"].reason.startswith("a choice of this book")


@pytest.mark.parametrize(("chip", "basis"), [("h100-sxm", "on-demand"), ("mi300x", "owner-cost")])
def test_the_price_ranges_over_the_rows_of_its_chip_and_basis(chip: str, basis: str) -> None:
    today = catalog.AS_OF.isoformat()
    asked = [
        float(row["dollars_per_hour"])
        for row in table("prices")
        if (row["chip"], row["basis"]) == (chip, basis) and row["until"] >= (row["until"] and today)
    ]
    low, high, reason = il.ranges(served(chip=chip, pricing=basis))["chip_price"]
    assert (low * 3600, high * 3600) == pytest.approx((min(asked), max(asked)))
    assert f"{basis} prices, from " in reason
    assert f"at ${max(asked):.2f}/h" in reason


def test_one_price_or_none_is_no_range() -> None:
    assert "chip_price" not in il.ranges(served(chip="l40s"))
    assert "chip_price" not in il.ranges(served(chip="apple-m1-max"))


def test_what_a_scenario_is_given_is_a_decision() -> None:
    found = il.ranges(served(utilization=0.5, chip_price=1e-3))
    assert {"utilization", "chip_price"} & {*found} == set()
    assert "layer_time" in found


# Points and the values that they stand for


def test_points_are_multiples_of_roots() -> None:
    frame = points(["b", "a"], 100, seed=7)
    shift = random.Random(7)
    first, second = shift.random(), shift.random()
    assert frame["a"].to_list() == [(i * math.sqrt(1021) + first) % 1 for i in range(1, 101)]
    assert frame["b"].to_list() == [(i * math.sqrt(853) + second) % 1 for i in range(1, 101)]


def test_the_points_of_the_page_never_move() -> None:
    assert points(["a", "b"], 2).rows() == [
        (0.7975124688659605, 0.9641181359607707),
        (0.7506030862068798, 0.17028186898123465),
    ]
    assert points(["a", "b"], PAGE).equals(points(["a", "b"], 5000).head(PAGE))


SIXTEEN = [f"{n:02}" for n in range(16)]  # inputs with later primes are spread less well


@pytest.mark.parametrize(("count", "most"), [(64, 0.05), (1024, 0.006), (65536, 2e-4)])
def test_points_fill_each_range_evenly(count: int, most: float) -> None:
    # Half of all sets of random numbers are off by more than 0.83 / sqrt(count): 0.1, 0.03, 0.003.
    ranks = pl.int_range(1, count + 1, eager=True)
    for column in points(SIXTEEN, count):
        assert (column.sort() - (ranks - 0.5) / count).abs().max() < most, column.name


@pytest.mark.parametrize(("count", "most"), [(64, 0.27), (1024, 0.08), (65536, 0.01)])
def test_no_two_inputs_go_together(count: int, most: float) -> None:
    # Of 120 pairs of random columns, the worst is near 2.7 / sqrt(count): 0.34, 0.084, 0.0105.
    frame = points(SIXTEEN, count)
    for one, other in itertools.combinations(SIXTEEN, 2):
        assert abs(frame.select(pl.corr(one, other)).item()) < most, (one, other)


def test_the_product_of_two_log_uniform_inputs() -> None:
    # ln of the product is a sum of two uniforms: half of the products lie below 10.
    error = {}
    for count in (64, 1024, 65536):
        frame = points(["a", "b"], count)
        product = (10.0 ** frame["a"] * 10.0 ** frame["b"]).log(10).sort()
        wanted = {0.1: math.sqrt(0.2), 0.5: 1.0, 0.9: 2 - math.sqrt(0.2)}
        error[count] = max(abs(product[int(q * count)] - x) for q, x in wanted.items())
    assert error[64] < 0.1
    assert error[1024] < 0.01
    assert error[65536] < 0.001


@given(st.floats(0, 1, exclude_max=True), st.tuples(*[st.floats(0, 1e6)] * 3).map(sorted))
def test_a_value_is_where_its_share_says(share: float, ends: list[float]) -> None:
    low, peak, high = ends
    if high - low < 1e-6:
        return
    x = triangular(share, low, peak, high)
    assert low <= x <= high
    if low < peak < high and min(peak - low, high - peak) > 1e-3 * high:
        assert below(x, low, peak, high) == pytest.approx(share, abs=1e-9)


def test_a_value_is_the_same_to_the_bit_in_polars_and_in_python() -> None:
    shares = points(["a"], 1000)["a"]
    columns = shares.to_frame().select(x=triangular(pl.col("a"), 5e-6, 5.7e-5, 6.6e-5))["x"]
    assert columns.to_list() == [triangular(u, 5e-6, 5.7e-5, 6.6e-5) for u in shares]


def test_the_page_can_draw_by_the_same_formula() -> None:
    needs = ("share", "low", "peak", "high")
    written = javascript(trace(Quantity("x", "1", "", "", "", triangular, needs)))
    assert written.count("Math.sqrt") == 2


# The tornado


def test_cost_is_proportional_to_price_and_to_busy_time() -> None:
    found = rows(il.sensitivity("cost_per_output_token", served()))
    price, busy = found["chip_price"], found["utilization"]
    assert price["at_high"] / price["at_low"] == pytest.approx(price["high"] / price["low"], 1e-12)
    assert busy["at_low"] / busy["at_high"] == pytest.approx(busy["high"] / busy["low"], 1e-12)
    own = il.solve("cost_per_output_token", **served())["cost_per_output_token"]
    assert price["at_low"] == own == busy["at_high"]


@pytest.mark.parametrize("want", WANTS)
def test_a_tornado_is_what_solve_gives_at_the_ends(want: str) -> None:
    start = served()
    frame = il.sensitivity(want, start)
    assert frame["swing"].to_list() == sorted(frame["swing"], reverse=True)
    own = il.solve(want, **start)[want]
    for name, row in rows(frame).items():
        ends = [il.solve(want, **start.but(**{name: row[end]}))[want] for end in ("low", "high")]
        assert [row["at_low"], row["at_high"]] == ends
        assert row["swing"] == max(*ends, own) - min(*ends, own)
        assert row["reason"]
        assert row["why"] == ""


def test_a_hump_between_the_ends_is_a_swing() -> None:
    def hump(output_tokens):
        """A hump."""
        return 1e6 - (output_tokens - 500) * (output_tokens - 500)

    found = il.sensitivity("hump", served(), quantities=toy(hump), output_tokens=(400, 600))
    assert found.select("at_low", "at_high", "swing").row(0) == (990000, 990000, 10000)


def test_an_end_that_is_not_feasible_is_said() -> None:
    found = rows(il.sensitivity("tpot", tight()))
    edge = found["memory_utilization"]
    assert edge["at_low"] is None
    assert edge["at_high"] > 0
    assert edge["why"].startswith("at 85\u202f%: 410\u202fGB of weights and")
    assert found["layer_time"]["why"] == ""


def test_a_scenario_that_is_not_feasible_has_no_swing() -> None:
    frame = il.sensitivity("tpot", served("llama-3.1-405b", chips=1))
    assert frame["swing"].null_count() == frame.height > 0
    assert all("do not fit" in why for why in frame["why"])


def test_what_is_feasible_at_one_end_alone_has_no_swing() -> None:
    start = served("llama-3.1-70b", chips=1, weights="bf16", concurrency=1)
    frame = il.sensitivity("tpot", start, bytes_per_weight=(0.5, 2))
    assert frame["swing"].null_count() == frame.height
    half = rows(frame)["bytes_per_weight"]
    assert half["at_low"] == il.solve("tpot", **start.but(bytes_per_weight=0.5))["tpot"]
    assert half["at_high"] is None
    assert half["why"].startswith("at 2\u202fB: 141\u202fGB of weights")


def test_a_tornado_without_ranges_has_columns_and_no_rows() -> None:
    frame = il.sensitivity("weight_bytes", served())
    assert frame.columns == il.sensitivity("tpot", served()).columns
    assert frame.schema["swing"] == pl.Float64
    assert frame.height == 0


# The band, against closed forms


def test_one_input_has_the_quantiles_of_its_distribution() -> None:
    low, peak, high = 100, 500, 1500
    own = {"output_tokens": (low, high)}

    def twice(output_tokens):
        """Twice the tokens."""
        return 2 * output_tokens

    found = il.uncertainty("twice", served(), samples=10_000, quantities=toy(twice), **own)
    for share, x in ((0.1, found.low), (0.5, found.median), (0.9, found.high)):
        assert x is not None
        assert below(x / 2, low, peak, high) == pytest.approx(share, abs=3e-4)
    assert [one.input for one in found.importance] == ["output_tokens"]
    assert found.importance[0].correlation == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(("samples", "error"), [(64, 0.03), (1000, 0.006), (100_000, 5e-4)])
def test_a_sum_of_two_has_the_quantiles_of_a_sum_of_four_uniforms(
    samples: int, error: float
) -> None:
    def total(prompt_tokens, output_tokens):
        """All tokens."""
        return prompt_tokens + output_tokens

    # A symmetric triangle is a sum of two uniforms: 300 wide here, so the total is one of four.
    own = {"prompt_tokens": (1700, 2300), "output_tokens": (200, 800)}
    found = il.uncertainty("total", served(), samples=samples, quantities=toy(total), **own)
    for share, x in ((0.1, found.low), (0.5, found.median), (0.9, found.high)):
        assert x is not None
        z = (x - 1900) / 300
        terms = [(-1) ** k * math.comb(4, k) * max(z - k, 0) ** 4 for k in range(5)]
        assert sum(terms) / 24 == pytest.approx(share, abs=error)
    assert [one.share for one in found.importance] == pytest.approx([0.5, 0.5], abs=10 * error)


def test_the_band_of_a_price_is_its_own() -> None:
    start = served()
    low, high, _ = il.ranges(start)["chip_price"]
    none = dict.fromkeys(il.ranges(start)) | {"chip_price": (low, high)}
    found = il.uncertainty("cost_per_output_token", start, samples=10_000, level=0.5, **none)
    assert found.value is not None
    for share, cost in ((0.25, found.low), (0.75, found.high)):
        # From the lowest price, the density falls in a straight line.
        price = high - (high - low) * math.sqrt(1 - share)
        assert cost == pytest.approx(found.value * price / start["chip_price"], rel=1e-3)


def test_the_share_that_fits_is_that_of_the_distribution() -> None:
    start = tight()
    found = il.solve(["weight_bytes", "cache_bytes"], **start)
    needed = (found["weight_bytes"] + found["cache_bytes"]) / (6 * start["chip_memory"])
    share = 1 - below(needed, 0.85, start["memory_utilization"], 0.92)
    band = il.uncertainty("tpot", start, samples=20_000)
    assert 0.9 < share < 1
    assert band.feasible == pytest.approx(share, abs=1e-3)
    assert "of the draws: 410\u202fGB of weights" in band.why
    assert band.why.startswith("feasible in 9")


@pytest.mark.parametrize("want", WANTS)
def test_the_draws_of_the_page_are_near_those_of_many(want: str) -> None:
    few, many = (il.uncertainty(want, served(), samples=n) for n in (PAGE, 100_000))
    spread = many.draws()[want].std()
    assert isinstance(spread, float)
    for end in ("low", "median", "high"):
        assert abs(getattr(few, end) - getattr(many, end)) < 0.2 * spread, end


@pytest.mark.parametrize("want", WANTS)
def test_the_band_is_that_of_plain_random_numbers(want: str) -> None:
    start, count, dice = served(), 20_000, random.Random(1)
    found = il.uncertainty(want, start, samples=50_000)
    ranges = {one.input: il.ranges(start)[one.input] for one in found.importance}
    drawn = {
        name: [dice.triangular(low, high, start[name]) for _ in range(count)]
        for name, (low, high, _) in ranges.items()
    }
    solved = il.solve(want, **dict(start) | {name: pl.col(name) for name in drawn})[want]
    answers = pl.DataFrame(drawn).select(solved.alias("x"))["x"].sort()
    for share, x in ((0.1, found.low), (0.5, found.median), (0.9, found.high)):
        assert x is not None
        # Four standard errors of the share below a quantile.
        assert (answers < x).mean() - 4 * 0.5 / count**0.5 < share
        assert (answers <= x).mean() + 4 * 0.5 / count**0.5 > share


# The band: what it promises


def test_a_draw_is_what_solve_gives() -> None:
    start = tight()
    frame = il.uncertainty("tpot", start, samples=200).draws()
    assert frame.height == 200
    assert 0 < frame["feasible"].sum() < 200
    for row in frame.iter_rows(named=True):
        inputs = {name: row[name] for name in frame.columns if name not in ("tpot", "feasible")}
        one = il.solve("tpot", **start.but(**inputs))
        assert one["tpot"] == pytest.approx(row["tpot"], rel=1e-12)
        assert one.feasible == row["feasible"]


def test_the_page_has_the_band_of_python() -> None:
    start = served()
    assert il.uncertainty("tpot", start) == il.uncertainty("tpot", start, samples=64, seed=0)
    many = il.uncertainty("tpot", start, samples=1000).draws()
    assert il.uncertainty("tpot", start).draws().equals(many.head(64))


def test_another_seed_is_another_set_and_the_same_band() -> None:
    one, two = (il.uncertainty("tpot", served(), samples=20_000, seed=n) for n in (1, 2))
    assert one != two
    assert one.low == pytest.approx(two.low, rel=2e-3)
    assert one.high == pytest.approx(two.high, rel=2e-3)


PRINT = """
import inferlib as il
s = il.scenario(model="llama-3.1-70b", chip="h100-sxm", chips=4, weights="fp8",
                prompt_tokens=2000, output_tokens=500, concurrency=64)
one = il.uncertainty("tpot", s, samples=50_000, seed=3)
print([x.hex() for x in (one.low, one.median, one.high)])
print([(w.input, w.correlation.hex()) for w in one.importance])
print([x.hex() for x in one.draws().row(49_999)[:-1]])
"""


def test_the_numbers_are_the_same_to_the_bit_on_one_core_and_on_two() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", PRINT],
            cwd=ROOT,
            env={"POLARS_MAX_THREADS": threads, "PYTHONHASHSEED": threads},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(said) == 1
    assert said.pop().count("0x1.") > 10


def test_the_order_of_ranges_does_not_matter() -> None:
    ab = {"prompt_tokens": (1000, 3000), "output_tokens": (400, 600)}
    ba = dict(reversed(ab.items()))
    assert il.uncertainty("tpot", served(), **ab) == il.uncertainty("tpot", served(), **ba)


def test_importance_ranks_as_the_tornado_does_where_it_is_clear() -> None:
    everything = il.ranges(served())
    found = il.uncertainty("cost_per_output_token", served(), samples=4096, **everything)
    assert [one.input for one in found.importance[:2]] == ["utilization", "chip_price"]
    assert found.importance[0].correlation < -0.5 < 0.5 < found.importance[1].correlation
    assert sum(one.share for one in found.importance) == pytest.approx(1)
    idle = next(one for one in found.importance if one.input == "memory_utilization")
    assert idle.share < 1e-3


def test_a_value_at_an_end_of_its_range_is_held_until_asked_for() -> None:
    start = served()
    found = il.uncertainty("cost_per_output_token", start)
    assert {"chip_price", "utilization"} <= {*found.held}
    assert "held at the end of their range: " in repr(found)
    assert found.low <= found.value <= found.high
    asked = il.uncertainty("cost_per_output_token", start, utilization=(0.1, 1))
    assert "utilization" not in asked.held
    assert asked.low > found.low
    every = il.uncertainty("cost_per_output_token", start, **il.ranges(start))
    assert every.held == ()


def test_a_wider_level_is_a_wider_band() -> None:
    narrow, wide = (il.uncertainty("tpot", served(), level=x) for x in (0.5, 0.9))
    assert wide.low < narrow.low < narrow.median == wide.median < narrow.high < wide.high


def test_what_could_be_calculated_may_have_a_range() -> None:
    step = il.solve("step_time", **served())["step_time"]
    found = il.uncertainty("tpot", served(), step_time=(step / 2, step * 2))
    assert "step_time" in [one.input for one in found.importance]
    assert (
        "memory_efficiency" not in il.sensitivity("step_time", served(), step_time=(0, 1))["input"]
    )


def test_the_band_in_words() -> None:
    said = repr(il.uncertainty("max_concurrency", served(), samples=4096))
    assert said == "max_concurrency = 259, 80\u202f% between 250 and 266"


# Where it makes no sense


@pytest.mark.parametrize("own", [{}, {"prompt_tokens": (2000, 2000)}, {"layer_time": (1e-6, 1e-4)}])
def test_what_rests_on_no_range_has_no_width(own: dict[str, Any]) -> None:
    found = il.uncertainty("weight_bytes", served(), **own)
    assert found.low == found.median == found.high == found.value > 0
    assert (found.importance, found.feasible) == ((), 1)
    assert found.why == (
        "nothing that 'weight_bytes' rests on is drawn; give a range: name=(low, high)"
    )
    assert found.why in repr(found)


def test_none_takes_a_range_away() -> None:
    found = il.uncertainty("max_concurrency", served(), memory_utilization=None)
    assert (found.low, found.high) == (found.value, found.value)
    assert il.sensitivity("max_concurrency", served(), memory_utilization=None).height == 0
    assert il.uncertainty("tpot", served(), step_time=None) == il.uncertainty("tpot", served())


def test_an_infeasible_scenario_has_no_band() -> None:
    found = il.uncertainty("tpot", served("llama-3.1-405b", chips=1))
    assert (found.value, found.low, found.median, found.high) == (None, None, None, None)
    assert found.feasible == 0
    assert "do not fit" in found.why
    assert repr(found).startswith("tpot is not feasible\n")
    certain = dict.fromkeys(il.ranges(served()))
    assert "do not fit" in il.uncertainty("tpot", served("llama-3.1-405b", chips=1), **certain).why


def test_a_condition_that_is_given_is_not_asked_as_in_solve() -> None:
    start = served("llama-3.1-405b", chips=1, fits=0)
    assert il.solve("tpot", **start).feasible
    assert il.uncertainty("tpot", start).feasible == 1


def test_an_infeasible_scenario_with_feasible_draws_has_a_band_and_no_value() -> None:
    start = served("llama-3.1-70b", chips=1, weights="fp8", concurrency=1)
    found: Uncertainty = il.uncertainty("tpot", start, bytes_per_weight=(0.5, 1.1), samples=500)
    assert found.value is None
    assert 0 < found.feasible < 1
    assert 0 < found.low < found.median < found.high
    assert "do not fit" in found.why


@pytest.mark.parametrize("call", [il.sensitivity, il.uncertainty])
@pytest.mark.parametrize(
    ("want", "own", "error", "message"),
    [
        ("tpott", {}, LookupError, "no quantity is called 'tpott', did you mean 'tpot'"),
        ("tpot", {"utilisation": (0, 1)}, LookupError, "called 'utilisation', did you mean 'util"),
        ("tpot", {"utilisation": None}, LookupError, "called 'utilisation', did you mean 'util"),
        ("tpot", {"chip": ("h100-sxm", "l4")}, LookupError, "no quantity is called 'chip'"),
        ("tpot", {"layer_time": (6e-5, 5e-5)}, ValueError, "from 6e-05 down to 5e-05; turn it"),
        ("tpot", {"layer_time": (math.nan, 1e-4)}, ValueError, "'layer_time' is nan; give Fixed"),
        ("tpot", {"layer_time": (0, math.inf)}, ValueError, "'layer_time' is inf; give Fixed"),
        ("tpot", {"layer_time": (-1, 1e-4)}, ValueError, "'layer_time' is -1; give Fixed .* 0 to"),
        ("tpot", {"memory_efficiency": (0.5, 2)}, ValueError, "'memory_efficiency' is 2; give"),
        ("tpot", {"layer_time": (1e-6, 2e-6)}, ValueError, "'layer_time' is 3.42e-05 in the scen"),
        ("tpot", {"layer_time": 1e-5}, TypeError, "the range of 'layer_time' is 1e-05; give"),
        ("tpot", {"layer_time": (1e-5,)}, TypeError, r"give \(low, high\), in second"),
        ("tpot", {"layer_time": (0, 1e-4, 3)}, TypeError, r"give \(low, high\), in second"),
        ("tpot", {"layer_time": "ab"}, TypeError, "the range of 'layer_time' is 'ab'; give"),
        ("tpot", {"layer_time": (None, 1e-4)}, TypeError, "'layer_time' is None; give a number"),
        ("tpot", {"layer_time": (True, 1e-4)}, TypeError, "'layer_time' is True; give a number"),
        ("tpot", {"layer_time": (pl.col("a"), 1)}, TypeError, r"give \(low, high\), in second"),
    ],
)  # fmt: skip
def test_a_range_that_makes_no_sense_is_refused(
    call: Callable[..., Any], want: str, own: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        call(want, served(), **own)


@pytest.mark.parametrize("call", [il.sensitivity, il.uncertainty])
def test_a_missing_input_is_asked_for(call: Callable[..., Any]) -> None:
    start = served(chip="apple-m1-max", chips=1)
    with pytest.raises(LookupError, match="give 'chip_price': Price of a chip"):
        call("cost_per_output_token", start)
    with pytest.raises(LookupError, match="give 'chip_price': Price of a chip"):
        call("cost_per_output_token", start, chip_price=(1e-4, 1e-3))
    with pytest.raises(TypeError, match=r"give a scenario, as .* makes it, not a dict"):
        call("tpot", dict(served()))


@pytest.mark.parametrize(
    ("setting", "error", "message"),
    [
        ({"samples": 0}, ValueError, "samples is 0; give 1 or more"),
        ({"samples": 1e6}, TypeError, "samples is 1000000.0; give a whole number"),
        ({"samples": True}, TypeError, "samples is True; give a whole number"),
        ({"seed": -1}, ValueError, "seed is -1; give 0 or more"),
        ({"seed": None}, TypeError, "seed is None; give a whole number"),
        ({"level": 0.0}, ValueError, r"level is 0.0; give a share between 0 and 1"),
        ({"level": 80}, ValueError, r"level is 80; give a share between 0 and 1"),
        ({"level": math.nan}, ValueError, r"level is nan; give a share between 0 and 1"),
        ({"level": "80 %"}, ValueError, r"level is '80 %'; give a share between 0 and 1"),
    ],
)
def test_settings_that_make_no_sense_are_refused(
    setting: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        il.uncertainty("tpot", served(), **setting)


def test_more_inputs_than_primes_are_refused() -> None:
    with pytest.raises(
        ValueError, match=r"33 inputs are to be drawn, and 32 can be; .*input 0=None"
    ):
        points([f"input {n}" for n in range(33)])


def test_one_draw_is_a_band_of_no_width() -> None:
    found = il.uncertainty("tpot", served(), samples=1)
    assert found.low == found.median == found.high == found.draws()["tpot"][0]
    assert all(one.correlation == 0 for one in found.importance)


def test_no_quantity_is_called_like_a_setting() -> None:
    assert {"samples", "seed", "level", "quantities", "feasible"} & {*il.quantities} == set()
