"""The explorable's files, written at build and linked only from pages that hold one."""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from docutils import nodes
from minify_html import minify
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

MODULE = "inferlib.explorable.bundle"
MARK = 'class="explorable'
DATA = re.compile(
    r'<script type="application/json" data-(config|specs)="[^"]*">.*?</script>', re.DOTALL
)
CONFIG = re.compile(
    r'<script type="application/json" data-config="[^"]*">(.*?)</script>', re.DOTALL
)
# Comments, which the library would keep: those on lines of their own, and types within a line.
COMMENTS = re.compile(r"/\*\*[\s\S]*?\*/|^\s*//.*$", re.MULTILINE)


def small(tag: str, source: str) -> bytes:
    """A script or style sheet, by the tag that would hold it, made small."""
    bare = COMMENTS.sub("", source) if tag == "script" else source
    held = minify(f"<{tag}>{bare}</{tag}>", minify_css=True, minify_js=True)
    return held.removeprefix(f"<{tag}>").removesuffix(f"</{tag}>").encode()


def site_files() -> dict[str, bytes]:
    """Name and content of each file, our own made small."""
    files: dict[str, bytes] = import_module(MODULE).site_files()
    own = {"explorable.js": "script", "explorable.css": "style"}
    return files | {name: small(tag, files[name].decode()) for name, tag in own.items()}


def write(app: Sphinx) -> None:
    """Write the files beside the theme's, and remember a hash of each."""
    hashes: dict[str, str] = {}
    if app.builder.format == "html":
        static = Path(app.outdir) / "_static"
        static.mkdir(parents=True, exist_ok=True)
        for name, content in site_files().items():
            (static / name).write_bytes(content)
            hashes[name] = sha256(content).hexdigest()[:8]
    app.bundle_hashes = hashes  # type: ignore[attr-defined]


def read_on(env: BuildEnvironment, page: str) -> Iterator[str]:
    """The pages of the book from one on, as a reader turns them."""
    yield page
    for below in env.toctree_includes.get(page, []):
        yield from read_on(env, below)


def figures(env: BuildEnvironment, page: str) -> Iterator[dict[str, Any]]:
    """What the explorables of a page are made of."""
    for raw in env.get_doctree(page).findall(nodes.raw):
        for config in CONFIG.findall(raw.astext()) if MARK in raw.astext() else ():
            yield json.loads(config)


def taught(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    """For each formula that a figure opens, the first page and figure that do."""
    found: dict[str, dict[str, str]] = {}
    for page in dict.fromkeys(read_on(env, env.config.root_doc)):
        title = env.titles[page].astext()
        for config in figures(env, page):
            place = {"page": f"{page}.html", "figure": config["id"], "title": title}
            for name in config["formulas"]:
                found.setdefault(name, place)
    return found


def write_facts(app: Sphinx, env: BuildEnvironment) -> None:
    """Write the facts anew, with where each formula is taught."""
    hashes: dict[str, str] = app.bundle_hashes  # type: ignore[attr-defined]
    if "facts.js" in hashes:
        content: bytes = import_module(MODULE).facts_file(taught(env))
        (Path(app.outdir) / "_static/facts.js").write_bytes(content)
        hashes["facts.js"] = sha256(content).hexdigest()[:8]


def gathered(body: str) -> str:
    """The body with what its figures are made of at its end: like beside like compresses best."""
    blocks = sorted(DATA.finditer(body), key=lambda block: block[1])
    return DATA.sub("", body) + "\n".join(block[0] for block in blocks)


def link(app: Sphinx, page: str, _template: str, context: dict[str, Any], _tree: Any) -> None:
    """Link sheet and script from a page with an explorable; Vega and facts wait."""
    hashes: dict[str, str] = app.bundle_hashes  # type: ignore[attr-defined]
    if not hashes or MARK not in context.get("body", ""):
        return
    context["body"] = gathered(context["body"])
    app.add_css_file("explorable.css", priority=950)
    late = {  # files that wait until the script asks for them
        f"data-{name}": context["pathto"](f"_static/{name}.js?v={hashes[f'{name}.js']}", 1)
        for name in ("vega", "facts")
    }
    app.add_js_file("explorable.js", loading_method="defer", priority=950, **late)


def setup(app: Sphinx) -> dict[str, Any]:
    """Write before pages are, link per page."""
    app.connect("builder-inited", write)
    app.connect("env-updated", write_facts)
    app.connect("html-page-context", link, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
