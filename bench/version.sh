#!/usr/bin/env bash
# Sets the version of Caravan in pom.xml and in every file that names it; VersionsTest fails where one differs.
#
#   bench/version.sh 0.2.0
set -euo pipefail
cd "$(dirname "$0")/.."

new=${1:?Usage: bench/version.sh VERSION}
old=$(sed -n '/<artifactId>caravan</,/<version>/s|.*<version>\(.*\)</version>.*|\1|p' pom.xml)
dotted=${old//./\\.}

sed -i "/<artifactId>caravan</,/<version>/s|<version>$dotted<|<version>$new<|" pom.xml
naming="(caravan:|caravan-exported:|catalog\.version: )"
grep -rlE "$naming$dotted" README.md application.properties deploy docs examples routes |
  xargs sed -i -E "s/$naming$dotted/\1$new/g"
sed -i "s|/v$dotted/caravan-$dotted\.jar|/v$new/caravan-$new.jar|" jbang-catalog.json
echo "$old -> $new"
