"""Links that set an explorable: `[set the batch to 1](#x=roofline;concurrency:1)`."""

from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

STATE = "x="


class HereLinks(SphinxTransform):
    """A link to a state on its own page is no anchor, and is not looked up as one."""

    default_priority = 200  # before MyST resolves anchors

    def apply(self, **_: Any) -> None:
        """Mark each `#x=` reference as resolved."""
        for node in self.document.findall(nodes.reference):
            if node.get("id_link") and node["refuri"].startswith(f"#{STATE}"):
                del node["id_link"]
                node["internal"] = True
                node["classes"].append("set-state")


class ThereLinks(SphinxPostTransform):
    """A link to a state on another page keeps its fragment."""

    default_priority = 5  # before MyST resolves documents

    def run(self, **_: Any) -> None:
        """Resolve each document reference whose target is a state."""
        for node in list(self.document.findall(pending_xref)):
            target = node.get("reftargetid") or ""
            if node["reftype"] != "myst" or not target.startswith(STATE):
                continue
            if node["reftarget"] not in self.env.found_docs:
                continue  # MyST reports it
            content = nodes.inline("", "", *[child.deepcopy() for child in node.children])
            link = make_refnode(
                self.app.builder, self.env.docname, node["reftarget"], target, content
            )
            link["classes"].append("set-state")
            node.replace_self(link)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register both transforms."""
    app.add_transform(HereLinks)
    app.add_post_transform(ThereLinks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
