"""Make .venv with the pinned set, once for each content of the files that decide it.

Standard library alone, because nothing else is installed yet.
"""

import argparse
import hashlib
import subprocess
import sys
import venv
from pathlib import Path

from serve import is_free

ROOT = Path(__file__).parents[1]
VENV = ROOT / ".venv"
STAMP = VENV / "stamp"
PYTHON = VENV / "bin/python"
LOCK = ROOT / "requirements.lock"
DECIDE = (LOCK, ROOT / "pyproject.toml", Path(__file__))


def digest() -> str:
    """Hash of what decides the content of .venv."""
    content = b"".join(file.read_bytes() for file in DECIDE) + str(ROOT).encode()
    return hashlib.sha256(content).hexdigest()


def is_ready() -> bool:
    """Whether .venv holds what the files ask for, and its Python still runs."""
    if not STAMP.exists() or STAMP.read_text() != digest():
        return False
    return subprocess.run([PYTHON, "-c", ""], capture_output=True).returncode == 0


def progress(line: str, count: int, total: int) -> int:
    """Say how far pip is; returns how many packages it has begun."""
    if line.startswith(("Collecting", "Processing")):
        count += 1
        if total and count % 20 == 0:
            print(f"  {count} of {total} packages", flush=True)
    elif total and line.startswith("Installing collected"):
        print("  all found, installing", flush=True)
    return count


def pip(*arguments: str | Path, total: int = 0) -> None:
    """Run pip in .venv, with progress; its errors end the set-up in one sentence."""
    quiet = ["--disable-pip-version-check", "--no-input", "--no-warn-script-location"]
    command = [PYTHON, "-m", "pip", "install", *quiet, "--no-deps", *arguments]
    count, lines = 0, []
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as run:
        for line in run.stdout or ():
            lines.append(line.rstrip())
            count = progress(line, count, total)
    if run.returncode:
        stop(lines)


def stop(lines: list[str]) -> None:
    """End with what pip said last, and what to do."""
    (VENV / "setup.log").write_text("\n".join(lines))
    error = next((line for line in reversed(lines) if line.startswith("ERROR")), lines[-1:])
    sys.exit(
        f"The pinned packages could not be installed ({error}): check the network and "
        "run the same command again; the whole log is in .venv/setup.log."
    )


def make() -> None:
    """Make .venv anew and fill it."""
    total = sum(1 for line in LOCK.read_text().splitlines() if line.strip())
    version = ".".join(map(str, sys.version_info[:3]))
    print(f"Setting up .venv with Python {version}: once, a few minutes", flush=True)
    venv.create(VENV, clear=True, with_pip=True, symlinks=True)
    pip("-r", LOCK, total=total)
    pip("--no-build-isolation", "--editable", ROOT)
    STAMP.write_text(digest())


def main() -> None:
    """Check the port first, where one is given, then set up if need be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, help="stop at once if this port is in use")
    port = parser.parse_args().port
    if port is not None and not is_free(port):
        sys.exit(f"Port {port} is in use: choose another, for example make serve PORT={port + 1}.")
    if not is_ready():
        make()


if __name__ == "__main__":
    main()
