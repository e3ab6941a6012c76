"""Every quantity of inferlib on one page: a directive that writes the formulas of a subject.

```{quantities} memory
```
writes the module `inferlib.formulas.memory`; `inputs` writes the inputs of all as a table, and
`symbols` an index. Each quantity is an anchor of its own name: `formulas.md#tpot` works anywhere.
"""

import hashlib
import re
from importlib import import_module
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from extensions import graph
from inferlib.explorable.axes import short
from inferlib.formulas import quantities
from inferlib.mathml import mathml
from inferlib.quantity import Quantity
from inferlib.references import OWN
from inferlib.trace import latex

READING_ORDER = (
    "architecture",
    "attention",
    "linear",
    "sparse",
    "memory",
    "compute",
    "latency",
    "parallelism",
    "load",
    "service",
    "fleet",
    "cost",
    "bill",
    "energy",
    "carbon",
    "device",
    "training",
    "crossing",
    "lifetime",
    "speculation",
    "levers",
    "routing",
    "product",
    "owning",
    "margin",
)


def _symbol(one: Quantity) -> str:
    return rf"\class{{c-{one.hue}}}{{{one.symbol}}}" if one.hue else one.symbol


def _by_letter(one: Quantity) -> tuple[bool, str, str]:
    plain = re.sub(r"\\(text|dot|bar)|[^A-Za-z\\]", "", one.symbol)
    return plain.startswith("\\"), plain.strip("\\").casefold(), plain.swapcase()  # Greek last


def _raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


def _unit(one: Quantity) -> nodes.raw:
    unit = "number" if one.unit == "1" else one.unit.replace("*", "·")
    return _raw(f'<span class="unit">{unit.replace("/", "/<wbr>")}</span>')


def _code(one: Quantity) -> nodes.literal:
    return nodes.literal("", one.name)


def _link(one: Quantity, *content: nodes.Node) -> nodes.reference:
    return nodes.reference("", "", *content, refid=one.name, internal=True)


def _formula(one: Quantity) -> nodes.raw:
    right = latex(one, quantities, lambda need: _symbol(quantities[need]))
    markup = mathml(f"{_symbol(one)} = {right}", True)
    return _raw(f'<div class="formula">{markup}</div>')  # page.js lets keys scroll a wide one


def _parts(one: Quantity) -> nodes.paragraph:
    line = nodes.paragraph("", "", classes=["parts"])
    for need in (quantities[name] for name in one.needs):
        line += nodes.Text("; " if len(line) else "")
        line += [_raw(f"{mathml(_symbol(need))} "), _link(need, nodes.Text(short(need.name)))]
    return line


def _row(*cells: list[nodes.Node]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", *cell) for cell in cells))


class Quantities(SphinxDirective):
    """Write the formulas of a subject, all inputs, or an index of symbols."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """A list of formulas, a table of inputs, or a line of symbols."""
        subject = self.arguments[0]
        if subject == "symbols":
            return [self.index()]
        if subject == "inputs":
            return [self.table()]
        module = import_module(f"inferlib.formulas.{subject}")
        declared = (one for one in vars(module).values() if isinstance(one, Quantity))
        items = [self.item(one) for one in declared]
        drawing = graph.subject(subject)
        return [drawing, nodes.definition_list("", *items, classes=["quantities"])]

    def index(self) -> nodes.paragraph:
        """Every symbol, as a link to its entry."""
        line = nodes.paragraph("", "", classes=["symbols"])
        for one in sorted(quantities.values(), key=_by_letter):
            link = _link(one, _raw(mathml(_symbol(one))))
            link["reftitle"] = one.label
            line += [link, nodes.Text(" ")]
        return line

    def item(self, one: Quantity) -> nodes.definition_list_item:
        """One formula: label and unit, equation, what it rests on, where it comes from."""
        term = nodes.term("", "", nodes.Text(f"{one.label} "), _unit(one), ids=[one.name])
        term["quantity"] = one.label
        about = nodes.definition("", _formula(one), _parts(one), self.provenance(one))
        return nodes.definition_list_item("", term, about)

    def table(self) -> nodes.table:
        """All inputs in the order of the modules: symbol, what it is, unit."""
        modules = [import_module(f"inferlib.formulas.{subject}") for subject in READING_ORDER]
        titles = _row(*([nodes.paragraph("", title)] for title in ("Symbol", "Input", "Unit")))
        body = nodes.tbody("", *(self.input(one) for module in modules for one in module.INPUTS))
        columns = [nodes.colspec(colwidth=width) for width in (1, 4, 2)]
        group = nodes.tgroup("", *columns, nodes.thead("", titles), body, cols=3)
        return nodes.table("", group, classes=["inputs"])

    def input(self, one: Quantity) -> nodes.row:
        """One input as a row."""
        about = [nodes.paragraph("", one.label), self.provenance(one)]
        sign, unit = (
            nodes.paragraph("", "", raw) for raw in (_raw(mathml(_symbol(one))), _unit(one))
        )
        row = _row([sign], about, [unit])
        row["ids"], row["quantity"] = [one.name], one.label
        return row

    def provenance(self, one: Quantity) -> nodes.paragraph:
        """Name, conditions and source; the source is a link into the references."""
        line = nodes.paragraph("", "", _code(one), classes=["provenance"])
        for place, name in enumerate(one.requires):
            line += nodes.Text(" and " if place else " means nothing without ")
            line += _link(quantities[name], _code(quantities[name]))
        found, messages = self.state.inline_text(f"{{cite:p}}`{one.source}`", self.lineno)
        cited = nodes.inline("", "", *found)
        cited["own"] = OWN.get(one.source, "")
        line += [nodes.Text(" "), cited, *messages]
        line += nodes.inline("", "", used=one.name)  # graph.py names the chapters
        return line


def anchor(app: Sphinx, tree: nodes.document) -> None:
    """Let MyST find the anchors: `[TPOT](formulas.md#tpot)`."""
    found = [node for node in tree.findall(nodes.Element) if "quantity" in node]
    slugs = {node["ids"][0]: (node.line or 0, node["ids"][0], node["quantity"]) for node in found}
    app.env.metadata[app.env.docname].setdefault("myst_slugs", {}).update(slugs)


def reword(_app: Sphinx, tree: nodes.document, _page: str) -> None:
    """Let what is this book's own say so in words, in place of its authors and year."""
    for node in [one for one in tree.findall(nodes.inline) if one.get("own")]:
        link = next(iter(node.findall(nodes.reference)))
        link.children = [nodes.Text(node["own"])]
        node.children = [nodes.Text("["), link, nodes.Text("]")]


def setup(app: Sphinx) -> dict[str, Any]:
    """Offer the directive; a page that uses it is read again when this file changes."""
    files = (Path(__file__), Path(graph.__file__))
    stamp = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
    app.add_config_value("formulas_stamp", stamp, "env", str)
    app.add_directive("quantities", Quantities)
    app.connect("doctree-read", anchor)
    app.connect("doctree-resolved", reword)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
