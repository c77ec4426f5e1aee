#!/usr/bin/env bash
# Plays the corpus (src/test/resources/corpus) through a gateway and prints a scoreboard by group.
#
#   bench/conformance.sh                                                    starts target/caravan.jar for it
#   bench/conformance.sh --gateway http://127.0.0.1:8085 --upstream-port N  any gateway that serves the Messages API;
#                                                                           its upstream must be set to
#                                                                           http://127.0.0.1:N/v1 (OpenAI-compatible)
#   bench/conformance.sh --pack DIRECTORY                                   writes the suite with its corpus into a directory,
#                                                                           which any Java 17 runs: DIRECTORY/conformance.sh
# Options:
#   --key KEY      the client's key (x-api-key)
#   --model NAME   what to ask for where a case is not about the model; {case} in it stands for the case's name
#   --only TEXT    only cases whose GROUP/NAME contains the text
#   --pieces N     the upstream writes N bytes at a time
#   --java CMD     the java that runs Caravan
#
# "streamed" is the case with stream: true, "whole" without. A dash or a smaller number stands where a case says
# nothing about a mode, or where the gateway asks its upstream for no stream, which the cases have no answer for.
# Responses are compared by what they mean to a client; docs/conformance.md says what that is.
set -euo pipefail
cd "$(dirname "$0")/.."

# Of the tests' kit and of Jackson, nothing else is needed.
pack() {
  local to=$1 classes
  mkdir -p "$to/corpus"
  classes=$(mktemp -d)
  for folder in conformance corpus testkit; do
    mkdir -p "$classes/io/caravan/$folder"
    cp target/*-classes/io/caravan/$folder/*.class "$classes/io/caravan/$folder/"
  done
  unzip -q -o target/caravan.jar 'com/fasterxml/jackson/core/*' 'com/fasterxml/jackson/annotation/*' 'com/fasterxml/jackson/databind/*' -d "$classes"
  jar --create --file "$to/conformance.jar" -C "$classes" .
  rm -rf "$classes"
  cp -r src/test/resources/corpus/. "$to/corpus/"
  cat >"$to/conformance.sh" <<'END'
#!/bin/sh
# Plays the corpus through a gateway: conformance.sh --gateway URL --upstream-port N [--key KEY] [--model NAME] [--only TEXT]
here=$(dirname "$0")
exec java -Dcaravan.corpus="$here/corpus" -cp "$here/conformance.jar" io.caravan.conformance.Main "$@"
END
  chmod +x "$to/conformance.sh"
  echo "$to/conformance.sh"
}

classpath=$(bench/build.sh)
if [ "${1:-}" = --pack ]; then
  pack "$2"
  exit
fi
exec java -cp "$classpath" io.caravan.conformance.Main "$@"
