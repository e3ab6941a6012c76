"""Notebooks run side by side before Sphinx reads them, and what fails is left to be told."""

import os
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from conftest import ROOT
from jupyter_cache import get_cache

sys.path.insert(0, str(ROOT / "book"))
from extensions import kernels

# A notebook that leaves a file where it runs, and prints once the other has left its own.
MEETS = """
import time
from pathlib import Path

Path("{own}.here").touch()
for _ in range(600):
    if Path("{other}.here").exists():
        break
    time.sleep(0.05)
else:
    raise TimeoutError("nobody came")
print("{own}")
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two notebooks that wait for each other, one that fails, and a page."""
    codes = {
        "one": MEETS.format(own="one", other="two"),
        "two": MEETS.format(own="two", other="one"),
        "bad": "1 / 0",
    }
    for name, code in codes.items():
        cells = [nbformat.v4.new_code_cell(code)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / f"{name}.ipynb")
    (tmp_path / "page.md").write_text("# Page\n")
    return tmp_path


def test_notebooks_run_side_by_side_where_they_lie_and_are_kept_if_they_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    config = SimpleNamespace(nb_execution_cache_path=str(folder / "cache"), nb_execution_timeout=60)
    files = {name: folder / f"{name}.ipynb" for name in ("one", "two", "bad")}
    env = SimpleNamespace(doc2path=lambda name: str(files.get(name, folder / "page.md")))
    kernels.run_all(SimpleNamespace(config=config), env, [*files, "page"])  # type: ignore[arg-type]
    cache = get_cache(config.nb_execution_cache_path)
    assert [file.stem for file, _ in kernels.new(cache, list(files.values()))] == ["bad"]
    _, kept = cache.merge_match_into_notebook(nbformat.read(files["two"], as_version=4))
    assert kept.cells[0].outputs[0].text == "two\n"
    assert (folder / "two.here").exists()
