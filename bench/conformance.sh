#!/usr/bin/env bash
# Plays the corpus (src/test/resources/corpus) through a gateway and prints a scoreboard by group.
#
#   bench/conformance.sh                                                    starts target/caravan.jar for it
#   bench/conformance.sh --gateway http://127.0.0.1:8085 --upstream-port N  any gateway that serves the Messages API;
#                                                                           its upstream must be set to
#                                                                           http://127.0.0.1:N/v1 (OpenAI-compatible)
# Options:
#   --key KEY      the client's key (x-api-key)
#   --model NAME   what to ask for where a case is not about the model; {case} in it stands for the case's name
#   --only TEXT    only cases whose GROUP/NAME contains the text
#   --pieces N     the upstream writes N bytes at a time
#   --java CMD     the java that runs Caravan
#
# "streamed" is the case with stream: true, "whole" without. A dash or a smaller number stands where a case says
# nothing about a mode, or where the gateway asks its upstream for no stream, which the cases have no answer for.
# Ids, pings, the estimate in message_start and further counts are the gateway's own affair and not compared.
set -euo pipefail
cd "$(dirname "$0")/.."

classpath=$(bench/build.sh)
exec java -cp "$classpath" io.caravan.conformance.Main "$@"
