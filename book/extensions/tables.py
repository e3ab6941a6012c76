"""The tables of the package as pages: every row, with search and sort, and the file to download.

```{table-of} chips
```
writes `data/chips.csv`, and after it what `data/README.md` says of it. Numbers are printed as the
book prints them and sort by their value. Beyond `WINDOW` rows the rest waits in a script, which
the page asks for when a reader searches, sorts or wants more.
"""

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from extensions.tablerows import (
    TABLES,
    columns,
    fields,
    first_columns,
    frame,
    head_html,
    rows,
    units_of_file,
)
from inferlib.show import show

WINDOW = 200
# Where the README says "see above", a page of its own has nothing above.
ABOVE, RULES = "see above", "see [what holds for every table](../data.md)"


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
        first = first_columns(table)
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
    """Offer the directives; pages that use them are read again when these files change."""
    files = (Path(__file__), Path(__file__).with_name("tablerows.py"))
    stamp = sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    app.add_config_value("tables_stamp", stamp, "env", str)
    app.add_directive("table-of", TableOf)
    app.add_directive("list-of-tables", TablesList)
    app.connect("builder-inited", write)
    app.connect("html-page-context", link, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
