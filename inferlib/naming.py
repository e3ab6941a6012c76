"""Names: what a sentence quotes, and what an unknown one may have meant."""

import difflib
import string
from collections.abc import Iterable


def fields(template: str) -> tuple[str, ...]:
    """The {names} that a sentence quotes, once each, in their order."""
    return tuple(
        dict.fromkeys(name for _, name, _, _ in string.Formatter().parse(template) if name)
    )


def suggest(name: str, names: Iterable[str]) -> str:
    """The way out of an unknown name, for the end of an error message."""
    close = difflib.get_close_matches(name, list(names), n=2, cutoff=0.5)
    return "did you mean " + " or ".join(f"'{c}'" for c in close) + "?" if close else ""


def unknown(name: str, names: Iterable[str]) -> str:
    """The end of the message that a quantity is unknown."""
    return suggest(name, names) or "and no name is near it; `inferlib.quantities` lists them all"
