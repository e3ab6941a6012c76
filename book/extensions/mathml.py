"""Formulas as MathML at build: read without scripts, printed, spoken."""

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from inferlib.mathml import mathml

log = logging.getLogger(__name__)


def rendered(node: nodes.Element, display: bool) -> str:
    """The formula of a node; one that cannot be read is a warning, and so fails the build."""
    latex = node.astext()
    try:
        return mathml(latex, display)
    except Exception as error:  # the parser raises classes of its own, and bare ones
        log.warning("formula not written: %s", error or repr(error), location=node)
        return f"<code>{escape(latex)}</code>"


def visit_inline(writer: HTML5Translator, node: nodes.math) -> None:
    """Write an inline formula."""
    writer.body.append(f'<span class="math">{rendered(node, False)}</span>')
    raise nodes.SkipNode


def visit_block(writer: HTML5Translator, node: nodes.math_block) -> None:
    """Write a displayed formula, with its number where it has one."""
    writer.body.append(writer.starttag(node, "div", CLASS="math"))
    writer.body.append(rendered(node, True))
    if node.get("number"):
        number = get_node_equation_number(writer, node)
        writer.body.append(f'<span class="eqno">({number})')
        writer.add_permalink_ref(node, "Link to this formula")
        writer.body.append("</span>")
    writer.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Offer the renderer under the name `mathml`."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
