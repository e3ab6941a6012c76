"""Build the site, warnings as errors, with the progress a reader wants to see."""

import argparse
import re
import subprocess
import sys
import time
from pathlib import Path

from serve import serve

ROOT = Path(__file__).parents[1]
COMMAND = [Path(sys.executable).parent / "jupyter-book", "build", ".", "-W", "--keep-going"]
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
STEPS = re.compile(r"(reading sources|writing output)\.\.\. \[ *\d+%\] \S+|.*Executing notebook")
TROUBLE = re.compile(r"WARNING:|ERROR:|Error\b|Traceback|do not stand alone")


def shown(line: str) -> bool:
    """Whether a line of the build is progress or trouble."""
    return bool(STEPS.match(line) or TROUBLE.search(line)) and "[IPKernelApp]" not in line


def build() -> int:
    """Build, and return the exit status; a failed build shows its last lines."""
    started, lines = time.monotonic(), []
    with subprocess.Popen(
        COMMAND, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as run:
        for raw in run.stdout or ():
            line = COLOUR.sub("", raw.rstrip())
            lines.append(line)
            if shown(line):
                print(f"  {line.replace(str(ROOT) + '/', '')}", flush=True)
    if run.returncode:
        print("\n".join(lines[-40:]), file=sys.stderr)
        print("The site was not built: see the warnings and errors above.", file=sys.stderr)
    else:
        print(f"Built _build/html in {time.monotonic() - started:.0f} s", flush=True)
    return run.returncode


def main() -> None:
    """Build, then serve if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", type=int, metavar="PORT")
    port = parser.parse_args().serve
    if status := build():
        sys.exit(status)
    if port is not None:
        serve(port)


if __name__ == "__main__":
    main()
