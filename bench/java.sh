#!/usr/bin/env bash
# Prints a java command of version 21 or later: $JAVA_HOME_25's, or the newest under /usr/lib/jvm. Nothing where there is none.
set -euo pipefail

newest=
newest_version=20
for java in "${JAVA_HOME_25:-}/bin/java" /usr/lib/jvm/*/bin/java; do
  [ -x "$java" ] || continue
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  if [ "${version:-0}" -gt "$newest_version" ]; then
    newest=$java
    newest_version=$version
  fi
done
[ -z "$newest" ] || echo "$newest"
