"""`python -m inferlib`, the command where no script is installed."""

import sys

from inferlib.cli import main

if __name__ == "__main__":
    sys.exit(main())
