"""Find a Chromium for the browser tests: $CHROMIUM, the PATH, Debian's package, Playwright's."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "microsoft-edge",
)  # fmt: skip
NONE = "No Chromium for the browser tests: install one, or name it with CHROMIUM=/path/to/chromium."


def on_path() -> str | None:
    """The first browser on the PATH that we know the name of."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def from_debian() -> str | None:
    """Debian's package, where we may install it."""
    if os.geteuid() != 0 or not Path("/etc/debian_version").exists():
        return None
    print("Installing Debian's chromium for the browser tests", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update", "-qq"], **quiet)  # type: ignore[call-overload]
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    subprocess.run(command, **quiet)  # type: ignore[call-overload]
    return on_path()


def from_playwright() -> str | None:
    """Playwright's own, downloaded if it is not there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        place = playwright.chromium.executable_path
    if not Path(place).exists():
        print("Downloading Playwright's Chromium for the browser tests", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return place if Path(place).exists() else None


def find() -> str:
    """Path of a Chromium; ends with one sentence where there is none."""
    named = os.environ.get("CHROMIUM")
    if named and not shutil.which(named):
        sys.exit(f"CHROMIUM names {named!r}, which does not run: give the path of a browser.")
    found = named or on_path() or from_debian() or from_playwright()
    return found or sys.exit(NONE)


if __name__ == "__main__":
    print(find())
