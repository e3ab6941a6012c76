"""Run the notebooks side by side: Sphinx, which reads them one by one, then finds their outputs.

A notebook that fails is left to MyST-NB, which runs it once more and tells what is wrong with it.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
from jupyter_cache import get_cache  # type: ignore[import-untyped]
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract  # type: ignore[import-untyped]
from jupyter_cache.executors.utils import (  # type: ignore[import-untyped]
    ExecutionResult,
    single_nb_execution,
)
from jupyter_core.utils import ensure_event_loop
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

LOG = logging.getLogger(__name__)
MOST = 4  # kernels at a time, each with some hundred megabytes


def new(cache: JupyterCacheAbstract, files: list[Path]) -> Iterator[tuple[Path, Any]]:
    """The notebooks whose code the cache does not know."""
    for file in files:
        notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            yield file, notebook


def run(file: Path, notebook: Any, timeout: int) -> ExecutionResult:
    """Run one notebook in its folder, as MyST-NB does."""
    LOG.info("%s/%s: Executing notebook", file.parent.name, file.name)
    try:
        return single_nb_execution(notebook, str(file.parent), timeout, allow_errors=False)
    finally:
        ensure_event_loop().close()  # of this thread, which nobody else would close


def keep(cache: JupyterCacheAbstract, file: Path, result: ExecutionResult) -> None:
    """Put the outputs of a notebook that ran into the cache."""
    if result.err is None:
        told = {"execution_seconds": result.time}
        cache.cache_notebook_bundle(
            CacheBundleIn(result.nb, str(file), data=told), check_validity=False, overwrite=True
        )


def run_all(app: Sphinx, env: BuildEnvironment, pages: list[str]) -> None:
    """Run the notebooks among the pages that are about to be read, unless the cache has them."""
    found = [Path(env.doc2path(page)) for page in pages]
    cache = get_cache(app.config.nb_execution_cache_path)
    waiting = list(new(cache, [file for file in found if file.suffix == ".ipynb"]))
    if len(waiting) < 2:
        return
    timeout = app.config.nb_execution_timeout
    with ThreadPoolExecutor(min(os.cpu_count() or 1, MOST)) as pool:
        results = pool.map(lambda one: run(one[0], one[1], timeout), waiting)
        for (file, _), result in zip(waiting, results, strict=True):
            keep(cache, file, result)


def setup(app: Sphinx) -> dict[str, Any]:
    """Run them before the first page is read."""
    app.connect("env-before-read-docs", run_all)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
