"""The icon font and its rules, cut to the icons in use (156 kB to some 2)."""

import logging
import re
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

logging.getLogger("fontTools").setLevel(logging.WARNING)  # else a line for each table it cuts

THEME = files("pydata_sphinx_theme") / "theme/pydata_sphinx_theme/static"
SHEET = "styles/pydata-sphinx-theme.css"
SOLID = "vendor/fontawesome/webfonts/fa-solid-900.woff2"
RULE = re.compile(r'((?:\.fa-[a-z0-9-]+::?before,?)+)\{content:"[^"]*"\}')
FACE = re.compile(r"@font-face\{[^}]*\}")
CLASS = re.compile(r"\bfa-[a-z0-9-]+")
ESCAPE = re.compile(r"\\([ef][0-9a-f]{3})\b")
PRIVATE = re.compile("[\ue000-\uf8ff]")


def named(texts: list[str]) -> set[str]:
    """Classes of icons that pages and scripts name."""
    return {name for text in texts for name in CLASS.findall(text)}


def cut_rules(css: str, names: set[str]) -> str:
    """The sheet with the rules of these icons alone, and of the one font that is left."""
    css = FACE.sub(lambda face: face[0] if Path(SOLID).name in face[0] else "", css)
    return RULE.sub(lambda rule: rule[0] if names & set(CLASS.findall(rule[1])) else "", css)


def drawn(css: str) -> set[int]:
    """Code points of all icons that a sheet can draw."""
    return {int(code, 16) for code in ESCAPE.findall(css)} | {ord(c) for c in PRIVATE.findall(css)}


def cut(names: set[str], sheets: list[str]) -> tuple[str, bytes]:
    """The theme's sheet and icon font, cut from the originals to these icons and other sheets'."""
    css = cut_rules((THEME / SHEET).read_text(encoding="utf-8"), names)
    font = TTFont(BytesIO((THEME / SOLID).read_bytes()))
    options = subset.Options(hinting=False, layout_features=[], notdef_outline=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=drawn("".join([css, *sheets])))
    cutter.subset(font)
    font.flavor = "woff2"
    out = BytesIO()
    font.save(out)
    return css, out.getvalue()
