#!/usr/bin/env bash
# Measures how long the user of each wrong set-up (docs/operate.md) waits for its message, with bin/caravan and its archive of
# classes and with the plain jar, on the Java in PATH and on a newer one where there is one. A busy machine takes longer: the
# processor time beside says what it would take alone. Ends with 1 if one takes more than two seconds.
#
#   bench/setups.sh                      all
#   bench/setups.sh --only 'base URL'    those with these words
#   bench/setups.sh --starter script     with bin/caravan only; or plain
set -uo pipefail
cd "$(dirname "$0")/.."

only=() starters="script plain"
while [ $# -gt 0 ]; do
  case $1 in
    --only) only=(--only "$2") ;;
    --starter) starters=$2 ;;
    *) echo "bench/setups.sh has no option $1" >&2; exit 2 ;;
  esac
  shift 2
done

classpath=$(bench/build.sh) || exit
export CARAVAN_ARCHIVE=$PWD/target/setups-archive
failed=0
for java in "$(command -v java)" "$(bench/java.sh)"; do
  [ -n "$java" ] || continue
  home=$(dirname "$(dirname "$(readlink -f "$java")")")
  for starter in $starters; do
    if [ "$starter" = script ]; then
      JAVA_HOME=$home bin/caravan archive >/dev/null || failed=1
      command=(env JAVA_HOME="$home" "$PWD/bin/caravan")
    else
      command=("$java" -jar "$PWD/target/caravan.jar")
    fi
    printf '\n%s on %s\n' "$starter" "$("$java" -version 2>&1 | head -n 1)"
    java -cp "$classpath" io.caravan.setups.Main "${only[@]}" -- "${command[@]}" || failed=1
  done
done
exit "$failed"
