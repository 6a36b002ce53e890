#!/usr/bin/env bash
# Tries the page of `apograph serve` in Chromium: converting, review with decisions, downloads, errors, the keyboard alone;
# and asks axe about each view, light, dark and on a phone. `run.sh FOLDER` also leaves pictures there. Then the page of a report.
# `run.sh alone PAGE.html [FOLDER]` tries the page that needs no server (.ci/wasm.sh makes it).
# Installs what it needs from package-lock.json; Chromium is that of the system, or the one in $CHROMIUM.
set -euo pipefail
alone=""
[ "${1:-}" != alone ] || { alone="$(realpath "$2")"; shift 2; }
pictures=${1:+$(mkdir -p "$1" && realpath "$1")}
cd "$(dirname "$0")"
[ -d node_modules/axe-core ] && [ node_modules -nt package-lock.json ] || {
  npm ci --silent --no-audit --no-fund
  touch node_modules
}
: "${APOGRAPH:=$(realpath ../../target/release/apograph)}"
export APOGRAPH
if [ -n "$alone" ]; then
  node alone.mjs "$alone" $pictures
else
  node page.mjs $pictures
  node report.mjs
fi
