"""Promises of every quantity: it can be read, its unit holds, and all runtimes agree on it."""

import ast
import inspect
import math
import re
import textwrap
from contextlib import suppress
from types import ModuleType

import numpy as np
import pint
import polars as pl
import pytest
from conftest import ROOT, situations
from hypothesis import given, settings

import inferlib as il
from inferlib import ops
from inferlib.explorable.controls import slider
from inferlib.formulas import quantities
from inferlib.quantity import gather
from inferlib.show import STEPS
from inferlib.trace import latex, module, trace

FORMULAS = [one for one in quantities.values() if one.formula]
INPUTS = [one for one in quantities.values() if not one.formula]
# Names that mean something else in a Vega expression.
VEGA = {"datum", "event", "item", "parent", "width", "height", "padding", "autosize", "background"}
VEGA |= {"E", "PI", "LN2", "LN10", "LOG2E", "LOG10E", "SQRT2", "SQRT1_2", "NaN"}


def names(group: list[il.Quantity]) -> list[str]:
    return [one.name for one in group]


@pytest.mark.parametrize("one", quantities.values(), ids=quantities)
def test_has_label_unit_symbol_and_a_source_in_the_references(one: il.Quantity) -> None:
    keys = re.findall(r"^@\w+\{(\w+),", (ROOT / "book/references.bib").read_text(), re.MULTILINE)
    assert one.label
    assert not one.label.endswith(".")
    assert one.symbol
    assert one.unit in STEPS, f"show cannot print {one.unit}"
    assert one.source in keys
    assert one.name not in VEGA


def test_symbols_are_not_shared() -> None:
    symbols = [one.symbol for one in quantities.values()]
    assert len(set(symbols)) == len(symbols), {s for s in symbols if symbols.count(s) > 1}


@pytest.mark.parametrize("one", FORMULAS, ids=names(FORMULAS))
def test_traces_to_latex_and_javascript(one: il.Quantity) -> None:
    tree = trace(one)
    assert tree.op
    assert latex(one, quantities)
    used = set(re.findall(r"q\.(\w+)", module({one.name: one})))
    assert used == set(one.needs), "each parameter is used, and nothing else"


@pytest.mark.parametrize(
    ("number", "written"),
    [(1e-6, "10^{-6}"), (2.5e-9, r"2.5 \cdot 10^{-9}"), (1e7, "10^{7}"), (0.5, "0.5"), (6, "6")],
)
def test_a_number_is_written_for_people(number: float, written: str) -> None:
    assert latex(make("odd", lambda a, b: number), quantities) == written


@pytest.mark.parametrize("one", FORMULAS, ids=names(FORMULAS))
def test_is_a_docstring_and_one_return(one: il.Quantity) -> None:
    source = textwrap.dedent(inspect.getsource(one.formula))
    body = ast.parse(source).body[0].body
    assert [type(part) for part in body] == [ast.Expr, ast.Return]


@pytest.fixture(scope="module")
def registry() -> pint.UnitRegistry:
    """The base units; a share is a bare number."""
    units = pint.UnitRegistry(None)
    for name in ("byte", "flop", "second", "joule", "dollar", "token", "sequence", "chip", "gram"):
        units.define(f"{name} = [{name}]")
    units.define("share = 1")
    return units


@pytest.mark.parametrize("one", FORMULAS, ids=names(FORMULAS))
def test_pint_agrees_with_the_declared_unit(one: il.Quantity, registry: pint.UnitRegistry) -> None:
    def measured(name: str) -> pint.Quantity:
        unit = quantities[name].unit
        return registry.Quantity(3.0, "" if unit == "1" else unit.replace("1/", "1 / "))

    result = one.formula(*map(measured, one.needs))
    declared = registry.Quantity(1.0, "" if one.unit == "1" else one.unit)
    found = result if isinstance(result, pint.Quantity) else registry.Quantity(float(result))
    assert (found.to_root_units().units, one.unit) == (declared.to_root_units().units, one.unit)


def test_pint_refuses_a_wrong_unit(registry: pint.UnitRegistry) -> None:
    byte, second = registry.Quantity(1.0, "byte"), registry.Quantity(1.0, "second")
    for formula in ("decode_bytes", "memory_time"):
        with pytest.raises(pint.DimensionalityError):
            quantities[formula].formula(byte, second)
    with pytest.raises(pint.DimensionalityError):
        ops.maximum(byte, second)


def agree(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-300)


@given(situations())
@settings(max_examples=200)
def test_every_value_is_finite_and_polars_and_numpy_agree(inputs: dict[str, float]) -> None:
    plain = il.solve(quantities, **inputs)
    frame = pl.DataFrame({name: [value] for name, value in inputs.items()})
    for one in FORMULAS:  # column by column: one expression of them all would repeat its parts
        frame = frame.with_columns(one.formula(*map(pl.col, one.needs)).alias(one.name))
    row = frame.row(0, named=True)
    for name in quantities:
        assert math.isfinite(plain[name]), name
        assert agree(plain[name], row[name]), (name, plain[name], row[name])
    arrays = il.solve(quantities, **{name: np.full(2, value) for name, value in inputs.items()})
    for name in quantities:
        assert arrays[name].shape == (2,), name
        assert agree(plain[name], arrays[name][1]), (name, plain[name], arrays[name])


def test_the_page_agrees(context, origin: str) -> None:
    page = context.new_page()
    page.goto(f"{origin}/chapters/what-an-inference-chip-is.html")
    page.wait_for_selector("figure.explorable")

    @given(situations())
    @settings(max_examples=150)
    def holds(inputs: dict[str, float]) -> None:
        found = page.evaluate("(inputs) => window.inferlib.solve(inputs)", inputs)
        plain = il.solve(quantities, **inputs)
        for name in quantities:
            assert agree(plain[name], found[name]), (name, plain[name], found[name])

    holds()


def test_errors_name_the_thing_and_the_way_out() -> None:
    with pytest.raises(LookupError, match=r"no quantity is called 'tpott', did you mean 'tpot'"):
        il.solve("tpott")
    with pytest.raises(LookupError, match=r"give 'chips': Chips \[chip\]"):
        il.solve("usable_memory", chip_memory=8e10)
    with pytest.raises(TypeError, match=r"'chips' is 'four'; give a number \[chip\]"):
        il.solve("usable_memory", chips="four", chip_memory=8e10, memory_utilization=0.9)
    for bad in (math.nan, math.inf, -1, 0):
        with pytest.raises(
            ValueError, match=r"'chips' is .*; give Chips from 1 to 100000 \[chip\]"
        ):
            il.solve("usable_memory", chips=bad, chip_memory=8e10, memory_utilization=0.9)
    with pytest.raises(TypeError, match="'chips' is None"):
        il.solve("usable_memory", chips=None, chip_memory=8e10, memory_utilization=0.9)


@pytest.mark.parametrize("bad", [[1, math.nan], [1, 0], [math.inf], ["4"], [True], [1, None]])
def test_an_array_is_refused_for_any_of_its_values(bad: list[float]) -> None:
    with pytest.raises((TypeError, ValueError), match=r"'chips' is .*; give .*\[chip\]"):
        il.solve("usable_memory", chips=np.array(bad), chip_memory=8e10, memory_utilization=0.9)


@pytest.mark.parametrize("name", ["chips", "layers", "query_heads", "experts"])
def test_what_is_counted_has_no_fractions(name: str) -> None:
    start = il.scenario(model="gpt-oss-120b", chip="h100-sxm")
    message = rf"'{name}' is 1.5; give a whole number \[(1|chip)\]"
    for refused in (
        lambda: il.solve(name, **{name: 1.5}),
        lambda: il.solve(name, **{name: np.array([1.0, 1.5, 2.0])}),
        lambda: start.but(**{name: 1.5}),
        lambda: il.sweep(start, want="weight_bytes", **{name: [1, 1.5]}),
        lambda: il.columns(pl.DataFrame({name: [1.0, 1.5, 2.0]}), want=name),
    ):
        with pytest.raises(ValueError, match=message):
            refused()
    whole = pl.DataFrame({name: [1, 2]})
    assert il.columns(whole, want=name)["feasible"].all()


def test_a_mean_batch_may_be_a_fraction() -> None:
    assert il.solve("concurrency", concurrency=1.5)["concurrency"] == 1.5


def test_a_range_of_what_is_counted_is_drawn_in_whole_numbers() -> None:
    start = il.scenario(model="llama-3.1-8b", chip="h100-sxm")
    drawn = il.uncertainty("usable_memory", start, chips=(1, 8)).draws()["chips"]
    assert set(drawn) <= {1, 2, 3, 4, 5, 6, 7, 8}
    assert drawn.n_unique() > 2


def test_a_slider_of_what_is_counted_stops_at_whole_numbers() -> None:
    assert slider("chips", 1, 8).stops == (1, 2, 3, 4, 5, 6, 7, 8)
    assert all(stop.is_integer() for stop in slider("experts", 1, 300, log=True).stops[1:-1])
    assert not all(stop.is_integer() for stop in slider("pue", 1, 2).stops[1:-1])
    with pytest.raises(ValueError, match=r"'chips' is 1.5; give a whole number"):
        slider("chips", 1.5, 8)


def test_a_solution_is_a_mapping() -> None:
    found = il.solve("decode_bytes", weight_bytes_read=3, kv_bytes_read=4)
    assert "decode_bytes" in found
    assert "tpot" not in found
    assert found.get("tpot") is None
    assert found.get("decode_bytes", 0) == 7
    with pytest.raises(KeyError, match=r"'decode_byte' was not asked for, did you mean 'decode_"):
        found["decode_byte"]


def test_a_token_uses_no_more_experts_than_there_are() -> None:
    start = il.scenario(model="gpt-oss-120b", chip="h100-sxm", chips=2, **{
        "prompt_tokens": 1000, "output_tokens": 500, "concurrency": 1, "experts": 8})  # fmt: skip
    assert il.solve("step_time", **start.but(experts_per_token=8)).feasible
    found = il.solve("step_time", **start.but(experts_per_token=9))
    assert list(found.why) == ["experts_suffice"]
    assert found.why["experts_suffice"] == (
        "a token cannot use 9 experts where a layer has 8; give it that many at most"
    )
    frame = il.sweep(start, experts_per_token=[8, 9], want="active_parameters")
    assert frame["feasible"].to_list() == [True, False]


def test_an_array_of_nothing_gives_nothing() -> None:
    found = il.solve("system_price", chips=np.array([]), chip_price=1e-3)
    assert found["system_price"].shape == (0,)


def make(name: str, body, needs: tuple[str, ...] = ("a", "b")) -> il.Quantity:
    return il.Quantity(name, "1", name, name, "inferlib", formula=body, needs=needs)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (lambda a, b: max(a, b), "cannot branch"),
        (lambda a, b: a if a > b else b, "cannot branch"),
        (lambda a, b: a and b, "cannot branch"),
        (lambda a, b: 1 if 0 < a < b else 2, "cannot branch"),
        (lambda a, b: a in (1, 2), "compare kinds"),
        (lambda a, b: a == "fp8", "compare kinds"),
        (lambda a, b: a != b, "compare kinds"),
        (lambda a, b: a // b, "inferlib.ops"),
        (lambda a, b: a % b, "inferlib.ops"),
        (lambda a, b: round(a), "inferlib.ops"),
        (lambda a, b: math.ceil(a), "inferlib.ops"),
        (lambda a, b: math.log2(a), "inferlib.ops"),
        (lambda a, b: int(a), "inferlib.ops"),
        (lambda a, b: abs(a), "inferlib.ops"),
        (lambda a, b: "fp8" * a, "number"),
    ],
)
def test_a_formula_that_runtimes_would_read_differently_does_not_trace(body, message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=message):
        trace(make("odd", body))


def modules(**named: il.Quantity) -> list[ModuleType]:
    made = []
    for name, one in named.items():
        made.append(ModuleType(name))
        setattr(made[-1], name, one)
    return made


def test_gathering_refuses_unknown_needs_doubles_and_circles() -> None:
    chips = quantities["chips"]
    typo = make("power", lambda chip: chip, ("chipz",))
    with pytest.raises(LookupError, match=r"'power' needs 'chipz', did you mean 'chips'\?"):
        gather(*modules(chips=chips, power=typo))
    twice = make("chips", lambda: 1, ())
    with pytest.raises(ValueError, match="'chips' is declared twice"):
        gather(*modules(one=chips, two=twice))
    a, b = make("a", lambda b: b, ("b",)), make("b", lambda a: a, ("a",))
    with pytest.raises(ValueError, match=r"circle: .*(a -> b|b -> a)"):
        gather(*modules(a=a, b=b))


def test_a_redefined_formula_is_an_override() -> None:
    free = make("kv_bytes_per_token", lambda layers: 0 * layers, ("layers",))
    changed = quantities | {"kv_bytes_per_token": free}
    assert il.solve("kv_bytes_per_token", quantities=changed, layers=80)["kv_bytes_per_token"] == 0


def test_what_could_be_calculated_may_be_given() -> None:
    assert il.solve("decode_bytes", weight_bytes_read=3, kv_bytes_read=4)["decode_bytes"] == 7


@pytest.mark.parametrize(
    ("want", "instead", "message"),
    [
        ("user_throughput", {"tpot": 0}, r"'user_throughput' has no value with tpot = 0"),
        (
            "prefill_throughput",
            {"prefill_time": 0},
            "'prefill_throughput' has no value with prompt",
        ),
        (
            "expert_coverage",
            {"weight_bytes": 10**400},
            "'weight_bytes' is inf; give Weights in mem",
        ),
        (
            "weight_time",
            {"weight_bytes": 1},
            "'weight_bytes_read' comes out as -.* where 'weight_b",
        ),
        (
            "matmul_parameters",
            {"parameters": 0},
            "'active_parameters' comes out as -.*; leave that",
        ),
        ("request_time", {"tpot": 1e308}, "'request_time' comes out as inf where 'tpot' is given"),
    ],
)
def test_what_is_given_for_a_formula_cannot_make_nonsense(
    want: str, instead: dict[str, float], message: str
) -> None:
    served = il.scenario(model="deepseek-v3", chip="h200-sxm", chips=16, weights="fp8")
    asked = served.but(prompt_tokens=2000, output_tokens=500, concurrency=64)
    with pytest.raises(ValueError, match=message):
        il.solve(want, **asked, **instead)


def test_no_quantity_that_is_given_ends_in_another_error_than_a_sentence() -> None:
    some = {one.name: min(max(one.low, 1.0), one.high) for one in INPUTS}
    kinds = il.scenario(model="deepseek-v3", chip="h200-sxm", chips=16, weights="fp8")
    for one in FORMULAS:
        for value in (0, 1e-300, 1e300):
            with suppress(ValueError):
                found = il.solve(quantities, **{**some, **kinds, one.name: value})
                for name, x in found.items():
                    assert quantities[name].low <= x < math.inf, (one.name, name)
