"""The article's claims: all of them, each with a verdict, our number where it is ours, a source."""

import re
from datetime import date

import pytest
from conftest import ROOT, SITE

import inferlib as il
from inferlib import catalog, verdicts
from inferlib.scenarios import KINDS

ROWS = list(catalog.claims().iter_rows(named=True))
each = pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
# Digits of H100, GPT-3 and c08 are parts of names.
DIGIT = re.compile(r"(?<![\w.,-])\d")


def test_every_claim_is_there_once():
    assert [row["id"] for row in ROWS] == [f"c{n:02}" for n in range(1, 42)]


def test_verdicts_and_kinds_are_few():
    assert {row["verdict"] for row in ROWS} <= {*verdicts.VERDICTS}
    assert {row["kind"] for row in ROWS} <= {
        *("claim", "news", "quotation", "definition", "argument", "prediction")
    }


@each
def test_a_finding_fills_and_its_settings_are_used(row):
    (claim,) = [one for one in il.claims() if one.id == row["id"]]
    assert "{" not in claim.finding
    assert "}" not in claim.finding
    asked = {called for called, _ in verdicts.names(row["finding"])}
    given = {called for called, column in {"": "setting", "other": "other"}.items() if row[column]}
    assert asked == given, "a setting that no brace asks for, or a brace without its setting"


@each
def test_what_is_computed_is_not_typed(row):
    blanked = re.sub(r"\{[^}]*\}|\b\d+ bits?\b", "", row["finding"])
    if row["source"] == "inferlib":
        assert not DIGIT.search(blanked), "put it in braces, or name who reported it"
        assert "{" in row["finding"], "inferlib computes nothing here: name another source"


@each
def test_news_has_a_source_and_a_day(row):
    assert date.fromisoformat(row["as_of"])
    if row["kind"] in ("news", "quotation") and row["verdict"] != "not confirmed":
        assert row["source"] != "inferlib"
        assert len(row["source"]) > 10
    if row["verdict"] == "not confirmed":
        assert re.search("no (?:published|source)", row["finding"]), "say what was not found"


@each
def test_a_claim_to_argue_is_no_finding(row):
    settled = row["verdict"] in ("definition", "argument", "prediction")
    assert settled == (row["kind"] in ("definition", "argument", "prediction"))


@each
def test_a_claim_and_its_finding_are_sentences(row):
    assert not row["claim"].endswith(".")
    first = row["finding"].removeprefix("{").removeprefix("other:")
    assert row["finding"].endswith("."), row["finding"]
    if row["verdict"] == "holds if" and not row["finding"].startswith("{"):
        assert first[0].islower(), "it goes on after 'Holds if'"


CHAPTERS = sorted({row["chapter"] for row in ROWS})


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_shows_its_claims(chapter):
    """A chapter that exists calls `il.claims` on its own name, which gives all of its claims."""
    file = ROOT / "chapters" / f"{chapter}.ipynb"
    found = il.claims(chapter)
    assert {one.id for one in found} == {row["id"] for row in ROWS if row["chapter"] == chapter}
    if file.exists():
        assert f'il.claims(\\"{chapter}\\")' in file.read_text(encoding="utf-8"), file.name


def test_claims_print_and_show(monkeypatch):
    found = il.claims("what-an-inference-chip-is")
    assert len(found) == len(list(found)) > 3
    assert found[0].id in repr(found)
    monkeypatch.delenv("INFERLIB_BOOK", raising=False)
    assert "claims.html" not in found._repr_html_()
    monkeypatch.setenv("INFERLIB_BOOK", "1")
    page = found._repr_html_()
    for one in found:
        assert f'<a href="../book/claims.html#{one.id}">' in page
    assert il.claims()[0].id == "c01"


def test_the_page_of_claims_counts_every_verdict():
    html = (SITE / "book/claims.html").read_text(encoding="utf-8")
    (line,) = re.findall(rf"<p>{len(ROWS)} claims: ([^<]*)\.</p>", html)
    counts = [int(part.split()[0]) for part in line.split("; ")]
    found = [row["verdict"] for row in ROWS]
    assert counts == [found.count(verdict) for verdict in verdicts.VERDICTS]
    assert len(re.findall(r"<li id=\"c\d\d\">", html)) == len(ROWS)


S = "model:llama-3.1-8b;chip:h100-sxm;prompt_tokens:1000;output_tokens:500;concurrency:"
BOTH = {"": verdicts.setting(f"{S}1"), "other": verdicts.setting(f"{S}64")}


def test_a_finding_is_filled_by_quantities_names_ratios_and_shares():
    one, many = (il.solve("tpot", **s)["tpot"] for s in BOTH.values())
    assert verdicts.filled("{tpot}, {other:tpot}", BOTH) == (
        f"{il.show(one, 'second')}, {il.show(many, 'second')}"
    )
    assert verdicts.filled("{other:tpot/tpot}", BOTH) == il.show(many / one)
    assert verdicts.filled("{tpot/other:tpot as share}", BOTH) == il.show(one / many, "share")
    assert verdicts.filled("{model} on {other:chip}", BOTH) == "Llama 3.1 8B on H100 SXM"
    assert set(KINDS) >= {"model", "chip"}


@pytest.mark.parametrize(
    ("words", "error", "says"),
    [
        ("model", ValueError, "write name:value"),
        (f"{S}many", ValueError, "give a number or a quotient"),
        (f"{S}1;chips_:2", LookupError, "chips"),
        (S.replace("h100", "h1000") + "1", LookupError, "h100-sxm"),
    ],
)
def test_a_wrong_setting_says_so(words, error, says):
    with pytest.raises(error, match=says):
        verdicts.setting(words)


def test_wrong_findings_and_chapters_say_so():
    with pytest.raises(LookupError, match="column 'other' is blank"):
        verdicts.filled("{other:tpot}", {"": BOTH[""]})
    with pytest.raises(LookupError, match="tpot"):
        verdicts.filled("{tpott}", BOTH)
    with pytest.raises(ValueError, match="not feasible"):
        verdicts.filled("{tpot}", {"": verdicts.setting(f"{S}5000")})
    with pytest.raises(LookupError, match="what-an-inference-chip-is"):
        il.claims("what-an-inference-chip")
