"""The package: who may know whom, what is public, and that the wheel works alone."""

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

import inferlib as il

PACKAGE = ROOT / "inferlib"
FILES = sorted(PACKAGE.rglob("*.py"))
ENGINE = ("quantity", "naming", "ops", "trace", "show", "formulas")
# What a room may know beyond the standard library and inferlib. The engine: nothing.
KNOWS = {
    "catalog": {"polars"},
    "reading": {"polars"},
    "cli": {"polars"},
    "sweeps": {"polars"},
    "points": {"polars"},
    "presets": {"polars"},
    "doubts": {"polars"},
    "cases": {"polars"},
    "intervals": {"polars"},
    "queueing": {"polars"},
    "simulation": {"polars", "simpy"},
    "simulated": {"polars"},
    "validation": {"polars"},
    "measured": {"polars"},
    "mathml": {"latex2mathml"},
    "explorable": {
        "altair",
        "anywidget",
        "jinja2",
        "markupsafe",
        "polars",
        "traitlets",
        "vl_convert",
    },
    # Only inside functions, for a value that is already of that package.
    "ops": {"polars", "narwhals", "numpy"},
    "engines": {"polars", "narwhals"},
}
PUBLIC = ["quantities", "scenario", "solve", "explain", "sweep", "columns", "catalog", "explore"]


def room(file: Path) -> str:
    """The module or sub-package of inferlib that a file belongs to."""
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[str]:
    """Full names of all modules that some code imports, at its top or inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "write imports in full"
            children = [f"{node.module}.{one.name}" for one in node.names]
            modules = [name for name in children if is_module(name)]
            yield from modules or [node.module or ""]


def is_module(name: str) -> bool:
    """Whether a dotted name is a module of inferlib."""
    place = ROOT / name.replace(".", "/")
    return name.startswith("inferlib.") and (place.is_dir() or place.with_suffix(".py").is_file())


def known(file: Path) -> set[str]:
    """What a file imports: packages outside the standard library, or rooms as `inferlib.room`."""
    names = [name.split(".") for name in imports(ast.parse(file.read_text(encoding="utf-8")))]
    outside = {n[0] for n in names if n[0] not in sys.stdlib_module_names | {"inferlib"}}
    return outside | {".".join(n[:2]) for n in names if n[0] == "inferlib"}


def python(*arguments: str, **named: Any) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own."""
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=120, **named
    )


def ran(*arguments: str, **named: Any) -> str:
    """What a Python process prints; it must end well and complain of nothing."""
    done = python(*arguments, **named)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


# Who may know whom


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_room_knows_only_what_it_may(file: Path) -> None:
    outside = {name for name in known(file) if not name.startswith("inferlib")}
    assert outside <= KNOWS.get(room(file), set())


@pytest.mark.parametrize(
    "file", sorted((PACKAGE / "formulas").glob("[!_]*.py")), ids=lambda file: file.stem
)
def test_formulas_know_quantities_and_operations_alone(file: Path) -> None:
    assert known(file) <= {"inferlib.quantity", "inferlib.ops"}


def test_the_engine_needs_the_engine_alone() -> None:
    for file in FILES:
        if room(file) in ENGINE:
            tree = ast.parse(file.read_text(encoding="utf-8"))
            at_the_top = ast.Module(
                [n for n in tree.body if not isinstance(n, ast.FunctionDef)], []
            )
            rooms = {n.split(".")[1] for n in imports(at_the_top) if n.startswith("inferlib.")}
            inside = {"explanation"} if room(file) == "quantity" else set()  # the formula box
            assert rooms - inside <= set(ENGINE), file


def test_only_the_explorable_knows_the_explorable() -> None:
    users = {room(file) for file in FILES if "inferlib.explorable" in known(file)}
    assert users <= {"explorable", "__init__", "cli", "explanation"}  # the last shows an equation


def test_what_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {
        re.split(r"[>=<\[; ]", line)[0].replace("-", "_") for line in project["dependencies"]
    }
    used = {name for file in FILES for name in known(file) if not name.startswith("inferlib")}
    came_with = {"traitlets", "markupsafe", "numpy"}  # of anywidget, of jinja2, of an array
    assert {
        name.replace("vl_convert", "vl_convert_python") for name in used
    } - came_with <= declared


# What is public


def test_the_contract_is_public() -> None:
    assert set(PUBLIC) <= set(il.__all__)
    assert len(set(il.__all__)) == len(il.__all__)
    assert dir(il) == sorted(il.__all__)
    for table in ("chips", "models", "prices", "dtypes"):
        assert getattr(il.catalog, table)().height > 0


@pytest.mark.parametrize("name", sorted(il.__all__))
def test_a_public_name_resolves_and_explains_itself(name: str) -> None:
    thing = getattr(il, name)
    if name != "quantities":
        assert (inspect.getdoc(thing) or "").strip().endswith((".", ":", ")", "`"))


def functions() -> dict[str, Any]:
    """Public functions of the package and of the catalog."""
    names = {name: getattr(il, name) for name in il.__all__}
    tables = {f"catalog.{name}": one for name, one in vars(il.catalog).items() if name[0] != "_"}
    both = {name: one for name, one in {**names, **tables}.items() if inspect.isfunction(one)}
    return {name: one for name, one in both.items() if one.__module__.startswith("inferlib")}


@pytest.mark.parametrize("name", functions())
def test_a_public_function_is_typed_and_names_its_errors(name: str) -> None:
    function = functions()[name]
    doc = inspect.getdoc(function) or ""
    assert all(
        one.annotation is not one.empty for one in inspect.signature(function).parameters.values()
    )
    assert inspect.signature(function).return_annotation is not inspect.Signature.empty
    raised = set(re.findall(r"^\s+raise (\w+)\(", inspect.getsource(function), re.MULTILINE))
    assert {error for error in raised if error not in doc} == set()


@pytest.mark.parametrize(
    "name", ["solve", "explain", "scenario", "sweep", "columns", "show", "slider"]
)
def test_a_function_that_takes_values_says_in_which_unit(name: str) -> None:
    assert "unit" in (inspect.getdoc(getattr(il, name)) or "")


def test_an_unknown_name_says_what_there_is() -> None:
    with pytest.raises(AttributeError, match=r"inferlib has no 'sweeep'; it has .*sweep"):
        _ = il.sweeep


def test_no_public_function_turns_into_a_module() -> None:
    every = [one.name for one in pkgutil.iter_modules([str(PACKAGE)])]
    callables = {name for name in il.__all__ if inspect.isroutine(getattr(il, name))}
    # Bound while inferlib itself is imported, after their modules: they stay functions (below).
    assert callables & set(every) <= {"quantity", "show"}
    before = {name: getattr(il, name) for name in il.__all__}
    for name in every:
        if name != "__main__":
            importlib.import_module(f"inferlib.{name}")
    assert {name: getattr(il, name) for name in il.__all__} == before


# Importing


WORK = (
    "import inferlib as il; u = il.solve('usable_memory', chips=1, chip_memory=8e10, "
    "memory_utilization=0.9)['usable_memory']"
)


def test_importing_loads_the_standard_library_alone_and_says_nothing() -> None:
    tell = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    bare = set(ran("-c", tell).split())
    loaded = set(ran("-c", f"{WORK}; {tell}").split())
    assert loaded - bare - sys.stdlib_module_names == {"inferlib"}


def test_the_engine_runs_where_nothing_else_is_installed() -> None:
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); {WORK}; print(il.show(u, 'byte')); "
    program = start + "from inferlib.trace import module; print(module(il.quantities)[:15])"
    assert ran("-I", "-S", "-c", program).splitlines() == ["72\u202fGB", "export const fo"]


# The wheel

USE = """
import inferlib as il
from pathlib import Path
print(Path(il.__file__).parent)
print(il.catalog.data_folder())
traffic = dict(prompt_tokens=1000, output_tokens=500, concurrency=4)
s = il.scenario(model="llama-3.1-8b", chip="h100-sxm", **traffic)
print(il.solve("tpot", **s).feasible)
print(il.sweep(s, concurrency=[1, 2], want=["tpot"]).shape)
il.explain("tpot", **s)
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the backend that the lock pins, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    quiet = ["--disable-pip-version-check", "--quiet", "--no-deps"]
    build = ["--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(ROOT)]
    ran("-m", "pip", "wheel", *quiet, *build)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_the_package_and_its_data(wheel: Path) -> None:
    listed = tracked("inferlib", "data")
    wanted = {re.sub(r"^data/", "inferlib/data/", name) for name in listed}
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    assert held == wanted


def test_the_wheel_works_alone(wheel: Path, tmp_path: Path) -> None:
    place, elsewhere = tmp_path / "place", tmp_path / "elsewhere"
    elsewhere.mkdir()
    quiet = ["--disable-pip-version-check", "--quiet", "--no-deps", "--no-index"]
    ran("-m", "pip", "install", *quiet, "--target", str(place), str(wheel))
    said = ran("-c", USE, cwd=elsewhere, env={"PYTHONPATH": str(place)}).splitlines()
    assert said == [str(place / "inferlib"), str(place / "inferlib/data"), "True", "(2, 4)"]


# What is committed


def tracked(*places: str) -> list[str]:
    """Names of files that are committed or would be: git's list without what it ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *places]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_the_lock_has_names_and_versions_alone() -> None:
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"[a-z0-9-]+==[\w.!+]+( ; [\w.<>=!'\"() ]+)?", line), line


# Written in pieces, so that this file does not name them.
HOSTS = [
    "py" + "pi|org",
    "python" + "hosted|org",
    "npm" + "js|org",
    "yarnpkg|com",
    "conda|anaconda|org",
]
NETWORKS = [
    "jsdelivr|net", "unpkg|com", "cdnjs|cloudflare", "cloudflare|com", "esm|sh", "skypack|dev",
    "googleapis|com", "gstatic|com", "bootstrapcdn|com", "mathjax|org", "polyfill|io",
]  # fmt: skip
PLACES = ["/work|/", "/home|/", "/root|/", "/Users|/", "/private|/", "/mnt|/", ":\\Users|\\"]


@pytest.mark.parametrize("word", [*HOSTS, *NETWORKS, *PLACES])
def test_no_file_names_a_registry_a_cdn_or_a_place_on_a_machine(word: str) -> None:
    separator = "" if word in PLACES else "."
    # A path begins at a blank, a quote or a bracket: `chapters/home/` is none.
    start = r"(?<![\w.~*-])" if word in PLACES else r"(?<![\w-])(?:[\w-]+\.)*"
    pattern = re.compile(start + re.escape(word.replace("|", separator).rstrip(".")))
    found = []
    for name in tracked():
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name}: {match.group()}" for match in pattern.finditer(text)]
    assert found == []
