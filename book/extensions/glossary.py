"""Terms and references that explain themselves.

The first use of a term on a page is a link into the glossary; it and every citation carry in words
what they lead to. page.js shows it.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode

from inferlib.references import OWN, printed

GLOSSARY = "book/glossary"
# Where a work can be read, as the references print it.
ADDRESS = re.compile(r"arXiv:[\d.]+\d|doi:10\.\S+[^\s.,;)]")
# Pages with prose of the subject; others list, and would be all links.
PROSE = re.compile(r"chapters/|book/(intro|validation|teach)")
# No term is looked for inside these.
APART = (
    nodes.title,
    nodes.rubric,
    nodes.reference,
    pending_xref,
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.caption,
    nodes.footnote,
    nodes.table,
)
# Terms that are also words of every day: a writer links those by hand, with the role `term`.
EVERYDAY = frozenset(
    {"basis", "chip", "dense", "draft", "host", "layer", "margin", "step", "system"}
)


def definitions(env: BuildEnvironment) -> Mapping[str, str]:
    """What each term of the glossary means, as plain text."""
    found: dict[str, str] = {}
    for item in env.get_doctree(GLOSSARY).findall(nodes.definition_list_item):
        (meaning,) = item.findall(nodes.definition)
        for term in item.findall(nodes.term):
            found[term.astext()] = meaning.astext().replace("\n", " ")
    return found


@cache
def pattern(terms: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the terms as a word, the longest first; a plural too, and a capital at the start."""
    longest = sorted(terms, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])({'|'.join(map(_spelled, longest))})(?![\w-]|\.\d)")


def _spelled(term: str) -> str:
    first = f"[{term[0]}{term[0].upper()}]" if term[0].islower() else re.escape(term[0])
    return f"{first}{re.escape(term[1:])}s?"


def singular(found: str, terms: Mapping[str, str]) -> str:
    """The term that a word of the text is a spelling of."""
    ways = (found, found.removesuffix("s"))
    every = (way for word in ways for way in (word, word[0].lower() + word[1:]))
    return next(way for way in every if way in terms)


def texts(tree: nodes.document) -> Iterator[nodes.Text]:
    """The prose of a page in its order; what is folded away is left to its reader."""
    folded = 0
    for node in list(tree.findall()):
        if isinstance(node, nodes.raw):
            html = node.astext()
            folded += html.count("<details") - html.count("</details")
        elif isinstance(node, nodes.Text) and not folded and not _apart(node):
            yield node


def _apart(node: nodes.Node) -> bool:
    above = node.parent
    while above is not None:
        if isinstance(above, APART):
            return True
        above = above.parent
    return False


def link_terms(app: Sphinx, tree: nodes.document, page: str) -> None:
    """Make the first use of each term a link, and let all links to terms say what they mean."""
    if GLOSSARY not in app.env.found_docs:
        return
    terms = definitions(app.env)
    places = {
        name: place
        for name, _, kind, _, place, _ in app.env.get_domain("std").get_objects()
        if kind == "term"
    }
    explain(tree, {place: terms[name] for name, place in places.items() if name in terms})
    if not PROSE.match(page):
        return
    seen = {one.get("term") for one in tree.findall(nodes.reference)}
    offered = tuple(sorted(set(terms) - EVERYDAY))
    for text in texts(tree):
        parts: list[nodes.Node] = []
        rest = str(text)
        for match in pattern(offered).finditer(str(text)):
            name = singular(match[0], terms)
            if terms[name] in seen:
                continue
            seen.add(terms[name])
            before, _, rest = rest.partition(match[0])
            word = nodes.inline("", match[0])
            link = make_refnode(app.builder, page, GLOSSARY, places[name], word)
            link["classes"].append("term")
            link["tip"] = terms[name]
            parts += [nodes.Text(before), link]
        if parts:
            text.parent.replace(text, [*parts, nodes.Text(rest)])


def explain(tree: nodes.document, terms: Mapping[str, str]) -> None:
    """Let links by the role `term` carry the meaning."""
    for link in tree.findall(nodes.reference):
        page, _, place = link.get("refuri", "").partition("#")
        if page.endswith("glossary.html") and place in terms:
            link["classes"].append("term")
            link["tip"] = link["term"] = terms[place]


def cited(app: Sphinx) -> dict[str, str]:
    """The key of each citation, by its place on the page of references."""
    domain: Any = app.env.domains.get("cite")
    return {one.citation_id: one.key for one in domain.citations} if domain else {}


def explain_citations(app: Sphinx, tree: nodes.document, _page: str) -> None:
    """Let each citation carry its entry."""
    keys = cited(app)
    for link in tree.findall(nodes.reference):
        page, _, place = link.get("refuri", "").partition("#")
        if page.endswith("references.html") and keys.get(place, "inferlib") not in OWN:
            link["classes"].append("cited")
            link["tip"] = printed(keys[place]).text
            link.attributes.pop("reftitle", None)  # the browser would show it a second time


def link_entries(app: Sphinx, tree: nodes.document, _page: str) -> None:
    """Let each entry of the references lead to the work, where it says where that is."""
    keys = cited(app)
    for entry in tree.findall(nodes.citation):
        link = printed(keys[entry["ids"][0]]).link
        for text in list(entry.findall(nodes.Text)):
            found = ADDRESS.search(text)
            if link and found and not isinstance(text.parent, nodes.reference):
                before, after = text[: found.start()], text[found.end() :]
                way = nodes.reference("", found[0], refuri=link)
                text.parent.replace(text, [nodes.Text(before), way, nodes.Text(after)])


def visit_reference(writer: Any, node: nodes.reference) -> None:
    """Write a link as ever, with what it leads to in an attribute."""
    place = len(writer.body)
    type(writer).visit_reference(writer, node)
    if "tip" in node:
        tip = writer.attval(node["tip"])
        start = "".join(writer.body[place:])
        writer.body[place:] = [start.replace("<a ", f'<a data-tip="{tip}" ', 1)]


def depart_reference(writer: Any, node: nodes.reference) -> None:
    """End a link as ever."""
    type(writer).depart_reference(writer, node)


def setup(app: Sphinx) -> dict[str, Any]:
    """Work on pages whose links are resolved."""
    app.add_node(nodes.reference, override=True, html=(visit_reference, depart_reference))
    app.connect("doctree-resolved", link_terms, priority=800)
    app.connect("doctree-resolved", explain_citations, priority=800)
    app.connect("doctree-resolved", link_entries, priority=800)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
