"""How long `import inferlib` takes beside `import polars`: medians, and the median of their ratio.

Each run is a process of its own, and the two alternate, so that a busy machine slows both alike.
"""

import argparse
import statistics
import subprocess
import sys

PROGRAM = "import time; start = time.perf_counter(); import {}; print(time.perf_counter() - start)"


def seconds(module: str) -> float:
    """Time that one fresh process takes to import a module."""
    command = [sys.executable, "-c", PROGRAM.format(module)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def main() -> None:
    """Run in turn, print both medians and the median ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="processes of each kind")
    runs = parser.parse_args().runs
    if runs < 1:
        sys.exit(f"--runs is {runs}: give 1 or more.")
    for module in ("inferlib", "polars"):
        seconds(module)  # the first fills the disk's cache
    pairs = [(seconds("inferlib"), seconds("polars")) for _ in range(runs)]
    ours, theirs = (statistics.median(one) for one in zip(*pairs, strict=True))
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    print(f"import inferlib = {ours * 1e3:.1f} ms")
    print(f"import polars   = {theirs * 1e3:.1f} ms")
    print(f"median ratio    = {ratio:.2f}")


if __name__ == "__main__":
    main()
