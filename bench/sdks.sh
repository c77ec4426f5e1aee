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
  tail -n 5 "$2" >&2
  echo "Anthropic's $1 SDK could not be installed: it was not tested" >&2
}

if [ -d "$home/npm-$typescript/node_modules/@anthropic-ai/sdk" ] ||
  timeout 120 npm install --prefix "$home/npm-$typescript" --no-audit --no-fund --loglevel=error "@anthropic-ai/sdk@$typescript" >"$home/npm.log" 2>&1; then
  # Node looks for modules from where a script is.
  cp bench/sdks/typescript.mjs "$home/npm-$typescript/"
  run+=("node $home/npm-$typescript/typescript.mjs")
else
  missing TypeScript "$home/npm.log"
  if [ "${CI:-}" = true ]; then exit 1; fi
fi

venv=$home/venv-$python
if [ -f "$venv/installed" ] ||
  { python3 -m venv "$venv" && timeout 120 "$venv/bin/pip" install -q --disable-pip-version-check "anthropic==$python" && touch "$venv/installed"; } >"$home/pip.log" 2>&1; then
  run+=("$venv/bin/python bench/sdks/python.py")
else
  missing Python "$home/pip.log"
fi

[ ${#run[@]} -gt 0 ] || exit 0
bench/build.sh
commands=$(IFS=,; echo "${run[*]}")
exec java -cp target/test-classes:target/caravan.jar io.caravan.sdks.Main --work "$home" --run "$commands" "$@"
