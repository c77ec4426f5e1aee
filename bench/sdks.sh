#!/usr/bin/env bash
# Runs Anthropic's TypeScript and Python SDKs against Caravan: messages, streams, tool runners, counts, models, errors, retries.
# They come from npm and PyPI into target/. One that can't be had is left out, which is said; TypeScript's fails where CI=true.
#
#   bench/sdks.sh [--java /path/to/java]
set -euo pipefail
cd "$(dirname "$0")/.."

typescript=1.12.0
python=2.14.0
home=target/sdks
mkdir -p "$home"
run=()

missing() {
  echo "Anthropic's $1 SDK could not be installed: it was not tested" >&2
}

if [ -d "$home/npm-$typescript/node_modules/@anthropic-ai/sdk" ] ||
  timeout 120 npm install --prefix "$home/npm-$typescript" --no-audit --no-fund --loglevel=error "@anthropic-ai/sdk@$typescript" >"$home/npm.log" 2>&1; then
  # Node looks for modules from where a script is.
  cp bench/sdks/typescript.mjs "$home/npm-$typescript/"
  run+=("node $home/npm-$typescript/typescript.mjs")
else
  tail -n 5 "$home/npm.log" >&2
  missing TypeScript
  if [ "${CI:-}" = true ]; then exit 1; fi
fi

if interpreter=$(bench/venv.sh "$home" "anthropic==$python"); then
  run+=("$interpreter bench/sdks/python.py")
else
  missing Python
fi

[ ${#run[@]} -gt 0 ] || exit 0
classpath=$(bench/build.sh)
commands=$(IFS=,; echo "${run[*]}")
exec java -cp "$classpath" io.caravan.sdks.Main --work "$home" --run "$commands" "$@"
