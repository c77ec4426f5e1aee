# shellcheck shell=bash
# Sourced by what runs the commands of documents.

# The commands of a document's block that follows the mark <!-- ci:NAME -->.
documented() {
  awk -v mark="<!-- ci:$2 -->" '$0 == mark { on = 1; next } on && /^```$/ { exit } on && !/^```/' "$1"
}
need() {
  [ -n "$(documented "$1" "$2")" ] && return
  echo "$1 has no block after <!-- ci:$2 -->" >&2
  exit 1
}
