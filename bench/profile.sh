#!/usr/bin/env bash
# Says where Caravan's processor time goes: starts it, warms it up, records ten seconds with the JVM's flight recorder,
# and prints the hottest methods. The recording stays under target/profile for JDK Mission Control or `jfr view`.
#
#   bench/profile.sh events      8 clients, 200 tokens each as fast as they come (the default)
#   bench/profile.sh paced       50 streams of 20 tokens a second
#   bench/profile.sh small       a token each, small requests
#   bench/profile.sh large       a token each, requests of 100 KB
#   bench/profile.sh whole       small requests without streaming
# Options: --warm SECONDS, --seconds N, --top N, --java CMD, --jvm "OPTIONS"
set -euo pipefail
cd "$(dirname "$0")/.."

classpath=$(bench/build.sh)
exec java -XX:+UseSerialGC -Xmn256m -cp "$classpath" io.caravan.load.Profile \
  "$@"
