"""List prices: the file is what its command writes, and a request costs what the pages say."""

import csv
import math
import shutil
import subprocess
import sys
from importlib.metadata import version

import polars as pl
import pytest
from conftest import ROOT
from genai_prices import Usage
from genai_prices.data import providers
from polars import col

from inferlib import catalog

sys.path.insert(0, str(ROOT / "tools"))
from list_prices import AT, rows_of_models, words

FILE = ROOT / "data/list_prices.csv"
TIERS = ["provider", "api_model", "from_prompt_tokens"]
TIERED = catalog.list_prices().filter(col("from_prompt_tokens") > 0).select(TIERS).rows()


def request(prompt: float, cached: float, output: float) -> dict[str, float]:
    """Tokens of a request, by the names of list_price."""
    return {"prompt_tokens": prompt, "cached_tokens": cached, "output_tokens": output}


# The file


def test_the_command_writes_the_committed_file(tmp_path):
    for name in ("tools/list_prices.py", "data/models.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    command = [sys.executable, "tools/list_prices.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"list_prices.csv: {catalog.list_prices().height} rows\n"
    assert (tmp_path / "data/list_prices.csv").read_bytes() == FILE.read_bytes()


def test_the_release_is_the_pinned_one():
    pin = f"genai-prices=={version('genai-prices')}"
    assert f'prices = ["{pin}"]' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert pin in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert all(pin.replace("==", " ") in source for source in catalog.list_prices()["source"])


def test_the_file_is_small_and_sorted():
    assert FILE.stat().st_size < 400_000
    table = catalog.read("list_prices").select(TIERS)
    assert table.equals(table.sort(TIERS))


def test_what_is_kept_and_what_is_left_out():
    table = catalog.list_prices()
    makers = {"anthropic", "deepseek", "google", "mistral", "moonshotai", "openai", "x-ai"}
    servers = {"aws", "cerebras", "fireworks", "groq", "novita", "together"}
    assert makers | servers <= set(table["provider"])
    assert not {"openrouter", "cloudflare", "databricks", "zhipuai"} & set(table["provider"])
    assert table.filter(col("api_model").str.contains("embed|audio|image|tts|whisper")).is_empty()
    assert table.filter(col("provider") == "azure")["model"].to_list() == ["phi-4", "phi-4-mini"]
    assert table.filter(col("model") == "llama-3.1-70b")["provider"].n_unique() > 5


def test_prices_by_the_day_and_by_the_hour_are_told():
    rows = {row["api_model"]: row for row in catalog.list_prices().iter_rows(named=True)}
    assert rows["gemini-4-argon"]["notes"].startswith("from 2026-12-01: input_mtok 4, ")
    assert rows["o3"]["notes"].startswith("since 2025-06-10: this row")
    chat, flash = rows["deepseek-chat"]["notes"], rows["deepseek-v4-flash"]["notes"]
    assert chat.startswith("00:30 to 16:30 UTC: this row; else: input_mtok 0.135, ")
    assert flash.startswith("01:00 to 04:00 UTC: input_mtok 0.3, ")
    assert flash.endswith("since 2026-09-10: this row")


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo", "llama-3.1-8b"),
        ("meta.llama3-1-8b-instruct-v1:0", "llama-3.1-8b"),
        ("accounts/fireworks/models/llama-v3p1-8b-instruct", "llama-3.1-8b"),
        ("Meta-Llama-3_3-70B-Instruct", "llama-3.1-70b"),
        ("mixtral-8x7b-32768", "mixtral-8x7b"),
        ("deepseek/deepseek_v3", "deepseek-v3"),
        ("zai-org/GLM-4.5-Air-FP8", "glm-4.5-air"),
    ],
)
def test_a_name_means_a_model_however_it_is_written(name, model):
    assert rows_of_models()[words(name)] == model


@pytest.mark.parametrize(
    "name",
    [
        "mistral-7b",
        "mistralai/Mistral-7B-Instruct-v0.2",
        "deepseek-chat",
        "deepseek-r1-distill-llama-70b",
        "GLM-4.5V",
        "GLM-4.5-X",
        "kimi-k2.7-code",
        "phi-3-mini-128k-instruct",
        "meta-llama/llama-guard-4-12b",
    ],
)
def test_a_name_that_is_not_sure_means_none(name):
    assert words(name) not in rows_of_models()


# What a request costs


@pytest.mark.parametrize(
    ("provider", "model", "tokens", "millionths"),
    [
        # Prices in dollars per million tokens: input, cached input, output, as on the page named.
        # https://developers.openai.com/api/docs/pricing: gpt-4o 2.50, 1.25, 10
        ("openai", "gpt-4o", (10_000, 4_000, 1_000), 6_000 * 2.5 + 4_000 * 1.25 + 1_000 * 10),
        # the same page: gpt-5 1.25, 0.125, 10
        ("openai", "gpt-5", (8_000, 8_000, 500), 8_000 * 0.125 + 500 * 10),
        # https://www.anthropic.com/pricing#api: Claude Sonnet 4.5 3, 0.30, 15
        (
            "anthropic",
            "claude-sonnet-4-5",
            (100_000, 90_000, 500),
            10_000 * 3 + 90_000 * 0.3 + 500 * 15,
        ),
        # the same page: Claude Sonnet 4.5 6, 0.60, 22.50 above 200,000 tokens
        ("anthropic", "claude-sonnet-4-5", (300_000, 0, 1_000), 300_000 * 6 + 1_000 * 22.5),
        # https://ai.google.dev/gemini-api/docs/pricing: Gemini 2.5 Pro 1.25, 0.125, 10
        ("google", "gemini-2.5-pro", (200_000, 0, 1_000), 200_000 * 1.25 + 1_000 * 10),
        # the same page: Gemini 2.5 Pro 2.50, 0.25, 15 above 200,000 tokens
        ("google", "gemini-2.5-pro", (200_001, 0, 1_000), 200_001 * 2.5 + 1_000 * 15),
        # https://api-docs.deepseek.com/quick_start/pricing: deepseek-chat 0.27, 0.07, 1.10
        ("deepseek", "deepseek-chat", (5_000, 1_000, 100), 4_000 * 0.27 + 1_000 * 0.07 + 110),
        # https://console.groq.com/docs/models: Llama 3.3 70B 0.59, none, 0.79
        ("groq", "llama-3.3-70b-versatile", (2_000, 0, 500), 2_000 * 0.59 + 500 * 0.79),
        # the same page: a cache without a price of its own saves nothing
        ("groq", "llama-3.3-70b-versatile", (2_000, 1_500, 500), 2_000 * 0.59 + 500 * 0.79),
        # https://www.together.ai/pricing: Llama 3.1 405B 3.50, none, 3.50
        (
            "together",
            "meta-llama/Meta-Llama-3.1-405B-Instruct-Turbo",
            (1_000, 0, 1_000),
            2_000 * 3.5,
        ),
        # https://docs.x.ai/docs/models: grok-4.3 1.25, 0.20, 2.50, and 2.50, 5 from 200,000 tokens
        ("x-ai", "grok-4.3", (199_999, 0, 1_000), 199_999 * 1.25 + 1_000 * 2.5),
        ("x-ai", "grok-4.3", (200_000, 0, 1_000), 200_000 * 2.5 + 1_000 * 5),
    ],
)
def test_a_request_costs_what_the_page_says(provider, model, tokens, millionths):
    found = catalog.list_price(provider, model, **request(*tokens))
    assert found == pytest.approx(millionths / 1e6, rel=1e-12)


def test_every_price_is_what_the_source_calculates():
    """Each tier at both of its ends, with a cache and without, by the source's own arithmetic."""
    models = {(one.id, model.id): (model, one) for one in providers for model in one.models}
    for provider, model, start in catalog.list_prices().select(TIERS).iter_rows():
        source, maker = models[provider, model]
        for prompt in (start, start + 1_000, start - 1):
            for cached in {0, prompt // 2, prompt} if prompt >= 0 else ():
                usage = Usage(
                    input_tokens=int(prompt), cache_read_tokens=int(cached), output_tokens=700
                )
                want = source.calc_price(usage, maker, genai_request_timestamp=AT).total_price
                found = catalog.list_price(provider, model, **request(prompt, cached, 700))
                assert found == pytest.approx(float(want), rel=1e-12), (provider, model, prompt)


@pytest.mark.parametrize(("provider", "model", "start"), TIERED)
def test_a_tier_is_a_threshold_for_the_whole_request(provider, model, start):
    below, at = (
        row
        for row in catalog.list_prices()
        .filter(col("provider") == provider, col("api_model") == model)
        .iter_rows(named=True)
        if row["from_prompt_tokens"] in (0, start)
    )
    one_more = catalog.list_price(provider, model, **request(start, 0, 1_000))
    assert one_more == pytest.approx(start * at["input_price"] + 1_000 * at["output_price"])
    marginal = (start - 1) * below["input_price"] + at["input_price"] + 1_000 * at["output_price"]
    assert one_more > 1.2 * marginal


def test_cached_tokens_count_for_the_tier():
    few, many = (
        catalog.list_price("anthropic", "claude-haiku-5-5", **request(prompt, 100_000, 0))
        for prompt in (100_000, 100_001)
    )
    assert few == pytest.approx(100_000 * 0.01e-6)
    assert many == pytest.approx(100_000 * 0.05e-6 + 0.5e-6)


def test_cached_tokens_are_not_counted_twice():
    tokens = request(100_000, 90_000, 500)
    found = catalog.list_price("anthropic", "claude-sonnet-4-5", **tokens)
    twice = (100_000 * 3 + 90_000 * 0.3 + 500 * 15) / 1e6
    assert twice / found == pytest.approx(5.19, abs=0.01)  # calculators err by 3 to 11 here


def test_a_cache_never_makes_a_token_dearer():
    assert catalog.list_prices().filter(col("cached_input_price") > col("input_price")).is_empty()


def test_prices_are_in_dollars_per_token():
    row = catalog.list_prices().row(by_predicate=col("api_model") == "gpt-4o", named=True)
    prices = [row[f"{kind}_price"] for kind in ("input", "cached_input", "cache_write", "output")]
    assert prices == [pytest.approx(2.5e-6), pytest.approx(1.25e-6), None, pytest.approx(1e-5)]


# Hostile input


@pytest.mark.parametrize(
    "tokens", [-1, math.nan, math.inf, 10**400, "100", None, True, [100], pl.col("tokens"), 1j]
)
@pytest.mark.parametrize("name", ["prompt_tokens", "cached_tokens", "output_tokens"])
def test_a_number_of_tokens_is_a_number(name, tokens):
    given = request(1_000, 0, 1_000) | {name: tokens}
    with pytest.raises(ValueError, match=f"{name} is .*; give a number of tokens, zero or more"):
        catalog.list_price("openai", "gpt-4o", **given)


def test_no_more_is_cached_than_sent():
    message = "cached_tokens is 5, prompt_tokens is 4; count cached tokens in the prompt too"
    with pytest.raises(ValueError, match=message):
        catalog.list_price("openai", "gpt-4o", **request(4, 5, 0))


def test_nothing_costs_nothing():
    assert catalog.list_price("openai", "gpt-4o", **request(0, 0, 0)) == 0


@pytest.mark.parametrize(
    ("provider", "model", "message"),
    [
        ("opnai", "gpt-4o", "no provider 'opnai'; did you mean 'openai'"),
        ("", "gpt-4o", "no provider ''; catalog.list_prices.. lists them"),
        (None, "gpt-4o", "no provider None; catalog.list_prices.. lists them"),
        ("openai", "gpt4o", "no api_model 'gpt4o'; did you mean 'gpt-4o'"),
        ("anthropic", "gpt-4o", "no api_model 'gpt-4o'; catalog.list_prices.. lists them"),
        ("groq", "llama-3.1-70b", "no api_model 'llama-3.1-70b'; did you mean 'llama-3.1-70b-v"),
        ("openai", 4, "no api_model 4; catalog.list_prices.. lists them"),
    ],
)
def test_an_unknown_name_is_told_the_way_out(provider, model, message):
    with pytest.raises(LookupError, match=message):
        catalog.list_price(provider, model, **request(1, 0, 1))


def test_a_row_has_no_identifier():
    with pytest.raises(LookupError, match=r"list_prices has no identifier; use catalog.list_price"):
        catalog.row("list_prices", "openai")


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("provider", "OpenAI", "write it in a-z0-9._-"),
        ("api_model", "", "write it in words"),
        ("model", "gpt-9", "'gpt-9'; add it to models.csv first"),
        ("from_prompt_tokens", "-1", "zero or more"),
        ("from_prompt_tokens", "1", "give its tier from 0 prompt tokens too"),
        ("input_dollars_per_million", "", "above zero"),
        ("input_dollars_per_million", "$3", "as a number in dollar/million token"),
        ("output_dollars_per_million", "0", "above zero"),
        ("cached_input_dollars_per_million", "nan", "above zero, or blank"),
        ("cache_write_dollars_per_million", "inf", "above zero, or blank"),
        ("source", "", "write it in words"),
        ("as_of", "2026-11", "write it like 2026-11-23"),
    ],
)
def test_the_table_refuses_a_bad_value(tmp_path, column, value, message):
    with FILE.open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file)) | {column: value}
    shutil.copy(ROOT / "data/models.csv", tmp_path)
    pl.DataFrame([first]).write_csv(tmp_path / "list_prices.csv")
    with pytest.raises(ValueError, match=f"list_prices.csv: .*{message}"):
        catalog.read("list_prices", tmp_path)
