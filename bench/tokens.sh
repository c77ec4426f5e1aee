#!/usr/bin/env bash
# Counts the tokens of a conversation of forty turns, each of which repeats what came before, with Caravan and with Python's
# tiktoken (from PyPI, into target/), and prints the processor time of both. Under a minute.
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.14.0
home=target/tokens
venv=$home/venv-$version
mkdir -p "$home"
python=()
if [ -f "$venv/installed" ] ||
  { python3 -m venv "$venv" && timeout 120 "$venv/bin/pip" install -q --disable-pip-version-check "tiktoken==$version" && touch "$venv/installed"; } >"$home/pip.log" 2>&1; then
  python=("$venv/bin/python" bench/tokens/tiktoken_count.py "$home/cl100k_base.tiktoken" "$home/requests")
else
  tail -n 5 "$home/pip.log" >&2
  echo "tiktoken could not be installed: measured without it" >&2
fi

bench/build.sh
# jtokkit has the vocabulary in its jar, and the runnable jar has jtokkit's.
unzip -p target/caravan.jar com/knuddels/jtokkit/cl100k_base.tiktoken >"$home/cl100k_base.tiktoken"
rm -rf "$home/requests"
java=$(bench/java.sh)
exec "${java:-java}" -cp target/test-classes:target/caravan.jar io.caravan.jmh.ConversationCount "$home/requests" "${python[@]}"
