"""What the pages depend on beyond their own text, as hashes that Sphinx compares.

Without them a page keeps its old number after a formula changes, because the execution
cache of Jupyter Book sees code cells alone.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

ENGINE = ("inferlib", "data", "requirements.lock")
# Pages carry what terms and references mean.
MEANINGS = ("book/glossary.md", "book/references.bib")
LOOKS = ("book/extensions", "book/styles", "_config.yml", "_toc.yml", *MEANINGS)


def files(root: Path, names: tuple[str, ...]) -> Iterator[Path]:
    """Every file under the named files and folders, in a fixed order."""
    for name in names:
        place = root / name
        found = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from (f for f in found if f.is_file() and "__pycache__" not in f.parts)


def stamp(root: Path, names: tuple[str, ...]) -> str:
    """Hash of the content and the names of all files under `names`."""
    digest = hashlib.sha256()
    for file in files(root, names):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]


def prune(folder: Path, keep: str) -> None:
    """Remove the execution caches of earlier stamps."""
    if folder.is_dir():
        for old in folder.iterdir():
            if old.name != keep and old.is_dir():
                shutil.rmtree(old)


def set_stamps(app: Sphinx, config: Config) -> None:
    """Hash engine and looks; give the execution cache a folder of its own for this engine."""
    root = Path(app.srcdir)
    config.engine_stamp = stamp(root, ENGINE)
    config.looks_stamp = stamp(root, LOOKS)
    cache = root / "_build" / ".jupyter_cache"
    prune(cache, config.engine_stamp)
    config.nb_execution_cache_path = str(cache / config.engine_stamp)
    os.environ["INFERLIB_BOOK"] = "1"  # kernels inherit it, and emit plain HTML instead of widgets


def forget_failed(app: Sphinx, exception: Exception | None) -> None:
    """Drop the environment of a failed build, or the next run would not repeat its warnings."""
    if exception or app.statuscode:
        (Path(app.doctreedir) / "environment.pickle").unlink(missing_ok=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the stamps before any other extension reads the configuration."""
    app.add_config_value("engine_stamp", "", "env", str)
    app.add_config_value("looks_stamp", "", "html", str)
    app.connect("config-inited", set_stamps, priority=1)
    app.connect("build-finished", forget_failed, priority=999)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
