#!/usr/bin/env bash
# Makes the files of deploy/ that repeat routes/ and application.properties. A test fails where they differ.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p target/manifests
javac -proc:none -d target/manifests src/test/java/io/caravan/deploy/Manifests.java
exec java -cp target/manifests io.caravan.deploy.Manifests
