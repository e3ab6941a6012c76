"""The article's claims on one page: a directive that writes them all, each with its anchor."""

import re
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from inferlib.verdicts import Claim, claims, said, verdict

LATER = "in a later chapter"
# How many claims have a verdict, in words.
COUNTED = {
    "holds": "{} hold",
    "holds if": "{} hold on a condition",
    "reported": "{} reported, not confirmed by those whom it is about",
    "not confirmed": "{} not confirmed",
    "wrong": "{} wrong",
    "definition": "{} definitions",
    "argument": "{} arguments",
    "prediction": "{} predictions",
}


def summary(found: Sequence[Claim]) -> str:
    """How many claims have which verdict."""
    counts = Counter(one.verdict for one in found)
    told = (words.format(counts[name]) for name, words in COUNTED.items())
    return f"{len(found)} claims: {'; '.join(told)}."


class ClaimList(SphinxDirective):
    """Write every claim: what it says, what was found, where it is treated."""

    def run(self) -> list[nodes.Node]:
        """A list in the order of the article."""
        found = claims()
        items = [self.item(one) for one in found]
        counted = nodes.paragraph("", summary(found))
        return [counted, nodes.bullet_list("", *items, classes=["claims"])]

    def item(self, one: Claim) -> nodes.list_item:
        """One claim with its anchor."""
        finding = nodes.paragraph("", "", nodes.strong("", verdict(one), classes=["verdict"]))
        finding += nodes.Text(f" {one.finding}")
        about = nodes.paragraph("", "", classes=["provenance"])
        about += [nodes.Text(f"Claim {one.id}, "), self.treated(one), nodes.Text(f". {said(one)}")]
        about += nodes.Text(f" {one.notes.rstrip('.')}." if one.notes else "")
        says = nodes.paragraph("", f"{one.claim}.", classes=["claim"])
        item = nodes.list_item("", says, finding, about, ids=[one.id])
        item["claim"] = one.claim
        return item

    def treated(self, one: Claim) -> nodes.Node:
        """The way to the chapter that treats a claim, if it is there."""
        page = f"chapters/{one.chapter}"
        if page not in self.env.found_docs:
            return nodes.Text(LATER)
        return pending_xref(
            "",
            nodes.inline("", one.chapter),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{page}",
            refdoc=self.env.docname,
            refexplicit=False,
            refwarn=True,
        )


def anchor(app: Sphinx, tree: nodes.document) -> None:
    """Let MyST find the anchors: `[the claim](../book/claims.md#c08)`."""
    found = [node for node in tree.findall(nodes.list_item) if "claim" in node]
    slugs = {node["ids"][0]: (node.line or 0, node["ids"][0], node["claim"]) for node in found}
    app.env.metadata[app.env.docname].setdefault("myst_slugs", {}).update(slugs)


def depends(app: Sphinx, env: Any, added: set[str], changed: set[str], removed: set[str]) -> Any:
    """Read the page of claims again where chapters come or go."""
    text = {page: Path(env.doc2path(page)) for page in env.found_docs}
    gone = any(page.startswith("chapters/") for page in added | removed)
    marked = [p for p, file in text.items() if file.suffix == ".md" and _is_of_claims(file)]
    return marked if gone else []


def _is_of_claims(file: Path) -> bool:
    return bool(re.search(r"^```\{claims\}", file.read_text(encoding="utf-8"), re.M))


def setup(app: Sphinx) -> dict[str, Any]:
    """Offer the directive; its page follows the package and the chapters."""
    stamp = sha256(Path(__file__).read_bytes()).hexdigest()
    app.add_config_value("claims_stamp", stamp, "env", str)
    app.add_directive("claims", ClaimList)
    app.connect("doctree-read", anchor)
    app.connect("env-get-outdated", depends)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
