#!/usr/bin/env bash
# Fuzzes the parsers by their coverage, with Jazzer, a minute each. A find is written to src/test/resources, beside the name of
# its test: from then on `mvn test` runs it as a seed. Commit it with the cure.
#
#   bench/jazzer.sh                 each class whose name ends with FuzzTest
#   bench/jazzer.sh SseFrames       those whose name begins so
set -euo pipefail
cd "$(dirname "$0")/.."

mvn -B -q -Dmaven.test.skip.exec test-compile
found=0
for file in $(find src/test/java -name "${1:-?}*FuzzTest.java" | sort); do
  name=$(basename "$file" .java)
  log=target/$name.log
  if JAZZER_FUZZ=1 mvn -B -q surefire:test -Dtest="$name" -Djazzer.hooks=true >"$log" 2>&1; then
    echo "$name: $(grep '^Done' "$log")"
  else
    found=1
    echo "$name: FOUND, see $log"
    grep -m 3 -E 'Java Exception|Error:|Test unit written' "$log" || tail -n 5 "$log"
  fi
done
exit "$found"
