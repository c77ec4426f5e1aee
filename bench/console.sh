#!/usr/bin/env bash
# Looks at the console with headless Chromium, and lets axe look for what people with a screen reader or a keyboard can't use.
# Chromium is the system's; what drives it comes from npm into target/console. Where one can't be had, nothing is tested, which
# is said; that fails where CI=true.
#
#   bench/console.sh [--screenshot FILE]
set -euo pipefail
cd "$(dirname "$0")/.."

playwright=1.65.1
axe=4.14.1
home=target/console/npm-$playwright-$axe
mkdir -p "$home"

give_up() {
  echo "$1: the console was not looked at" >&2
  if [ "${CI:-}" = true ]; then exit 1; fi
  exit 0
}

CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || give_up "There is no Chromium"
export CHROMIUM
[ -d "$home/node_modules/axe-core" ] ||
  timeout 120 npm install --prefix "$home" --no-audit --no-fund --loglevel=error "playwright-core@$playwright" "axe-core@$axe" >"$home/npm.log" 2>&1 ||
  give_up "playwright-core could not be installed ($(tail -n 1 "$home/npm.log"))"
# Node looks for modules from where a script is.
cp bench/console/browser.mjs "$home/"

classpath=$(bench/build.sh)
exec java -cp "$classpath" io.caravan.browser.Main --run "node $home/browser.mjs $*"
