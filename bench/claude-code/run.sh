#!/usr/bin/env bash
# Runs the real Claude Code through Caravan, in front of a scripted model.
#
#   bench/claude-code/run.sh                                    starts target/caravan.jar for it
#   bench/claude-code/run.sh --java /path/to/java               the same on another Java
#   bench/claude-code/run.sh --gateway URL --upstream-port N    for a gateway that runs already and
#                                                               whose upstream is http://127.0.0.1:N/v1
#   bench/claude-code/run.sh --only WORDS                       only the scenarios with these words
#   bench/claude-code/run.sh --all                              further scenarios, and one in its terminal interface
#   bench/claude-code/run.sh --newest                           the newest one that npm has, in place of the pinned one
#   bench/claude-code/run.sh --where                            prints where Claude Code is installed, or would be
#   bench/claude-code/run.sh --install                          only installs it
#
# Claude Code comes from npm into target/. Without npm this says so and does nothing, but fails where CI=true.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=2.1.330
if [ "${1:-}" = --newest ]; then
  shift
  version=$(npm view @anthropic-ai/claude-code version)
fi
home=target/claude-code/npm-$version
claude=$home/node_modules/.bin/claude
if [ "${1:-}" = --where ]; then
  echo "$PWD/$claude"
  exit
fi

if [ ! -x "$claude" ]; then
  echo "Installing @anthropic-ai/claude-code $version from npm into $home"
  mkdir -p "$home"
  if ! timeout 300 npm install --prefix "$home" --no-audit --no-fund --loglevel=error \
    "@anthropic-ai/claude-code@$version" >"$home/install.log" 2>&1; then
    tail -n 5 "$home/install.log" >&2
    echo "Claude Code $version could not be installed: npm or its registry can't be reached. Nothing was tested." >&2
    [ "${CI:-}" = true ] && exit 1
    exit 0
  fi
fi
timeout 30 "$claude" --version
[ "${1:-}" = --install ] && exit 0

classpath=$(bench/build.sh)
# What reads the traces.
otlp=target/otlp.classpath
[ -f "$otlp" ] || mvn -B -q dependency:build-classpath -DincludeScope=test \
  -DincludeArtifactIds=opentelemetry-proto,protobuf-java -Dmdep.outputFile="$otlp"
exec java -cp "$classpath:$(cat "$otlp")" io.caravan.claudecode.Main \
  --claude "$PWD/$claude" --work target/claude-code "$@"
