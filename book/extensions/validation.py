"""Predicted against measured as a page: error tables from data/scores.csv, and residuals.

```{scores} unseen
```
writes the errors by what the fit had not seen; `chip`, `model` and `metrics` are other tables.
```{residuals} tpot_s
```
draws every prediction of a metric over its measurement; `unseen` draws the errors of the splits.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import altair as alt
import polars as pl
from docutils import nodes
from polars import col
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from extensions.drawn import drawn
from inferlib import catalog, validation
from inferlib.show import show

METRICS = {
    "tpot_s": "Time per output token",
    "ttft_s": "Time to first token",
    "joules_per_output_token": "Energy of an output token",
    "output_tokens_per_s": "Output tokens a second",
    "total_tokens_per_s": "All tokens a second",
}
SPLITS = {
    "fit": "nothing: these are the fitted rows",
    "group": "the system in that study",
    "pair": "the pair of chip and model",
    "chip": "the chip",
    "model": "the model",
}
KINDS = {"dense": "dense", "MoE": "with experts"}
COLOURS = {"dense": "var(--series-1)", "with experts": "var(--series-2)"}
# How far the axis of residuals reaches; what lies beyond is drawn on its edge.
REACH = {
    "tpot_s": (0.2, 6.0),
    "ttft_s": (0.008, 2.0),
    "joules_per_output_token": (0.2, 4.0),
}
UNITS = {"tpot_s": "s a token", "ttft_s": "s", "joules_per_output_token": "J a token"}
TICKS = [2.0**power for power in range(-6, 3)]
HEAD = ("Rows", "Mean error", "Median", "Nine in ten below", "Bias")


@cache
def predicted() -> pl.DataFrame:
    """Every published measurement that can be predicted, with the prediction over it."""
    kinds = {
        m: "with experts" if e else "dense" for m, e in catalog.models()["model", "experts"].rows()
    }
    frame = validation.predict(validation.measurements())
    return frame.filter(col("predicted").is_not_null() & (col("value") > 0)).select(
        "metric",
        "value",
        kind=col("model_id").replace_strict(kinds),
        ratio=col("predicted") / col("value"),
    )


def percent(share: float, signed: bool = False) -> str:
    """A share in per cent, without decimals."""
    sign = "+" if signed and share > 0.005 else ""
    return sign + show(round(share, 2) or 0.0, "share")


def cells(row: dict[str, Any]) -> list[str]:
    """The columns of an error table."""
    sizes = (percent(row[name]) for name in ("mape", "median", "p90"))
    return [f"{row['rows']:,.0f}", *sizes, percent(row["bias"], True)]


def errors(what: str) -> tuple[list[str], list[list[str]]]:
    """Head and rows of an error table."""
    scores = catalog.scores()
    if what == "metrics":
        rows = scores.filter(split="fit", by="kind")
        named = [[METRICS[r["metric"]], KINDS[r["group"]], *cells(r)] for r in rows.to_dicts()]
        return ["What", "Models", *HEAD], named
    tpot = scores.filter(metric="tpot_s")
    if what == "unseen":
        every = tpot.filter(by="kind").to_dicts()
        return ["Not seen by the fit", "Models", *HEAD], [
            [words, KINDS[row["group"]], *cells(row)]
            for split, words in SPLITS.items()
            for row in every
            if row["split"] == split
        ]
    left_out = tpot.filter(split=what, by=what).to_dicts()
    table = {"chip": "chips", "model": "models"}[what]
    named = [[str(catalog.row(table, r["group"])["name"]), *cells(r)] for r in left_out]
    return [f"{what.capitalize()}, left out of the fit", *HEAD], named


class Scores(SphinxDirective):
    """Write a table of errors."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The table."""
        head, rows = errors(self.arguments[0])
        first = len(head) - len(HEAD)
        group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in head), cols=len(head))
        group += nodes.thead("", self.row(head, first))
        group += nodes.tbody("", *(self.row(one, first) for one in rows))
        return [nodes.table("", group, classes=["errors"])]

    def row(self, texts: list[str], first: int) -> nodes.row:
        """One row; what comes after the names are numbers."""
        row = nodes.row()
        for place, text in enumerate(texts):
            kind = ["number"] if place >= first else []
            row += nodes.entry("", nodes.paragraph("", text), classes=kind)
        return row


class Residuals(SphinxDirective):
    """Draw the errors."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """The figure."""
        what = self.arguments[0]
        return [_splits() if what == "unseen" else _residuals(what)]


def _told(metric: str, ratio: pl.Series) -> tuple[str, str]:
    """Title and words of a figure of residuals."""
    low, high = (ratio.quantile(share, "linear") or 0.0 for share in (0.05, 0.95))
    under = ratio.filter(ratio < 1).len()
    mostly = under >= 0.9 * ratio.len()
    finding = "nearly every prediction is too low"
    question = "what is predicted, as a multiple of what was measured"
    says = (
        f"Each of the {ratio.len():,} dots is a published measurement. Nine in ten predictions "
        f"lie between {low:.2f} and {high:.2f} times what was measured; {under:,} are too low."
    )
    if beyond := ratio.filter(~ratio.is_between(*REACH[metric])).len():
        says += f" {beyond} lie beyond the edge and are drawn on it."
    return f"{METRICS[metric]}: {finding if mostly else question}", says


def _residuals(metric: str) -> nodes.raw:
    frame, edges = predicted().filter(metric=metric), REACH[metric]
    title, says = _told(metric, frame["ratio"])

    def chart(width: int) -> Any:
        base = alt.Chart(frame.select("value", "ratio", "kind"))
        across = alt.X(
            "value:Q", scale=alt.Scale(type="log", nice=False), title=f"measured, {UNITS[metric]}"
        )
        up = alt.Y(
            "ratio:Q",
            scale=alt.Scale(type="log", domain=edges, clamp=True),
            title="predicted / measured",
        ).axis(
            values=[one for one in TICKS if edges[0] <= one <= edges[1]],
            labelExpr="datum.value < 1 ? '1/' + 1/datum.value : datum.label",
            format="~g",
        )
        colour = alt.Color(
            "kind:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
        )
        dots = base.mark_circle(size=9, opacity=1).encode(
            across.axis(tickCount=5, format="~g"), up, colour
        )
        line = (
            alt.Chart(pl.DataFrame({"one": [1.0]})).mark_rule(color="var(--ink)").encode(y="one:Q")
        )
        return (line + dots).properties(width=width - 60, height=260)

    return drawn(chart, title, says, f"residuals-{metric.replace('_', '-')}")


def _splits() -> nodes.raw:
    scores = catalog.scores().filter(metric="tpot_s", by="kind")
    order = list(SPLITS.values())
    frame = scores.select(
        "mape", unseen=col("split").replace_strict(SPLITS), kind=col("group").replace_strict(KINDS)
    )
    means = {words: frame.filter(unseen=words)["mape"].to_list() for words in order}
    said = (
        f"{words.partition(':')[0]}, {' and '.join(map(percent, found))}"
        for words, found in means.items()
    )
    says = (
        "Mean error of the time per output token, by what had been left out of the fit: "
        f"{'; '.join(said)}. The first number is for models with experts."
    )
    worst = max(frame["mape"].to_list())

    def chart(width: int) -> Any:
        up = alt.Y("unseen:N", sort=order, title=None).axis(
            labelLimit=260, labelColor="var(--ink)", titleAngle=0, ticks=False, domain=False
        )
        across = alt.X("mape:Q", title="mean error", scale=alt.Scale(domain=[0, worst * 1.1])).axis(
            format="%", tickCount=5
        )
        colour = alt.Color(
            "kind:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
        )
        dots = alt.Chart(frame).mark_circle(size=90, opacity=1).encode(across, up, colour)
        texts = [
            alt.Chart(frame.filter(kind=kind))
            .mark_text(dy=dy, fontSize=12)
            .encode(across, up, text=alt.Text("mape:Q", format=".0%"), color=colour)
            for kind, dy in zip(COLOURS.keys(), (-12, 14), strict=True)
        ]
        across_by = width - (250 if width > 400 else 190)
        return alt.layer(dots, *texts).properties(width=across_by, height=220)

    title = "How much larger is the error on what the fit had not seen?"
    return drawn(chart, title, says, "errors-unseen")


def setup(app: Sphinx) -> dict[str, Any]:
    """Offer the directives; a page that uses them is read again when these files change."""
    files = (Path(__file__), Path(__file__).with_name("drawn.py"))
    stamp = sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    app.add_config_value("validation_stamp", stamp, "env", str)
    app.add_directive("scores", Scores)
    app.add_directive("residuals", Residuals)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
