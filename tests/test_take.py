"""Promises of what a reader takes away: it is what was shown, and works elsewhere."""

import ast
import csv
import io
import json
import math
import random
import re
import struct
from base64 import b64encode
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from conftest import ROOT, watch
from fixture_figures import drawn_at_random, go_each, link, look, samples, show_figure, written
from fixture_made import make_page, open_figure
from playwright.sync_api import BrowserContext, Page, expect

import inferlib as il

FIGURES = samples()
each_figure = pytest.mark.parametrize(("name", "id"), FIGURES, ids=[id for _, id in FIGURES])
NUMBER = re.compile(r"-?[\d.]+(e[+-]?\d+)?")
BLANK = """async (data) => {
  const image = new Image();
  image.src = `data:image/png;base64,${data}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  const { data: bytes } = pen.getImageData(0, 0, image.width, image.height);
  return new Set(new Uint32Array(bytes.buffer)).size;
}"""


def opened(page: Page, address: str, id: str) -> None:
    """A figure with its fold open."""
    show_figure(page, address, id)
    page.locator(f"#{id} details.take summary").click()
    expect(page.locator(f"#{id} [data-words='python']")).not_to_have_value("")


def taken(page: Page, id: str, take: str, at: int = 0) -> tuple[str, bytes]:
    """Name and content of what a button saves."""
    with page.expect_download() as waited:
        page.locator(f"#{id} [data-take='{take}']").nth(at).click()
    found = waited.value
    name = found.suggested_filename
    expect(page.locator(f"#{id} [data-took]")).to_have_text(f"Saved as {name}.")
    assert re.fullmatch(rf"{id}(-\d)?-[0-9a-z]{{1,7}}\.{take}", name)
    return name, Path(found.path()).read_bytes()


def ran(lines: str) -> float:
    """The value of the last of some lines of Python."""
    space: dict[str, Any] = {}
    *before, last = ast.parse(lines).body
    exec(compile(ast.Module(before, []), "lines", "exec"), space)
    assert isinstance(last, ast.Expr)
    return float(eval(compile(ast.Expression(last.value), "last", "eval"), space))


@each_figure
def test_python_and_json_give_the_number_of_the_page(
    page: Page, origin: str, name: str, id: str
) -> None:
    one, draw = written(name)[id], random.Random(id)
    opened(page, f"{origin}/{name}", id)
    lines = page.locator(f"#{id} [data-words='python']")
    for texts in ({}, *(drawn_at_random(one, draw) for _ in range(4))):
        go_each(page, id, [link(one, texts)])
        text, shown = lines.input_value(), look(page, id)
        assert len(text.splitlines()) == 3
        headline = text.rpartition('["')[2].removesuffix('"]')
        assert math.isclose(ran(text), shown.values[headline], rel_tol=1e-12), text
        _, content = taken(page, id, "json")
        told = json.loads(content)
        given = {key: row["value"] for key, row in told["inputs"].items()}
        found = il.solve(headline, **given)
        assert math.isclose(found[headline], told["results"][headline]["value"], rel_tol=1e-12)
        assert told["answer"] == shown.answer
        assert told["kinds"] == dict(one.scenario(shown.state).kinds)
        assert told["version"] == il.__version__
        assert all(row["unit"] == one.quantities[key].unit for key, row in told["inputs"].items())
        assert page.evaluate("location.href").split("#")[0] in told["link"]


@each_figure
def test_csv_is_the_rows_that_are_drawn(page: Page, origin: str, name: str, id: str) -> None:
    one = written(name)[id]
    opened(page, f"{origin}/{name}", id)
    _, content = taken(page, id, "csv")
    text = content.decode("utf-8-sig")
    assert "\r\n" in text
    table = list(csv.DictReader(io.StringIO(text, newline="")))
    drawn = one.draw()
    for chart, data in zip(one.charts, drawn, strict=True):
        for rows, recipe in chart.recipes.items():
            mine = [line for line in table if (line["chart"], line["rows"]) == (chart.title, rows)]
            if not mine:  # names beside lines, and what repeats other rows
                told = ("grid", "ratio", "scatter", "parts", "measured")
                assert not data[rows] or recipe["kind"] not in told
                continue
            for line, row in zip(mine, data[rows], strict=True):
                texts = {cell.removeprefix("'") for cell in line.values() if cell}
                numbers = {
                    float(cell) for cell in texts if re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?", cell)
                }
                for value in row.values():
                    if isinstance(value, bool):
                        assert str(value).lower() in texts
                    elif isinstance(value, str):
                        assert value in texts
                    else:
                        assert any(math.isclose(value, n, rel_tol=1e-9) for n in numbers)
    units = {unit for column in table[0] for unit in re.findall(r"\[(.+)\]", column)}
    assert units <= {q.unit for q in one.quantities.values()}


@each_figure
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pictures_stand_by_themselves(
    page: Page, origin: str, name: str, id: str, theme: str
) -> None:
    one = written(name)[id]
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    opened(page, f"{origin}/{name}", id)
    for i, chart in enumerate(one.charts):
        _, svg = taken(page, id, "svg", i)
        text = svg.decode()
        whole = ElementTree.fromstring(text)
        assert "var(" not in text
        assert "currentcolor" not in text.lower()
        assert "Book" not in text
        assert whole[0].text == chart.title
        panel = page.locator(f"#{id}").evaluate("(box) => getComputedStyle(box).backgroundColor")
        ground = whole.find("{http://www.w3.org/2000/svg}rect")
        assert ground is not None
        assert ground.attrib["fill"] == panel
        _, png = taken(page, id, "png", i)
        assert png.startswith(b"\x89PNG\r\n\x1a\n")
        width, height = struct.unpack(">II", png[16:24])
        assert width == round(2 * float(whole.attrib["width"]))
        assert height == round(2 * float(whole.attrib["height"]))
        assert page.evaluate(BLANK, b64encode(png).decode()) > 50, "more than one colour"


@each_figure
def test_the_citation_names_the_state(page: Page, origin: str, name: str, id: str) -> None:
    one = written(name)[id]
    opened(page, f"{origin}/{name}", id)
    text = page.locator(f"#{id} [data-words='cite']").input_value()
    named = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    work = one.config()["work"]
    assert all(f'"{work[key]}"' in named for key in ("authors", "title"))
    for part in (*work.values(), f"figure “{id}”", one.say(), one.config()["data"], f"#x={id};"):
        assert part in text
    assert re.search(r"Accessed \d{4}-\d\d-\d\d\.$", text)


def test_copies_or_selects(page: Page, context: BrowserContext, origin: str) -> None:
    name, id = FIGURES[0]
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, f"{origin}/{name}", id)
    for words in ("cite", "python"):
        page.locator(f"#{id} [data-copy='{words}']").click()
        expect(page.locator(f"#{id} [data-took]")).to_have_text("Copied.")
        box = page.locator(f"#{id} [data-words='{words}']")
        assert page.evaluate("navigator.clipboard.readText()") == box.input_value()


def test_works_from_a_folder_and_with_odd_names(context: BrowserContext, tmp_path: Path) -> None:
    page = context.new_page()
    heard = watch(page, "file:")
    start = il.scenario(model="llama-3.1-8b", chip="h100-sxm", prompt_tokens=100, output_tokens=50,
                        concurrency=4, preset="fitted", engine='vLLM "0.19"\\')  # fmt: skip
    chart = il.curve(
        "tpot", over="concurrency", span=(1, 64), domain=(1e-3, 1),
        title='=HYPERLINK("a"), "quoted" and\nbroken & <b>',
    )  # fmt: skip
    one = il.explore(
        "odd", start, answer="{tpot} on {chip}.", charts=[chart],
        controls=[il.slider("concurrency", 1, 64, log=True), il.picker("chip", ["h100-sxm", "l4"])],
    )  # fmt: skip
    open_figure(page, make_page(tmp_path, [one]), "odd")
    page.locator("#odd details.take summary").click()
    expect(page.locator("#odd [data-words='python']")).not_to_have_value("")
    lines = page.locator("#odd [data-words='python']").input_value()
    assert ran(lines) == pytest.approx(one.situations({})[""].solution["tpot"], rel=1e-12)
    _, content = taken(page, "odd", "csv")
    text = content.decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(text, newline="")))["chart"].startswith("'=HYPERLINK")
    assert ElementTree.fromstring(taken(page, "odd", "svg")[1].decode())[0].text == chart.title
    assert taken(page, "odd", "png")[1].startswith(b"\x89PNG")
    assert heard == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_fold_stays_within_the_figure(page: Page, origin: str, width: int) -> None:
    name, id = FIGURES[0]
    page.set_viewport_size({"width": width, "height": 900})
    opened(page, f"{origin}/{name}", id)
    outer = page.locator(f"#{id}").bounding_box()
    assert outer
    for part in page.locator(f"#{id} .take :is(button, textarea)").all():
        box = part.bounding_box()
        assert box
        assert box["height"] >= 24
        assert outer["x"] <= box["x"]
        assert box["x"] + box["width"] <= outer["x"] + outer["width"]
