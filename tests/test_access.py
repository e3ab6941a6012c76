"""Promises to every reader: any colours, any size, keyboard alone, on paper, without motion."""

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import watch
from fixture_figures import COMPONENT, figures, pages, samples, show_figure, written
from fixture_reader import assert_in_order_of_sight, close_dialog, touch_everything, wake, walk
from playwright.sync_api import Browser, Locator, Page, expect

from inferlib.explorable.controls import Slider

PAGES = [*pages(), "search.html", "404.html"]
WITH_FIGURES = sorted({name for name, _ in figures()})
each_page_with_figures = pytest.mark.parametrize("name", WITH_FIGURES)
each_figure = pytest.mark.parametrize(("name", "id"), samples(), ids=[id for _, id in samples()])
# Of what passes axe would otherwise name each element, which takes most of its time.
RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}

# What of a figure is cut off, sticks out, or lies on something else that can be used.
CROWDED = """() => {
  // On a phone an answer stays in sight, over what scrolls below it.
  scrollTo({ top: 0, behavior: "instant" });
  const found = [];
  const seen = (one) => one.checkVisibility({ visibilityProperty: true });
  const apart = ".visually-hidden, .scroll, .equation, svg, table";
  for (const figure of document.querySelectorAll("figure.explorable")) {
    const frame = figure.getBoundingClientRect();
    const say = (what, one) => found.push(`${what}: ${one.outerHTML.slice(0, 120)}`);
    const parts = "p, dt, dd, label, button, summary, select, input, legend, .unit";
    for (const one of figure.querySelectorAll(parts)) {
      if (!seen(one) || one.closest(apart)) continue;
      const box = one.getBoundingClientRect();
      if (box.left < frame.left - 1 || box.right > frame.right + 1) say("sticks out", one);
      const cut = getComputedStyle(one).overflowX !== "visible" && !one.matches("input, select");
      if (cut && one.scrollWidth > one.clientWidth + 1) say("is cut off", one);
    }
    const usable = [...figure.querySelectorAll("input, select, button, summary")].filter(seen);
    for (const [i, one] of usable.entries()) {
      const layer = one.closest("dialog"); // what a dialog covers cannot be used
      const a = one.getBoundingClientRect();
      for (const other of usable.slice(i + 1)) {
        const b = other.getBoundingClientRect();
        const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (across > 1 && down > 1 && !one.contains(other) && layer === other.closest("dialog"))
          say("is overlapped", one);
      }
    }
  }
  return found;
}"""


# Rows of a table are alike, as are the entries of the page of formulas: a few of each are enough
# for axe, which looks at every cell.
FEW = """() => {
  for (const table of document.querySelectorAll("article tbody"))
    for (const row of [...table.rows].slice(8)) row.remove();
  for (const list of document.querySelectorAll("article dl"))
    for (const one of [...list.children].slice(16)) one.remove();
}"""


def assert_accessible(page: Page, within: str = "html") -> None:
    """Axe finds nothing in a part, nothing sticks out of the page or lies on something else."""
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not page.evaluate(wide), "the page scrolls sideways"
    page.evaluate(FEW)
    page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")
    found = Axe().run(page, within, RULES).response["violations"]
    places = [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]
    assert not places, "\n".join(places)
    assert page.evaluate(CROWDED) == []


def assert_accessible_once_touched(page: Page) -> None:
    """The page that is open is accessible after it is touched, dialogs included."""
    touch_everything(page)
    assert_accessible(page)
    openers = page.locator("figure.explorable button[data-explain]:visible")
    if openers.count():
        openers.first.click()
        page.wait_for_selector("dialog[open]")
        assert_accessible(page, "dialog[open]")
        close_dialog(page)


# How a page may be seen: a width, a theme, colours of the reader's own, or a zoom.
WAYS = {
    "light-1280": {"width": 1280},
    "dark-360": {"width": 360, "dark": True},
    "light-360": {"width": 360},
    "dark-1280": {"width": 1280, "dark": True},
    "own-colours-360": {"width": 360, "dark": True, "forced": True},
    "own-colours-1280": {"width": 1280, "dark": True, "forced": True},
    "zoomed": {"width": 640, "scale": 2},
    "large-text": {"width": 1280, "large": True},
}
TWICE = """addEventListener("DOMContentLoaded", () => {
  document.documentElement.style.fontSize = "200%";
});"""


@pytest.fixture
def seen(browser: Browser, origin: str) -> Iterator[Callable[[str, str], Page]]:
    """Opens a page in one of the ways; what it says and asks for is held against it at the end."""
    heard: list[list[str]] = []
    contexts = []

    def open_page(name: str, way: str) -> Page:
        how = WAYS[way]
        contexts.append(
            browser.new_context(
                viewport={"width": int(how["width"]), "height": 450 if "scale" in how else 800},
                device_scale_factor=how.get("scale", 1),
                color_scheme="dark" if how.get("dark") else "light",
                forced_colors="active" if how.get("forced") else "none",
            )
        )
        page = contexts[-1].new_page()
        heard.append(watch(page, origin))
        if how.get("large"):
            page.add_init_script(TWICE)
        page.goto(f"{origin}/{name}")
        theme = "dark" if how.get("dark") else "light"
        expect(page.locator("html")).to_have_attribute("data-theme", theme)
        wake(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [word for words in heard for word in words] == []


# Every page wide and light as it opens, narrow and dark once touched; with figures, as it opens in
# the reader's colours and zoomed too; the page that has each kind of figure once, in each way.
WIDE, NARROW, MORE = "light-1280", "dark-360", ("own-colours-360", "zoomed")
AS_OPENED = [
    (name, way)
    for name in PAGES
    for way in (WAYS if name == COMPONENT else (WIDE, *MORE) if name in WITH_FIGURES else (WIDE,))
]
TOUCHED = [
    (name, way) for name in PAGES for way in (NARROW, *((WIDE, *MORE) if name == COMPONENT else ()))
]


@pytest.mark.parametrize(("name", "way"), AS_OPENED)
def test_accessible_as_it_opens(seen: Callable[[str, str], Page], name: str, way: str) -> None:
    assert_accessible(seen(name, way))


@pytest.mark.parametrize(("name", "way"), TOUCHED)
def test_accessible_once_touched(seen: Callable[[str, str], Page], name: str, way: str) -> None:
    assert_accessible_once_touched(seen(name, way))


# Contrast of each mark of the charts with the ground of the figure.
CONTRASTS = """(figure) => {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map((one) =>
      one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = light(getComputedStyle(figure).backgroundColor);
  const contrast = (colour) => {
    const [low, high] = [light(colour), ground].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const marks = figure.querySelectorAll(".live .role-mark :is(path, line, text)");
  const drawn = [...marks].flatMap((one) => {
    const { stroke, fill } = getComputedStyle(one);
    const used = [stroke, fill].filter((colour) => colour !== "none" && !colour.endsWith(", 0)"));
    return used.length && one.getAttribute("d") !== "" ? [Math.max(...used.map(contrast))] : [];
  });
  return drawn;
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@each_figure
def test_charts_are_seen_in_the_readers_own_colours(
    page: Page, origin: str, name: str, id: str, theme: str
) -> None:
    page.emulate_media(forced_colors="active", color_scheme="dark")
    show_figure(page, f"{origin}/{name}", id)
    page.evaluate("(theme) => (document.documentElement.dataset.theme = theme)", theme)
    found = page.locator(f"figure#{id}").evaluate(CONTRASTS)
    assert found
    assert min(found) >= 3


@each_figure
def test_the_keyboard_reaches_everything_in_order(
    page: Page, origin: str, name: str, id: str
) -> None:
    show_figure(page, f"{origin}/{name}", id)
    figure = page.locator(f"figure#{id}")
    closed = walk(page, figure)
    assert_in_order_of_sight(closed)
    while (folds := figure.locator("details:not([open]) > summary:visible")).count():
        folds.first.press("Enter")
    opened = walk(page, figure)
    assert len(opened) >= len(closed)
    sliders = [
        one for one in written(name)[id].controls if isinstance(one, Slider) and one.on is None
    ]
    assert [one.role for one in closed].count("slider") >= len(sliders)


def assert_on_paper(figure: Locator, charts: int, formulas: int) -> None:
    """A figure as a reader of paper needs it."""
    expect(figure.locator("[data-answer]")).to_be_visible()
    assert figure.locator(".chart svg:visible").count() == charts
    assert figure.locator("math:visible").count() >= formulas
    assert figure.locator(":is(input, select, button:not(.number)):visible").count() == 0


@each_page_with_figures
def test_on_paper_folds_are_open_and_controls_gone(page: Page, origin: str, name: str) -> None:
    page.goto(f"{origin}/{name}")
    wake(page)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    for id, one in written(name).items():
        assert_on_paper(page.locator(f"figure#{id}"), len(one.charts), len(one.formulas))
    outward = page.locator('.bd-article a[href^="http"]').count()
    assert page.locator(".print-links li:visible").count() == outward


@each_page_with_figures
def test_on_paper_without_scripts(browser: Browser, origin: str, name: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{origin}/{name}")
    page.emulate_media(media="print")
    for id, one in written(name).items():
        figure = page.locator(f"figure#{id}")
        assert_on_paper(figure, len(one.charts), len(one.formulas))
        expect(figure.locator("[data-answer]")).to_have_text(one.say())
    for link in page.locator('.bd-article a[href^="http"]').all():
        said = link.evaluate("(one) => getComputedStyle(one, '::after').content")
        assert "attr(href)" in said or f"{link.get_attribute('href')}" in said
    assert page.pdf().startswith(b"%PDF")
    context.close()


STILL = """
window.moved = [];
for (const kind of ["transitionrun", "animationstart"]) {
  addEventListener(kind, ({ target }) => moved.push(kind + target.outerHTML.slice(0, 80)), true);
}
for (const name of ["scrollIntoView", "scrollTo", "scrollBy", "scroll", "animate"]) {
  const usual = Element.prototype[name];
  Element.prototype[name] = function (...given) {
    if (name === "animate" || given[0]?.behavior === "smooth") moved.push(name);
    return usual.apply(this, given);
  };
}
"""


@each_page_with_figures
def test_nothing_moves_for_who_asks_for_calm(page: Page, origin: str, name: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.add_init_script(STILL)
    page.goto(f"{origin}/{name}")
    if name == COMPONENT:
        touch_everything(page)
    for link in page.locator("a.set-state:visible").all():
        link.click()
    assert page.evaluate("moved") == []
    smooth = (
        "(all) => all.filter((one) => getComputedStyle(one).scrollBehavior === 'smooth').length"
    )
    assert page.locator("html, body, .scroll").evaluate_all(smooth) == 0
