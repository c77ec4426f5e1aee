#!/usr/bin/env bash
# Builds target/caravan.jar, the tests' kit and the programs of src/bench where one is missing or older than the sources,
# and prints the class path of the programs.
set -euo pipefail
cd "$(dirname "$0")/.."

stale() {
  [ ! -f "$1" ] || [ -n "$(find src/*/java src/main routes application.properties pom.xml -newer "$1" -type f | head -n 1)" ]
}

if stale target/caravan.jar || stale target/bench-classes/io/caravan/load/Bench.class; then
  # A build without tests may have left these behind: the compiler doesn't see that a class they use is newer.
  rm -rf target/test-classes target/bench-classes
  mvn -B -q -Dmaven.test.skip.exec package >&2
fi
echo target/bench-classes:target/test-classes:target/caravan.jar
