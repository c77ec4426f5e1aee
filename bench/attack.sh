#!/usr/bin/env bash
# Repeats the attacks that have succeeded once (SECURITY.md), on a gateway that bin/caravan starts with its own heap, before a
# scripted upstream; on the Java in PATH, and on the newest one where that is another. Prints a table of what each attack did
# when it was found, and does now. Ends with 1 if one succeeds.
#
#   bench/attack.sh [--seconds N] [--only TEXT]     good requests come over 60 seconds; those whose name has the text
#   bench/attack.sh --short                         over 5 seconds, on the Java in PATH alone
set -euo pipefail
cd "$(dirname "$0")/.."
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true

short=
arguments=()
for argument in "$@"; do
  if [ "$argument" = --short ]; then
    short=yes
    arguments+=(--seconds 5)
  else
    arguments+=("$argument")
  fi
done

classpath=$(bench/build.sh)
status=0
attack() {
  printf '\n%s\n\n' "$("$1" -version 2>&1 | head -n 1), $(sed -n 's/.*CARAVAN_HEAP:-\([0-9a-z]*\).*/\1/p' bin/caravan) of heap"
  java -Xmx1g -cp "$classpath" io.caravan.attack.Main --java "$1" "${arguments[@]}" || status=1
}
attack "$(command -v java)"
newer=$(bench/java.sh)
if [ -z "$short" ] && [ -n "$newer" ] && ! [ "$newer" -ef "$(command -v java)" ]; then
  attack "$newer"
fi
exit "$status"
