"""What a page says of itself: description, version and dates, and where it can be mended.

Addresses stand in `_config.yml` (`html: baseurl`, `repository`). BOOK_ADDRESS and BOOK_REPOSITORY
in the environment go before them, so that a workflow can fill in what its host knows.
"""

import json
import os
import re
import subprocess
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

import inferlib
from inferlib.catalog import AS_OF

LONGEST = 300  # characters of a description
HELP = "book/contributing"  # tells how to report a mistake where no address is known
CARD = "book/images/roofline.png"
# What stands in a paragraph and is no part of its sentence.
ASIDE = (nodes.raw, nodes.footnote_reference, nodes.citation_reference, nodes.image)
CHANGED = re.compile(r'(data-changed="([^"]*)">).*?(</span>)', re.S)


def words(node: nodes.Node) -> str:
    """The text of a node, less citations, notes and markup."""
    if isinstance(node, ASIDE) or "bibtex" in getattr(node, "attributes", {}).get("classes", ()):
        return ""
    if isinstance(node, nodes.Text):
        return str(node)
    inside = "".join(words(child) for child in node.children)
    return re.sub(r"[(\[][\s;,]*[)\]]$", "", inside)  # what a citation leaves of its brackets


def plain(node: nodes.Node) -> str:
    """The words in one line, without the blank that an aside leaves before a stop."""
    return re.sub(r" ([.,;:?!])", r"\1", " ".join(words(node).split()))


def shortened(text: str) -> str:
    """The first sentences of a text that have room, or its first words."""
    if len(text) <= LONGEST:
        return text
    whole = re.match(rf".{{60,{LONGEST - 1}}}[.?!](?= )", text)
    return whole[0] if whole else f"{text[: LONGEST - 1].rpartition(' ')[0]}…"


def description(tree: nodes.document) -> str:
    """The first paragraph of a page's own prose."""
    for paragraph in tree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section) and (text := plain(paragraph)):
            return shortened(text)
    return ""


def spelled(day: str) -> str:
    """A day as people write it."""
    return f"{date.fromisoformat(day):%-d %B %Y}"


def git(root: Path, *arguments: str) -> str:
    """What git says about the repository at this very place; nothing where there is none."""
    told = {"cwd": root, "capture_output": True, "text": True}
    try:
        top = subprocess.run(["git", "rev-parse", "--show-toplevel"], **told)  # type: ignore[call-overload]
        if top.returncode or Path(top.stdout.strip()) != root.resolve():
            return ""
        said = subprocess.run(["git", *arguments], **told)  # type: ignore[call-overload]
    except OSError:
        return ""
    return "" if said.returncode else str(said.stdout)


@cache
def changes(root: Path) -> dict[str, str]:
    """The day of the last commit to each page. A shallow history knows none."""
    if git(root, "rev-parse", "--is-shallow-repository").strip() != "false":
        return {}
    log = git(root, "log", "--format=:%cs", "--name-only", "--no-renames", "--", "book", "chapters")
    found: dict[str, str] = {}
    day = ""
    for line in filter(None, log.splitlines()):
        if line.startswith(":"):
            day = line[1:]
        else:
            found.setdefault(line, day)
    return found


def find_addresses(_app: Sphinx, config: Config) -> None:
    """Where the site and its sources are published, if anywhere."""
    site = os.environ.get("BOOK_ADDRESS") or config.html_baseurl
    config.html_baseurl = site and site.rstrip("/") + "/"
    given = config.html_theme_options
    config.sources = (os.environ.get("BOOK_REPOSITORY") or given.get("repository_url", "")).rstrip(
        "/"
    )


def mend(config: Config, source: str, title: str) -> dict[str, str]:
    """The addresses at which a page is edited, and a mistake in it reported; none if unknown."""
    if not config.sources:
        return {}
    branch = config.html_theme_options.get("repository_branch", "main")
    report = urlencode({"title": f"Mistake in “{title}”", "body": f"In {source}:\n\n"})
    return {
        "edit": f"{config.sources}/edit/{branch}/{quote(source)}",
        "report": f"{config.sources}/issues/new?{report}",
    }


def tell(app: Sphinx, page: str, _template: str, context: dict[str, Any], tree: Any) -> None:
    """Give the templates what the page says of itself."""
    context["book_version"] = inferlib.__version__
    context["data_day"], context["data_words"] = AS_OF.isoformat(), spelled(AS_OF.isoformat())
    context["card"] = app.config.html_baseurl and f"{app.config.html_baseurl}_static/card.png"
    if tree is None:
        return
    context["description"] = description(tree)
    root = Path(app.srcdir)
    context["source"] = Path(app.env.doc2path(page)).relative_to(root).as_posix()
    title = app.env.titles[page].astext()
    context |= mend(app.config, context["source"], title)
    context["help"] = HELP if HELP in app.env.found_docs else ""


def write_summaries(app: Sphinx, env: BuildEnvironment) -> None:
    """What the search page says of a page where it cannot fetch it: in a folder."""
    if app.builder.format != "html":
        return
    found = {page: description(env.get_doctree(page)) for page in sorted(env.found_docs)}
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    text = json.dumps(found, ensure_ascii=False)
    (static / "summaries.js").write_text(f"window.summaries = {text};\n", encoding="utf-8")


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Write the day of the last change into each page, without building the page again for it."""
    if exception or app.builder.format != "html":
        return
    root, out = Path(app.srcdir), Path(app.outdir)
    days = changes(root)

    def dated(match: re.Match[str]) -> str:
        day = days.get(match[2], "")
        said = f', text of <time datetime="{day}">{spelled(day)}</time>' if day else ""
        return f"{match[1]}{said}{match[3]}"

    for page in out.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        if (after := CHANGED.sub(dated, html)) != html:
            page.write_text(after, encoding="utf-8")
    if app.config.html_baseurl:
        (out / "_static/card.png").write_bytes((root / CARD).read_bytes())


def setup(app: Sphinx) -> dict[str, Any]:
    """Find the addresses first; tell each page; date the pages before they get their policy."""
    app.add_config_value("sources", "", "html", str)
    app.connect("config-inited", find_addresses)
    app.connect("env-updated", write_summaries)
    app.connect("html-page-context", tell)
    app.connect("build-finished", finish, priority=800)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
