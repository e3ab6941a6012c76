"""The graph of quantities, drawn: arcs between subjects, and within each from formula to formula.

```{graph}
```
draws how subjects rest on each other; `subject()` draws one of them, for the page of formulas.
Nobody can read all quantities in one drawing. Each dependency is in one of these.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from inferlib.formulas import quantities
from inferlib.quantity import Quantity

ROW, GUTTER, WIDTH = 28, 84, 372
PAGE = "book/formulas"
CALL = re.compile(r"^## (.+?)\n(?:(?!^## ).)*?^```\{quantities\} (\w+)$", re.M | re.S)
# A quantity in the code of a notebook: quoted, in braces, or an argument.
USED = re.compile(r'["{:]([a-z][a-z0-9_]*)["}]|\b([a-z][a-z0-9_]*)=')


def declared(subject: str) -> list[Quantity]:
    """The formulas of a subject, in their order."""
    module = import_module(f"inferlib.formulas.{subject}")
    return [one for one in vars(module).values() if isinstance(one, Quantity) and one.formula]


@cache
def subjects(page: Path) -> Mapping[str, str]:
    """The subjects of the page of formulas with their titles, in reading order."""
    found = {name: title for title, name in CALL.findall(page.read_text(encoding="utf-8"))}
    return {name: title for name, title in found.items() if name not in ("symbols", "inputs")}


def ordered(names: Sequence[str]) -> list[str]:
    """Names so that each stands below those that it rests on, else in their order."""
    left, done = list(names), list[str]()
    while left:
        ready = next(n for n in left if not set(quantities[n].needs) & (set(left) - {n}))
        left.remove(ready)
        done.append(ready)
    return done


def arcs(rows: Sequence[tuple[str, str]], edges: Mapping[tuple[int, int], int], says: str) -> str:
    """A list of links with arcs at its left, from what is needed to what needs it."""
    longest = max((abs(a - b) for a, b in edges), default=1)
    paths = []
    for (start, end), count in sorted(edges.items()):
        reach = 10 + (GUTTER - 22) * (abs(end - start) / longest) ** 0.6
        y, z = (ROW * (place + 0.5) for place in (start, end))
        up = ' class="up"' if end < start else ""
        width = f' stroke-width="{1 + 0.5 * min(count, 8):.1f}"' if count > 1 else ""
        paths.append(
            f'<path{up}{width} data-from="{start}" data-to="{end}" '
            f'd="M{GUTTER - 8} {y:.0f}C{GUTTER - 8 - reach * 1.3:.0f} {y:.0f} '
            f'{GUTTER - 8 - reach * 1.3:.0f} {z:.0f} {GUTTER - 8} {z:.0f}"/>'
        )
    marks = "".join(
        f'<circle cx="{GUTTER - 8}" cy="{ROW * (place + 0.5):.0f}" r="2.5"/>'
        f'<a href="#{target}"><text x="{GUTTER}" y="{ROW * (place + 0.5) + 4.5:.1f}">'
        f"{escape(label)}</text></a>"
        for place, (label, target) in enumerate(rows)
    )
    height = ROW * len(rows)
    return (
        f'<svg class="arcs" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="group" aria-label="{escape(says)}"><g>{"".join(paths)}</g>{marks}</svg>'
    )


def _label(one: Quantity) -> str:
    text = one.label.partition(":")[0].partition(" (")[0]
    return text if len(text) <= 44 else f"{text[:43].rpartition(' ')[0]} …"


def subject(name: str) -> nodes.raw:
    """The formulas of a subject and what in it rests on what, folded."""
    order = ordered([one.name for one in declared(name)])
    place = {one: i for i, one in enumerate(order)}
    edges = {
        (place[need], place[one]): 1
        for one in order
        for need in quantities[one].needs
        if need in place
    }
    rows = [(_label(quantities[one]), one) for one in order]
    drawing = arcs(rows, edges, "Formulas of this subject; arcs lead down to what rests on them")
    return nodes.raw(
        "",
        '<details class="graph"><summary>What rests on what</summary>'
        f"<figure>{drawing}<figcaption>Arcs lead down, from a quantity to those that need it; each "
        "formula on this page names its source.</figcaption></figure></details>",
        format="html",
    )


class Graph(SphinxDirective):
    """Draw how the subjects rest on each other."""

    def run(self) -> list[nodes.Node]:
        """The drawing."""
        titles = subjects(Path(self.env.srcdir) / f"{PAGE}.md")
        edges = between(list(titles))
        rows = [(title, declared(name)[0].name) for name, title in titles.items()]
        drawing = arcs(rows, edges, "Subjects; arcs lead from one to those that use its quantities")
        caption = "Drawn from the formulas, each of which names its source on this page."
        figure = f"<figure>{drawing}<figcaption>{caption}</figcaption></figure>"
        return [nodes.raw("", f'<div class="graph">{figure}</div>', format="html")]


def between(names: list[str]) -> dict[tuple[int, int], int]:
    """How often formulas of one subject need those of another, by places in the list."""
    home = {one.name: place for place, name in enumerate(names) for one in declared(name)}
    return dict(
        Counter(
            (home[need], home[one])
            for one in home
            for need in quantities[one].needs
            if need in home and home[need] != home[one]
        )
    )


def used(code: str) -> set[str]:
    """The quantities that a notebook's code names."""
    return {name for pair in USED.findall(code) for name in pair if name in quantities}


def pages_that_use(env: BuildEnvironment) -> dict[str, list[str]]:
    """For each quantity the chapters whose code names it, in reading order."""
    found: dict[str, list[str]] = {}
    for page in env.toctree_includes.get(env.config.root_doc, []):
        file = Path(env.doc2path(page))
        if file.suffix != ".ipynb" or not page.startswith("chapters/"):
            continue
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(one["source"]) for one in cells if one["cell_type"] == "code")
        for name in used(code):
            found.setdefault(name, []).append(page)
    return found


def name_pages(app: Sphinx, tree: nodes.document, page: str) -> None:
    """Say of each quantity in which chapters it is used."""
    if page != PAGE:
        return
    users = pages_that_use(app.env)
    for line in tree.findall(nodes.inline):
        if "used" not in line or line["used"] not in users:
            continue
        titles = {user: app.env.titles[user].astext() for user in users[line["used"]]}
        for place, (user, title) in enumerate(titles.items()):
            line += nodes.Text("; " if place else " Used in ")
            line += make_refnode(app.builder, page, user, "", nodes.Text(title))
        *_, last = titles.values()
        line += nodes.Text("" if last.endswith("?") else ".")


def rewrite(_app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write the page of formulas anew, as chapters may have changed."""
    return [PAGE] if PAGE in env.found_docs else []


def setup(app: Sphinx) -> dict[str, Any]:
    """Offer the drawing."""
    app.add_directive("graph", Graph)
    app.connect("doctree-resolved", name_pages)
    app.connect("env-updated", rewrite)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
