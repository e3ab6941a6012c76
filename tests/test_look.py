"""Promises of looks: each figure as in its picture; `pytest tests/test_look.py --renew` renews it.

A picture holds if at most 1 % of its pixels differ by more than 48 of 255 in a channel: so much may
go to how another browser draws letters and boxes, and less than a line or a label moved.
"""

from io import BytesIO
from pathlib import Path

import pytest
from conftest import ROOT
from fixture_figures import FIGURE, SITE, show_figure
from PIL import Image, ImageChops
from playwright.sync_api import Page

PAGE = "book/explorables.html"
TREE = "written"  # the figure whose accessibility tree is kept
KEPT = ROOT / "tests/pictures"
MADE = ROOT / "_build/pictures"
IDS = FIGURE.findall((SITE / PAGE).read_text(encoding="utf-8"))
LOOKS = {"desk": (1280, "light"), "phone": (360, "dark")}
# Moves a figure down to the next whole pixel, so that its picture does not depend on what is above.
ON_A_PIXEL = """(figure) => {
  const top = figure.getBoundingClientRect().top + scrollY;
  const now = getComputedStyle(figure).marginTop;
  figure.style.marginTop = `calc(${now} + ${Math.ceil(top) - top}px)`;
}"""
FAR, SHARE = 48, 0.01
LARGEST = 300_000  # bytes


@pytest.fixture
def renew(request: pytest.FixtureRequest) -> bool:
    """Whether what is kept is made anew."""
    return bool(request.config.getoption("--renew"))


def difference(one: Image.Image, other: Image.Image) -> Image.Image:
    """White where two pictures of one size differ by much."""
    channels = ImageChops.difference(one, other).split()
    apart = channels[0]
    for channel in channels[1:]:
        apart = ImageChops.lighter(apart, channel)
    return apart.point(lambda value: 255 if value > FAR else 0)


def assert_alike(name: str, taken: bytes) -> None:
    """A picture is as it was kept; if not, both stand under _build/pictures."""
    told = f"{name} looks otherwise: see _build/pictures, or renew it with --renew"
    new = Image.open(BytesIO(taken)).convert("RGB")
    kept = Image.open(KEPT / name).convert("RGB")
    MADE.mkdir(parents=True, exist_ok=True)
    if new.size != kept.size:
        (MADE / name).write_bytes(taken)
        pytest.fail(f"{told} (it measures {new.size}, not {kept.size})", pytrace=False)
    apart = difference(new, kept)
    share = apart.histogram()[255] / (new.width * new.height)
    if share > SHARE:
        (MADE / name).write_bytes(taken)
        apart.save(MADE / f"{Path(name).stem}-difference.png")
        pytest.fail(f"{told} ({share:.1%} of it differs)", pytrace=False)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("id", IDS)
def test_a_figure_looks_as_in_its_picture(
    page: Page, origin: str, renew: bool, id: str, look: str
) -> None:
    width, theme = LOOKS[look]
    page.set_viewport_size({"width": width, "height": 1600})
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    show_figure(page, f"{origin}/{PAGE}", id)
    page.evaluate("document.fonts.ready.then(() => 0)")
    page.mouse.move(0, 0)
    page.locator(f"figure#{id}").evaluate(ON_A_PIXEL)
    taken = page.locator(f"figure#{id}").screenshot(animations="disabled", caret="hide")
    name = f"{id}-{look}.png"
    if renew:
        KEPT.mkdir(exist_ok=True)
        Image.open(BytesIO(taken)).convert("RGB").quantize(256).save(KEPT / name, optimize=True)
    assert_alike(name, taken)
    assert (KEPT / name).stat().st_size <= LARGEST


def test_a_picture_that_is_not_alike_is_told(tmp_path: Path) -> None:
    plain = Image.new("RGB", (100, 100), "white")
    other = plain.copy()
    other.paste((0, 0, 0), (0, 0, 100, 2))
    apart = difference(plain, other).histogram()[255] / 10_000
    assert apart == 0.02
    assert apart > SHARE


def test_a_figure_is_read_aloud_as_it_was(page: Page, origin: str, renew: bool) -> None:
    show_figure(page, f"{origin}/{PAGE}", TREE)
    said = page.locator(f"figure#{TREE}").aria_snapshot() + "\n"
    kept = KEPT / f"{TREE}.yaml"
    if renew:
        kept.write_text(said, encoding="utf-8")
    assert said == kept.read_text(encoding="utf-8"), "renew tests/pictures with --renew"


def test_the_pictures_are_of_the_figures_that_are_there(renew: bool) -> None:
    wanted = {f"{id}-{look}.png" for id in IDS for look in LOOKS} | {f"{TREE}.yaml"}
    for file in KEPT.iterdir():
        if renew and file.name not in wanted:
            file.unlink()
    assert {file.name for file in KEPT.iterdir()} == wanted
