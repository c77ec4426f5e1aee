#!/usr/bin/env bash
# Spoils the corpus's requests and streams and gives them to the parser of requests (request), to the stages of a stream
# (stream), and to Caravan itself with an upstream whose bytes are spoilt too (gateway): whatever comes, the answer is a
# valid message or a valid error, nothing takes longer than a second, and the log has no stack trace.
#
#   bench/fuzz.sh [--seconds N] [--seed N] [--only request|stream|gateway] [--java CMD]      600 seconds
#   bench/fuzz.sh --short                                                                    30 seconds
#   bench/fuzz.sh --only NAME --seed N --tries 1                                             a find once more
set -euo pipefail
cd "$(dirname "$0")/.."

arguments=()
for argument in "$@"; do
  if [ "$argument" = --short ]; then arguments+=(--seconds 30); else arguments+=("$argument"); fi
done

classpath=$(bench/build.sh)
exec java -cp "$classpath" io.caravan.fuzz.Fuzz "${arguments[@]}"
