#!/usr/bin/env bash
# Measures each stage by itself, without network and Camel, with JMH: time, and bytes allocated (-prof gc).
#
#   bench/jmh.sh                         all benchmarks, some 5 minutes
#   bench/jmh.sh --smoke                 each for a moment: do they work?
#   bench/jmh.sh RequestBenchmark.parse -p turns=20      JMH's own arguments
# At the end it prints the figures beside those of the plan that the project began with, as a Markdown table.
# Java: the newest that is found (bench/java.sh); another with --java CMD before all other arguments.
set -euo pipefail
cd "$(dirname "$0")/.."

java=$(bench/java.sh)
java=${java:-java}
if [ "${1:-}" = --java ]; then
  java=$2
  shift 2
fi
options=()
if [ "${1:-}" = --smoke ]; then
  shift
  options=(-f 1 -wi 1 -w 100ms -i 1 -r 100ms -p turns=5)
fi
[ $# -gt 0 ] && [ "${1:0:1}" != - ] || options+=('io\.caravan\.jmh\.')

classpath=$(bench/build.sh)
# JMH is a test dependency and not in the runnable jar.
jmh=target/jmh.classpath
[ -f "$jmh" ] || mvn -B -q dependency:build-classpath -DincludeScope=test \
  -DincludeArtifactIds=jmh-core,jopt-simple,commons-math3 -Dmdep.outputFile="$jmh"
results=target/jmh.json
"$java" -cp "$classpath:$(cat "$jmh")" org.openjdk.jmh.Main \
  -jvm "$java" -jvmArgs "-Xmx1g" -prof gc -foe true -rf json -rff "$results" "${options[@]}" "$@"
echo
"$java" -cp "$classpath" io.caravan.jmh.PlanTable "$results"
