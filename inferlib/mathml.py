"""LaTeX as MathML: read without scripts, printed, spoken."""

import re

from latex2mathml.converter import convert

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
    """Named functions as identifiers, so that no space comes between `max` and its bracket."""
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
