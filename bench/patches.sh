#!/usr/bin/env bash
# Lists newer patches of what pom.xml names by a property, into target/patches.txt; --minor lists newer minor versions, too. It
# changes nothing. A patch of Camel may be published in part only: try .ci/run with it.
#
#   bench/patches.sh [--minor]
set -euo pipefail
cd "$(dirname "$0")/.."

minor=false
[ "${1:-}" = --minor ] && minor=true
mkdir -p target
rm -f target/patches.txt
# -U: what the local repository knows of newer versions may be a day old.
mvn -B -q -U org.codehaus.mojo:versions-maven-plugin:2.18.0:display-property-updates \
  -DallowMajorUpdates=false -DallowMinorUpdates="$minor" -DprocessParent=false \
  '-Dmaven.version.ignore=(?i).*[-.](alpha|beta|m|rc|cr|b)[-.]?[0-9]*.*' -Dversions.outputFile=target/patches.txt
sed 's/^\[INFO\] //' target/patches.txt
