"""The site stands alone: nothing unused, nothing from elsewhere, a policy in every page."""

import re
import shutil
from html import escape
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from extensions import icons, policy, rules
from extensions.about import description

# Files that the theme copies and no page asks for.
UNUSED = (
    "locales", "images", "webpack-macros.html", "sbt-webpack-macros.html", "styles/theme.css",
    "scripts/fontawesome.js", "scripts/bootstrap.js", "scripts/sphinx-book-theme.js",
    "copybutton_funcs.js", "play-solid.svg", "file.png", "minus.png", "plus.png",
)  # fmt: skip
NEVER = ("sphinx-book-theme.js", "sphinx-thebe")  # the first needs parts of the page that are gone
# A script or a sheet is linked only where its mark is in the page.
ONLY_WITH = {
    "clipboard.min.js": "<pre>", "copybutton.js": "<pre>", "copybutton.css": "<pre>",
    "togglebutton.js": "dropdown", "togglebutton.css": "dropdown", "design-tabs.js": "sd-tab",
    "sphinx-design.min.css": "sd-", "mystnb.": 'class="cell', "toggleHint": "dropdown",
    "toggleOpenOnPrint": "dropdown", "togglebuttonSelector": "dropdown",
}  # fmt: skip
# What other extensions write, and a screen reader or speech control stumbles over.
MENDS = {
    '<summary aria-label="Toggle hidden content">': "<summary>",  # the label hid the words
    '<summary><span class="toctree': '<summary aria-label="Pages below"><span class="toctree',
    'role="doc-biblioentry"': 'role="listitem"',  # deprecated, and not what a list holds
}
LARGE = ("vega.js", "facts.js")  # scripts that draw and tell, and make no element of the page
TALKERS = ("scripts/pydata-sphinx-theme.js", "togglebutton.js")
SOURCE_MAP = re.compile(r"//# sourceMappingURL=.*")
INDEX = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="description" content="{about}">
<meta property="og:title" content="{title}"><meta property="og:description" content="{about}">
<meta http-equiv="refresh" content="0; url={home}"><link rel="canonical" href="{address}{home}">
<link rel="icon" href="_static/favicon.svg">
</head><body><p><a href="{home}">{title}</a></p></body></html>
"""


def wanted(asset: Any, body: str) -> bool:
    """Whether a page with this body needs a script or a sheet of the theme."""
    text = f"{getattr(asset, 'filename', asset) or ''} {getattr(asset, 'attributes', '')}"
    if any(name in text for name in NEVER):
        return False
    return all(mark in body for name, mark in ONLY_WITH.items() if name in text)


def once(assets: list[Any], body: str) -> list[Any]:
    """The wanted ones, each once: scripts added after the builder started are listed twice."""
    seen = {f"{asset} {getattr(asset, 'attributes', '')}": asset for asset in assets}
    return [asset for asset in seen.values() if wanted(asset, body)]


def thin_out(_app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    """Link from a page only what it uses."""
    body = context.get("body", "")
    for kind in ("css_files", "script_files"):
        if kind in context:
            context[kind] = once(context[kind], body)


def quiet(static: Path) -> None:
    """Search from a folder does not fetch pages for its snippets; the theme does not log."""
    options = static / "documentation_options.js"
    text = options.read_text(encoding="utf-8")
    text = text.replace("SUMMARY: true", 'SUMMARY: location.protocol !== "file:"')
    if 'location.protocol !== "file:"' not in text:
        raise ExtensionError("documentation_options.js: no SHOW_SEARCH_SUMMARY to patch")
    options.write_text(text, encoding="utf-8")
    for name in TALKERS:
        text = (static / name).read_text(encoding="utf-8").replace("console.log(", "void (")
        (static / name).write_text(SOURCE_MAP.sub("", text), encoding="utf-8")


def clear_out(static: Path) -> None:
    """Remove what no page asks for."""
    for name in UNUSED:
        place = static / name
        if place.is_dir():
            shutil.rmtree(place)
        place.unlink(missing_ok=True)
    fonts = static / "vendor/fontawesome/webfonts"
    for place in [*static.rglob("*.map"), *static.rglob("*.LICENSE.txt"), *fonts.iterdir()]:
        if place.name != "fa-solid-900.woff2":
            place.unlink()


def cut_theme(static: Path, pages: list[Path]) -> None:
    """Put the cut sheet and icon font in the place of the theme's."""
    scripts = [p for p in static.rglob("*.js") if p.name not in LARGE]
    texts = [p.read_text(encoding="utf-8") for p in [*pages, *scripts]]
    others = [p for p in static.rglob("*.css") if p.name != Path(icons.SHEET).name]
    sheets = [p.read_text(encoding="utf-8") for p in others]
    css, font = icons.cut(icons.named([*texts, *sheets]), sheets)
    (static / icons.SHEET).write_text(rules.used(css, rules.words(texts)), encoding="utf-8")
    (static / icons.SOLID).write_bytes(font)


def mended(html: str) -> str:
    """The page with the mends applied."""
    for wrong, right in MENDS.items():
        html = html.replace(wrong, right)
    return html


def write_index(app: Sphinx) -> None:
    """The way from the root to the first page."""
    home, config = app.config.root_doc, app.config
    text = INDEX.format(
        title=escape(config.html_title),
        about=escape(description(app.env.get_doctree(home))),
        home=f"{home}.html",
        address=config.html_baseurl,
    )
    (Path(app.outdir) / "index.html").write_text(text, encoding="utf-8")


def stand_alone(app: Sphinx, exception: Exception | None) -> None:
    """Cut, clear, and give every page its policy; fail on a page that could not keep it."""
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    clear_out(out / "_static")
    write_index(app)
    pages = sorted(out.rglob("*.html"))
    quiet(out / "_static")
    cut_theme(out / "_static", pages)
    wrong: list[str] = []
    for page in pages:
        html = mended(page.read_text(encoding="utf-8"))
        wrong += [f"{page.relative_to(out)}: {why}" for why in policy.complaints(html)]
        page.write_text(policy.with_policy(html), encoding="utf-8")
    if wrong:
        raise ExtensionError("pages that do not stand alone:\n" + "\n".join(wrong))


def setup(app: Sphinx) -> dict[str, Any]:
    """Thin out each page, then work over the finished site, last but for the stamps."""
    # Jupyter Book sets it for an extension that this book does not load.
    app.add_config_value("comments_config", {}, "", dict)
    app.connect("html-page-context", thin_out, priority=950)
    app.connect("build-finished", stand_alone, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
