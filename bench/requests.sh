#!/usr/bin/env bash
# Sends the client requests of the corpus through Caravan to each model with a card, and looks at what arrives upstream: OpenAI's
# types and mistral_common take it, and the chat template of the model shows all of it, once.
#
#   bench/requests.sh                 all models
#   bench/requests.sh --short         three of them
#   bench/requests.sh --vllm          vLLM's own request model in place of mistral_common: some 6 GB to install
#   bench/requests.sh --only WORDS    only cases with these words
#   bench/requests.sh --java /path/to/java
#
# The Python packages come from PyPI into target/. Without them nothing is tested, which is said; it fails where CI=true.
set -euo pipefail
cd "$(dirname "$0")/.."

missing() {
  echo "$1 could not be installed: nothing was tested" >&2
  if [ "${CI:-}" = true ]; then exit 1; fi
  exit 0
}

if [[ " $* " == *' --vllm '* ]]; then
  interpreter=$(bench/real-servers/vllm.sh) || missing vLLM
else
  interpreter=$(bench/venv.sh target/requests openai==3.57.0 mistral_common==1.13.1 jinja2==3.1.6) || missing "The request models"
fi
templates=$(bench/real-servers/templates.sh "$interpreter") || missing "The chat templates"
bench/build.sh >/dev/null
exec "$interpreter" bench/requests/main.py --templates "$templates" "$@"
