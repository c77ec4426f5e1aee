#!/usr/bin/env bash
# Makes a Maven repository of the library in target/repository and prints its URL: for the Camel CLI, exports and Camel K, as
# long as the library is in no public one.
set -euo pipefail
cd "$(dirname "$0")/.."

url=file://$PWD/target/repository
rm -rf target/repository
bench/build.sh >/dev/null
version=$(sed -n '/<artifactId>caravan</,/<version>/s|.*<version>\(.*\)</version>.*|\1|p' pom.xml)
mvn -B -q deploy:deploy-file -Dfile="target/library/caravan-$version.jar" -DpomFile=pom.xml -DrepositoryId=local -Durl="$url" >&2
# A release never changes, so Maven would go on with what it has kept of an earlier build.
rm -rf "$HOME/.m2/repository/io/caravan/caravan"
echo "$url"
