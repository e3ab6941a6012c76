"""The tables hold what they promise, and refuse what they must."""

import re
import shutil
from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from polars import col

from inferlib import catalog

TABLES = ("chips", "models", "dtypes", "prices", "list_prices", "training_runs")
LINEAR = [c.name for c in catalog.schema("models") if c.name.startswith("linear_")]
LINEAR += ["convolution_width", "bytes_per_state_value"]
SPARSE = ("selected_tokens", "index_heads", "index_size")
ROOT = Path(__file__).parents[1]


def parameters(m: dict) -> float:
    """Parameters of a model, written out a second time: the formulas must not check themselves."""
    width, heads, query = m["model_width"], m["query_heads"], m["nope_size"] + m["rope_size"]
    gates = m["attention_gates"]
    attention = width * m["head_size"] * ((2 + gates) * heads + 2 * m["kv_heads"])
    if m["kv_rank"]:
        rank = m["query_rank"]
        attention += rank * (width + 1 + heads * query) if rank else width * heads * query
        attention += width * (m["kv_rank"] + m["rope_size"] + heads * m["value_size"])
        attention += m["kv_rank"] * (1 + heads * (m["nope_size"] + m["value_size"]))
    attention += m["index_size"] * (m["query_rank"] * m["index_heads"] + width + 2)
    attention += m["index_heads"] * width
    keys = m["linear_key_heads"] * m["linear_key_size"]
    values = m["linear_value_heads"] * m["linear_value_size"]
    linear = width * (2 * keys + values) + 2 * width * values  # queries, keys, values; gate, output
    linear += (2 * keys + values) * m["convolution_width"] + m["linear_value_size"]
    linear += 2 * m["linear_value_heads"] * (width + 1)  # two numbers for each head, two biases
    small = m["small_values_per_layer"] + m["norms_per_layer"] * width
    inner = m["experts"] * m["expert_width"] + m["shared_width"]
    expert_layer = width * (m["experts"] + m["ffn_matrices"] * inner)
    dense_layer = m["ffn_matrices"] * width * m["ffn_width"]
    return (
        (m["full_layers"] + m["window_layers"]) * attention
        + m["linear_layers"] * linear
        + m["layers"] * small
        + m["dense_layers"] * dense_layer
        + m["moe_layers"] * expert_layer
        + width * (1 + m["embedding_matrices"] * m["vocabulary"])
        + m["position_values"]
    )


def active_parameters(m: dict) -> float:
    """Parameters that one token uses."""
    idle = m["moe_layers"] * (m["experts"] - m["experts_per_token"])
    return parameters(m) - idle * m["ffn_matrices"] * m["model_width"] * m["expert_width"]


@pytest.fixture
def folder(tmp_path):
    """A copy of the tables that a test may spoil."""
    for table in TABLES:
        shutil.copy(catalog.data_folder() / f"{table}.csv", tmp_path)
    return tmp_path


def spoil(folder: Path, table: str, column: str, value: str, row: int = 0) -> None:
    path = folder / f"{table}.csv"
    frame = pl.read_csv(path, infer_schema=False)
    frame = frame.with_row_index("i").with_columns(
        pl.when(col("i") == row).then(pl.lit(value)).otherwise(col(column)).alias(column)
    )
    frame.drop("i").write_csv(path)


# What the tables are


@pytest.mark.parametrize("table", TABLES)
def test_columns_are_the_schema_and_numbers_are_float64(table):
    frame, columns = catalog.read(table), catalog.schema(table)
    assert frame.columns == [c.name for c in columns]
    kinds = {"id": pl.String, "text": pl.String, "date": pl.String, "flag": pl.Boolean}
    for column in columns:
        assert frame.schema[column.name] == kinds.get(column.unit, pl.Float64), column.name


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_a_source_and_a_date(table):
    for row in catalog.read(table).iter_rows(named=True):
        assert row["source"].strip()
        assert date.fromisoformat(row["as_of"])


@pytest.mark.parametrize("table", TABLES)
def test_readme_explains_every_column(table):
    readme = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    section = readme.split(f"## {table}.csv")[1].split("\n## ")[0]
    for column in catalog.schema(table):
        assert f"`{column.name}`" in section, column.name


@pytest.mark.parametrize("table", TABLES)
def test_no_row_claims_more_than_it_knows(table):
    frame = catalog.read(table)
    if "confidence" in frame.columns:
        assert set(frame["confidence"]) <= {"solid", "approximate"}


def test_kinds_are_few():
    assert set(catalog.models()["attention"]) == {"mha", "gqa", "mqa", "mla", "window", "linear"}
    assert set(catalog.models()["native_dtype"]) <= set(catalog.dtypes()["dtype"])
    assert set(catalog.chips()["status"]) == {"shipping", "in production", "announced"}
    assert set(catalog.prices("2024-12-01")["basis"]) == {"reserved"}
    bases = {"on-demand", "rental-estimate", "owner-cost", "market-range"}
    assert set(catalog.prices()["basis"]) == bases


def test_rates_are_columns_of_chips():
    rates = {c.name for c in catalog.schema("chips") if c.unit == "flop/second/chip"}
    for row in catalog.dtypes().iter_rows(named=True):
        assert set(row["rates"].split()) <= rates


# Models


@pytest.mark.parametrize(
    ("model", "count"),
    [
        ("llama-3.1-8b", 8_030_261_248),
        ("llama-3.1-70b", 70_553_706_496),
        ("llama-3.1-405b", 405_853_388_800),
        ("llama-3.2-1b", 1_235_814_400),
        ("qwen2.5-7b", 7_615_616_512),
        ("qwen3-8b", 8_190_735_360),
        ("mixtral-8x7b", 46_702_792_704),
        ("deepseek-v2", 235_741_434_880),
        ("gemma-2-2b", 2_614_341_888),
        ("smollm2-135m", 134_515_008),
    ],
)
def test_parameters_are_exact(model, count):
    assert parameters(catalog.model(model)) == count


def test_deepseek_v3_total_and_active():
    model = catalog.model("deepseek-v3")
    assert parameters(model) == pytest.approx(671.03e9, rel=1e-5)
    assert active_parameters(model) == pytest.approx(37.55e9, rel=1e-4)


def test_bloom_lacks_only_the_three_vectors_that_its_notes_name():
    model = catalog.model("bloom-176b")
    assert parameters(model) + 3 * model["model_width"] == 176_247_271_424


@pytest.mark.parametrize("model", catalog.models()["model"].to_list())
def test_parameters_are_the_published_ones_within_two_percent(model):
    row = catalog.model(model)
    if row["published_parameters"] is None:
        pytest.fail(f"{model} has no published count: say in its notes how it was checked instead")
    assert parameters(row) == pytest.approx(row["published_parameters"], rel=0.02)


def test_kv_cache_of_one_token_in_two_byte_values():
    llama, deepseek = catalog.model("llama-3.1-70b"), catalog.model("deepseek-v3")
    assert 2 * llama["layers"] * llama["kv_heads"] * llama["head_size"] * 2 == 327_680
    assert deepseek["layers"] * (deepseek["kv_rank"] + deepseek["rope_size"]) * 2 == 70_272


def test_shapes_of_models_make_sense():
    models = catalog.models()
    latent = col("kv_rank") > 0
    for promise in (
        col("kv_heads") <= col("query_heads"),
        col("embedding_matrices").is_in([1.0, 2.0]),
        col("ffn_matrices").is_in([2.0, 3.0]),
        (col("window") > 0) == (col("window_layers") > 0),
        (col("attention") == "window") == (col("window_layers") > 0),
        (col("attention") == "mla") == latent,
        (col("attention") == "linear") == (col("linear_layers") > 0),
        *((col(name) > 0) == (col("linear_layers") > 0) for name in LINEAR),
        *((col(name) > 0) == (col("index_heads") > 0) for name in SPARSE),
        (col("index_size") == 0) | (col("query_rank") > 0),
        col("attention_gates").is_in([0.0, 1.0]),
        col("wide_attention_share") <= 1,
        (col("head_size") > 0) != latent,
        pl.when(latent).then(pl.min_horizontal("nope_size", "rope_size", "value_size") > 0)
        .otherwise(pl.max_horizontal("nope_size", "rope_size", "value_size", "query_rank") == 0),
        (col("moe_layers") > 0) == (col("experts") > 0),
        (col("experts") > 0) == (col("expert_width") > 0),
        col("experts_per_token") <= col("experts"),
        (col("dense_layers") > 0) == (col("ffn_width") > 0),
        col("window") <= col("max_context"),
    ):  # fmt: skip
        assert models.filter(~promise)["model"].to_list() == []


# Chips


@pytest.mark.parametrize(
    ("chip", "column", "value"),
    [  # datasheets of NVIDIA and AMD, dense rates (half of those marked "with sparsity")
        ("h100-sxm", "chip_memory", 80e9),
        ("h100-sxm", "memory_bandwidth", 3.35e12),
        ("h100-sxm", "bf16_flops", 989e12),
        ("h100-sxm", "fp8_flops", 1979e12),
        ("h100-sxm", "chip_power", 700),
        ("h100-sxm", "link_bandwidth", 450e9),
        ("h100-nvl", "chip_memory", 94e9),
        ("h200-sxm", "chip_memory", 141e9),
        ("h200-sxm", "memory_bandwidth", 4.8e12),
        ("a100-80-sxm", "memory_bandwidth", 2.039e12),
        ("a100-80-sxm", "bf16_flops", 312e12),
        ("a100-80-sxm", "int8_flops", 624e12),
        ("l4", "memory_bandwidth", 300e9),
        ("l40s", "bf16_flops", 362e12),
        ("mi300x", "chip_memory", 192e9),
        ("mi300x", "memory_bandwidth", 5.3e12),
        ("mi300x", "bf16_flops", 1307e12),
    ],
)
def test_chips_agree_with_datasheets(chip, column, value):
    assert catalog.chip(chip)[column] == pytest.approx(value, rel=2e-3)


def test_chips_agree_with_google_docs():
    tpu = catalog.chip("tpu-v7")
    assert tpu["chip_memory"] == 192 * 2**30
    assert tpu["memory_bandwidth"] == 7380e9
    assert tpu["link_bandwidth"] == 1200e9 / 2  # printed as bidirectional


def test_narrower_formats_are_not_slower_on_floating_point_units():
    for narrow, wide in pairwise(("fp4_flops", "fp8_flops", "bf16_flops")):
        slower = catalog.chips().filter(col(narrow) < col(wide))
        assert slower["chip"].to_list() == []


def test_rates_fall_back_to_a_wider_unit():
    assert catalog.rate("h100-sxm", "fp8") == 1979e12
    assert catalog.rate("a100-80-sxm", "fp8") == 312e12
    assert catalog.rate("h100-sxm", "nvfp4") == 989e12
    assert catalog.rate("b200-sxm", "nvfp4") == 9e15
    assert catalog.rate("b200-sxm", "int4") == 2250e12


def test_a_chip_without_a_rate_says_so():
    with pytest.raises(LookupError, match=r"no 'bf16' rate for chip 'cerebras-wse3'.*bf16_flops"):
        catalog.rate("cerebras-wse3", "bf16")


def test_bytes_count_the_scales():
    bits = {row["dtype"]: 8 * row["bytes_per_value"] for row in catalog.dtypes().to_dicts()}
    assert bits["mxfp4"] == 4 + 8 / 32
    assert bits["nvfp4"] == 4 + 8 / 16
    assert bits["int4"] == 4 + 16 / 128
    assert bits["bf16"] == bits["fp16"] == 2 * bits["fp8"] == 2 * bits["int8"] == 16


# Runs of training


def test_a_run_counts_the_peak_that_its_chip_has():
    runs, chips = catalog.training_runs(), catalog.chips().select("chip", "bf16_flops")
    joined = runs.filter(col("chip") != "").join(chips, on="chip", how="left")
    assert joined.height > 30
    odd = joined.filter(col("training_chip_flops") != col("bf16_flops"))
    assert odd["run"].to_list() == []
    without = runs.filter(col("chip") == "")
    assert set(without["chip_name"]) == {"H800", "TPU v3"}
    assert without.filter(
        ~col("source").str.contains("peak") & ~col("notes").str.contains("peak")
    ).is_empty()


@pytest.mark.parametrize(
    ("run", "hours", "parameters", "tokens"),
    [  # as the model cards and papers print them
        ("llama-3.1-405b", 30.84e6, 405e9, 15.6e12),
        ("llama-2-70b", 1_720_320, 70e9, 2e12),
        ("bloom-176b", 1_082_990, 176e9, 366e9),
        ("deepseek-v3", 2.664e6, 37e9, 14.8e12),
        ("palm-540b", 8_404_992, 540e9, 780e9),
    ],
)
def test_runs_agree_with_what_is_printed(run, hours, parameters, tokens):
    row = catalog.row("training_runs", run)
    assert row["training_chip_time"] == pytest.approx(3600 * hours, rel=1e-6)
    assert row["active_parameters"] == pytest.approx(parameters, rel=0.02)
    assert row["training_tokens"] == pytest.approx(tokens, rel=1e-3)


def test_runs_of_our_models_have_their_parameters():
    models = catalog.models().rename({"model": "run"})
    both = catalog.training_runs().join(models, on="run")
    assert both.height >= 8
    for row in both.iter_rows(named=True):
        counted = row["published_active_parameters"] or active_parameters(row)
        assert row["active_parameters"] == pytest.approx(counted, rel=0.01), row["run"]


def test_no_run_uses_more_than_its_chips_can_do():
    runs = catalog.training_runs()
    share = 6 * col("active_parameters") * col("training_tokens") / (
        col("training_chip_time") * col("training_chip_flops")
    )  # fmt: skip
    assert runs.select(share.min()).item() > 0.03
    assert runs.select(share.max()).item() < 0.6
    # What is published of the steps alone lies above what the whole time implies.
    published = runs.filter(col("published_mfu").is_not_null())
    assert published.height >= 4
    assert published.filter(share > col("published_mfu") * 1.02)["run"].to_list() == []


def test_the_range_of_an_mfu_holds_what_published_hours_imply():
    share = 6 * col("active_parameters") * col("training_tokens") / (
        col("training_chip_time") * col("training_chip_flops")
    )  # fmt: skip
    implied = catalog.training_runs().select(share=share)["share"]
    assumed = catalog.row("assumptions", "training_mfu")
    assert assumed["low"] == pytest.approx(implied.quantile(0.1), abs=0.005)
    assert assumed["low"] < implied.median() < assumed["value"] < assumed["high"]
    assert implied.is_between(assumed["low"] - 0.005, assumed["high"]).mean() > 0.8


# Prices


def test_prices_are_per_second_and_per_chip():
    row = catalog.price("h100-sxm")
    assert row["chip_price"] == pytest.approx(row["dollars_per_hour"] / 3600, rel=1e-12)
    frame = catalog.prices()
    assert frame["chip_price"].dtype == pl.Float64
    assert frame.filter(col("chip_price") * 3600 > 20).is_empty()


def test_price_is_the_lowest_of_its_basis():
    rows = catalog.prices().filter(col("chip") == "h100-sxm", col("basis") == "on-demand")
    assert catalog.price("h100-sxm")["chip_price"] == rows["chip_price"].min()
    assert catalog.price("h100-sxm", "owner-cost")["basis"] == "owner-cost"


def test_a_price_that_does_not_exist_says_what_does():
    with pytest.raises(LookupError, match=r"no 'spot' price for chip 'h100-sxm'.*'on-demand'"):
        catalog.price("h100-sxm", "spot")
    with pytest.raises(LookupError, match=r"no 'on-demand' price for chip 'mi250x'.*chip_price"):
        catalog.price("mi250x")
    with pytest.raises(LookupError, match="no chip 'h100'"):
        catalog.price("h100")


def test_a_day_may_be_a_date_or_text():
    assert catalog.prices(catalog.AS_OF).equals(catalog.prices())
    assert catalog.prices("2026-11-23").equals(catalog.prices())
    for wrong in ("yesterday", "2026", 2026):
        with pytest.raises(ValueError, match="is not a date"):
            catalog.prices(wrong)


def test_the_row_in_force_is_the_last_one_that_began(folder, monkeypatch):
    path = folder / "prices.csv"
    header, first = path.read_text(encoding="utf-8").splitlines()[:2]
    dear, cheap = (
        first.replace("2026-09-06,,", f"{day},,") for day in ("2025-01-01", "2026-01-01")
    )
    cheap = cheap.replace("0.8048", "0.5")
    path.write_text("\n".join([header, cheap, dear]), encoding="utf-8")
    monkeypatch.setattr(catalog, "_table", lambda name: catalog.read(name, folder))
    assert catalog.prices("2024-12-31").is_empty()
    assert catalog.prices("2025-12-31")["dollars_per_hour"].to_list() == [0.8048]
    assert catalog.prices("2026-01-01")["dollars_per_hour"].to_list() == [0.5]


def test_a_price_ends_where_its_source_says_so():
    held = {day: catalog.prices(day) for day in ("2025-01-01", "2025-01-02")}
    assert "trainium1" in held["2025-01-01"]["chip"].to_list()
    assert "trainium1" not in held["2025-01-02"]["chip"].to_list()


# Names


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: catalog.chip("h100"), "no chip 'h100'; did you mean 'h100-sxm'"),
        (lambda: catalog.model("llama-3-1-70b"), "no model.*did you mean.*'llama-3.1-70b'"),
        (lambda: catalog.dtype("float8"), "no dtype 'float8'; catalog.dtypes.. lists them"),
        (lambda: catalog.schema("chip"), "no table 'chip'; did you mean 'chips'?"),
        (lambda: catalog.row("prices", "h100-sxm"), "prices has no identifier; use"),
    ],
)
def test_an_unknown_name_is_told_the_way_out(call, message):
    with pytest.raises(LookupError, match=message):
        call()


def test_a_row_keeps_its_kinds():
    chip = catalog.row("chips", "h100-sxm")
    assert chip == catalog.chip("h100-sxm")
    assert chip["fp4_flops"] is None
    assert isinstance(chip["released"], float)
    assert catalog.dtype("mxfp4")["kv"] is False


# What the tables refuse


@pytest.mark.parametrize(
    ("table", "column", "value", "message"),
    [
        ("chips", "chip_memory", "", "chip_memory of 'a100-40-sxm' is ''; write it as a number in"),
        ("chips", "chip_memory", "-1", "chip_memory of 'a100-40-sxm' is '-1'.*above zero"),
        ("chips", "chip_memory", "0", "chip_memory of 'a100-40-sxm' is '0'.*above zero"),
        ("chips", "bf16_flops", "0", "bf16_flops.*above zero, or blank"),
        ("chips", "bf16_flops", "nan", "bf16_flops of 'a100-40-sxm' is 'nan'"),
        ("chips", "bf16_flops", "inf", "bf16_flops of 'a100-40-sxm' is 'inf'"),
        ("chips", "bf16_flops", "312 TFLOPS", "'312 TFLOPS'; write it as a number"),
        ("chips", "chip", "A100", "chip of 'A100' is 'A100'; write it in a-z0-9._-"),
        ("chips", "chip", "h100-sxm", "chip of 'h100-sxm' is 'h100-sxm'; keep one row of each"),
        ("chips", "source", "", "source of 'a100-40-sxm' is ''; write it in words"),
        ("chips", "source", " ", "source of 'a100-40-sxm' is ' '; write it in words"),
        ("chips", "as_of", "2026", "as_of of 'a100-40-sxm' is '2026'; write it like 2026-11-23"),
        ("chips", "as_of", "2026-02-30", "as_of.*'2026-02-30'; write it like 2026-11-23"),
        ("chips", "as_of", "2026-2-3", "as_of.*'2026-2-3'; write it like 2026-11-23"),
        ("models", "experts", "", "experts of 'llama-2-7b' is ''; write it.*zero or more"),
        ("models", "layers", "31", "'llama-2-7b' is 31.0; let it be full_layers . window_layers"),
        ("models", "dense_layers", "31", "is 32.0; let it be dense_layers . moe_layers"),
        ("dtypes", "kv", "yes", "kv of 'bf16' is 'yes'; write it as true or false"),
        ("prices", "chip", "h9000", "chip of 'h9000' is 'h9000'; add it to chips.csv"),
        ("training_runs", "chip", "h9000", "chip of 'bloom-176b' is 'h9000'; add it to chips.csv"),
        ("training_runs", "training_chip_time", "0", "'bloom-176b' is '0'.*above zero"),
        ("prices", "until", "never", "until of 'l4' is 'never'; write it like 2026-11-23"),
    ],
)
def test_tables_refuse_a_bad_value(folder, table, column, value, message):
    spoil(folder, table, column, value)
    with pytest.raises(ValueError, match=f"{table}.csv: .*{message}"):
        catalog.read(table, folder)


def test_tables_refuse_other_columns(folder):
    path = folder / "dtypes.csv"
    frame = pl.read_csv(path, infer_schema=False)
    for spoiled, message in (
        (frame.drop("source"), r"misses the columns \['source'\]"),
        (frame.with_columns(colour=pl.lit("red")), r"the unknown columns \['colour'\]"),
        (frame.select(reversed(frame.columns)), "order them as catalog.schema"),
    ):
        spoiled.write_csv(path)
        with pytest.raises(ValueError, match=message):
            catalog.read("dtypes", folder)


def test_tables_refuse_a_comma_without_quotes(folder):
    path = folder / "dtypes.csv"
    path.write_text(path.read_text(encoding="utf-8") + "x,X,1,bf16_flops,true,true,a,b,c,d\n")
    with pytest.raises(ValueError, match=re.escape("dtypes.csv has a row of too many fields")):
        catalog.read("dtypes", folder)


def test_a_price_is_not_given_twice(folder):
    path = folder / "prices.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text.splitlines()[1] + "\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"prices.csv: chip of 'l4' is 'l4'; keep one row of each"):
        catalog.read("prices", folder)
