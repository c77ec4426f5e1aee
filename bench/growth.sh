#!/usr/bin/env bash
# How the cost of a request grows with its size, its history, its tools and the tokens of its answer: Markdown tables,
# and with --svg FILE a drawing. Some three minutes.
#
#   bench/growth.sh [--out FILE] [--svg FILE] [--seconds N] [--warm N] [--java CMD] [--jvm "OPTIONS"]
set -euo pipefail
cd "$(dirname "$0")/.."

classpath=$(bench/build.sh)
java=$(bench/java.sh)
exec java -XX:+UseSerialGC -Xmn256m -cp "$classpath" io.caravan.load.Growth \
  --java "${java:-java}" "$@"
