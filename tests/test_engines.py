"""Frames outside polars: calculated where they live, with the same numbers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import inferlib as il
from inferlib.cli import HEADLINES
from inferlib.formulas import quantities
from inferlib.quantity import order

START = il.scenario(
    model="llama-3.1-70b", chip="h100-sxm", weights="fp8", prompt_tokens=1000, output_tokens=500
)
CHAIN = [name for name in order(HEADLINES, quantities) if quantities[name].formula]


class Engine(NamedTuple):
    """A kind of frame: what it is, how a file becomes one, and how polars reads it."""

    kind: type
    read: Callable[[str], Any]
    fetch: Callable[[Any], pl.DataFrame]


def fetched(relation: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    return pl.DataFrame(relation.fetchall(), relation.columns, orient="row")


ENGINES = {
    "duckdb": Engine(duckdb.DuckDBPyRelation, duckdb.read_parquet, fetched),
}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return ENGINES[request.param]


@pytest.fixture
def moved(engine: Engine, tmp_path: Path) -> Callable[[pl.DataFrame], Any]:
    """A polars frame as one of the engine, by way of a file."""

    def move(frame: pl.DataFrame) -> Any:
        frame.write_parquet(tmp_path / "rows.parquet")
        return engine.read(str(tmp_path / "rows.parquet"))

    return move


def drawn(count: int, names: list[str]) -> pl.DataFrame:
    """Inputs at random within their ranges, spread over the orders of magnitude."""
    random = np.random.default_rng(0)
    ranges = {name: (quantities[name].low, quantities[name].high) for name in names}
    columns = {
        name: np.clip(
            10 ** random.uniform(np.log10(max(low, 1e-9 * high)), np.log10(high), count), low, high
        )
        for name, (low, high) in ranges.items()
    }
    columns |= {n: np.ceil(values) for n, values in columns.items() if quantities[n].whole}
    return pl.DataFrame({"row": range(count)} | columns)


TRAFFIC = drawn(300, ["concurrency", "prompt_tokens", "output_tokens", "memory_efficiency"])
ROWS = TRAFFIC.with_columns(chips=pl.Series([1, 2, 4, 8, 16, 64] * 50))


def test_the_numbers_are_those_of_polars(
    engine: Engine, moved: Callable[[pl.DataFrame], Any]
) -> None:
    expected = il.columns(ROWS, START, want=CHAIN)
    assert 0 < expected["feasible"].sum() < expected.height
    found = il.columns(moved(ROWS), START, want=CHAIN)
    assert isinstance(found, engine.kind)
    assert_frame_equal(engine.fetch(found).sort("row"), expected, rel_tol=1e-12, abs_tol=0)


@pytest.mark.parametrize("engine", [ENGINES["duckdb"]], ids=["duckdb"])
def test_every_formula_is_sql(moved: Callable[[pl.DataFrame], Any]) -> None:
    rows = drawn(200, [one.name for one in quantities.values() if not one.formula])
    want = [name for name, one in quantities.items() if one.formula]
    found = fetched(il.columns(moved(rows), want=want)).sort("row")
    assert_frame_equal(found, il.columns(rows, want=want), rel_tol=1e-9, abs_tol=1e-300)


def test_a_relation_is_calculated_when_its_rows_are_asked_for() -> None:
    base = duckdb.connect()
    base.execute("create table runs (concurrency integer)")
    found = il.columns(base.table("runs"), START.but(chips=4), want=["tpot", "linked"])
    assert found.types == ["DOUBLE", "DOUBLE", "DOUBLE", "BOOLEAN"]
    assert "concurrency" in found.sql_query()
    assert "/" in found.sql_query()
    base.execute("insert into runs values (64)")
    tpot = il.solve("tpot", **START.but(chips=4, concurrency=64))["tpot"]
    assert found.fetchall() == [(64.0, pytest.approx(tpot, rel=1e-12), 1.0, True)]


def test_of_a_value_that_is_no_sensible_number_nothing_is_said(
    engine: Engine, moved: Callable[[pl.DataFrame], Any]
) -> None:
    batches = [None, 0.0, -1.0, 2e6, float("inf"), float("nan"), 64.0]
    rows = pl.DataFrame({"row": range(7), "concurrency": batches})
    found = il.columns(moved(rows), START.but(chips=4), want=["tpot", "layers"])
    fetched = engine.fetch(found).sort("row")
    assert fetched["feasible"].to_list() == [False] * 6 + [True]
    assert fetched["tpot"].is_null().to_list() == [True] * 6 + [False]
    assert fetched["layers"].is_null().to_list() == [True] * 6 + [False]


def test_of_a_part_of_a_chip_nothing_is_said(
    engine: Engine, moved: Callable[[pl.DataFrame], Any]
) -> None:
    rows = pl.DataFrame({"row": range(2), "chips": [4.0, 4.5]})
    found = engine.fetch(il.columns(moved(rows), START.but(concurrency=8), want="tpot")).sort("row")
    assert found["feasible"].to_list() == [True, False]
    assert found["tpot"].is_null().to_list() == [False, True]


def test_other_columns_stay_and_older_answers_go(
    engine: Engine, moved: Callable[[pl.DataFrame], Any]
) -> None:
    rows = pl.DataFrame(
        {"run": ["a", "b"], "weight_bytes_read": [3, 5], "kv_bytes_read": [4, 6], "why": ["", ""]}
    )
    found = engine.fetch(il.columns(moved(rows), want=["decode_bytes"], checked=True))
    assert found.columns == [
        "run",
        "weight_bytes_read",
        "kv_bytes_read",
        "decode_bytes",
        "feasible",
    ]
    assert found["run"].to_list() == ["a", "b"]
    assert found["decode_bytes"].to_list() == [7, 11]
    assert found["feasible"].to_list() == [True, True]


def test_what_cannot_be_done_is_told_the_way_out(moved: Callable[[pl.DataFrame], Any]) -> None:
    rows = moved(pl.DataFrame({"concurrency": ["1", "2"]}))
    with pytest.raises(TypeError, match=r"'concurrency' is a column of String; give numbers"):
        il.columns(rows, START, want="tpot")
    with pytest.raises(TypeError, match="`why` needs a polars frame; make one of the rows"):
        il.columns(rows, START, want="tpot", why=True)


@pytest.mark.parametrize("thing", [5, None, {"chips": [1]}, pl.Series([1])])
def test_what_is_no_frame_is_refused(thing: Any) -> None:
    with pytest.raises(TypeError, match=r"\w+ is no frame; give one of polars, or"):
        il.columns(thing, START, want="tpot")
