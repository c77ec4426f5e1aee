#!/usr/bin/env bash
# Runs the routes by the Camel CLI as an integrator does: in a fresh directory with only a copy of routes/ and
# application.properties, without flags but --dev. Then streams, calls tools, cancels, holds 40 streams at once, and edits
# a provider's file while it runs. The library comes from a file: repository (bench/repository.sh), as it is in no public one.
#
#   bench/camel-cli.sh            with the library, and straight from the sources
#   bench/camel-cli.sh library    one of them
#   bench/camel-cli.sh source
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
routes="routes/*.camel.yaml \$(find routes -mindepth 2 -name '*.yaml')"

# By the arguments of `camel run`, in a directory with a copy of the files given after them.
serves() {
  local name=$1 arguments=$2 fresh=$root/target/camel-cli/fresh
  shift 2
  rm -rf "$fresh"
  mkdir -p "$fresh"
  cp -r --parents "$@" "$fresh"
  java -cp "$classpath" io.caravan.runtimes.Main --name "$name" --directory "$fresh" \
    --command "$root/bench/camel-cli/camel run --dev $arguments" --edit routes/providers/nim.camel.yaml
}

classpath=$(bench/build.sh)
if [ "${1:-}" != source ]; then
  repository=$(bench/repository.sh)
  serves "The Camel CLI" "--repos=$repository $routes application.properties" routes application.properties
fi
[ "${1:-}" = library ] || serves "The Camel CLI, straight from the sources" \
  "--profile=source $routes \$(find src/main/java -name '*.java') \$(find src/main/resources/io -type f) application.properties" \
  routes application.properties application-source.properties src/main/java src/main/resources
