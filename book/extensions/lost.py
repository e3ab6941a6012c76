"""The page for an address that holds none: hosts show it at any depth, so its links are absolute.

It stands where the site does: at the path of the address in `_config.yml`, else at the root.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sphinx.application import Sphinx

NAME = "404"
# The attributes with which the page refers to others, where they are relative.
RELATIVE = re.compile(
    r'(?<=[\s<])(href|src|action|data-[\w-]+)="(?![#/"]|[a-z]+:)(?=[^"]*[./])(?:\./)?([^"]*)"'
)


def absolute(html: str, base: str) -> str:
    """The page, with each relative address made one from the root of the host."""
    return RELATIVE.sub(rf'\1="{base}\2"', html)


def base(address: str) -> str:
    """The path at which a site of this address stands."""
    return urlsplit(address).path or "/"


def collect(_app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Let Sphinx write the page."""
    yield NAME, {}, "404.html"


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Make the links of the page absolute."""
    page = Path(app.outdir) / f"{NAME}.html"
    if exception or not page.exists():
        return
    html = page.read_text(encoding="utf-8")
    page.write_text(absolute(html, base(app.config.html_baseurl)), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the page with the others, and mend it before it gets its policy."""
    app.connect("html-collect-pages", collect)
    app.connect("build-finished", finish, priority=800)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
