#!/usr/bin/env bash
# Takes all figures anew and writes them into one file, with a drawing beside it: some 40 minutes of a quiet machine.
#
#   bench/report.sh [FILE]      docs/figures.md
# Options go to bench/run.sh: bench/report.sh docs/figures.md --rounds 1 --seconds 2 --no-scale
set -euo pipefail
cd "$(dirname "$0")/.."

out=${1:-docs/figures.md}
[ $# -eq 0 ] || shift
work=target/report
mkdir -p "$work"

bench/run.sh --out "$work/run.md" "$@" || echo "bench/run.sh ended with $?" >&2
bench/growth.sh --out "$work/growth.md" --svg "$(dirname "$out")/growth.svg"
bench/jmh.sh | tee "$work/jmh.txt" | sed -n '/^| stage/,$p' >"$work/jmh.md"
bench/tokens.sh | sed -n '/^|/,$p' >"$work/tokens.md"
bench/streams.sh | tee "$work/streams.txt"
{
  printf '# Figures\n\nTaken by `bench/report.sh`; [performance.md](performance.md) says what they mean.\n\n'
  printf '## Beside others\n\n'
  cat "$work/run.md"
  printf '\n\n## Stage by stage\n\n'
  cat "$work/jmh.md"
  printf '\n## Token count beside tiktoken\n\n'
  cat "$work/tokens.md"
  printf '\n## How the cost grows\n\n![CPU per request](growth.svg)\n\n'
  cat "$work/growth.md"
  printf '## Many streams\n\n```\n'
  cat "$work/streams.txt"
  printf '```\n'
} >"$out"
echo "The figures are in $out"
