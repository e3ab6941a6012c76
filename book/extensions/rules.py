"""A style sheet without the rules that no page can use: the theme's, from 45 kB compressed to 15.

A rule stays unless it names a class or an id that stands nowhere in any page or script, in whatever
place: rather a rule too many than one too few.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import tinycss2

WORD = re.compile(r"[\w-]+")
NAME = re.compile(r"[.#]((?:[\w-]|\\.)+)")
INSIDE = re.compile(r"\([^()]*\)")  # what `:not(...)` or `:is(...)` names may be missing


def words(texts: Iterable[str]) -> set[str]:
    """All that could be a class or an id in some texts."""
    return {word for text in texts for word in WORD.findall(text)}


def used(css: str, known: set[str]) -> str:
    """The sheet with the rules alone whose classes and ids are all known."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(_kept(rules, known))


def _kept(rules: Iterable[Any], known: set[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            if selectors := _selectors(tinycss2.serialize(rule.prelude), known):
                yield f"{selectors}{{{tinycss2.serialize(rule.content)}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if kept := "".join(_kept(inner, known)):
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{kept}}}"
        else:
            yield rule.serialize()


def _selectors(text: str, known: set[str]) -> str:
    several = [text] if "(" in text else text.split(",")
    return ",".join(one for one in several if _is_known(one, known))


def _is_known(selector: str, known: set[str]) -> bool:
    while (bare := INSIDE.sub("", selector)) != selector:
        selector = bare
    return all(name.replace("\\", "") in known for name in NAME.findall(selector))
