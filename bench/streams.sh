#!/usr/bin/env bash
# Holds many streams open at once and checks every token of each: 2,000 on Java 21 or later where there is one, 500 on
# the Java in PATH, 10 tokens a second each, in a heap of 1 GiB.
#
#   bench/streams.sh [--seconds N]      60 seconds each
#   bench/streams.sh --short            10 seconds each, a tenth of the streams
set -euo pipefail
cd "$(dirname "$0")/.."
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true

many=2000 some=500
arguments=()
for argument in "$@"; do
  if [ "$argument" = --short ]; then
    many=200 some=50
    arguments+=(--seconds 10)
  else
    arguments+=("$argument")
  fi
done

classpath=$(bench/build.sh)
hold() {
  java -XX:+UseSerialGC -Xmn256m -cp "$classpath" io.caravan.load.Streams \
    --jvm -Xmx1g "$@" "${arguments[@]}"
}
newer=$(bench/java.sh)
if [ -n "$newer" ]; then
  hold --java "$newer" --streams "$many"
else
  echo "No Java 21 or later was found: only the Java in PATH is measured" >&2
fi
hold --java "$(command -v java)" --streams "$some"
