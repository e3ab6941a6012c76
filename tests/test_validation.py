"""Predictions of measurements: what they may know, what they refuse, how far off they are."""

import math
import random
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import ROOT
from polars import col
from polars.testing import assert_frame_equal

import inferlib as il
from inferlib import catalog, presets, validation
from inferlib.formulas import quantities
from inferlib.presets import PRESETS, engine
from inferlib.validation import METRICS, measurements, predict, read, report

sys.path.insert(0, str(ROOT / "tools"))
import fit
import fitting

SAID = ("predicted", "why_not")
ROW = {
    "chip_id": "h100-sxm", "model_id": "qwen3-235b-a22b", "precision_weights": "fp8",
    "precision_kv": "fp8", "engine": "vllm 0.12.0", "num_chips": 8, "tensor_parallel": 4,
    "expert_parallel": 8, "input_tokens": 1000, "output_tokens": 500, "concurrency_or_batch": 64,
    "metric": "tpot_s", "per": "request", "value": 0.02, "notes": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def tables() -> dict[str, pl.DataFrame]:
    """Our table, predicted by each preset."""
    return {preset: predict(measurements(), preset=preset) for preset in PRESETS}


def one(**changed: Any) -> dict[str, Any]:
    """What is said of one row."""
    found = predict(pl.DataFrame([ROW | changed]))
    return found.select(SAID).row(0, named=True)


def why(**changed: Any) -> str:
    """Why a row is not predicted."""
    said = one(**changed)
    assert said["predicted"] is None
    return said["why_not"]


# What a prediction knows


def test_the_measured_value_is_not_looked_at() -> None:
    frame = measurements().sample(200, seed=1)
    expected = predict(frame.drop("value")).select(SAID)
    shuffled = col("value").shuffle(seed=1)
    for value in (shuffled, *map(pl.lit, (None, "not read", math.nan, -1.0, [1.0]))):
        assert_frame_equal(predict(frame.with_columns(value=value)).select(SAID), expected)
    assert_frame_equal(predict(frame).select(SAID), expected)


def test_the_frame_is_kept_as_it_is(tables: dict[str, pl.DataFrame]) -> None:
    frame = measurements()
    assert_frame_equal(tables["fitted"].drop(SAID), frame)
    mixed = frame.with_row_index("place").sample(fraction=1, shuffle=True, seed=2)
    found = predict(mixed)
    assert_frame_equal(found.drop(SAID), mixed)
    assert_frame_equal(found.sort("place").drop("place"), tables["fitted"])


def test_columns_of_any_name_change_nothing(tables: dict[str, pl.DataFrame]) -> None:
    names = {*quantities, "row", "unknown", "chips", *SAID} - {*measurements().columns}
    odd = measurements().with_columns(pl.lit(-7.0).alias(name) for name in sorted(names))
    found = predict(odd)
    assert found.height == odd.height
    assert_frame_equal(found.select(SAID), tables["fitted"].select(SAID))
    assert_frame_equal(found.drop(SAID), odd.drop(SAID))


@pytest.mark.parametrize("preset", PRESETS)
def test_our_whole_table_is_predicted(preset: str, tables: dict[str, pl.DataFrame]) -> None:
    table = tables[preset]
    assert table["why_not"].null_count() == table.height > 3000
    assert table["predicted"].is_finite().all()
    assert (table["predicted"] > 0).all()


def situation(row: dict[str, Any], preset: str) -> il.Scenario:
    """A row as a scenario, by hand."""
    words = row["notes"].split() if row["notes"] else []
    batch = max(float(words[3]), 1.0) if words[:3] == ["measured", "mean", "batch"] else None
    prompt = 500.0 if row["metric"] == "joules_per_output_token" else None
    spread = (row["expert_parallel"] or 1) > 1 and row["tensor_parallel"]
    weights, kv = row["precision_weights"], row["precision_kv"]
    return il.scenario(
        model=row["model_id"],
        chip=row["chip_id"],
        weights=validation.FORMATS.get(weights, weights),
        kv=validation.FORMATS.get(kv, kv) or "bf16",
        preset=preset,
        engine=engine(row["engine"] or "any")[1],
        chips=row["num_chips"],
        prompt_tokens=row["input_tokens"] or prompt,
        output_tokens=row["output_tokens"],
        concurrency=batch or row["concurrency_or_batch"],
        attention_replicas=max(row["num_chips"] / row["tensor_parallel"], 1.0) if spread else 1.0,
    )


@pytest.mark.parametrize("preset", PRESETS)
def test_a_prediction_is_what_solve_says(preset: str, tables: dict[str, pl.DataFrame]) -> None:
    for (metric, per), part in tables[preset].group_by("metric", "per"):
        for row in part.sample(min(25, part.height), seed=3).iter_rows(named=True):
            given = situation(row, preset)
            solved = il.solve(METRICS[metric, per][0], **given)
            prompt, output = given["prompt_tokens"], given["output_tokens"]
            expected = solved[METRICS[metric, per][0]]
            if metric == "total_tokens_per_s":
                expected *= (prompt + output) / output
            if metric == "joules_per_output_token":
                expected /= output
            if per == "chip":
                expected /= given["chips"]
            assert row["predicted"] == pytest.approx(expected, rel=1e-12)


def test_the_roofline_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    # A slowdown is measured over calculated time: below 1 it may pass the limit, and is left out.
    # Energy is no such limit: what a chip draws is below its rated power.
    monkeypatch.setattr(presets, "slowdown", lambda *_: 1.0)
    limit, found = (predict(measurements(), preset=name) for name in ("roofline", "fitted"))
    for typical in (found, predict(measurements(), preset="typical")):
        ratio = typical["predicted"] / limit["predicted"]
        times = limit["metric"].is_in(["tpot_s", "ttft_s"])
        rates = limit["metric"].str.ends_with("tokens_per_s")
        assert ratio.filter(times).min() > 1
        assert ratio.filter(rates).max() < 1
        assert times.sum() + rates.sum() > 3000


# What is not predicted


SENTENCES = [
    ({"chip_id": "h100"}, "no chip 'h100'; did you mean 'h100-sxm'"),
    ({"model_id": "gpt-7"}, "no model 'gpt-7'; "),
    ({"precision_weights": "fp9"}, "no dtype 'fp9'; did you mean 'fp8'"),
    ({"precision_kv": "auto"}, "no dtype 'auto'; "),
    ({"precision_kv": "int4"}, "'int4' is no format for kv; "),
    ({"metric": "watts"}, "nothing here predicts watts per request"),
    ({"per": "chip"}, "nothing here predicts tpot_s per chip"),
    ({"metric": None}, "'metric' is blank"),
    ({"per": ""}, "'per' is blank"),
    ({"speculative": True}, "speculative decoding is on"),
    ({"speculative": "true"}, "speculative decoding is on"),
    ({"speculative": "eagle3"}, "speculative decoding is on"),
    ({"notes": "Disaggregated: 4 prefill, 8 decode"}, "prefill and decode run on chips of their"),
    (
        {"chip_id": "mtia-300", "precision_weights": "fp8"},
        "the links between its chips are",
    ),
    *(({name: ""}, f"'{name}' is blank") for name in validation.NEEDED[:3]),
    *(({name: None}, f"'{name}' is blank") for name in validation.NEEDED[:3]),
]
FROM_ONE = ("num_chips", "input_tokens", "output_tokens", "concurrency_or_batch")
SENTENCES += [
    ({name: bad}, f"'{name}' is not from 1 to ")
    for name in FROM_ONE
    for bad in (0, -4, 0.5, math.inf, math.nan, 1e300, "1e999")
]
SENTENCES += [({name: None}, f"'{name}' is blank") for name in FROM_ONE]
SENTENCES += [
    ({name: bad}, f"'{name}' is not from 0 to inf")
    for name in ("tensor_parallel", "expert_parallel")
    for bad in (-4, math.inf, math.nan)
]
SENTENCES += [({"tensor_parallel": 0}, "'tensor_parallel' is not from 1 to ")]


@pytest.mark.parametrize(("changed", "sentence"), SENTENCES)
def test_a_row_without_a_prediction_has_its_reason(changed: dict[str, Any], sentence: str) -> None:
    said = why(**changed)
    assert said.startswith(sentence)
    assert "\n" not in said


@pytest.mark.parametrize("off", [False, "false", "FALSE", "no", "none", "0", 0, "", None])
def test_what_is_not_speculative_is_predicted(off: object) -> None:
    assert one(speculative=off) == one()
    assert one()["why_not"] is None


@pytest.mark.parametrize(
    "optional", ["precision_kv", "engine", "tensor_parallel", "expert_parallel", "notes"]
)
def test_what_a_row_need_not_say(optional: str) -> None:
    kept = {name: value for name, value in ROW.items() if name != optional}
    without = predict(pl.DataFrame([kept])).select(SAID).row(0, named=True)
    assert without == one(**{optional: None})
    assert without["why_not"] is None


def test_a_measured_batch_outranks_the_one_asked_for() -> None:
    assert one(notes="measured mean batch 32.0.") == one(concurrency_or_batch=32)
    assert one(notes="measured mean batch 0.4") == one(concurrency_or_batch=1)


def test_rows_are_predicted_or_explained_whatever_they_hold() -> None:
    choose = random.Random(4)
    values: dict[str, list[Any]] = {
        "chip_id": [*catalog.chips()["chip"], "x", None],
        "model_id": [*catalog.models()["model"], "x", None],
        "precision_weights": [*catalog.dtypes()["dtype"], "fp4", None],
        "precision_kv": [*catalog.dtypes()["dtype"], None],
        "metric": [*{metric for metric, _ in METRICS}, "x"],
        "per": ["request", "system", "chip"],
    } | {
        name: [1, 2, 8, 1e3, 1e5, 1e6, 1e8, 1e300, 0, -1, 0.5, math.inf, math.nan, None]
        for name in validation.NUMBERS
    }
    rows = [{name: choose.choice(some) for name, some in values.items()} for _ in range(3000)]
    # Half of them with numbers that make sense, so that kinds and extremes meet.
    rows += [row | dict.fromkeys(FROM_ONE, choose.choice([1, 1e3, 1e5])) for row in rows]
    for preset in PRESETS:
        found = predict(pl.DataFrame(rows, infer_schema_length=None), preset=preset)
        given = found["predicted"].is_not_null()
        assert given.sum() > 100
        assert (given != found["why_not"].is_not_null()).all()
        assert found["predicted"].drop_nulls().is_finite().all()
        assert (found["predicted"].drop_nulls() > 0).all()


# Frames of every kind


def test_whole_numbers_text_and_categories_are_read_alike() -> None:
    frame = pl.DataFrame([ROW])
    for kind in (pl.Int64, pl.Float32, pl.String):
        same = frame.with_columns(col(validation.NUMBERS).cast(kind))
        assert_frame_equal(predict(same).select(SAID), predict(frame).select(SAID))
    same = frame.with_columns(col(validation.TEXT).cast(pl.Categorical))
    assert_frame_equal(predict(same).select(SAID), predict(frame).select(SAID))


def test_an_empty_frame_and_one_of_nulls() -> None:
    empty = predict(pl.DataFrame([ROW]).head(0))
    assert empty.height == 0
    assert empty.columns == [*ROW, *SAID]
    assert empty.schema["predicted"] == pl.Float64
    nulls = predict(pl.DataFrame({name: [None, None] for name in ROW}))
    assert nulls["why_not"].to_list() == ["'metric' is blank"] * 2


def test_what_is_no_frame_of_measurements_is_refused() -> None:
    frame = pl.DataFrame([ROW])
    with pytest.raises(TypeError, match=r"^measurements are a LazyFrame; give a polars DataFrame$"):
        predict(frame.lazy())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"^measurements are a list; "):
        predict([ROW])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"^the table has no column chip_id, metric; see data/"):
        predict(frame.drop("chip_id", "metric"))
    with pytest.raises(ValueError, match=r"^'num_chips' of a row is 'eight'; give a number, or "):
        predict(frame.with_columns(num_chips=pl.lit("eight")))
    with pytest.raises(ValueError, match=r"^a column is neither numbers nor text: "):
        predict(frame.with_columns(num_chips=pl.lit([8])))
    with pytest.raises(LookupError, match=r"^no preset is called 'fited'; did you mean 'fitted'"):
        predict(frame, preset="fited")


# Files


GOOD = pl.DataFrame([ROW]).write_csv()


def test_a_file_is_read_with_numbers_as_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for text in (GOOD, "\ufeff" + GOOD, GOOD.replace("\n", "\r\n")):
        path.write_bytes(text.encode())
        frame = read(path)
        assert frame["num_chips"].to_list() == [8.0]
        assert frame["value"].to_list() == [0.02]
        assert predict(frame).select(SAID).row(0, named=True) == one()
    assert_frame_equal(read(str(path)), read(path))


BAD = {
    "empty": (b"", "it is no text; give a CSV file with a header"),
    "blank": (b" \n \n", "it is no text; give a CSV file with a header"),
    "binary": (b"PK\x03\x04\x00\x00", "it is no text; give a CSV file with a header"),
    "semicolons": (GOOD.replace(",", ";").encode(), "it has one column; separate columns by comma"),
    "columns": (b"metric,per\n1,2\n", "the table has no column chip_id, model_id, precision_we"),
    "twice": (b"metric,metric\n1,2\n", "two columns are called metric; keep one"),
    "ragged": ((GOOD + "1" + "," * 40 + "\n").encode(), ""),
    "text": (GOOD.replace("0.02", "fast").encode(), "'value' of a row is 'fast'; give a number, o"),
    "unit": (GOOD.replace("1000", "1k").encode(), "'input_tokens' of a row is '1k'; give a number"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(name: str, tmp_path: Path) -> None:
    data, sentence = BAD[name]
    path = tmp_path / f"{name}.csv"
    path.write_bytes(data)
    with pytest.raises(ValueError, match="cannot be used") as raised:
        read(path)
    said = str(raised.value)
    assert said.startswith(f"'{path}' cannot be used: {sentence}")
    assert "\n" not in said


def test_a_file_that_is_not_there_or_not_in_unicode(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="No such file"):
        read(tmp_path / "none.csv")
    with pytest.raises(IsADirectoryError, match="Is a directory"):
        read(tmp_path)
    (tmp_path / "latin.csv").write_bytes(b"\xff\xfe\xe9")
    with pytest.raises(ValueError, match=r"latin\.csv' is not text in UTF-8; give a CSV file$"):
        read(tmp_path / "latin.csv")


# The report


TINY = [
    # model, chip, engine, metric, predicted, value
    ("llama-3.1-8b", "h100-sxm", "vLLM 0.9", "tpot_s", 11.0, 10.0),
    ("llama-3.1-8b", "h100-sxm", "TensorRT-LLM 1.0", "tpot_s", 6.0, 8.0),
    ("qwen3-235b-a22b", "h100-sxm", "home-made", "tpot_s", 15.0, 10.0),
    ("qwen3-235b-a22b", "b200-sxm", None, "tpot_s", 2.0, 1.0),
    ("llama-3.1-8b", "b200-sxm", "vllm", "ttft_s", 1.0, 4.0),
    ("llama-3.1-8b", "b200-sxm", "vllm", "ttft_s", None, 4.0),
    ("llama-3.1-8b", "b200-sxm", "vllm", "ttft_s", 1.0, None),
    ("llama-3.1-8b", "b200-sxm", "vllm", "ttft_s", 1.0, 0.0),
    ("llama-3.1-8b", "b200-sxm", "vllm", "ttft_s", 1.0, math.inf),
]
COLUMNS = ("model_id", "chip_id", "engine", "metric", "predicted", "value")


def tiny() -> pl.DataFrame:
    """A table whose errors are +10 %, -25 %, +50 %, +100 % of TPOT, and -75 % of one TTFT."""
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in TINY]
    return pl.DataFrame(rows).with_columns(
        precision_weights=pl.lit("fp8"), num_chips=pl.lit(1), per=pl.lit("request")
    )


def grouped(errors: list[float]) -> dict[str, float]:
    """The measures of some errors, in plain Python."""
    sizes = sorted(map(abs, errors))
    place = 0.9 * (len(sizes) - 1)
    low, high = sizes[math.floor(place)], sizes[math.ceil(place)]
    return {
        "rows": len(sizes),
        "mape": statistics.fmean(sizes),
        "median": statistics.median(sizes),
        "bias": statistics.fmean(errors),
        "p90": low + (high - low) * (place % 1),
    }


def test_the_report_is_what_plain_python_says() -> None:
    expected = {
        ("tpot_s", "all", "all"): [0.1, -0.25, 0.5, 1.0],
        ("tpot_s", "kind", "MoE"): [0.5, 1.0],
        ("tpot_s", "kind", "dense"): [0.1, -0.25],
        ("tpot_s", "chip", "h100-sxm"): [0.1, -0.25, 0.5],
        ("tpot_s", "chip", "b200-sxm"): [1.0],
        ("tpot_s", "model", "llama-3.1-8b"): [0.1, -0.25],
        ("tpot_s", "model", "qwen3-235b-a22b"): [0.5, 1.0],
        ("tpot_s", "engine", "any"): [0.5, 1.0],
        ("tpot_s", "engine", "trtllm"): [-0.25],
        ("tpot_s", "engine", "vllm"): [0.1],
        ("tpot_s", "precision", "fp8"): [0.1, -0.25, 0.5, 1.0],
        ("tpot_s", "pair", "dense, seen"): [0.1, -0.25],
        ("tpot_s", "pair", "MoE, not seen"): [1.0],
        ("tpot_s", "pair", "MoE, seen"): [0.5],
        ("ttft_s", "all", "all"): [-0.75],
        ("ttft_s", "kind", "dense"): [-0.75],
        ("ttft_s", "chip", "b200-sxm"): [-0.75],
        ("ttft_s", "model", "llama-3.1-8b"): [-0.75],
        ("ttft_s", "engine", "vllm"): [-0.75],
        ("ttft_s", "precision", "fp8"): [-0.75],
        ("ttft_s", "pair", "dense, not seen"): [-0.75],
    }
    table = report(tiny())
    found = {(row.pop("metric"), row.pop("by"), row.pop("group")): row for row in table.to_dicts()}
    assert list(found) == list(expected)
    for names, errors in expected.items():
        assert found[names] == pytest.approx(grouped(errors), rel=1e-12)


def test_the_report_of_nothing_is_empty() -> None:
    measures = ["metric", "by", "group", "rows", "mape", "median", "bias", "p90"]
    for nothing in (tiny().head(0), tiny().with_columns(predicted=pl.lit(None))):
        assert report(nothing).height == 0
        assert report(nothing).columns == measures


def test_a_report_needs_both_numbers() -> None:
    for name in ("value", "predicted"):
        with pytest.raises(ValueError, match=f"^the table has no column {name}; "):
            report(tiny().drop(name))
        with pytest.raises(ValueError, match=f"^'{name}' of a row is 'much'; give a number"):
            report(tiny().with_columns(pl.lit("much").alias(name)))


# The fit


def lines(name: str) -> Iterator[dict[str, str]]:
    """A table as it is written."""
    path = ROOT / "data" / f"{name}.csv"
    text = pl.read_csv(path, infer_schema=False).drop("source", "as_of", "notes")
    return text.fill_null("").iter_rows(named=True)


def as_written(found: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Lines as a file has them."""
    return [{name: str(value) for name, value in line.items()} for line in found]


def test_the_fit_can_be_repeated() -> None:
    parameters, factors = fit.tables(fitting.rows_to_fit())
    parameters += fit.energy_lines(fitting.energies())
    assert as_written(parameters) == list(lines("calibration"))
    assert as_written(factors) == list(lines("slowdowns"))


def test_scores_of_the_fit_are_those_of_the_preset(tables: dict[str, pl.DataFrame]) -> None:
    written = [line for line in lines("scores") if line["split"] == "fit"]
    assert as_written([*fit._score("fit", tables["fitted"])]) == written
    assert {line["metric"] for line in written} == set(measurements()["metric"])


def test_rows_that_a_fit_has_not_seen_are_predicted_as_well_as_was_measured() -> None:
    scores = catalog.scores().filter(col("split") == "group", metric="tpot_s", by="kind")
    mape = dict(scores.select("group", "mape").rows())
    assert mape["dense"] <= 0.15
    assert mape["MoE"] <= 0.18


def test_no_split_scores_better_than_the_fit() -> None:
    scores = catalog.scores().filter(metric="tpot_s", by="all")
    mape = dict(scores.select("split", "mape").rows())
    assert set(mape) == {"fit", *fit.SPLITS}
    assert min(mape, key=lambda split: mape[split]) == "fit"


def test_what_is_calibrated_lies_in_its_bounds() -> None:
    table = catalog.calibration()
    for row in table.iter_rows(named=True):
        assert row["low"] <= row["value"] <= row["high"], row["input"]
        assert quantities[row["input"]].low <= row["value"] <= quantities[row["input"]].high
    plain = table.filter(engine="any", weights="any", chip="any").filter(
        col("preset") != "roofline"
    )
    for name, (_, low, high) in fitting.BOUNDS.items():
        assert plain.filter(input=name)["value"].is_between(low, high).all(), name


def test_a_slowdown_is_that_of_a_system_that_was_measured() -> None:
    rows = fitting.rows_to_fit()
    alike = fitting.architectures()
    measured = {
        *rows.select("architecture", "version").rows(),
        *rows.select("architecture", "family", "chip_id", "weights").rows(),
    }
    for row in catalog.slowdowns().iter_rows(named=True):
        names = (alike[row["model"]], row["engine"], row["chip"], row["weights"])
        assert tuple(name for name in names if name) in measured
