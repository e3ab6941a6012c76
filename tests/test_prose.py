"""Rules of the prose, looped over all pages: what a busy person reads to the end, and can check.

A page is a notebook or a Markdown file of `book/` and `chapters/`. What is generated from the
package or the data has its words from there.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from fixture_figures import SITE, pages
from test_chapters import BLANKS, NOT_PROSE, cells, figures, read

import inferlib as il

PAGES = sorted(
    file
    for folder in ("book", "chapters")
    for file in (ROOT / folder).rglob("*")
    if file.suffix in (".ipynb", ".md") and file.name != "README.md"
)


def called(file: Path) -> str:
    """A page as messages call it."""
    return file.relative_to(ROOT).as_posix()


each_page = pytest.mark.parametrize("file", PAGES, ids=[called(file) for file in PAGES])


@cache
def markdown(file: Path) -> str:
    """All text of a page, with its figures and cells left out."""
    if file.suffix == ".md":
        return file.read_text(encoding="utf-8")
    return "\n\n".join("".join(cell["source"]) for cell in cells(read(file), "markdown"))


# What is not prose but stands for a word in its sentence.
WORDS = [NOT_PROSE[i] for i in (4, 5, 6)]  # code and roles, mathematics
BREAKS = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*+]|\d+[.)])\s)|\n(?=\s*[#|:>]|</?\w)|\|")
MARKS = re.compile(r"^[\s#>*+-]+|[*_\[\]]+|\\(?=\W)")


def blocks(text: str) -> Iterator[str]:
    """The paragraphs, items, headings and cells of tables of a text, each as one line of words."""
    for pattern in NOT_PROSE:
        text = pattern.sub(" x " if pattern in WORDS else " ", text)
    for block in BREAKS.split(text):
        line = " ".join(MARKS.sub("", block.translate(BLANKS)).split())
        if re.search(r"[A-Za-z]{2}", line):
            yield line


# How long a sentence is

LONGEST = 40  # words; a number and its unit are two
SHORT_FORMS = re.compile(r"\b(e\.g|i\.e|vs|cf|et al|approx|no|fig|sec|St)\.$", re.I)
FULL_STOP = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[\"“‘(]*[A-Z0-9$x])")


def sentences(block: str) -> Iterator[str]:
    """The sentences of a paragraph."""
    begun = ""
    for part in FULL_STOP.split(block):
        begun = f"{begun} {part}".strip()
        if not SHORT_FORMS.search(begun):
            yield begun
            begun = ""
    if begun:
        yield begun


def words(sentence: str) -> int:
    """How many words a sentence has."""
    return sum(1 for word in sentence.split() if re.search(r"\w", word))


def too_long(text: str) -> list[str]:
    """The sentences that nobody reads to their end."""
    found = ((words(one), one) for block in blocks(text) for one in sentences(block))
    return [f"{count} words: {one}" for count, one in found if count > LONGEST]


@each_page
def test_sentences_are_short(file: Path) -> None:
    assert too_long(markdown(file)) == []


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("One two three. Four five.", [3, 2]),
        ("A chip, e.g. an H100, waits. It reads.", [6, 2]),
        ("It costs $3.99 an hour. $2 is less.", [5, 3]),
        ("He says “Stop here.” We go on.", [4, 3]),
        ("Set `batch=64` and $x$ to it {cite:p}`a2020`. Then go.", [7, 2]),
        ("- one item\n- another item\n\nA line\nof two.", [2, 2, 4]),
        ("| a chip | its price |\n| --- | --- |\n| L4 | $0.8 |", [2, 2]),
        ("```python\nx = 1\n```\n\nText [is here](#x=a;b:1).", [3]),
    ],
)
def test_sentences_and_words_are_told_apart(text: str, counts: list[int]) -> None:
    found = [words(one) for block in blocks(text) for one in sentences(block)]
    assert found == counts


def test_a_long_sentence_is_told() -> None:
    assert too_long("word " * LONGEST + "end. Short.") == [f"41 words: {'word ' * LONGEST}end."]
    assert too_long(f"{'Word ' * (LONGEST - 1)}end. " * 2) == []


# What praises, and what cannot be measured

LISTS = yaml.safe_load((ROOT / "tests/words.yaml").read_text(encoding="utf-8"))
PRAISE = LISTS["praise"].split()
NO_PRAISE = {*LISTS["measured"].split(), *LISTS["plain"].split()}
LOUD = re.compile(rf"(?<![\w-])(?:{'|'.join(PRAISE)})(?![\w-])|\w!(?=\s|$)", re.I)
OF_PRAISE = re.compile(
    r"\b(?:the )?(?:very )?(?:best|greatest)\b(?=[- ]in[- ]class| ever| possible (?:way|choice))|"
    r"\bmost (?:advanced|beautiful|important|innovative|sophisticated|significant)\b",
    re.I,
)
SUPERLATIVE = re.compile(r"\b[a-z]{2,}est\b")


def praise(text: str) -> list[str]:
    """Words that praise, and superlatives of what nobody measures."""
    found = [match[0] for pattern in (LOUD, OF_PRAISE) for match in pattern.finditer(text)]
    return found + [word for word in SUPERLATIVE.findall(text) if word not in NO_PRAISE]


def spoken(file: Path) -> Iterator[str]:
    """What a reader sees of a page: its text, and the texts that its cells hand to figures."""
    yield from blocks(markdown(file))
    for cell in cells(read(file), "code") if file.suffix == ".ipynb" else ():
        for node in ast.walk(ast.parse(cell["source"])):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


@each_page
def test_nothing_is_praised(file: Path) -> None:
    assert [(word, text) for text in spoken(file) for word in praise(text)] == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A revolutionary chip.", ["revolutionary"]),
        ("Unlock the Power.", ["Unlock"]),
        ("It is fast!", ["t!"]),
        ("The best-in-class chip, the most powerful one.", ["powerful", "The best"]),
        ("The smartest choice, the prettiest chart.", ["smartest", "prettiest"]),
        ("The largest batch that fits; the rest requests a test of interest.", []),
        ("The lowest price, the best of three, at most 8.", []),
        ("They unlocked it, and state of the art is a phrase.", []),
    ],
)
def test_praise_is_told(text: str, found: list[str]) -> None:
    assert praise(text) == found


# Where a figure comes from

KEYS = set(re.findall(r"^@\w+\{(\w+),", (ROOT / "book/references.bib").read_text(), re.MULTILINE))
ARTICLE = re.compile(r'<article class="bd-article">(.*)</article>', re.S)
EXPLORABLE = re.compile(r'<figure class="explorable".*?</figure>', re.S)
CAPTIONED = re.compile(r"<figure\b(?:(?!</figure>).)*<figcaption.*?</figure>", re.S)
STATIC = re.compile(r'class="plain-chart"|<img\b|<svg\b')
SOURCES = re.compile(r'<section id="sources[^"]*">(.*?)</section>', re.S)
LEADS = re.compile(r'<a [^>]*href="[^"]*(?:references\.html#|https?://|#id\d|formulas\.html|data)')


@each_page
def test_every_quantity_of_a_figure_leads_to_a_source(file: Path) -> None:
    if file.suffix == ".md":
        return
    for id, one in figures(file).items():
        shown = {name: il.quantities[name].source for name in {*one.want, *one.rests_on}}
        assert shown, id
        assert {name: key for name, key in shown.items() if key not in KEYS} == {}, id


def unsourced(html: str) -> list[str]:
    """What a page draws that is no explorable, while nothing on it says where that is from."""
    article = ARTICLE.search(html)
    plain = EXPLORABLE.sub("", article[1] if article else "")
    sourced = any(LEADS.search(section) for section in SOURCES.findall(plain))
    return [] if sourced else STATIC.findall(CAPTIONED.sub("", plain))


@pytest.mark.parametrize("name", pages())
def test_every_still_picture_has_a_source(name: str) -> None:
    assert unsourced((SITE / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", [name for name in pages() if name.startswith("chapters/")])
def test_a_chapter_ends_with_its_sources(name: str) -> None:
    found = SOURCES.findall((SITE / name).read_text(encoding="utf-8"))
    assert found, "a chapter has a section called Sources"
    assert LEADS.search(found[-1]), "which leads somewhere"


def page_of(body: str) -> str:
    """A built page, as far as the rule looks."""
    return f'<nav><img src="a"></nav><article class="bd-article">{body}</article>'


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("<p>Nothing drawn.</p>", 0),
        ('<figure class="explorable" id="a"><svg></svg></figure>', 0),
        ('<img src="b.png">', 1),
        ('<div class="plain-chart"><svg></svg></div>', 2),
        ('<figure><img src="b.png"><figcaption>Of x.</figcaption></figure>', 0),
        ('<figure><img src="b.png"></figure>', 1),
        ('<img src="b.png"><section id="sources"><a href="references.html#a">A</a></section>', 0),
        ('<img src="b.png"><section id="sources"><p>Ours.</p></section>', 1),
    ],
)
def test_a_picture_without_a_source_is_told(body: str, count: int) -> None:
    assert len(unsourced(page_of(body))) == count


# Terms

GLOSSARY = ROOT / "book/glossary.md"
# Pages that are lists: of formulas with their own explanations, of sources, of rows.
LISTED = {"formulas.md", "references.md", "claims.md", "data.md", "glossary.md", "changes.md"}
# What is set apart for the eye alone, and holds no first use.
APART = re.compile(
    r"^#[^\n]*$|^(?P<fence>`{3,})(?!\{(?:margin|note|glossary)).*?^(?P=fence)$|<summary>.*?</summary>",
    re.M | re.S,
)


def glossary(text: str) -> list[str]:
    """The terms of a glossary: the lines of the directive that are not indented."""
    found = re.findall(r"^`{3,}\{glossary\}(.*?)^`{3,}$", text, re.M | re.S)
    lines = [line for block in found for line in block.splitlines()]
    return [line.strip() for line in lines if line.strip() and line[:1] not in " :"]


def linked(html: str, term: str) -> bool:
    """Whether a built page leads from a term to the glossary, as extensions.glossary does."""
    return f'glossary.html#term-{term.replace(" ", "-")}"'.casefold() in html.casefold()


def used(term: str) -> str:
    """A pattern for a term as a sentence has it."""
    flexible = re.escape(term).replace(r"\ ", r"\s+")
    return rf"(?<![\w-]){flexible}s?(?![\w-])"


def explains(block: str, term: str) -> bool:
    """Whether a paragraph explains a term, sets it apart as its own, or links it."""
    one = used(term)
    shapes = (
        rf"(\*{{1,2}}|_)[^*_\n]*{one}[^*_\n]*\1",  # **term**
        rf"\[[^\]]*{one}[^\]]*\]\((?!#x=)",  # [term](where.md)
        rf"\{{term\}}`[^`]*{one}",
        rf"\(\s*{one}\s*[),;:]",  # time to the first token (TTFT)
        rf"{one}\*{{0,2}} \(",  # TTFT (the time ...)
        rf", {one},? for short\b",  # the time between two tokens, TPOT for short
        rf"\b(?:called|means|named|termed)(?: an?| the)? {one}",
        rf"{one}(?: is| are| means|,)(?: an?| the| what| how| one| all| those)\b",
    )
    return any(re.search(shape, block, re.I) for shape in shapes)


def unexplained(text: str, known: Iterable[str]) -> list[str]:
    """The terms whose first use on a page has no explanation at it or before it.

    What a page says before its first section is one piece: it answers first, and explains then.
    """
    opening, *rest = re.split(r"^(?=## )", text, maxsplit=1, flags=re.M)
    pieces = [opening, *re.split(r"\n\s*\n", "".join(rest))]
    pieces = [worded(piece) for piece in pieces]
    found = []
    for term in known:
        first = next((i for i, one in enumerate(pieces) if re.search(used(term), one, re.I)), None)
        if first is not None and not any(explains(one, term) for one in pieces[: first + 1]):
            found.append(term)
    return found


def worded(piece: str) -> str:
    """A piece without code and mathematics, which are no use of a term, but with roles of one."""
    code, *maths = WORDS
    for pattern in (APART, *maths):
        piece = pattern.sub("", piece)
    return code.sub(lambda match: match[0] if match[0].startswith("{term}") else "", piece)


@each_page
def test_terms_are_explained_or_linked_where_they_first_stand(file: Path) -> None:
    if file.name not in LISTED:
        html = (SITE / called(file)).with_suffix(".html").read_text(encoding="utf-8")
        left = unexplained(markdown(file), LISTS["terms"])
        assert [term for term in left if not linked(html, term)] == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Prefill takes 3 ms.", ["prefill"]),
        ("Reading the prompt is called **prefill**.", []),
        ("Prefill takes 3 ms.\n\nReading the prompt is *prefill*.", []),
        ("Words.\n\n## Title\n\nPrefill takes 3 ms.\n\nReading is *prefill*.", ["prefill"]),
        ("Words.\n\n## What is prefill?\n\nReading is *prefill*.\n\nPrefill ends.", []),
        ("The time to the first token (TTFT) is {term}`prefill <prefill>` and waiting.", []),
        ("The TTFT is long.", ["TTFT"]),
        ("The wait for a word, TTFT for short, is long.", []),
        ("TTFT (what you wait for) is [prefill](glossary.md#prefill).", []),
        ("`prefill` and $prefill$ are code.", []),
        ("[Prefill alone](#x=a;b:1) is set here.", ["prefill"]),
    ],
)
def test_an_unexplained_term_is_told(text: str, left: list[str]) -> None:
    assert unexplained(f"# Title\n\n{text}", ["prefill", "TTFT"]) == left


def test_a_glossary_is_read() -> None:
    text = "# G\n\n```{glossary}\nKV cache\n  What is kept.\n\nTPOT\n  Time.\n```\n\nEnd."
    assert glossary(text) == ["KV cache", "TPOT"]
    assert linked('<a href="../book/glossary.html#term-KV-cache">', "KV cache")
    assert not linked('<a href="../book/glossary.html#term-KV-cache">', "KV")


def test_the_glossary_holds_the_terms_of_the_trade() -> None:
    there = {one.casefold() for one in glossary(GLOSSARY.read_text(encoding="utf-8"))}
    assert [one for one in LISTS["terms"] if one.casefold() not in there] == []
