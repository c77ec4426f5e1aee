#!/usr/bin/env bash
# Runs the commands of the documents as they stand there, in a directory that has only what a reader has: the jar and the files
# of the checkout. One gateway, started by the manual's own command with the manual's own classes and settings, serves all that
# ask it. Wants target/caravan.jar, the ports 8085 and 9876, and Claude Code, which it installs from npm.
set -uo pipefail
cd "$(dirname "$0")/.." || exit
source .ci/blocks.sh

root=$PWD
work=$(mktemp -d)
home=$work/home
# Half of the processor time of a start that responds to little is the second compiler's.
options="-Duser.home=$home -XX:TieredStopAtLevel=1"
failed=0
trap 'end; rm -rf "$work"' EXIT
mkdir -p "$home/bin" "$work/routes" "$work/lib/classes"
ln -s "$root"/{bin,bench,deploy,target} "$work"
ln -s target/caravan.jar "$work/caravan.jar"

# Runs a block, after words of the shell that prepare it, and says whether it gave what it promises.
gives() {
  local document=$1 name=$2 expected=$3 before=${4:-} said
  said=$(cd "$work" && timeout 60 env HOME="$home" JAVA_TOOL_OPTIONS="$options" PATH="$home/bin:$PATH" \
    bash -c "set -e; $before
$(cd "$root" && documented "$document" "$name" | sed "s#/path/to#$work#")" 2>&1 </dev/null)
  if grep -qE -- "$expected" <<<"$said"; then
    echo "  ok      $document: $name"
  else
    printf '%s\n  FAILED  %s: %s, without %s\n' "$said" "$document" "$name" "$expected"
    failed=1
  fi
}

# Starts what a block starts, after words of the shell that prepare it.
starts() {
  runs "$1: $2" "$work/$2.log" "${3:-}
$(documented "$1" "$2" | sed 's/…/secret/')"
}

# Starts the gateway by words of the shell, and waits for it. Its output goes to a file.
runs() {
  local what=$1 log=$2 i
  (cd "$work" && HOME=$home JAVA_TOOL_OPTIONS="$options" exec setsid bash -c "$3") >"$log" 2>&1 &
  group=$!
  for i in $(seq 240); do
    grep -qs 'Caravan is ready on' "$log" && { echo "  ok      $what"; return; }
    kill -0 "$group" 2>/dev/null || break
    sleep 0.25
  done
  cat "$log"
  echo "  FAILED  $what does not start"
  failed=1
}
end() {
  [ -z "${group:-}" ] || kill -- "-$group" 2>/dev/null
  wait "${group:-}" 2>/dev/null
  group=
}

# The real Claude Code, with a question in place of its terminal interface.
claude() {
  local real
  bench/claude-code/run.sh --install >"$work/install.log" 2>&1 || { cat "$work/install.log"; return 1; }
  real=$(bench/claude-code/run.sh --where)
  [ -x "$real" ] || { tail -n 1 "$work/install.log"; return 1; }
  # shellcheck disable=SC2016
  printf '#!/bin/sh\n[ "${1:-}" = --version ] || set -- "$@" -p Hi\nexec "%s" "$@"\n' "$real" >"$home/bin/claude"
  chmod +x "$home/bin/claude"
}

documented docs/extend.md counter >"$work/QuarterCounter.java"
documented docs/extend.md ceiling >"$work/TokenCeiling.java"
documented docs/extend.md beans >"$work/routes/counter.camel.yaml"
documented docs/operate.md record >"$work/application.properties"
session=$(sed -n 's/^caravan.record.sessions = //p' "$work/application.properties")
documented docs/operate.md logback >"$work/logback.xml"
request='{"model":"claude-sonnet","max_tokens":99,"messages":[{"role":"user","content":"Hi"}]}'
echo "$request" >"$work/request.json"

gives docs/extend.md compile 'TokenCeiling.class' 'trap "find lib" EXIT'
export CARAVAN_ADMIN_KEY=the-operator-of-ci
starts docs/operate.md heap
gives docs/operate.md limits '"forgotten"'
gives docs/operate.md learned '"forgotten"'
gives docs/operate.md explain '"tokens"'
curl -s http://127.0.0.1:8085/v1/messages -H "x-claude-code-session-id: $session" -H 'content-type: application/json' -d "$request" >/dev/null
gives docs/operate.md replay 'the same'
if claude; then
  gives README.md code 'Caravan'
  gives docs/claude-code.md by-hand 'Caravan'
  gives docs/claude-code.md code 'settings.json'
elif [ "${CI:-}" = true ]; then
  failed=1
fi
end
gives docs/operate.md diff 'counter.camel.yaml'
gives docs/deploy.md key 'ann' 'exec 3>&1; trap "cat keys" EXIT'
# shellcheck disable=SC2016
gives docs/deploy.md install 'caravan.service' \
  'install() { command install "${@:1:$#-1}" "$PWD/installed${!#}"; }; systemctl() { :; }; trap "find installed" EXIT'

export CARAVAN_PORT=0 CARAVAN_MANAGEMENT_PORT=0
# The commands of README's table, with a key that is none. No provider is asked for its models.
row=0
while read -r command; do
  log=$work/table-$((row += 1)).log
  runs "README.md: $command" "$log" "export CARAVAN_MODELS_LIST=false; ${command//…/0123456789abcdef}"
  model=$(sed -n 's/.*MODEL=\([^ ]*\).*/\1/p' <<<"$command")
  grep -qF -- "$model" "$log" || { echo "  FAILED  $command: not $model"; failed=1; }
  end
done < <(sed -n 's/^| .* | `\(.* java -jar target\/caravan.jar\)` |$/\1/p' README.md)
starts docs/operate.md log
end
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout "$work/privkey.pem" -out "$work/fullchain.pem" 2>/dev/null
# shellcheck disable=SC2016
starts docs/operate.md tls 'openssl() { command openssl "$@" -passout pass:secret; }'
grep -q 'ready on https://' "$work/tls.log" || failed=1
exit "$failed"
