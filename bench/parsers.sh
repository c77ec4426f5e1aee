#!/usr/bin/env bash
# Gives the texts of corpus/markup to the parsers of vLLM and SGLang, and prints a table of those which they read in another way
# than the case expects of Caravan. vLLM for the CPU and SGLang's Python come from PyPI, some 6 GB; no GPU is needed.
set -euo pipefail
cd "$(dirname "$0")/.."

sglang=0.5.23
interpreter=$(bench/real-servers/vllm.sh)
# Of SGLang only its parsers are wanted; their imports need little more than vLLM has.
"$interpreter" -m pip install -q --disable-pip-version-check --no-deps "sglang==$sglang" orjson IPython traitlets >&2
exec "$interpreter" bench/requests/parsers.py "$@"
