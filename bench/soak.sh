#!/usr/bin/env bash
# Runs Caravan for minutes in front of an upstream that resets, stalls, garbles and refuses, while half of the requests
# are healthy: as many right answers as requests, and nothing left over (threads, heap, upstream requests).
#
#   bench/soak.sh [--seconds N] [--clients N] [--java CMD] [--jvm OPTIONS]     600 seconds, 24 clients
#   bench/soak.sh --short                                                      20 seconds
#   bench/soak.sh --leaving N      beside that, N clients that leave in the middle of a long stream, again and again
#   bench/soak.sh --stalled N      beside that, N clients that read nothing of a large stream
#   bench/soak.sh --reloads        beside that, a route file is edited each second
# Each request names a session of its own.
set -euo pipefail
cd "$(dirname "$0")/.."

arguments=()
for argument in "$@"; do
  if [ "$argument" = --short ]; then arguments+=(--seconds 20); else arguments+=("$argument"); fi
done

classpath=$(bench/build.sh)
exec java -cp "$classpath" io.caravan.faults.Soak "${arguments[@]}"
