"""Quantities as columns of a frame, eager or lazy: the same values, conditions and refusals."""

import math
from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from conftest import situations
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import inferlib as il
from inferlib.formulas import quantities
from inferlib.quantity import sentence

START = il.scenario(
    model="llama-3.1-70b", chip="h100-sxm", weights="fp8", prompt_tokens=1000, output_tokens=500
)
GRID = pl.DataFrame({"chips": [1, 2, 4, 8]}).join(
    pl.DataFrame({"concurrency": [1, 10, 100, 1000, 10_000]}), how="cross"
)
WANT = ["cost_per_output_token", "ttft"]


def explained(row: Mapping[str, Any]) -> str:
    """The sentences of all conditions that do not hold, one row at a time, by `solve`."""
    found = il.solve(WANT, **{**START, "chips": row["chips"], "concurrency": row["concurrency"]})
    return "; ".join(found.why.values())


def test_each_row_is_a_situation_that_solve_agrees_with() -> None:
    frame = il.columns(GRID, START, want=WANT, why=True)
    assert frame.columns == ["chips", "concurrency", *WANT, "feasible", "why"]
    assert 0 < frame["feasible"].sum() < frame.height
    for row in frame.iter_rows(named=True):
        one = il.solve(WANT, **START.but(chips=row["chips"], concurrency=row["concurrency"]))
        assert [row[name] for name in WANT] == pytest.approx([one[n] for n in WANT], rel=1e-12)
        assert row["feasible"] == one.feasible
        assert row["why"] == "; ".join(one.why.values())


@given(st.lists(situations(), min_size=1, max_size=5))
@settings(max_examples=60)
def test_all_quantities_at_once_agree_with_solve(rows: list[dict[str, float]]) -> None:
    want = [name for name, one in quantities.items() if one.formula]
    frame = il.columns(pl.DataFrame(rows), want=want, why=True)
    conditions = [one for one in quantities.values() if one.otherwise]
    for row, inputs in zip(frame.iter_rows(named=True), rows, strict=True):
        plain = il.solve(want, **inputs)
        for name in want:
            # A difference is as exact as the numbers that it is taken from.
            alike = [
                one
                for one in quantities[name].needs
                if quantities[one].unit == quantities[name].unit
            ]
            most = max([abs(plain[one]) for one in alike if one in plain], default=0.0)
            near = max(1e-300, 1e-13 * most)
            assert math.isclose(row[name], plain[name], rel_tol=1e-9, abs_tol=near), name
        failed = (one for one in conditions if not row[one.name])
        assert {*row["why"].split("; ")} >= {
            part for one in failed for part in sentence(one, row, quantities).split("; ")
        }
        assert row["feasible"] == (row["why"] == "")


def test_a_lazy_frame_stays_lazy_and_gives_the_same() -> None:
    eager = il.columns(GRID, START, want=WANT, why=True)
    lazy = il.columns(GRID.lazy(), START, want=WANT, why=True)
    assert isinstance(lazy, pl.LazyFrame)
    for engine in ("streaming", "in-memory"):
        assert_frame_equal(lazy.collect(engine=engine), eager)


def test_many_blocks_stream_in_their_order() -> None:
    count = 250_000
    parts = [pl.LazyFrame({"concurrency": [1.0 + i % 700 for i in range(count)]})] * 2
    lazy = il.columns(pl.concat(parts), START.but(chips=2), want="step_time")
    found = lazy.collect(engine="streaming")
    assert found.height == 2 * count
    expected = il.columns(
        pl.DataFrame({"concurrency": range(1, 701)}), START.but(chips=2), want="step_time"
    )
    for i in (0, 699, 700, 99_999, 100_000, count - 1, count, 2 * count - 1):
        assert found[i, "step_time"] == expected[i % count % 700, "step_time"]


def test_reasons_are_given_for_the_rows_that_are_asked() -> None:
    some = il.columns(GRID.lazy(), START, want=WANT).filter(~pl.col("feasible")).head(3).collect()
    assert "why" not in some.columns
    told = il.columns(some, START, want=WANT, why=True)
    assert told["why"].to_list() == [explained(row) for row in some.iter_rows(named=True)]
    assert all(told["why"])
    assert_frame_equal(told.drop("why"), some)


def test_other_columns_stay_as_they_are() -> None:
    frame = pl.DataFrame({"run": ["a", "b"], "chips": [2, 4], "mine": [None, 1]})
    found = il.columns(frame, START.but(concurrency=8), want="tpot")
    assert found.columns == ["run", "chips", "mine", "tpot", "feasible"]
    assert_frame_equal(found.select("run", "mine"), frame.select("run", "mine"))
    assert found.schema["chips"] == found.schema["tpot"] == pl.Float64
    assert frame.schema["chips"] == pl.Int64, "the frame that was given is not changed"


def test_what_does_not_vary_fills_its_column() -> None:
    found = il.columns(GRID, START, want=["weight_bytes", "layers", "chips"])
    assert found["weight_bytes"].n_unique() == 1
    assert found["layers"].to_list() == [80.0] * GRID.height
    assert found.columns == ["chips", "concurrency", "weight_bytes", "layers", "feasible"]


def test_what_could_be_calculated_may_be_a_column() -> None:
    frame = pl.DataFrame({"weight_bytes_read": [3, 5], "kv_bytes_read": [4, 6]})
    found = il.columns(frame, want="decode_bytes")
    assert found["decode_bytes"].to_list() == [7, 11]
    assert found["feasible"].to_list() == [True, True]


def test_no_rows_give_no_rows() -> None:
    found = il.columns(GRID.clear(), START, want=WANT, why=True)
    assert found.shape == (0, 6)


@pytest.mark.parametrize("chips", [["b200-sxm"], ["h100-sxm", "h200-sxm"]])
def test_a_sweep_takes_from_an_axis_what_all_its_choices_share(chips: list[str]) -> None:
    start = START.but(chip="b200-sxm" if len(chips) > 1 else "h100-sxm", chips=8, concurrency=8)
    frame = il.sweep(start, chip=chips, want=["tpot", "prefill_time"])
    for chip, tpot, prefill, *_ in frame.rows():
        found = il.solve(["tpot", "prefill_time"], **start.but(chip=chip))
        assert tpot == pytest.approx(found["tpot"], rel=1e-12)
        assert prefill == pytest.approx(found["prefill_time"], rel=1e-12)


def test_a_sweep_gives_an_axis_that_is_wanted_once() -> None:
    frame = il.sweep(START, concurrency=[1, 2], want=["concurrency", "tpot", "tpot"])
    assert frame.columns == ["concurrency", "tpot", "feasible", "why"]


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize(
    ("bad", "error", "message"),
    [
        ([1, 0], ValueError, r"'concurrency' is 0; give Batch.* from 1 to 1e\+06 \[sequence\]"),
        ([1.0, math.nan], ValueError, "'concurrency' is nan; give Batch"),
        ([math.inf, 1.0], ValueError, "'concurrency' is inf; give Batch"),
        ([1, 2_000_000], ValueError, r"'concurrency' is 2e\+06; give Batch"),
        ([1, None], TypeError, r"'concurrency' is None; give a number \[sequence\]"),
        (["1", "2"], TypeError, r"'concurrency' is a column of String; give numbers \[sequence\]"),
        ([True, False], TypeError, r"'concurrency' is a column of Boolean; give numbers"),
        ([None, None], TypeError, "'concurrency' is a column of Null; give numbers"),
    ],
)
def test_a_value_that_is_no_sensible_number_is_refused(
    bad: list[Any], error: type[Exception], message: str, lazy: bool
) -> None:
    frame = pl.DataFrame({"concurrency": bad})
    with pytest.raises(error, match=message):
        il.columns(frame.lazy() if lazy else frame, START, want="tpot").lazy().collect()


def test_an_unknown_or_missing_name_is_told_the_way_out() -> None:
    with pytest.raises(LookupError, match="'tpott', did you mean 'tpot'"):
        il.columns(GRID, START, want="tpott")
    with pytest.raises(LookupError, match=r"give '\w+': "):
        il.columns(GRID, want="tpot")
    with pytest.raises(LookupError, match="no quantity is called 'chps'"):
        il.columns(GRID, {"chps": 1}, want="tpot")
