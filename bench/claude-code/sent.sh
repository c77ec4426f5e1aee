#!/usr/bin/env bash
# Records what Claude Code sends, and compares it with what was recorded last, bench/claude-code/sent.txt: endpoints, betas,
# headers, the body's keys, tools, system blocks. Then looks in its program for the words that Caravan relies on,
# bench/claude-code/relied-on.txt. No model and no gateway are needed: it answers the client by a script.
#
#   bench/claude-code/sent.sh                   the newest Claude Code that npm has; ends with 1 if anything is new or gone
#   bench/claude-code/sent.sh --version 2.1.330 another one
#   bench/claude-code/sent.sh --record          writes what is new into sent.txt; lost words still end it with 1
#   bench/claude-code/sent.sh --claude PATH     one that is installed already
#
# Without npm, Python, git or openssl it says so and does nothing, but fails where CI=true.
set -euo pipefail
cd "$(dirname "$0")/../.."

missing() {
  echo "$1: nothing was recorded." >&2
  [ "${CI:-}" = true ] && exit 1
  exit 0
}
version='' claude='' options=()
while [ $# -gt 0 ]; do
  case $1 in
    --version) version=$2 && shift ;;
    --claude) claude=$2 && shift ;;
    *) options+=("$1") ;;
  esac
  shift
done
for tool in python3 git openssl; do command -v "$tool" >/dev/null || missing "There is no $tool"; done
if [ -z "$claude" ]; then
  command -v npm >/dev/null || missing "There is no npm"
  [ -n "$version" ] || version=$(npm view @anthropic-ai/claude-code version 2>/dev/null) || missing "npm's registry can't be reached"
  home=target/claude-code/npm-$version
  claude=$PWD/$home/node_modules/.bin/claude
  if [ ! -x "$claude" ]; then
    mkdir -p "$home"
    timeout 300 npm install --prefix "$home" --no-audit --no-fund --loglevel=error "@anthropic-ai/claude-code@$version" \
      >"$home/install.log" 2>&1 || missing "Claude Code $version could not be installed"
  fi
fi
exec python3 -B bench/claude-code/sent.py "$claude" "$PWD/target/claude-code/sent" "${options[@]}"
