"""The book's references as sentences, read from `book/references.bib` where the book is."""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from inferlib.catalog import data_folder

# Sources that are this book itself, in words.
OWN: Mapping[str, str] = {
    "inferlib": "definition of this book",
    "catalog": "tables of this book",
    "assumptions": "assumption of this book",
    "calibration": "calibration of this book",
}
_ENTRY = re.compile(r"^@\w+\{([^,]+),\n(.*?)^\}", re.MULTILINE | re.DOTALL)
_FIELD = re.compile(r"^\s*(\w+) = \{(.*)\},?$", re.MULTILINE)
_LINKS = {
    r"arXiv:([\d.]+\d)": "https://arxiv.org/abs/",
    r"doi:(10\.\S+)": "https://doi.org/",
    r"(?=https?://)(\S+)": "",
}
_WHERE = ("journal", "booktitle", "publisher", "institution", "howpublished")


class Reference(NamedTuple):
    """A reference as people read it.

    Attributes:
        text: Who, when, what and where.
        link: Where it can be read; empty if the entry does not say.
        year: When it came out; empty for what has no entry.
    """

    text: str
    link: str = ""
    year: str = ""


def printed(source: str) -> Reference:
    """What a source says: the printed reference of a key, or else the source itself."""
    if source in OWN:
        return Reference(OWN[source].capitalize())
    return references().get(source, Reference(source, _link(source)))


@cache
def references() -> Mapping[str, Reference]:
    """Every entry of the book's references by key; none where the package is without the book."""
    path = data_folder().parent / "book" / "references.bib"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    return {key: _reference(dict(_FIELD.findall(body))) for key, body in _ENTRY.findall(text)}


def _reference(entry: Mapping[str, str]) -> Reference:
    place = next((_plain(entry[name]) for name in _WHERE if name in entry), "")
    year = entry.get("year", "")
    dated = f"{_who(entry.get('author', ''))} ({year})" if year else _who(entry.get("author", ""))
    text = ". ".join(part for part in (dated, _plain(entry["title"]), place) if part)
    return Reference(f"{text}.", _link(" ".join(entry.values())), year)


def _who(authors: str) -> str:
    """The family names of one or two authors, or of the first of more."""
    names = authors.split(" and ")
    family = [_plain(name if name[:1] == "{" else name.partition(",")[0]) for name in names]
    if len(names) > 2 or family[-1] == "others":
        return f"{family[0]} et al."
    return " and ".join(family)


def _plain(latex: str) -> str:
    text = re.sub(r"\\([&_%#])", r"\1", latex).replace(r"\lambda", "λ")
    return re.sub(r"[{}$]", "", text)


def _link(text: str) -> str:
    for pattern, start in _LINKS.items():
        if found := re.search(pattern, text):
            return start + found[1].rstrip(".,;)}")
    return ""
