#!/usr/bin/env bash
# Exports the routes to Maven projects by the Camel CLI, builds these, and asks each what bench/camel-cli.sh asks.
#
#   bench/exports.sh                      both
#   bench/exports.sh camel-main|quarkus   one of them
set -euo pipefail
cd "$(dirname "$0")/.."

mvn -B -q -DskipTests -Dspotless.check.skip=true install
root=$PWD
fresh=$PWD/target/exports
rm -rf "$fresh"
mkdir -p "$fresh"
cp -r routes application.properties "$fresh"
cd "$fresh"

serves() {
  local runtime=$1 jar=$2
  shift 2
  "$root/bench/camel-cli/camel" export --runtime="$runtime" --dir="$runtime" "$@" \
    routes/*.camel.yaml $(find routes -mindepth 2 -name '*.yaml') application.properties
  mvn -B -q -DskipTests -f "$runtime/pom.xml" package
  (cd "$root" && java -cp "$classpath" io.caravan.runtimes.Main --name "The export to $runtime" \
    --directory "$fresh/$runtime/run" --command "java -jar $fresh/$runtime/target/$jar")
}
[ "${1:-}" = quarkus ] || serves camel-main "caravan-exported-$version.jar"
# Quarkus has metrics of its own.
[ "${1:-}" = camel-main ] || serves quarkus quarkus-app/quarkus-run.jar --property=camel.metrics.enabled=false
