"""Write data/list_prices.csv from the prices that the package genai-prices carries.

Nothing is fetched: the release is pinned in pyproject.toml and read as it is installed.
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

from genai_prices.data import providers
from genai_prices.types import (
    ModelInfo,
    ModelPrice,
    Provider,
    TieredPrices,
    TimeOfDateConstraint,
)

DATA = Path(__file__).parents[1] / "data"
TABLE = DATA / "list_prices.csv"
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)  # at noon hold the prices of most hours
PRICES = {
    "input_mtok": "input_dollars_per_million",
    "cache_read_mtok": "cached_input_dollars_per_million",
    "cache_write_mtok": "cache_write_dollars_per_million",
    "output_mtok": "output_dollars_per_million",
}
COLUMNS = ["provider", "api_model", "model", "from_prompt_tokens", *PRICES.values()]
COLUMNS += ["source", "as_of", "notes"]

# Which rows to keep: open models of all, and of these providers the models that are their own.
OWN = {
    "anthropic": "",
    "arcee": "trinity",
    "aws": r"amazon\.",
    "cohere": "",
    "cursor": "composer",
    "deepseek": "",
    "google": "gem",
    "meta": "",
    "minimax": "",
    "mistral": "tral",
    "moonshotai": "",
    "openai": "",
    "perplexity": "sonar|r1-1776",
    "x-ai": "",
    "zai": "",
}
NOT_TEXT = r"\bft\b|audio|embed|image|live|moderation|ocr|realtime|streaming|transcribe|tts"
NOT_BY_TOKENS = r"hours|requests|output_(?!mtok)"  # a price that no column can hold
# Prices of others sold on, and prices converted from another unit than dollars.
ELSEWHERE = r"openrouter/|cloudflare/|databricks/|zhipuai/|minimax/minimax-m2(\.1-highspeed)?$"

# Parts of a name that say how a model is served and by whom, not which one it is.
NEUTRAL = (
    "4096|8192|32768|awq|bf16|fp8|fp16|basic|fast|highspeed|instant|lite|specdec|turbo|versatile|"
    "chat|hf|instruct|it|preview|google|meta|openai|zai"
)
# Releases of the same maker and configuration as a row of models.csv; other ways to write it.
RELEASES = {
    "deepseek-r1-0528": "deepseek-r1",
    "deepseek-v3-0324": "deepseek-v3",
    "deepseek-v3.1": "deepseek-v3",
    "deepseek-v3.1-terminus": "deepseek-v3",
    "glm-4.6": "glm-4.5",
    "glm-4.7": "glm-4.5",
    "kimi-k2-0711": "kimi-k2",
    "kimi-k2-0905": "kimi-k2",
    "kimi-k2-thinking": "kimi-k2",
    "kimi-k2.5": "kimi-k2",
    "kimi-k2.6": "kimi-k2",
    "llama-3.3-70b": "llama-3.1-70b",
    "llama-4-maverick-17b": "llama-4-maverick",
    "llama-4-maverick-17b-128e": "llama-4-maverick",
    "llama-4-scout-17b": "llama-4-scout",
    "llama-4-scout-17b-16e": "llama-4-scout",
    "llama-v3.1-8b": "llama-3.1-8b",
    "minimax-m2.5": "minimax-m2",
    "minimax-m2.7": "minimax-m2",
    "mistral-7b-v0.1": "mistral-7b",
    "mistral.mixtral-8x7b": "mixtral-8x7b",
    "mixtral-8x22b-v0.1": "mixtral-8x22b",
    "mixtral-8x7b-v0.1": "mixtral-8x7b",
    "qwen.qwen3-32b": "qwen3-32b",
    "qwen.qwen3-coder-480b-a35b": "qwen3-coder-480b-a35b",
    "qwen.qwen3-coder-30b-a3b": "qwen3-30b-a3b",
    "qwen3-235b-a22b-2507": "qwen3-235b-a22b",
    "qwen3-235b-a22b-thinking-2507": "qwen3-235b-a22b",
    "qwen3-30b-a3b-2507": "qwen3-30b-a3b",
    "qwen3-30b-a3b-thinking-2507": "qwen3-30b-a3b",
    "qwen3-4b-2507": "qwen3-4b",
    "qwen3-4b-thinking-2507": "qwen3-4b",
    "qwen3-coder-30b-a3b": "qwen3-30b-a3b",
    "qwen3-coder-480b": "qwen3-coder-480b-a35b",
}
UNSURE = {"mistral-7b"}  # the name alone does not say which of its versions, and they differ


def words(name: str) -> tuple[str, ...]:
    """What a name says of the model: its words and numbers, without maker, format and speed."""
    bare = re.sub(r"-(v\d+|1):\d+$", "", name.lower().rpartition("/")[2])  # revision at AWS
    spelt = re.sub(r"(?<=\d)p(?=\d)", ".", bare)  # v3p1 at Fireworks
    kept = [part for part in re.split(r"[-_.:]", spelt) if not re.fullmatch(NEUTRAL, part)]
    return tuple(re.findall(r"\d+|[a-z]+", " ".join(kept)))


def rows_of_models() -> dict[tuple[str, ...], str]:
    """Identifiers of models.csv, by the words of every name that means one for sure."""
    with (DATA / "models.csv").open(encoding="utf-8", newline="") as file:
        names = {row["model"] for row in csv.DictReader(file)}
    sure = {name: name for name in names - UNSURE} | RELEASES
    return {words(name): model for name, model in sure.items()}


def is_kept(provider: Provider, model: ModelInfo, is_open: bool) -> bool:
    """Whether a row shall be made: text, billed in dollars by the token, and own or open."""
    name, prices = model.id.lower(), model.get_prices(AT)
    if re.match(ELSEWHERE, f"{provider.id}/{name}") or re.search(NOT_TEXT, name):
        return False
    if re.search(NOT_BY_TOKENS, " ".join(vars(prices))):
        return False
    if prices.input_mtok is None or prices.output_mtok is None:
        return False
    return is_open or (provider.id in OWN and bool(re.search(OWN[provider.id], name)))


def number(price: Decimal | TieredPrices | None, prompt_tokens: int) -> str:
    """A price as the source prints it, for all tokens of a request with such a prompt."""
    if isinstance(price, TieredPrices):
        over = [tier.price for tier in price.tiers if prompt_tokens > tier.start]
        price = over[-1] if over else price.base
    return "" if price is None else f"{price:f}"


def tiers(prices: ModelPrice) -> list[int]:
    """The shortest prompt of each tier, in tokens."""
    tiered = [price for price in vars(prices).values() if isinstance(price, TieredPrices)]
    return sorted({0, *(tier.start + 1 for price in tiered for tier in price.tiers)})


def said(prices: ModelPrice, prompt_tokens: int) -> str:
    """The prices of the table, in the source's words."""
    each = ((name, number(getattr(prices, name), prompt_tokens)) for name in PRICES)
    return ", ".join(f"{name} {value}" for name, value in each if value)


def rules(model: ModelInfo, prompt_tokens: int) -> Iterator[str]:
    """What the source says of days and hours, with the prices that they bring."""
    if isinstance(model.prices, ModelPrice):
        return
    held, usual, by_hour = model.get_prices(AT), "", False
    for one in model.prices:
        when = one.constraint
        prices = "this row" if one.prices is held else said(one.prices, prompt_tokens)
        if isinstance(when, TimeOfDateConstraint):
            by_hour = True
            yield f"{when.start_time:%H:%M} to {when.end_time:%H:%M} UTC: {prices}"
        elif when and not when.active(AT):
            yield f"from {when.start_date}: {prices}"
        else:
            usual = f"since {when.start_date}: {prices}" if when else f"else: {prices}"
    if by_hour or usual != "else: this row":
        yield usual


def notes(model: ModelInfo, prompt_tokens: int) -> str:
    """What a reader must know beside the prices of the table."""
    prices = model.get_prices(AT)
    others = {name: number(price, prompt_tokens) for name, price in vars(prices).items()}
    beside = [f"{name} {price}" for name, price in others.items() if price and name not in PRICES]
    said_of = ["deprecated"] if model.deprecated else []
    said_of += rules(model, prompt_tokens)
    return "; ".join([*said_of, *beside])


def rows() -> Iterator[list[str]]:
    """Rows of the table, unsorted."""
    known = rows_of_models()
    for provider in providers:
        page = "".join(f", from {url}" for url in (provider.pricing_urls or ())[:1])
        source = f"PyPI genai-prices {version('genai-prices')}: genai_prices/data.py{page}"
        for model in provider.models:
            served = known.get(words(model.id), "")
            if not is_kept(provider, model, bool(served)):
                continue
            prices = model.get_prices(AT)
            for tokens in tiers(prices):
                numbers = [number(getattr(prices, name), tokens) for name in PRICES]
                name = [provider.id, model.id, served, str(tokens)]
                yield [*name, *numbers, source, f"{AT:%Y-%m-%d}", notes(model, tokens)]


def table() -> str:
    """The whole file, the same on every run of one release."""
    text = io.StringIO()
    ordered = sorted(rows(), key=lambda row: (row[0], row[1], int(row[3])))
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *ordered])
    return text.getvalue()


def main() -> None:
    """Write the file and say how long it is."""
    text = table()
    TABLE.write_text(text, encoding="utf-8")
    print(f"{TABLE.name}: {len(text.splitlines()) - 1} rows")


if __name__ == "__main__":
    main()
