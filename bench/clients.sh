#!/usr/bin/env bash
# Runs clients that people use against Caravan, in front of a scripted model, and prints a line for each feature.
# docs/clients.md has them in a table; bench/clients/clients.json has their versions and commands.
#
#   bench/clients.sh NAME...     one or some
#   bench/clients.sh all
#   bench/clients.sh --short     those that are quick
#
# They come from PyPI, npm, Maven Central and the Go proxy into target/clients. What can't be had is left out, which is said;
# it fails where CI=true.
set -euo pipefail
cd "$(dirname "$0")/.."

[ $# -gt 0 ] || { sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
if ! command -v python3 >/dev/null; then
  echo "There is no python3: nothing was tested" >&2
  [ "${CI:-}" = true ] && exit 1
  exit 0
fi
bench/build.sh >/dev/null
exec python3 bench/clients/main.py target/clients target/caravan.jar "$@"
