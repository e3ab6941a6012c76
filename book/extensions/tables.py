"""The tables of the package as pages: every row, with search and sort, and the file to download.

```{table-of} chips
```
writes `data/chips.csv`, and after it what `data/README.md` says of it. Numbers are printed as the
book prints them and sort by their value. Beyond `WINDOW` rows the rest waits in a script, which
the page asks for when a reader searches, sorts or wants more.
"""

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from inferlib import catalog
from inferlib.formulas import quantities
from inferlib.measured import NUMBERS
from inferlib.schemas import KEYS, KINDS, SCHEMAS
from inferlib.show import STEPS, show

WINDOW = 200
MEASURED = "measurements"
TABLES = (*SCHEMAS, MEASURED)
# Printed under each row, so that no number stands without them.
SAID = ("source", "as_of", "notes")
# What is shown first of a wide table; a button shows the rest. Others are shown as they are.
FIRST: Mapping[str, str] = {
    "chips": "chip vendor family released chip_memory memory_bandwidth bf16_flops fp8_flops "
    "chip_power",
    "models": "model org layers model_width attention max_context published_parameters "
    "published_active_parameters",
    MEASURED: "chip_id model_id precision_weights engine num_chips input_tokens output_tokens "
    "concurrency_or_batch metric value",
    "claims": "id claim verdict finding",
}
# The unit of a measured value, by metric.
METRICS: Mapping[str, str] = {
    "tpot_s": "second",
    "ttft_s": "second",
    "e2e_latency_s": "second",
    "output_tokens_per_s": "token/second",
    "total_tokens_per_s": "token/second",
    "joules_per_output_token": "joule/token",
}
# Units that no quantity has, as they are printed.
OTHERS: Mapping[str, str] = {
    "year": "{:.0f}",
    "dollar/hour/chip": "${:,.4g}/h",
    "dollar/million token": "${:,.4g}",
}


# Prices stand in the files as their sources print them, not in base units.
AS_PRINTED = ("dollar/hour/chip", "dollar/million token")
# Where the README says "see above", a page of its own has nothing above.
ABOVE, RULES = "see above", "see [what holds for every table](../data.md)"


class Field(NamedTuple):
    """A column: its name, its unit, or one of the kinds of the schema."""

    name: str
    unit: str


def fields(table: str) -> list[Field]:
    """The columns of a table, in the order of its file."""
    if table != MEASURED:
        return [Field(one.name, one.unit) for one in catalog.schema(table)]
    header = frame(table).columns
    return [Field(n, "1" if n in NUMBERS else "value" if n == "value" else "text") for n in header]


def frame(table: str) -> pl.DataFrame:
    """The rows of a table."""
    if table != MEASURED:
        return catalog.read(table)
    text = pl.read_csv(file_of(table), infer_schema=False)
    return text.with_columns(pl.col(*NUMBERS, "value").cast(pl.Float64)).with_columns(
        pl.col(pl.String).fill_null("")
    )


def file_of(table: str) -> Path:
    """The file of a table."""
    return catalog.data_folder() / f"{table}.csv"


def printed(value: Any, field: Field, row: Mapping[str, Any]) -> str:
    """A value as a reader reads it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, float):
        return str(value)
    unit = unit_of(field, row)
    return OTHERS[unit].format(value) if unit in OTHERS else show(value, unit)


def unit_of(field: Field, row: Mapping[str, Any]) -> str:
    """The unit of a value; in some tables it depends on the row."""
    if field.unit == "base":
        unit = quantities[row["input"]].unit
        return unit if unit in STEPS else "1"
    return METRICS[row["metric"]] if field.unit == "value" else field.unit


def units_of_file(table: str) -> str:
    """In which units the file of a table is."""
    prices = any(one.unit in AS_PRINTED for one in fields(table))
    return "prices as their sources print them" if prices else "in base units"


def is_number(field: Field) -> bool:
    """Whether a column holds numbers."""
    return field.unit not in KINDS


def row_html(table: str, row: Mapping[str, Any], shown: list[Field], first: set[str]) -> str:
    """One row, and under it where it comes from; numbers carry the value that they sort by."""
    cells = []
    for place, field in enumerate(shown):
        value, text = row[field.name], escape(printed(row[field.name], field, row))
        exact = f' data-value="{value:.12g}"' if isinstance(value, float) else ""
        kind = 'th scope="row"' if place == 0 else "td"
        cells.append(f"<{kind}{classes(field, first)}{exact}>{text}</{kind[:2]}>")
    named = "" if table in KEYS or table == MEASURED else f' id="row-{row[shown[0].name]}"'
    notes = f" {row['notes'][:1].upper()}{row['notes'][1:].rstrip('.')}." if row["notes"] else ""
    said = escape(f"Source: {row['source'].rstrip('.')}, as of {row['as_of']}.{notes}")
    return (
        f"<tbody{named}><tr>{''.join(cells)}</tr>"
        f'<tr><td colspan="{len(shown)}"><div class="said">{said}</div></td></tr></tbody>'
    )


def classes(field: Field, first: set[str]) -> str:
    """The classes of a cell: a number, one of a column that waits, a long text."""
    found = {
        "number": is_number(field),
        "more": bool(first) and field.name not in first,
        "long": field.name in ("finding", "claim", "setting", "other"),
    }
    names = " ".join(name for name, holds in found.items() if holds)
    return f' class="{names}"' if names else ""


def columns(table: str) -> list[Field]:
    """The columns of the page: all but what is printed under each row."""
    return [one for one in fields(table) if one.name not in SAID]


def head_html(shown: list[Field], first: set[str]) -> str:
    """The names of the columns."""
    cells = (
        f'<th scope="col"{classes(one, first)}>{escape(one.name.replace("_", " "))}</th>'
        for one in shown
    )
    return f"<tr>{''.join(cells)}</tr>"


def rows(table: str) -> Iterator[str]:
    """Every row of a table as HTML."""
    shown, first = columns(table), set(FIRST.get(table, "").split())
    for row in frame(table).iter_rows(named=True):
        yield row_html(table, row, shown, first)


class TableOf(SphinxDirective):
    """Write a table, and what the README of the data says of it."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """What a row is, the way to the file, the table, its columns."""
        table = self.arguments[0]
        if table not in TABLES:
            raise self.error(f"there is no table {table!r}; there are {', '.join(TABLES)}")
        file = Path(self.env.srcdir) / "data" / f"{table}.csv"
        lead, rest = described(table, file.parent / "README.md")
        return [
            *self.parsed(lead),
            self.download(table, file),
            nodes.raw("", self.html(table), format="html"),
            nodes.rubric("", "What the columns mean"),
            *self.parsed(rest.replace(ABOVE, RULES)),
        ]

    def parsed(self, text: str) -> list[nodes.Node]:
        """Text of the README, as it would stand on a page."""
        here = nodes.Element()
        self.state.nested_parse(StringList(text.splitlines(), "data/README.md"), 0, here)
        return list(here.children)

    def download(self, table: str, file: Path) -> nodes.paragraph:
        """The link to the file as it is."""
        count, size = frame(table).height, file.stat().st_size
        link = addnodes.download_reference(
            "", nodes.Text(file.name), reftarget=f"/data/{file.name}", refdoc=self.env.docname
        )
        line = nodes.paragraph("", "Download ", link, classes=["download"])
        line += nodes.Text(
            f": {count:,} rows, {len(fields(table))} columns, {show(size, 'byte')}, "
            f"{units_of_file(table)}."
        )
        return line

    def html(self, table: str) -> str:
        """The table, its first rows if there are many."""
        every, shown = list(rows(table)), columns(table)
        first = set(FIRST.get(table, "").split())
        here, later = every[:WINDOW], every[WINDOW:]
        waits = f' data-more="{table}"' if later else ""
        note = (
            f'<p class="cut">Here are the first {WINDOW} of {len(every):,} rows; '
            "the file has them all.</p>"
            if later
            else ""
        )
        return (
            f'<div class="data-table wide" data-rows="{len(every)}" data-window="{WINDOW}"{waits}>'
            f'<div class="scroll" tabindex="0" role="region" aria-label="Rows of {table}.csv">'
            f'<table class="data"><thead>{head_html(shown, first)}</thead>'
            f"{''.join(here)}</table></div>{note}</div>"
        )


class TablesList(SphinxDirective):
    """Every table, with the way to its page and to its file."""

    def run(self) -> list[nodes.Node]:
        """A table of tables."""
        readme = Path(self.env.srcdir) / "data" / "README.md"
        head = nodes.row("", *(_cell(nodes.Text(t)) for t in ("Table", "A row is", "Rows")))
        body = nodes.tbody("", *(self.row(table, readme) for table in TABLES))
        columns = [nodes.colspec(colwidth=width) for width in (2, 5, 1)]
        group = nodes.tgroup("", *columns, nodes.thead("", head), body, cols=3)
        return [nodes.table("", group, classes=["tables"])]

    def row(self, table: str, readme: Path) -> nodes.row:
        """One table: its page, what a row is, how many there are."""
        page = f"book/data/{table}"
        link: nodes.Node = nodes.Text(f"{table}.csv")  # a test asks for its page
        if page in self.env.found_docs:
            link = addnodes.pending_xref(
                "",
                nodes.inline("", f"{table}.csv"),
                refdomain="std",
                reftype="doc",
                reftarget=f"/{page}",
                refdoc=self.env.docname,
                refexplicit=True,
                refwarn=True,
            )
        what = described(table, readme)[0].split(". ")[0].removeprefix("A row is ").rstrip(".")
        count = _cell(nodes.Text(f"{frame(table).height:,}"))
        count["classes"].append("number")
        return nodes.row("", _cell(link), _cell(nodes.Text(re.sub("[*`]", "", what))), count)


def _cell(node: nodes.Node) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", "", node))


def described(table: str, readme: Path) -> tuple[str, str]:
    """What the README says of a table: what a row is, and the rest."""
    text = readme.read_text(encoding="utf-8")
    section = text.partition(f"\n## {table}.csv\n")[2].partition("\n## ")[0].strip()
    if not section:
        raise ExtensionError(f"data/README.md has no section '## {table}.csv'")
    lead, _, rest = section.partition("\n\n")
    return lead, rest


def write(app: Sphinx) -> None:
    """Write the rows that wait, and the script that asks for them."""
    app.table_files = {}  # type: ignore[attr-defined]
    if app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    for table in TABLES:
        if frame(table).height > WINDOW:
            later = "".join(list(rows(table))[WINDOW:])
            text = f"bookRows({json.dumps(table)}, {json.dumps(later, ensure_ascii=False)});\n"
            (static / f"rows-{table}.js").write_text(text, encoding="utf-8")
            stamp = sha256(text.encode()).hexdigest()[:8]
            app.table_files[table] = f"rows-{table}.js?v={stamp}"  # type: ignore[attr-defined]
    script = (Path(app.srcdir) / "book/styles/tables.js").read_bytes()
    (static / "tables.js").write_bytes(script)


def link(app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    """Link the script from a page that holds a table; the rows wait until it asks for them."""
    body = context.get("body", "")
    if 'class="data-table' not in body:
        return
    for table, name in app.table_files.items():  # type: ignore[attr-defined]
        address = context["pathto"](f"_static/{name}", 1)
        body = body.replace(f'data-more="{table}"', f'data-more="{address}"')
    context["body"] = body
    app.add_js_file("tables.js", loading_method="defer", priority=950)


def setup(app: Sphinx) -> dict[str, Any]:
    """Offer the directives; pages that use them are read again when this file changes."""
    stamp = sha256(Path(__file__).read_bytes()).hexdigest()
    app.add_config_value("tables_stamp", stamp, "env", str)
    app.add_directive("table-of", TableOf)
    app.add_directive("list-of-tables", TablesList)
    app.connect("builder-inited", write)
    app.connect("html-page-context", link, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
