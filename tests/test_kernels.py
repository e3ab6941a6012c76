"""Notebooks run side by side before Sphinx reads them, and what fails is left to be told."""

import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from conftest import ROOT
from jupyter_cache import get_cache

sys.path.insert(0, str(ROOT / "book"))
from extensions import kernels


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three notebooks, of which one fails, and a page."""
    for name, code in {"one": "print(1)", "two": "print(2)", "bad": "1 / 0"}.items():
        cells = [nbformat.v4.new_code_cell(code)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
    (tmp_path / "page.md").write_text("# Page\n")
    return tmp_path


def test_notebooks_that_run_are_kept_and_no_other(folder: Path) -> None:
    config = SimpleNamespace(nb_execution_cache_path=str(folder / "cache"), nb_execution_timeout=60)
    files = {name: folder / f"{name}.ipynb" for name in ("one", "two", "bad")}
    env = SimpleNamespace(doc2path=lambda name: str(files.get(name, folder / "page.md")))
    kernels.run_all(SimpleNamespace(config=config), env, [*files, "page"])  # type: ignore[arg-type]
    cache = get_cache(config.nb_execution_cache_path)
    assert [file.stem for file, _ in kernels.new(cache, list(files.values()))] == ["bad"]
    _, kept = cache.merge_match_into_notebook(nbformat.read(files["two"], as_version=4))
    assert kept.cells[0].outputs[0].text == "2\n"
