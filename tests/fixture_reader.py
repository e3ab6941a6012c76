"""A reader in the built site: wakes figures, touches everything, walks by keyboard alone."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from playwright.sync_api import CDPSession, Locator, Page

# What a reader can act on, as a selector within a figure.
ACTABLE = "input, select, textarea, button, summary, a[href], [tabindex='0']"

# The state of the focused element: what marks it, and where its control stands.
STOP = """(figure) => {
  const one = document.activeElement;
  if (!figure.contains(one) || one === figure) return null;
  const box = (one.closest("[data-control]") ?? one).getBoundingClientRect();
  const style = getComputedStyle(one);
  const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const look = [style.boxShadow, style.borderColor, style.backgroundColor].join();
  one.dataset.walked = "";
  const place = [box.left, box.top + scrollY, box.bottom + scrollY];
  const marked = ringed || look !== one.dataset.usual;
  return { marked, place, html: one.outerHTML.slice(0, 160) };
}"""
BEGIN = """(figure, actable) => {
  for (const one of figure.querySelectorAll(actable)) {
    const { boxShadow, borderColor, backgroundColor } = getComputedStyle(one);
    one.dataset.usual = [boxShadow, borderColor, backgroundColor].join();
    delete one.dataset.walked;
  }
  figure.tabIndex = -1;
  figure.focus({ preventScroll: true });
}"""
# What was passed over, though it is in sight and can be used; of radio buttons one is a stop.
MISSED = """(figure, actable) => {
  figure.removeAttribute("tabindex");
  const seen = (one) => one.checkVisibility({ visibilityProperty: true });
  const idle = (one) => one.disabled || one.tabIndex < 0 || (one.type === "radio" && !one.checked);
  return [...figure.querySelectorAll(actable)]
    .filter((one) => seen(one) && !idle(one) && !("walked" in one.dataset))
    .map((one) => one.outerHTML.slice(0, 160));
}"""
# Opens the folds in sight; how many there were.
UNFOLD = """() => {
  const all = [...document.querySelectorAll("article details:not([open])")];
  const seen = all.filter((one) => one.checkVisibility({ visibilityProperty: true }));
  for (const one of seen) one.querySelector("summary").click();
  return seen.length;
}"""
# Opens and closes the card of each quantity in sight; facts come first, so that takes a moment.
OPEN_EACH = """async (figure) => {
  const all = [...figure.querySelectorAll("button[data-explain]")];
  const seen = all.filter((one) => one.checkVisibility({ visibilityProperty: true }));
  for (const button of new Map(seen.map((one) => [one.dataset.explain, one])).values()) {
    button.click();
    const card = () => document.querySelector("dialog[open]");
    while (!card()) await new Promise(requestAnimationFrame);
    card().close();
  }
}"""


@dataclass(frozen=True)
class Stop:
    """One stop of the focus: what a screen reader says of it, whether it is marked, where it is."""

    role: str
    name: str
    marked: bool
    left: float
    top: float
    bottom: float
    html: str


def wake(page: Page) -> list[str]:
    """Go to each figure of a page and wait until its charts are live; their ids."""
    found = [str(one.get_attribute("id")) for one in page.locator("figure.explorable").all()]
    for id in found:
        page.locator(f"figure#{id}").scroll_into_view_if_needed()
        page.wait_for_selector(f"figure#{id}[data-ready]")
    return found


def open_folds(page: Page) -> None:
    """Open every fold, one inside another too."""
    while page.evaluate(UNFOLD):
        page.evaluate("new Promise(requestAnimationFrame)")


def touch_everything(page: Page) -> None:
    """Open every fold, move every control of every figure, and press every button."""
    open_folds(page)
    for id in wake(page):
        figure = page.locator(f"figure#{id}")
        for box in figure.locator("select:visible").all():
            box.select_option(index=box.locator("option").count() - 1)
        for box in figure.locator("input[type=range]:visible").all():
            box.press("End")
        for box in figure.locator("input[type=number]:visible").all():
            box.fill(box.get_attribute("min") or "1")
            box.press("Tab")
        press_buttons(figure)
        page.evaluate(
            "async (id) => void (await window.inferlib.figures.get(id).figure.redraw())", id
        )


def press_buttons(figure: Locator) -> None:
    """Open and close the card of every quantity in sight, then press every other button."""
    figure.evaluate(OPEN_EACH)
    for button in figure.locator("button:not([data-explain]):visible:enabled").all():
        if button.is_visible() and button.is_enabled():
            button.click()


def close_dialog(page: Page) -> None:
    """Close the dialog that is open, if one is."""
    if page.locator("dialog[open]").count():
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog[open]", state="detached")


def spoken(client: CDPSession) -> tuple[str, str]:
    """Role and name of the focused element, as the browser tells a screen reader."""
    found = client.send("Runtime.evaluate", {"expression": "document.activeElement"})
    asked = {"objectId": found["result"]["objectId"], "fetchRelatives": False}
    node = client.send("Accessibility.getPartialAXTree", asked)["nodes"][0]
    return str(node["role"]["value"]), str(node.get("name", {}).get("value", ""))


def walk(page: Page, figure: Locator) -> list[Stop]:
    """Tab through a figure; the stops in order.

    Raises:
        AssertionError: A stop has no name or no visible focus, or something is never reached.
    """
    figure.evaluate(BEGIN, ACTABLE)
    stops: list[Stop] = []
    client = page.context.new_cdp_session(page)
    client.send("Accessibility.enable")
    while True:
        page.keyboard.press("Tab")
        here: dict[str, Any] | None = figure.evaluate(STOP)
        if here is None:
            break
        stops.append(Stop(*spoken(client), here["marked"], *here["place"], here["html"]))
        assert len(stops) < 500, "the focus does not leave the figure"
    client.detach()
    missed = figure.evaluate(MISSED, ACTABLE)
    assert not missed, f"the keyboard does not reach {missed}"
    assert not [one.html for one in stops if not one.marked], "focus is not seen"
    assert not [one.html for one in stops if not one.name], "a stop has no name"
    return stops


def assert_in_order_of_sight(stops: list[Stop]) -> None:
    """Each stop is to the right of the one before it, or below."""
    for one, other in pairwise(stops):
        same = (one.left, one.top) == (other.left, other.top)
        right = other.left > one.left and other.top < one.bottom and one.top < other.bottom
        assert same or right or other.top >= one.bottom - 2, f"{other.html} comes after {one.html}"
