#!/usr/bin/env bash
# Makes a Python environment under DIRECTORY with packages from PyPI, where it is not there yet, and prints its python.
# Ends with 1, and with the end of pip's log, where a package can't be had.
#
#   bench/venv.sh DIRECTORY PACKAGE==VERSION...
set -euo pipefail

directory=$1
shift
venv=$directory/venv-${1#*==}
if [ ! -f "$venv/installed" ] || [ "$(cat "$venv/installed")" != "$*" ]; then
  mkdir -p "$directory"
  { python3 -m venv "$venv" && timeout "${PIP_LIMIT:-120}" "$venv/bin/pip" install -q --disable-pip-version-check "$@" && echo "$*" > "$venv/installed"; } >"$directory/pip.log" 2>&1 || {
    tail -n 5 "$directory/pip.log" >&2
    exit 1
  }
fi
echo "$venv/bin/python"
