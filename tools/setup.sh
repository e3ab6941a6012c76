#!/bin/sh
# Finds a Python that can make a virtual environment, and hands over to tools/setup.py.
# The versions that the README names come first.
set -eu
cd "$(dirname "$0")/.."
for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3.14 python3 python; do
  if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    exec "$name" tools/setup.py "$@"
  fi
done
echo "Python 3.11 or later with its venv module was not found: install it (on Debian: apt install python3 python3-venv), or name one with PYTHON=..." >&2
exit 1
