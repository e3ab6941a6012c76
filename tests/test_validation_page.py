"""The page of errors: what it prints is what the tables and the package say."""

import re
from functools import cache
from html import unescape

import pytest
from conftest import SITE
from polars import col

from inferlib import catalog, validation

PAGE = SITE / "book/validation.html"


@cache
def html() -> str:
    """The built page."""
    return PAGE.read_text(encoding="utf-8")


@cache
def rows() -> list[list[str]]:
    """The rows of all its tables, as texts."""
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", html(), re.S)
    cells = (re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S) for row in found)
    return [[unescape(re.sub(r"<[^>]+>", "", one)).strip() for one in row] for row in cells]


SHOWN = catalog.scores().filter(
    ((col("by") == "kind") & ((col("metric") == "tpot_s") | (col("split") == "fit")))
    | ((col("metric") == "tpot_s") & (col("by") == col("split")))
)


@pytest.mark.parametrize(
    "score", SHOWN.to_dicts(), ids=lambda one: f"{one['split']}-{one['group']}"
)
def test_every_score_is_printed(score):
    wanted = [f"{score['rows']:,.0f}"]
    wanted += [f"{100 * score[name]:.0f}" for name in ("mape", "median", "p90")]
    printed = [[re.sub(r"\s*%$", "", cell) for cell in row] for row in rows()]
    assert any(row[-5:-1] == wanted for row in printed if len(row) > 5), wanted


@pytest.mark.parametrize("metric", ["tpot_s", "ttft_s", "joules_per_output_token"])
def test_every_measurement_is_a_dot_at_its_residual(metric):
    (figure,) = re.findall(
        rf'<figure class="drawn wide" id="residuals-{metric.replace("_", "-")}">(.*?)</figure>',
        html(),
        re.S,
    )
    predicted = validation.predict(validation.measurements().filter(col("metric") == metric))
    ratio = (predicted["predicted"] / predicted["value"]).drop_nulls()
    for width in ("wide", "narrow"):
        (drawing,) = re.findall(rf'<div class="{width}">(.*?)</svg>', figure, re.S)
        assert len(re.findall(r"M[\d.]+ [\d.]+h0", drawing)) == len(ratio)
    said = re.sub(r"<[^>]+>", "", figure)
    assert f"{len(ratio):,} dots" in said
    assert f"{(ratio < 1).sum():,} are too low" in said
    low, high = (ratio.quantile(share, "linear") for share in (0.05, 0.95))
    assert f"between {low:.2f} and {high:.2f} times" in said


def test_drawings_take_the_colours_of_the_page():
    drawings = re.findall(r"<svg.*?</svg>", html(), re.S)
    drawings = [one for one in drawings if "predicted / measured" in one or "mean error" in one]
    assert len(drawings) == 8
    for one in drawings:
        assert "var(--series-1)" in one
        assert not re.search(r'(?:fill|stroke)="#(?!000")', one), "a fixed colour"
