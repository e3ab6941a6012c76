"""Write requirements.lock: what pyproject.toml asks for, pinned for every Python from 3.11 on.

Names and versions alone, no addresses: any index of packages may serve them.
"""

import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
COMPILE = [
    "pip", "compile", "--universal", "--python-version", "3.11", "--upgrade",
    "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet",
    "pyproject.toml", "--output-file",
]  # fmt: skip


def wanted() -> list[str]:
    """The extras that are pinned: all but the benchmarks' compiler, which readers never need."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = sorted(project["optional-dependencies"].keys() - {"bench"})
    return [f"--extra={name}" for name in extras]


def main() -> None:
    """Resolve with uv, in an environment of its own, and keep the list."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = Path(folder) / "bin/python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
        command: list[str | Path] = [python.parent / "uv", *COMPILE, LOCK, *wanted()]
        subprocess.run(command, cwd=ROOT, check=True)
    lines = LOCK.read_text().splitlines()
    if strange := [line for line in lines if "==" not in line or "/" in line]:
        sys.exit(f"requirements.lock has more than names and versions: {strange}")
    print(f"requirements.lock: {len(lines)} packages")


if __name__ == "__main__":
    main()
