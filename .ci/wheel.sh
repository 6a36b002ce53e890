#!/usr/bin/env bash
# Builds the Python module's wheel anew and says where it lies.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/rust.sh

work="$PWD/target/python"
tools="$work/tools"
python3 -c 'import venv, ensurepip' 2>/dev/null || .ci/install.sh python3 python3-venv
if [ ! -x "$tools/bin/maturin" ]; then
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check 'maturin>=1.9,<2'
fi
rm -rf "$work/wheels"
"$tools/bin/maturin" build --release --locked --quiet -m python/Cargo.toml --out "$work/wheels" >&2
ls "$work"/wheels/apograph-*.whl
