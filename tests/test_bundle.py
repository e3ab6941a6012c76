"""Promises of the joined front end: small, whole, typed by a compiler that is pinned."""

import gzip
import json
import math
import random
import re
import subprocess
import sys

from conftest import ROOT

from inferlib.explorable.bundle import FRONT, engine, widget_module
from inferlib.formulas import quantities
from inferlib.show import STEPS, show, table

sys.path.insert(0, str(ROOT / "tools"))
sys.path.insert(0, str(ROOT / "book"))
from extensions.bundle import site_files, small
from front_types import node

BUDGET = 40_000  # script, formulas and style sheet, compressed


def test_the_front_end_stays_within_its_budget() -> None:
    files = site_files()
    sizes = [len(gzip.compress(files[f"explorable.{kind}"], 9)) for kind in ("js", "css")]
    assert sum(sizes) <= BUDGET


def test_what_is_made_small_says_the_same() -> None:
    f = 'const f = (a, b) => `${[a].map((c) => `${c} ${b}`)} // ${"/* d  */"}`;'
    source = f"{f} console.log(f(1, 2));"
    shrunk = small("script", f"/** Why. */\n(() => {{ {source} }})();")
    said = [
        subprocess.run([node(), "-e", code], capture_output=True, check=True).stdout
        for code in (source, shrunk.decode())
    ]
    assert said == [b"1 2 // /* d  */\n"] * 2


def test_what_is_shipped_has_no_comments_and_runs() -> None:
    script = site_files()["explorable.js"].decode()
    assert "/**" not in script
    assert not re.search(r"^\s*//", script, re.MULTILINE)
    assert "\n  " not in script
    for text, kind in ((script, "commonjs"), (widget_module(), "module")):
        told = [node(), f"--input-type={kind}", "--check"]
        ran = subprocess.run(told, input=text.encode(), capture_output=True)
        assert ran.returncode == 0, ran.stderr.decode()


def test_a_number_reads_in_the_page_as_in_python() -> None:
    draw, asked = random.Random(1), []
    for unit, steps in STEPS.items():
        edges = [least * near for least, *_ in steps for near in (0.9994, 0.9995, 0.9996, 1)]
        sizes = [10 ** draw.uniform(low, -low) for low in (-3, -9, -30, -150) for _ in range(25)]
        whole = [float(draw.randrange(10**digits)) for digits in range(1, 8)]
        for value in (0.0, 0.125, 2.5, -3.0, math.inf, *edges, *sizes, *whole):
            asked += [(value, unit, digits) for digits in (2, 3)]
    program = f"""
        import {{ show }} from "{(FRONT / "numbers.js").as_uri()}";
        const told = JSON.parse(await new Response(process.stdin).text());
        const of = (value) => (value === null ? Infinity : value);
        const said = told.asked.map(([x, unit, digits]) => show(told.table, of(x), unit, digits));
        console.log(JSON.stringify(said));"""
    given = [(None if value == math.inf else value, *rest) for value, *rest in asked]
    ran = subprocess.run(
        [node(), "--input-type=module", "--eval", program],
        input=json.dumps({"table": table(), "asked": given}).encode(),
        capture_output=True,
        check=True,
    )
    found = json.loads(ran.stdout)
    wanted = [show(*one) for one in asked]
    assert [o for o in zip(asked, found, wanted, strict=True) if o[1] != o[2]] == []


def test_empty_facts_are_left_out_and_put_back() -> None:
    assert engine().count('"words":[]') == 1, "once, for all"
    program = engine() + "console.log(JSON.stringify(engine.quantities));"
    told = [node(), "--input-type=module", "--eval", program]
    ran = subprocess.run(told, stdout=subprocess.PIPE, check=True)
    known = json.loads(ran.stdout)
    assert known.keys() == quantities.keys()
    for name, one in quantities.items():
        assert sorted(known[name]["needs"]) == sorted(one.needs)
        assert known[name]["requires"] == list(one.requires)
        assert known[name]["words"] == list(one.words)
        assert (known[name]["otherwise"], known[name]["unit"]) == (one.otherwise, one.unit)


def test_every_module_of_the_front_end_is_checked_as_strictly_as_can_be() -> None:
    settings = json.loads((ROOT / "tests/types/tsconfig.json").read_text())
    assert settings["include"] == [f"../../{FRONT.relative_to(ROOT)}/*"]
    assert settings["compilerOptions"]["checkJs"]
    assert settings["compilerOptions"]["strict"]
    for module in FRONT.glob("*.js"):
        assert "@ts-" not in module.read_text(), f"{module.name} hides from the check"


def test_the_compiler_is_pinned_without_an_address() -> None:
    folder = ROOT / "tests/types"
    wheel, lock = ((folder / name).read_text() for name in ("node.lock", "package-lock.json"))
    assert re.fullmatch(r"[\w-]+==[\d.]+\n", wheel)
    assert wheel.split("==")[0] not in (ROOT / "requirements.lock").read_text(), (
        "readers pay for it"
    )
    assert "://" not in lock
    packages = json.loads(lock)["packages"]
    assert all("integrity" in one for name, one in packages.items() if name)
