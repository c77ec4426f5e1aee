#!/usr/bin/env bash
# Runs the routes by the Camel CLI as an integrator does: in a fresh directory with only a copy of routes/ and
# application.properties, without flags but --dev. Then streams, calls tools, cancels, holds 40 streams at once, and edits
# a provider's file while it runs. The library comes from the local Maven repository, where this installs it.
set -euo pipefail
cd "$(dirname "$0")/.."

mvn -B -q -DskipTests -Dspotless.check.skip=true install
fresh=$PWD/target/camel-cli/fresh
rm -rf "$fresh"
mkdir -p "$fresh"
cp -r routes application.properties "$fresh"

exec java -cp target/test-classes:target/caravan.jar io.caravan.runtimes.Main --name "The Camel CLI" --directory "$fresh" \
  --command "$PWD/bench/camel-cli/camel run --dev routes/*.camel.yaml \$(find routes -mindepth 2 -name '*.yaml') application.properties" \
  --edit routes/providers/nim.camel.yaml
