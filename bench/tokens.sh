#!/usr/bin/env bash
# Counts the tokens of a conversation of forty turns, each of which repeats what came before, with Caravan and with Python's
# tiktoken (from PyPI, into target/), and prints the processor time of both. Under a minute.
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.14.0
home=target/tokens
python=()
if interpreter=$(bench/venv.sh "$home" "tiktoken==$version"); then
  python=("$interpreter" bench/tokens/tiktoken_count.py "$home/cl100k_base.tiktoken" "$home/requests")
else
  echo "tiktoken could not be installed: measured without it" >&2
fi

classpath=$(bench/build.sh)
# jtokkit has the vocabulary in its jar, and the runnable jar has jtokkit's.
mkdir -p "$home"
unzip -p target/caravan.jar com/knuddels/jtokkit/cl100k_base.tiktoken >"$home/cl100k_base.tiktoken"
rm -rf "$home/requests"
java=$(bench/java.sh)
exec "${java:-java}" -cp "$classpath" io.caravan.jmh.ConversationCount "$home/requests" "${python[@]}"
