"""Build the site, warnings as errors, with the progress a reader wants to see."""

import argparse
import hashlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from serve import serve

ROOT = Path(__file__).parents[1]
STAMP = ROOT / "_build/site-stamp"
ADDRESSES = ("BOOK_ADDRESS", "BOOK_REPOSITORY")  # where it is published: extensions.about
LAST_CHANGE = ["git", "log", "-1", "--format=%H", "--", "book", "chapters"]
SOURCES = ("_config.yml", "_toc.yml", "requirements.lock", "book", "chapters", "data", "inferlib")
COMMAND = [str(Path(sys.executable).parent / "jupyter-book"), "build", ".", "-W", "--keep-going"]
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
STEPS = re.compile(r"(reading sources|writing output)\.\.\. \[ *\d+%\] \S+|.*Executing notebook")
TROUBLE = re.compile(r"WARNING:|ERROR:|Error\b|Traceback|do not stand alone")


def last_change() -> str:
    """The last commit to a page; nothing without git."""
    try:
        return subprocess.run(LAST_CHANGE, cwd=ROOT, capture_output=True, text=True).stdout
    except OSError:
        return ""


def digest() -> str:
    """Hash of everything the site is made from, the day in the foot of its pages included."""
    found = [file for name in SOURCES for file in [ROOT / name, *(ROOT / name).rglob("*")]]
    given = [os.environ.get(name, "") for name in ADDRESSES]
    total = hashlib.sha256(repr([str(ROOT), last_change(), *given]).encode())
    for file in sorted(file for file in found if file.is_file() and file.suffix != ".pyc"):
        total.update(file.relative_to(ROOT).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def is_built(now: str) -> bool:
    """Whether the site stands as these sources make it."""
    page = ROOT / "_build/html/index.html"
    return page.exists() and STAMP.exists() and STAMP.read_text() == now


def shown(line: str) -> bool:
    """Whether a line of the build is progress or trouble."""
    return bool(STEPS.match(line) or TROUBLE.search(line)) and "[IPKernelApp]" not in line


def build() -> int:
    """Build, and return the exit status; a failed build shows its last lines."""
    now, started, lines = digest(), time.monotonic(), []
    if is_built(now):
        print("_build/html is as its sources make it")
        return 0
    STAMP.unlink(missing_ok=True)
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
        STAMP.write_text(now)  # of the sources as they were when the build began
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
