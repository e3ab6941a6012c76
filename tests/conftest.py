"""Fixtures: the built site, a server on the loopback, a browser, and random situations."""

import functools
import http.server
import math
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from inferlib.formulas import quantities

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "_build" / "html"
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nobody else is there
]

settings.register_profile("promises", deadline=None, derandomize=True)
settings.load_profile("promises")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--renew`: what tests/pictures keeps is made anew."""
    parser.addoption("--renew", action="store_true", help="make tests/pictures anew")


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Let checked cells compare their text alone."""
    if collector.path and collector.path.suffix == ".ipynb" and hasattr(collector, "skip_compare"):
        collector.skip_compare += ("text/html", "stderr", "image/svg+xml")


@pytest.fixture(scope="session")
def site() -> Path:
    """The built site; `make test` builds it first."""
    assert (SITE / "index.html").exists(), "the site is not built; run `make site`"
    return SITE


@pytest.fixture(scope="session")
def origin(site: Path) -> Iterator[str]:
    """The address of the built site on the loopback."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium, found by tools/browser.py and named in CHROMIUM by `make test`."""
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or None
        yield playwright.chromium.launch(executable_path=path, args=CHROMIUM)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh browser profile."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, origin: str) -> Iterator[Page]:
    """A page that must stay silent: see `watch`."""
    page = context.new_page()
    heard = watch(page, origin)
    yield page
    assert heard == []


def watch(page: Page, *homes: str) -> list[str]:
    """Note what a page must never do: speak, throw, ask, or send for what is not its own."""
    heard: list[str] = []
    own = (*homes, "data:", "blob:")
    page.on("console", lambda message: heard.append(f"console {message.type}: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.on("dialog", lambda dialog: (heard.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: None if request.url.startswith(own) else heard.append(request.url),
    )
    return heard


@st.composite
def situations(draw: st.DrawFn) -> dict[str, float]:
    """Every input at random within its range, spread over the orders of magnitude."""
    drawn = {
        one.name: draw(_inside(one.low, one.high).map(round if one.whole else float))
        for one in quantities.values()
        if not one.formula
    }
    return drawn | {"experts_per_token": min(drawn["experts_per_token"], drawn["experts"])}


def _inside(low: float, high: float) -> st.SearchStrategy[float]:
    least = max(low, high * 1e-9)
    logs = st.floats(math.log10(least), math.log10(high)).map(
        lambda x: min(max(10.0**x, low), high)
    )
    corners = [low, high] if low else [0.0, least, high]
    return st.one_of(logs, st.sampled_from(corners))
