"""The look: one style sheet from tokens, fonts and book.css; the page's own script."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from extensions.fonts import FACES, Face, licence, ready

SCRIPTS = (Path("book/styles/page.js"), Path("book/styles/search.js"))
EARLY = ("serif", "serif-bold", "sans")  # faces that every page uses at once
SHEETS = ("inferlib/explorable/front/tokens.css", "book/styles/book.css")


def squeeze(css: str) -> str:
    """The sheet without comments and indentation."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.S)
    return re.sub(r"\n\s*", "\n", css).strip()


def font_face(face: Face, content: bytes) -> str:
    """The rule that offers a face."""
    return (
        f'@font-face{{font-family:"{face.family}";font-weight:{face.weight};'
        f"font-style:{face.style};font-display:swap;"
        f'src:url("{address(face.file, content)}") format("woff2")}}\n'
    )


def address(file: str, content: bytes) -> str:
    """Where a face is, beside the sheet; the address changes with its content."""
    return f"fonts/{file}.woff2?v={sha256(content).hexdigest()[:8]}"


def write(app: Sphinx) -> None:
    """Put fonts, sheet and script in place before pages are, so that links carry a hash."""
    if app.builder.format != "html":
        return
    root, static = Path(app.srcdir), Path(app.outdir) / "_static"
    (static / "fonts").mkdir(parents=True, exist_ok=True)
    rules = ""
    for face in FACES:
        content = ready(face, root / "_build/.fonts")
        (static / "fonts" / f"{face.file}.woff2").write_bytes(content)
        rules += font_face(face, content)
    (static / "fonts/OFL.txt").write_text(licence(), encoding="utf-8")
    sheets = "\n".join((root / sheet).read_text(encoding="utf-8") for sheet in SHEETS)
    (static / "book.css").write_text(rules + squeeze(sheets), encoding="utf-8")
    for script in SCRIPTS:
        (static / script.name).write_bytes((root / script).read_bytes())


def add(app: Sphinx) -> None:
    """Write the files and link them on every page, after the theme's."""
    write(app)
    app.add_css_file("book.css", priority=900)
    app.add_js_file("page.js", loading_method="defer", priority=900)


def give_stamp(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _tree: Any
) -> None:
    """Let templates bust caches with the hash of all looks, and ask early for what all use."""
    context["looks_stamp"] = app.config.looks_stamp
    if app.builder.format == "html":
        fonts = Path(app.outdir) / "_static/fonts"
        context["early_faces"] = [
            address(file, (fonts / f"{file}.woff2").read_bytes()) for file in EARLY
        ]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the sheet and the script."""
    app.connect("builder-inited", add)
    app.connect("html-page-context", give_stamp)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
