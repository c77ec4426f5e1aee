#!/usr/bin/env bash
# Exports the routes to Maven projects by the Camel CLI, builds these, and asks each what bench/camel-cli.sh asks. Of Camel K's
# Integration it takes the flows, the settings and the dependencies, as the operator does. The library comes from a file:
# repository, as it is in no public one.
#
#   bench/exports.sh                              all three
#   bench/exports.sh camel-main|quarkus|camel-k   one of them
set -euo pipefail
cd "$(dirname "$0")/.."

classpath=$(bench/build.sh)
repository=$(bench/repository.sh)
version=$(sed -n '/<artifactId>caravan</,/<version>/s|.*<version>\(.*\)</version>.*|\1|p' pom.xml)
root=$PWD
fresh=$PWD/target/exports
rm -rf "$fresh"
mkdir -p "$fresh"
cp -r routes application.properties "$fresh"
cd "$fresh"

# Exports files to a project of a name, builds it, and runs its jar.
serves() {
  local name=$1 runtime=$2 jar=$3 project=$PWD/$1
  shift 3
  "$root/bench/camel-cli/camel" export --runtime="$runtime" --repos="$repository" --dir="$name" "$@"
  mvn -B -q -DskipTests -f "$name/pom.xml" package
  (cd "$root" && java -cp "$classpath" io.caravan.runtimes.Main --name "The export to $name" \
    --directory "$project/run" --command "java -jar $project/target/$jar")
}
wanted() { [ "${only:-$1}" = "$1" ]; }

only=${1:-}
routes=(routes/*.camel.yaml $(find routes -mindepth 2 -name '*.yaml') application.properties)
if wanted camel-main; then serves camel-main camel-main "caravan-exported-$version.jar" "${routes[@]}"; fi
# Quarkus has metrics of its own.
if wanted quarkus; then
  serves quarkus quarkus quarkus-app/quarkus-run.jar --property=camel.metrics.enabled=false "${routes[@]}"
fi
if wanted camel-k; then
  # The CLI takes an application.properties of the working directory as well.
  mkdir integration
  cd integration
  made=$root/deploy/camel-k/integration.yaml
  sed '1,/^  flows:/d; s/^    //' "$made" >flows.camel.yaml
  sed -n "s/^        - '\(.*\)'$/\1/p" "$made" >application.properties
  dependencies=$(sed -n '/^  dependencies:/,/^  traits:/s/^    - //p' "$made" | paste -sd,)
  kamelets=$(sed -n 's/^camel.jbang.kameletsVersion = //p' "$root/application.properties")
  serves camel-k quarkus quarkus-app/quarkus-run.jar --gav=io.caravan:caravan-exported:"$version" \
    --kamelets-version="$kamelets" --dep="$dependencies" \
    flows.camel.yaml application.properties "$root"/deploy/camel-k/kamelets/*
fi
