#!/usr/bin/env bash
# The page of `apograph serve` in Chromium, under axe; and its interface, asked by schemathesis whether it is what its
# description says. Less than two minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
binary=${CARGO_TARGET_DIR:-target}/release/apograph
[ -x "$binary" ] || cargo build --release --quiet
APOGRAPH=${APOGRAPH:-$(realpath "$binary")}
export APOGRAPH

packages=""
command -v node >/dev/null && command -v npm >/dev/null || packages="nodejs npm"
[ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v google-chrome >/dev/null || packages="$packages chromium"
command -v python3 >/dev/null && python3 -c 'import venv, ensurepip' 2>/dev/null || packages="$packages python3 python3-venv"
# shellcheck disable=SC2086
[ -z "$packages" ] || .ci/install.sh $packages

bash tests/serve/run.sh

tools=$(realpath -m "${CI_TOOLS:-target/ci}")/schemathesis
[ -x "$tools/bin/schemathesis" ] || {
  python3 -m venv "$tools"
  "$tools/bin/pip" install -q --disable-pip-version-check schemathesis==4.32.5
}
sources=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; rm -rf "$sources"' EXIT
cp tests/serve/sources/*.txt "$sources"
"$APOGRAPH" serve "$sources" --port 0 > "$sources/address" 2>/dev/null &
server=$!
for _ in $(seq 50); do [ -s "$sources/address" ] && break; sleep 0.1; done
address=$(tr -d '\n' < "$sources/address")
cd tests/serve
"$tools/bin/schemathesis" --config-file schemathesis.toml run "${address}api/openapi.json"
