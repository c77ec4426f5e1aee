#!/usr/bin/env bash
# Compares Caravan with nginx and a bare pipe of Vert.x (which pass the upstream's bytes on untranslated) and
# claude-code-router, side by side on this machine, and prints Markdown tables with ratios.
#
#   bench/run.sh                      three rounds, some 15 minutes
#   bench/run.sh --smoke              one short round without the peers that need npm: does it all work?
#   bench/run.sh --peer NAME,URL,MODEL,PID
#                                     any other server of the Messages API beside them; its upstream must be set to
#                                     http://127.0.0.1:PORT/v1 with --upstream-port PORT
#   bench/run.sh --old OLD.jar        an earlier build of Caravan beside this one: what a change costs
#   bench/run.sh --observation        this build with log, console and metrics off, and with traces and per-key metrics on, too:
#                                     what it costs to see what happens
# Options: --rounds N, --seconds N, --warm N, --java CMD[,CMD...], --jvm "OPTIONS", --no-scale, --out FILE
#
# Java: the one in PATH, and beside it any Java 21 or later that is found (bench/java.sh).
set -euo pipefail
cd "$(dirname "$0")/.."
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true

router=2.0.0
arguments=()
javas=$(command -v java)
smoke=
for argument in "$@"; do
  if [ "$argument" = --smoke ]; then smoke=yes; else arguments+=("$argument"); fi
done

newer=$(bench/java.sh)
[ -z "$newer" ] || javas="$newer,$javas"

if [ -x "$(command -v nginx || echo /usr/sbin/nginx)" ]; then
  arguments=(--nginx "$(command -v nginx || echo /usr/sbin/nginx)" "${arguments[@]}")
else
  echo "nginx is not installed (Debian: apt-get install nginx): compared without it" >&2
fi

if [ -n "$smoke" ]; then
  arguments=(--rounds 1 --seconds 1 --warm 3 --no-scale "${arguments[@]}")
else
  home=target/bench/npm-router-$router
  command=$home/node_modules/@musistudio/claude-code-router/dist/cli.js
  if [ ! -f "$command" ]; then
    mkdir -p "$home"
    timeout 300 npm install --prefix "$home" --no-audit --no-fund --loglevel=error \
      "@musistudio/claude-code-router@$router" >"$home/install.log" 2>&1 ||
      echo "claude-code-router could not be installed from npm: compared without it" >&2
  fi
  [ ! -f "$command" ] || arguments=(--ccr "$command" "${arguments[@]}")
fi
arguments=(--pipe "${arguments[@]}")

classpath=$(bench/build.sh)
exec java -XX:+UseSerialGC -Xmn256m -cp "$classpath" io.caravan.load.Bench \
  --jar target/caravan.jar --java "$javas" "${arguments[@]}"
