#!/usr/bin/env bash
# Builds Caravan and its test kit where they are missing or older than the source.
set -euo pipefail
cd "$(dirname "$0")/.."

built=target/caravan.jar
if [ ! -f "$built" ] || [ ! -d target/test-classes/io/caravan/testkit ] ||
  [ -n "$(find src routes application.properties pom.xml -newer "$built" -type f 2>/dev/null | head -n 1)" ]; then
  mvn -B -q -DskipTests package
fi
