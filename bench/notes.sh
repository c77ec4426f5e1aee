#!/usr/bin/env bash
# Prints what CHANGELOG.md says of a version, for the notes of its release. It ends with 1 where there is nothing.
#
#   bench/notes.sh 0.1.0
set -euo pipefail
cd "$(dirname "$0")/.."

notes=$(awk -v version="${1:?Usage: bench/notes.sh VERSION}" '
  /^## / { on = $2 == version || $2 == version "," ; next }
  on' CHANGELOG.md)
[ -n "${notes//[[:space:]]/}" ] || { echo "CHANGELOG.md says nothing of $1" >&2; exit 1; }
echo "$notes"
