#!/usr/bin/env bash
# Makes a Python environment under DIRECTORY with a package from PyPI, where it is not there yet, and prints its python.
# Ends with 1, and with the end of pip's log, where the package can't be had.
#
#   bench/venv.sh DIRECTORY PACKAGE==VERSION
set -euo pipefail

venv=$1/venv-${2#*==}
if [ ! -f "$venv/installed" ]; then
  mkdir -p "$1"
  { python3 -m venv "$venv" && timeout 120 "$venv/bin/pip" install -q --disable-pip-version-check "$2" && touch "$venv/installed"; } >"$1/pip.log" 2>&1 || {
    tail -n 5 "$1/pip.log" >&2
    exit 1
  }
fi
echo "$venv/bin/python"
