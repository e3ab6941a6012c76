"""Notebooks: clean in git, no formula of their own, and every numeral of the prose is checked."""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
import pytest
from conftest import ROOT

import inferlib as il
from inferlib.explorable.controls import Picker
from inferlib.show import SPACE, STEPS

sys.path.insert(0, str(ROOT / "tools"))
import checked

NOTEBOOKS = sorted([*ROOT.glob("book/*.ipynb"), *ROOT.glob("chapters/*.ipynb")])
WAY_OUT = (
    "print it in a cell tagged nbval-check-output and run `make checked`, "
    "or give it a reason under `numerals` in the notebook's metadata"
)


def name(file: Path) -> str:
    """A notebook as messages call it."""
    return file.relative_to(ROOT).as_posix()


@cache
def read(file: Path) -> Any:
    """A notebook, as nbformat reads it."""
    return nbformat.read(file, as_version=4)


def cells(notebook: Any, kind: str) -> list[Any]:
    """Cells of one kind."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def is_checked(cell: Any) -> bool:
    """Whether a cell keeps its output."""
    return checked.TAG in cell["metadata"].get("tags", [])


# The rule on numerals


class Numeral(NamedTuple):
    """A number as it is spelled: digits as rounded, k or million, the unit, and money."""

    digits: str
    size: str
    unit: str
    money: bool

    def stands_in(self, printed: set["Numeral"]) -> bool:
        """Whether it is printed alike; prose may leave out a unit, but not give another."""
        return any(
            (one.digits, one.size) == (self.digits, self.size)
            and (one.unit == self.unit or (not self.unit and one.unit != "%"))
            and (one.money or not self.money)
            for one in printed
        )


SIZES = {"thousand": "k", "million": "M", "billion": "B", "trillion": "T"}
UNITS = {
    after.removeprefix(SPACE).replace(SPACE, " ")
    for steps in STEPS.values()
    for _, _, after in steps
    if after.startswith(SPACE)
}
NUMERAL = re.compile(
    r"(?<![\w.,])(?<![A-Za-z]-)"  # the digits of H100 and GPT-3 are parts of names
    r"(?P<money>\\?\$)?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    rf"(?P<size>[kMBT](?![A-Za-z])| (?:{'|'.join(SIZES)})\b)?"
    rf"(?: ?(?P<unit>{'|'.join(map(re.escape, sorted(UNITS, key=len, reverse=True)))})(?![\w/]))?"
)
BLANKS = str.maketrans(dict.fromkeys("\u00a0\u2009\u202f\n", " "))
# What is not prose, in the order in which it is taken out.
CODE = "code|code-block|code-cell|bibliography|math|mermaid|raw|toctree"
NOT_PROSE = [
    re.compile(
        rf"^(?P<fence>`{{3,}}|~{{3,}})(?:[\w-]*$|\{{(?:{CODE})\}}).*?^(?P=fence)$", re.M | re.S
    ),
    re.compile(r"^(?:`{3,}|:{3,})\{[\w-]+\}", re.M),  # a directive: its text is prose
    re.compile(r"^:[\w-]+:.*$", re.M),  # an option of a directive
    re.compile(r"<!--.*?-->", re.S),
    re.compile(r"(?:\{[\w:-]+\})?(?P<tick>`+).+?(?P=tick)", re.S),
    re.compile(r"\$\$.+?\$\$|(?<![\\$])\$(?![\s$])[^$\n]*?(?<![\s\\])\$(?!\d)", re.S),
    re.compile(r"\\\(.+?\\\)|\\\[.+?\\\]", re.S),
    re.compile(r"^\[[^\]]+\]: .*$", re.M),
    re.compile(r"(?<=\])\([^)]*\)"),
    re.compile(r"<?\bhttps?://\S+"),
    re.compile(r"</?[A-Za-z][^>]*>"),
    re.compile(r"\[\^[\w-]+\]"),
    re.compile(r"^ *(?:[-*+] +)?(?:\*\*)?\d+[.)](?= )", re.M),  # the number of an item
]


def prose(markdown: str) -> str:
    """The text that a reader reads as text."""
    for pattern in NOT_PROSE:
        markdown = pattern.sub(" ", markdown)
    return markdown.translate(BLANKS)


def numerals(text: str) -> Iterator[tuple[str, Numeral]]:
    """Every numeral of a text, as it stands and as it is compared."""
    for match in NUMERAL.finditer(text.translate(BLANKS)):
        size = (match["size"] or "").strip()
        digits, money = match["digits"].replace(",", ""), bool(match["money"])
        spelled = Numeral(digits, SIZES.get(size, size), match["unit"] or "", money)
        yield match.group().strip(), spelled


def without(text: str, exceptions: Mapping[str, str]) -> str:
    """The text less the exceptions, the longest first; 10 is no exception for 10.6."""
    for one in sorted(exceptions, key=len, reverse=True):
        edge = r"(?<![\d.,])" if one[0].isdigit() else ""
        end = r"(?![\d]|[.,]\d)" if one[-1].isdigit() else ""
        text = re.sub(edge + re.escape(one.translate(BLANKS)) + end, " ", text)
    return text


def printed(notebook: Any) -> set[Numeral]:
    """The numerals in the output of all checked cells."""
    outputs = [
        out for cell in cells(notebook, "code") if is_checked(cell) for out in cell["outputs"]
    ]
    texts = [out.get("text", out.get("data", {}).get("text/plain", "")) for out in outputs]
    return {spelled for text in texts for _, spelled in numerals("".join(text))}


def complaints(notebook: Any, called: str) -> list[str]:
    """What the rule on numerals has against a notebook."""
    exceptions, known = notebook["metadata"].get("numerals", {}), printed(notebook)
    texts = [prose("".join(cell["source"])) for cell in cells(notebook, "markdown")]
    loose = [
        f"{called} says '{text}': {WAY_OUT}"
        for text, spelled in (n for part in texts for n in numerals(without(part, exceptions)))
        if not spelled.stands_in(known)
    ]
    raw = "\n".join("".join(cell["source"]) for cell in cells(notebook, "markdown")).translate(
        BLANKS
    )
    stale = [
        f"{called} has the exception '{key}', which its prose does not: leave it out"
        for key in exceptions
        if key.translate(BLANKS) not in raw
    ]
    idle = [f"{called} gives no reason for '{key}'" for key, why in exceptions.items() if not why]
    return loose + stale + idle


@pytest.mark.parametrize("file", NOTEBOOKS, ids=name)
def test_every_numeral_of_the_prose_is_checked(file: Path) -> None:
    assert complaints(read(file), name(file)) == []


def made(markdown: str, output: str = "", **exceptions: str) -> Any:
    """A small notebook of one text and one checked cell."""
    stream = nbformat.v4.new_output("stream", name="stdout", text=output)
    cell = nbformat.v4.new_code_cell("print()", outputs=[stream], metadata={"tags": [checked.TAG]})
    text = nbformat.v4.new_markdown_cell(markdown)
    return nbformat.v4.new_notebook(cells=[text, cell], metadata={"numerals": exceptions})


@pytest.mark.parametrize(
    ("markdown", "output"),
    [
        ("A step takes 4.98 ms.", f"step_time = 4.98{SPACE}ms"),
        ("It has 1,835 TFLOP/s.", "1835 TFLOP/s"),
        ("with 100,000 users", "users = 100,000"),
        ("uses 0.231 % of it", f"decode_mfu = 0.231{SPACE}%"),
        (r"for \$3.99 an hour, or $3.99", "chip_price = $3.99/h"),
        ("or 3.99 dollars", "chip_price = $3.99/h"),
        ("4.46 million hours", f"training_chip_time = 4.46M{SPACE}chip-hours"),
        ("4.86k tokens a second", f"output_throughput = 4.86k{SPACE}tok/s"),
        ("on 23 November 2026", "prices as of 23 November 2026"),
        ("from 276 to 14.4 days", f"276{SPACE}days\n14.4{SPACE}days"),
        ("The H100, GPT-3 and the MI250X are names.", ""),
        ("Set `batch=64`, or {cite:p}`pope2022`, $x = 3$, $$y^{12}$$ and \\(7\\).", ""),
        ("[here](#x=roofline;concurrency:64) and [there](page.md#part-2), https://a.example/7", ""),
        ('<details class="h2" data-n="5"><summary>More</summary></details>', ""),
        ("1. first\n2. second\n\n   3. third\n\n**4. On paper.** Fourth.", ""),
        ("```python\nx = 3\n```\n\n```{bibliography}\n:keyprefix: a5\n```", ""),
        ("```{margin}\nof 3.35 TB/s\n```\n\n:::{note}\n3.35 TB/s\n:::", "3.35 TB/s"),
    ],
)
def test_prose_that_agrees_passes(markdown: str, output: str) -> None:
    assert complaints(made(markdown, output), "it") == []


@pytest.mark.parametrize(
    ("markdown", "output", "found"),
    [
        ("A step takes 4.99 ms.", "4.98 ms", "4.99 ms"),
        ("A step takes 5 ms.", "4.98 ms", "5 ms"),
        ("A step takes 4.98 s.", "4.98 ms", "4.98 s"),
        ("reads 4.8 TB", "4.8 TB/s", "4.8 TB"),
        ("uses 0.23 % of it", "0.231 %", "0.23 %"),
        ("uses 100 % of it", "100 tokens", "100 %"),
        ("of 100 readers", "100 %", "100"),
        (r"for \$3.99", "3.99 h", r"\$3.99"),
        ("4.46 billion hours", "4.46M chip-hours", "4.46 billion"),
        ("4.86 tokens", "4.86k tok/s", "4.86"),
        ("[64 readers](#x=roofline;concurrency:64)", "", "64"),
        ("## 7 questions", "", "7"),
        ("<summary>9 answers</summary>", "", "9"),
        ("```{margin}\nof 3.35 TB/s\n```", "", "3.35 TB/s"),
        ("| chip | 80 GB |", "", "80 GB"),
    ],
)
def test_a_changed_numeral_is_caught(markdown: str, output: str, found: str) -> None:
    assert complaints(made(markdown, output), "it") == [f"it says '{found}': {WAY_OUT}"]


def test_an_exception_is_honoured_where_it_stands_and_nowhere_else() -> None:
    named = made("Llama 3.1 8B has 8 experts.", **{"Llama 3.1 8B": "name"})
    assert complaints(named, "it") == [f"it says '8': {WAY_OUT}"]
    assert complaints(made("in 10.6 days and 10", **{"10": "setting"}), "it") == [
        f"it says '10.6 days': {WAY_OUT}"
    ]
    assert complaints(made("10,000 at 40 %", **{"10,000": "setting", "40 %": "given"}), "it") == []


def test_an_exception_that_is_not_needed_is_caught() -> None:
    assert complaints(made("none", **{"2020": "a year"}), "it") == [
        "it has the exception '2020', which its prose does not: leave it out"
    ]
    assert complaints(made("in 2020", **{"2020": ""}), "it") == ["it gives no reason for '2020'"]


# Hygiene


each = pytest.mark.parametrize("file", NOTEBOOKS, ids=name)


@each
def test_is_valid_and_its_cells_have_ids(file: Path) -> None:
    notebook = read(file)
    nbformat.validate(notebook)
    ids = Counter(cell.get("id") for cell in notebook["cells"])
    assert [one for one, count in ids.items() if count > 1 or not one] == []
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"


@each
def test_outputs_are_stripped_but_for_the_text_of_checked_cells(file: Path) -> None:
    for cell in cells(read(file), "code"):
        where = f"{name(file)}, cell {cell['id']}: run `make checked`"
        if not is_checked(cell):
            assert (cell["outputs"], cell["execution_count"]) == ([], None), where
            continue
        assert cell["outputs"], where
        assert cell["execution_count"] is not None, where
        for output in cell["outputs"]:
            kinds = set(output.get("data", {"stdout": ""}))
            assert kinds in ({"text/plain"}, {"stdout"}), where
            assert output.get("name", "stdout") == "stdout", where


@each
def test_defines_nothing_of_the_subject(file: Path) -> None:
    for cell in cells(read(file), "code"):
        assert definitions(cell["source"]) == [], f"{name(file)}, cell {cell['id']}"


@each
def test_states_in_links_exist(file: Path) -> None:
    for target, part in links(read(file)):
        page = (file.parent / target).resolve() if target else file
        page = page.with_suffix(".ipynb")
        assert page in NOTEBOOKS, f"{name(file)} links to {target}, which is no notebook"
        assert wrong(part, figures(page)) == [], f"{name(file)}: #x={part}"


def definitions(code: str) -> list[str]:
    """Functions, classes, and constants that code defines."""
    found = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            named = [t.id for t in targets if isinstance(t, ast.Name) and t.id.isupper()]
            literal = isinstance(node.value, ast.Constant | ast.UnaryOp | ast.BinOp)
            found += named if literal else []
    return found


def test_definitions_are_found() -> None:
    assert definitions("def f():\n    pass\nclass C:\n    pass") == ["f", "C"]
    assert definitions("N = 8e9\nH100: float = 3.35e12\nB = -1\nF = 2 * 3") == [
        "N",
        "H100",
        "B",
        "F",
    ]
    assert definitions("chat = il.scenario(batch=1)\nn = 3\nA = f(3)") == []


LINK = re.compile(r"\]\((?P<page>[^()#\s]*)#x=(?P<state>[^()\s]*)\)")


def links(notebook: Any) -> list[tuple[str, str]]:
    """Page and segment of every state that the prose links to."""
    text = "\n".join("".join(cell["source"]) for cell in cells(notebook, "markdown"))
    found = [(match["page"], match["state"].split("~")) for match in LINK.finditer(text)]
    return [(page, segment) for page, segments in found for segment in segments]


@cache
def figures(file: Path) -> dict[str, il.explorable.Explorable]:
    """The explorables of a notebook by id, found by running its cells."""
    found: dict[str, il.explorable.Explorable] = {}
    with pytest.MonkeyPatch.context() as patch:
        explore = il.explore
        patch.setattr(il, "explore", lambda id, *a, **k: found.setdefault(id, explore(id, *a, **k)))
        space: dict[str, Any] = {"display": lambda *_: None}
        for cell in cells(read(file), "code"):
            exec(compile(cell["source"], f"{name(file)}#{cell['id']}", "exec"), space)
    return found


def wrong(segment: str, known: Mapping[str, Any]) -> list[str]:
    """What a segment of a link asks for that its page does not have."""
    figure, *pairs = segment.split(";")
    if figure not in known:
        return [f"no explorable is called '{figure}'; there are {', '.join(known)}"]
    controls = {one.name: one for one in known[figure].controls}
    found = []
    for control, value in (pair.split(":", 1) for pair in pairs):
        one = controls.get(control)
        if one is None:
            found.append(f"'{figure}' has no control '{control}'; it has {', '.join(controls)}")
        elif isinstance(one, Picker):
            choices = ", ".join(one.options)
            found += [] if value in one.options else [f"'{control}' has no '{value}'; {choices}"]
        elif not one.stops[0] <= float(value) <= one.stops[-1]:
            found.append(
                f"'{control}' runs from {one.stops[0]:g} to {one.stops[-1]:g}, not {value}"
            )
    return found


def test_links_to_states_are_found_and_held_against_the_page() -> None:
    text = (
        "[a](#x=one;chip:h100-sxm~two;n:1), [b](../book/intro.ipynb#x=crossing;users:10), [c](#x)"
    )
    found = [
        ("", "one;chip:h100-sxm"),
        ("", "two;n:1"),
        ("../book/intro.ipynb", "crossing;users:10"),
    ]
    assert links(made(text)) == found
    start = il.scenario(
        model="llama-3.1-8b", chip="h100-sxm", prompt_tokens=1, output_tokens=1, concurrency=1
    )
    controls = [il.slider("concurrency", 1, 64, log=True), il.picker("chip", ["h100-sxm", "l4"])]
    one = il.explore("one", start, answer="{tpot} {chip}", controls=controls, charts=[])
    known = {"one": one}
    assert wrong("one;concurrency:64;chip:l4", known) == []
    assert wrong("one;concurrency:65", known) == ["'concurrency' runs from 1 to 64, not 65"]
    assert wrong("one;chip:l40s", known) == ["'chip' has no 'l40s'; h100-sxm, l4"]
    assert wrong("one;chips:2", known) == ["'one' has no control 'chips'; it has concurrency, chip"]
    assert wrong("two", known) == ["no explorable is called 'two'; there are one"]


# tools/checked.py


def test_checking_keeps_text_and_clears_the_rest(tmp_path: Path) -> None:
    keep = {"tags": [checked.TAG]}
    source = [
        nbformat.v4.new_code_cell("x = 3", execution_count=9),
        nbformat.v4.new_code_cell("print(f'x = {x}'); x", metadata=keep),
        nbformat.v4.new_markdown_cell("x is 3."),
    ]
    file = tmp_path / "small.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=source), file)
    assert checked.run(file)
    after = nbformat.read(file, as_version=4)
    assert after["metadata"] == {}, "the version of a machine's Python stays out"
    first, second, _ = after["cells"]
    assert (first["outputs"], first["execution_count"]) == ([], None)
    assert second["execution_count"] == 1
    assert [out.get("text", out.get("data")) for out in second["outputs"]] == [
        "x = 3\n",
        {"text/plain": "3"},
    ]
    assert complaints(after, "it") == []
    assert not checked.run(file), "a second run changes nothing"


def test_where_a_kernel_cuts_a_print_leaves_no_trace() -> None:
    stream, result = nbformat.v4.new_output, nbformat.v4.new_output("execute_result")
    parts = [stream("stream", text="a\n"), stream("stream", text="b\n"), result]
    whole = [stream("stream", text="a\nb\n"), result]
    assert checked.joined(parts) == whole == checked.joined(whole)
