#!/usr/bin/env bash
# Runs the routes by the Camel CLI as an integrator does: in a fresh directory with only a copy of routes/ and
# application.properties, without flags but --dev. Then streams, calls tools, cancels, holds 40 streams at once, and edits
# a provider's file while it runs. The library comes from a file: repository (bench/repository.sh), as it is in no public one.
#
#   bench/camel-cli.sh            with the library, and straight from the sources
#   bench/camel-cli.sh library    one of them; this one is exported, too
#   bench/camel-cli.sh source
#   bench/camel-cli.sh jar       target/caravan.jar with Camel's connector: what ps, get, cmd and top show of it
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

# Fails unless the output of a command of the CLI soon has every word given after it: a process tells it once a second.
shows() {
  local command=$1 shown missing tries
  shift
  for tries in $(seq 10); do
    shown=$(HOME=$home JAVA_TOOL_OPTIONS="-Duser.home=$home" bench/camel-cli/camel $command 2>/dev/null)
    missing=
    for word in "$@"; do
      grep -qF -- "$word" <<< "$shown" || { missing=$word; break; }
    done
    [ -n "$missing" ] || { echo "camel $command: ok"; return; }
    sleep 1
  done
  echo "camel $command does not show $missing:"
  echo "$shown"
  exit 1
}

# An export knows no variable of the environment, so it fails where a setting has to be one. bench/exports.sh builds what it gives.
exported() {
  (cd target/camel-cli/fresh && bash -c "$root/bench/camel-cli/camel export --runtime=quarkus --repos=$repository --dir=exported \
    $routes application.properties") | grep -q 'Project export successful' || { echo "camel export has failed"; exit 1; }
  echo "camel export: ok"
}

# The jar with the connector beside it. It has a home of its own, so that no other process is listed.
jar() {
  home=$root/target/camel-cli/home
  rm -rf "$home" && mkdir -p "$home/connector"
  for each in cli-connector console; do
    mvn -B -q dependency:copy -Dartifact=org.apache.camel:camel-$each:4.18.0 -DoutputDirectory="$home/connector"
  done
  (cd "$home" && NVIDIA_API_KEY=nvapi-key-of-the-bench CARAVAN_PORT=0 CARAVAN_MANAGEMENT_PORT=0 exec java -Duser.home="$home" \
    -Dcamel.main.jmxEnabled=true -Dcaravan.models.list=false -cp "$root/target/caravan.jar:connector/*" io.caravan.Caravan) \
    > "$home/log" 2>&1 &
  local pid=$!
  trap "kill $pid" EXIT
  timeout 60 bash -c "until grep -q 'Caravan is ready' '$home/log' && [ -s '$home/.camel/$pid-status.json' ]; do sleep 0.2; done"
  shows "ps" caravan Running
  shows "get processor caravan" read-request choose-model count-tokens hedge guard-model nim-convert nim-call split-events
  shows "get route caravan" messages open-answer provider-nim stream-openai recordings
  shows "top processor caravan" read-request
  shows "cmd route-structure caravan --filter=messages" kamelet:caravan-accept-action direct:open-answer
  if HOME=$home JAVA_TOOL_OPTIONS="-Duser.home=$home" bench/camel-cli/camel get bean caravan --dsl 2>/dev/null | grep -q key-of-the-bench; then
    echo "camel get bean shows a key"
    exit 1
  fi
  kill $pid
  trap - EXIT
}

if [ "${1:-}" = jar ]; then
  jar
  exit
fi
classpath=$(bench/build.sh)
if [ "${1:-}" != source ]; then
  repository=$(bench/repository.sh)
  serves "The Camel CLI" "--repos=$repository $routes application.properties" routes application.properties
  exported
fi
[ "${1:-}" = library ] || serves "The Camel CLI, straight from the sources" \
  "--profile=source $routes \$(find src/main/java -name '*.java') \$(find src/main/resources/io -type f) application.properties" \
  routes application.properties application-source.properties src/main/java src/main/resources
