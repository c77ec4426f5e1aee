# shellcheck shell=bash
# Sourced by .ci/run and .ci/full: runs stages, installs what they need, and counts how they end.
#
# A stage has a name, a limit in seconds and a command. `stage` runs one alone and shows what it prints. `beside` runs two at a
# time, none of which may build or look at the time, and shows what one has printed when it has ended; `finish` waits for them
# and sums up.
#
# The caller's arguments are patterns; stages whose names match none are left out.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
source .ci/blocks.sh

LANES=${LANES:-2}
passed=0
failed=()
patterns=("$@")
started=()
begun=0
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

wanted() {
  local pattern
  for pattern in "${patterns[@]:-*}"; do
    # shellcheck disable=SC2053
    [[ $1 == $pattern ]] && return
  done
  return 1
}

# Notes how a stage ended: its name, its exit code, its seconds.
ended() {
  if [ "$2" = 0 ]; then
    passed=$((passed + 1))
    echo "--- $1: passed in $3 s"
  else
    echo "--- $1: FAILED with $2 after $3 s"
    failed+=("$1")
  fi
}

# Runs a command with a limit in seconds.
limited() { timeout --kill-after=10 "$@"; }

stage() {
  local name=$1 from
  shift
  wanted "$name" || return 0
  settle 0
  from=$SECONDS
  printf '\n=== %s\n' "$name"
  limited "$@"
  ended "$name" $? $((SECONDS - from))
}

beside() {
  local name=$1 number=$((begun += 1))
  shift
  wanted "$name" || return 0
  build || return 0
  settle $((LANES - 1))
  started[number]=$name
  {
    from=$SECONDS
    limited "$@" >"$results/$number.out" 2>&1 </dev/null
    echo "$? $((SECONDS - from))" >"$results/$number.part"
    mv "$results/$number.part" "$results/$number.end"
  } &
}

# Waits until no more than so many stages run, and shows those that have ended.
settle() {
  local number end
  while [ "$(jobs -pr | wc -l)" -gt "$1" ]; do wait -n; done
  for number in "${!started[@]}"; do
    [ -f "$results/$number.end" ] || continue
    printf '\n=== %s\n' "${started[number]}"
    cat "$results/$number.out"
    read -r -a end <"$results/$number.end"
    ended "${started[number]}" "${end[@]}"
    unset "started[number]"
  done
}

# Builds what the stages start, before two would do so at the same time. Once, and without it no stage is begun.
build() {
  [ -z "${built:-}" ] || return "$built"
  bench/build.sh >"$results/build" 2>&1
  built=$?
  [ "$built" = 0 ] || { cat "$results/build"; ended "the build" "$built" 0; }
  return "$built"
}

# Waits for all, prints the sum in the last line, and returns whether something was tried and nothing failed.
finish() {
  local name
  settle 0
  for name in "${started[@]}"; do ended "$name" "no result" "?"; done
  printf '\n%d s in all\n' "$SECONDS"
  [ ${#failed[@]} -eq 0 ] || printf 'FAILED: %s\n' "${failed[@]}"
  echo "$passed passed, ${#failed[@]} failed"
  [ ${#failed[@]} -eq 0 ] && [ "$passed" -gt 0 ]
}

install_missing() {
  local missing=()
  command -v redis-server >/dev/null || missing+=(redis-server)
  command -v hey >/dev/null || missing+=(hey)
  [ -x "$(command -v nginx || echo /usr/sbin/nginx)" ] || missing+=(nginx)
  command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
  [ ${#missing[@]} -gt 0 ] || return 0
  echo "Installing ${missing[*]}"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "${missing[@]}"; } >/dev/null ||
    echo "apt-get could not install ${missing[*]}: the tests that need them will say so" >&2
}
