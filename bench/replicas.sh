#!/usr/bin/env bash
# Two replicas behind nginx, 200 streams through both and the real Claude Code in one of them, which is killed: the other's
# streams go on, those of the dead one are cut off where a client sees it, and are answered when asked again; Claude Code asks
# again by itself; and a limit that both share through Redis still holds.
#
#   bench/replicas.sh [--streams N]
#   bench/replicas.sh --rolling [--streams N]    replaces both, one after the other, under as many streams: none may fail
#
# Without nginx it does nothing, without redis-server or Claude Code (bench/claude-code/run.sh installs it) it leaves that part
# out and says so; where CI=true it fails instead.
set -euo pipefail
cd "$(dirname "$0")/.."

missing() {
  echo "$1 is not installed ($2): $3" >&2
  [ "${CI:-}" != true ]
}

nginx=$(command -v nginx || echo /usr/sbin/nginx)
[ -x "$nginx" ] || { missing nginx "Debian: apt-get install nginx" "nothing was tried" && exit; exit 1; }

if [ "${1:-}" = --rolling ]; then
  shift
  classpath=$(bench/build.sh)
  exec java -cp "$classpath" io.caravan.runtimes.Rolling --nginx "$nginx" "$@"
fi
set -- --nginx "$nginx" "$@"

claude=$(bench/claude-code/run.sh --where)
if [ -x "$claude" ]; then
  set -- --claude "$claude" "$@"
else
  missing "Claude Code" "bench/claude-code/run.sh installs it" "it was not tried"
fi

if command -v redis-server >/dev/null; then
  port=$((20000 + RANDOM % 10000))
  redis-server --port "$port" --bind 127.0.0.1 --save "" --appendonly no >/dev/null &
  redis=$!
  trap 'kill "$redis" 2>/dev/null || true' EXIT
  set -- --redis "redis://127.0.0.1:$port" "$@"
else
  missing redis-server "Debian: apt-get install redis-server" "the shared limit was not tried"
fi

classpath=$(bench/build.sh)
java -cp "$classpath" io.caravan.runtimes.Replicas "$@"
