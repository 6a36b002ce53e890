#!/usr/bin/env bash
# Books that the program writes, tried in a real reading system and under the accessibility checker DAISY Ace, both in
# Chromium. Passes when each step of a reader works and Ace finds nothing of any impact.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${CARGO_TARGET_DIR:-target}/release/apograph
[ -x "$binary" ] || cargo build --release --quiet
APOGRAPH=$(realpath "$binary")
export APOGRAPH

packages=""
command -v node >/dev/null && command -v npm >/dev/null || packages="nodejs npm"
command -v unzip >/dev/null || packages="$packages unzip"
[ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null || packages="$packages chromium"
# shellcheck disable=SC2086
[ -z "$packages" ] || .ci/install.sh $packages

bash tests/reader/run.sh
bash tests/reader/run.sh ace
