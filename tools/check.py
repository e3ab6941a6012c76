"""Every check, one after the other; all run, and any failure fails the whole."""

import os
import subprocess
import sys
import time
from pathlib import Path

import browser

ROOT = Path(__file__).parents[1]
# A worker for each processor; each has a browser, so four at most.
WORKERS = f"-n{min(os.cpu_count() or 1, 4)}"
CHECKS = {
    "style": ["-m", "ruff", "check", "."],
    "format": ["-m", "ruff", "format", "--check", "."],
    "types of Python": ["-m", "mypy"],
    "types of the front end": ["tools/front_types.py"],
    "site": ["tools/site.py"],
    # The cells of a notebook stay together, in their order.
    "notebooks": ["-m", "pytest", "-q", WORKERS, "--dist=loadfile", "chapters", "book"],
    "tests": ["-m", "pytest", "-q", WORKERS, "--dist=worksteal", "tests"],
}


def run(name: str, arguments: list[str], environment: dict[str, str]) -> bool:
    """Run one check and say how it went."""
    print(f"== {name}", flush=True)
    started = time.monotonic()
    status = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment).returncode
    word = "failed" if status else "passed"
    print(f"== {name} {word} in {time.monotonic() - started:.0f} s", flush=True)
    return status == 0


def main() -> None:
    """Run all, then name those that failed."""
    environment = os.environ | {"CHROMIUM": browser.find()}
    failed = [name for name, check in CHECKS.items() if not run(name, check, environment)]
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")
    print("All checks passed.")


if __name__ == "__main__":
    main()
