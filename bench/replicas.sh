#!/usr/bin/env bash
# Two replicas behind nginx, 200 streams through both, one replica killed: the other's streams go on, those of the dead one are
# cut off where a client sees it, and are answered when asked again.
#
#   bench/replicas.sh [--streams N]
set -euo pipefail
cd "$(dirname "$0")/.."

nginx=$(command -v nginx || echo /usr/sbin/nginx)
if [ ! -x "$nginx" ]; then
  echo "nginx is not installed (Debian: apt-get install nginx): nothing was tried" >&2
  [ "${CI:-}" != true ]
  exit
fi
bench/build.sh
exec java -cp target/test-classes:target/caravan.jar io.caravan.runtimes.Replicas --nginx "$nginx" "$@"
