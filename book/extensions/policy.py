"""What a page may load, run and hold: found by a parser, enforced by a policy in the page."""

import re
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from html.parser import HTMLParser

CHARSET = re.compile(r'<meta charset="utf-8"\s*/?>', re.I)
META = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
POLICY = (
    "default-src 'none'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'"
)
# Attributes with which a browser fetches something by itself. A plain link (`a href`) is none.
LOADING = {"src", "srcset", "poster", "data", "background", "xlink:href"}
LINKING = {"link", "image", "use", "base"}  # elements whose href is fetched, a canonical one's not
RUNS = {"", "text/javascript", "application/javascript", "module"}
ELSEWHERE = re.compile(r"^\s*(?:[a-z][a-z0-9+.-]*:)?//", re.I)


@dataclass
class Page(HTMLParser):
    """Inline scripts, inline handlers and fetched addresses of one page."""

    scripts: list[str] = field(default_factory=list)
    handlers: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start the parser."""
        super().__init__(convert_charrefs=False)
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note handlers and loads; begin an inline script."""
        given = {name: value or "" for name, value in attrs}
        self.handlers += [f"<{tag} {name}>" for name in given if name.startswith("on")]
        self.loads += [given[name] for name in LOADING & given.keys()]
        if tag in LINKING and "href" in given and given.get("rel") != "canonical":
            self.loads.append(given["href"])
        self.inside = tag == "script" and "src" not in given and given.get("type", "") in RUNS
        if self.inside:
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        """Collect the text of an inline script."""
        if self.inside:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        """End an inline script."""
        self.inside = self.inside and tag != "script"


def scan(html: str) -> Page:
    """Read a page."""
    page = Page()
    page.feed(html)
    page.close()
    return page


def complaints(html: str) -> list[str]:
    """Why a page could not stand alone under the policy; empty when it can."""
    page = scan(html)
    found = [f"inline handler {handler}" for handler in page.handlers]
    found += [f"loads {address}" for address in page.loads if ELSEWHERE.match(address)]
    if "require.js" in html or "require.min.js" in html:
        found.append("brings RequireJS: a widget's output was kept in the page")
    if not CHARSET.search(html):
        found.append("has no charset to put the policy after")
    return found


def allow(script: str) -> str:
    """The hash with which a policy admits an inline script."""
    return f" 'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


def with_policy(html: str) -> str:
    """The page with its policy right after the charset; a second run changes nothing."""
    html = META.sub("", html)
    hashes = "".join(dict.fromkeys(allow(script) for script in scan(html).scripts))
    meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(hashes=hashes)}">'
    return CHARSET.sub(lambda match: match.group() + meta, html, count=1)
