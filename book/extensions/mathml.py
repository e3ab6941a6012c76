"""Formulas as MathML at build: read without scripts, printed, spoken."""

import re
from html import escape
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

log = logging.getLogger(__name__)

# latex2mathml knows align* alone; the others differ from it in numbering, which Sphinx does.
ALIGNED = re.compile(r"\\(begin|end)\{(?:aligned|align|split|gathered|equation)\*?\}")
ALIAS = {r"\lvert": "|", r"\rvert": "|", r"\lVert": r"\|", r"\rVert": r"\|"}


def prepare(latex: str) -> str:
    """LaTeX in the dialect of latex2mathml."""
    latex = re.sub(r"\\(begin|end)\{equation\*?\}", "", latex)
    latex = ALIGNED.sub(r"\\\1{align*}", latex)
    for name, plain in ALIAS.items():
        latex = latex.replace(name, plain)
    return latex.strip()


def tidy(markup: str) -> str:
    """Named functions as identifiers: no operator space parts `max` from its bracket."""
    markup = re.sub(r"<mo>([A-Za-z]{2,})</mo>", r"<mi>\1</mi><mo>&#x2061;</mo>", markup)
    return re.sub(r"<(munder|msub)><mi>(\w+)</mi><mo>&#x2061;</mo>", r"<\1><mi>\2</mi>", markup)


def leftovers(markup: str) -> list[str]:
    """What latex2mathml did not know and put on the page as text."""
    text = re.sub(r"<[^>]+>", " ", markup)
    return re.findall(r"\\\S*|&(?!#?\w+;)", text)


def mathml(latex: str, display: bool = False) -> str:
    r"""The formula as a `math` element; `\class{name}{X}` becomes an `mrow` with that class."""
    markup = convert(prepare(latex), display="block" if display else "inline")
    markup = tidy(markup)
    if unknown := leftovers(markup):
        raise ValueError(f"{latex!r}: latex2mathml does not know {', '.join(unknown)}")
    # Both are defaults of the parser, and a page may hold hundreds of formulas.
    return markup.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "").replace(
        ' display="inline"', ""
    )


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
