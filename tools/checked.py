"""Run the notebooks again; keep the text that their checked cells print, and clear all else.

A checked cell is tagged `nbval-check-output`. Its count is always 1: nbval wants one, and what it
is does not matter, so it shall not change when a cell is put in front.
"""

import copy
import os
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
TAG = "nbval-check-output"


def text_of(output: dict[str, Any]) -> dict[str, Any] | None:
    """The part of an output that is text for people; None if there is none."""
    if output["output_type"] == "stream":
        return output if output["name"] == "stdout" else None
    if "text/plain" not in output.get("data", {}):
        return None
    output["data"] = {"text/plain": output["data"]["text/plain"]}
    output["metadata"] = {}
    return output


def joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Outputs with neighbouring prints as one: where a kernel cuts them is chance."""
    found: list[dict[str, Any]] = []
    for output in outputs:
        if found and output["output_type"] == found[-1]["output_type"] == "stream":
            found[-1]["text"] += output["text"]
        else:
            found.append(output)
    return found


def tidy(cell: dict[str, Any]) -> None:
    """Clear a cell, but for the text of a checked one."""
    checked = TAG in cell["metadata"].get("tags", ())
    found = [text_of(output) for output in cell["outputs"]] if checked else []
    cell["outputs"] = joined([output for output in found if output])
    cell["execution_count"] = 1 if checked else None
    for output in cell["outputs"]:
        if "execution_count" in output:
            output["execution_count"] = 1
    cell["metadata"].pop("execution", None)


def run(file: Path) -> bool:
    """Run one notebook in its folder, tidy it, and say whether it changed."""
    before = file.read_text(encoding="utf-8")
    notebook = nbformat.reads(before, as_version=4)  # type: ignore[no-untyped-call]
    place = {"metadata": {"path": str(file.parent)}}
    metadata = copy.deepcopy(notebook.metadata)  # the kernel would add its version
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=place).execute()
    notebook.metadata = metadata
    for cell in notebook.cells:
        if cell["cell_type"] == "code":
            tidy(cell)
    nbformat.validate(notebook)
    after = str(nbformat.writes(notebook)) + "\n"  # type: ignore[no-untyped-call]
    if after == before:
        return False
    file.write_text(after, encoding="utf-8")
    return True


def main() -> None:
    """Run those that are named, or all."""
    os.environ["INFERLIB_BOOK"] = "1"  # as in the build: figures are HTML, not widgets
    named = [Path(name) for name in sys.argv[1:]]
    for file in named or sorted([*ROOT.glob("book/*.ipynb"), *ROOT.glob("chapters/*.ipynb")]):
        if not file.is_file():
            sys.exit(f"There is no notebook {str(file)!r}: name one, or none for all.")
        print(f"{file.name}: {'changed' if run(file) else 'as it was'}", flush=True)


if __name__ == "__main__":
    main()
