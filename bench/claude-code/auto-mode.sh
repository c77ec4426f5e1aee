#!/usr/bin/env bash
# Runs the real Claude Code in auto mode through Caravan, in front of a scripted model and a scripted judge.
#
#   bench/claude-code/auto-mode.sh                 the newest Claude Code that npm has
#   bench/claude-code/auto-mode.sh --only flagged  one scene: allowed, flagged, late, three, agent, command, nobody
#
# Each scene's project has injected words in files, instructions, hooks and a command: the judge may not see them as the user's.
# It starts target/caravan.jar by itself. Without npm or Python it says so and does nothing, but fails where CI=true.
set -euo pipefail
cd "$(dirname "$0")/../.."

missing() {
  echo "$1: nothing was tested." >&2
  [ "${CI:-}" = true ] && exit 1
  exit 0
}
command -v python3 >/dev/null || missing "There is no python3"
version=$(npm view @anthropic-ai/claude-code version 2>/dev/null) || missing "npm's registry can't be reached"
home=target/claude-code/npm-$version
claude=$home/node_modules/.bin/claude
if [ ! -x "$claude" ]; then
  mkdir -p "$home"
  timeout 300 npm install --prefix "$home" --no-audit --no-fund --loglevel=error "@anthropic-ai/claude-code@$version" \
    >"$home/install.log" 2>&1 || missing "Claude Code $version could not be installed"
fi
[ -f target/caravan.jar ] || mvn -q -DskipTests package
exec python3 bench/claude-code/auto_mode.py "$PWD/$claude" "$PWD/target/caravan.jar" "$PWD/target/claude-code/auto-mode" "$@"
