"""The theme's style sheet, cut to the rules that a page can use."""

import sys

import pytest
from conftest import ROOT, SITE

sys.path.insert(0, str(ROOT / "book"))
from extensions import rules

KNOWN = rules.words(['<p class="here also-here" id="place">'])


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".here{a:b}", ".here{a:b}"),
        (".gone{a:b}", ""),
        (".here .gone,.also-here{a:b}", ".also-here{a:b}"),
        ("p>a:hover,#place{a:b}", "p>a:hover,#place{a:b}"),
        (".here:not(.gone){a:b}", ".here:not(.gone){a:b}"),
        (":is(.gone,.here) p{a:b}", ":is(.gone,.here) p{a:b}"),
        ("@media print{.gone{a:b}.here{c:d}}", "@media print{.here{c:d}}"),
        ("@media print{.gone{a:b}}", ""),
        ("@font-face{a:b}@keyframes x{to{a:b}}", "@font-face{a:b}@keyframes x{to{a:b}}"),
        ('.here{a:url("x.png");b:"}"}', '.here{a:url("x.png");b:"}"}'),
    ],
)
def test_a_rule_stays_if_all_that_it_names_is_somewhere(css: str, kept: str) -> None:
    assert rules.used(css, KNOWN) == kept


def test_the_theme_keeps_what_a_page_or_a_script_names() -> None:
    sheet = (SITE / "_static/styles/pydata-sphinx-theme.css").read_text(encoding="utf-8")
    assert ".bd-sidebar-primary" in sheet
    assert "span.highlighted" in sheet, "a script marks with it the words that were searched"
    assert ".carousel" not in sheet, "no page has one"
