#!/usr/bin/env bash
# The Python module, as its users get it: the wheel is built, installed into a fresh virtual environment, tested there,
# and its types are checked beside what it really has.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/rust.sh

work="$PWD/target/python"
mkdir -p "$work"
# Tools are kept from run to run, the environment that is tested is not.
tools="$work/tools"
if ! python3 -m venv --help >/dev/null 2>&1 || ! python3 -c 'import ensurepip' 2>/dev/null; then
  .ci/install.sh python3 python3-venv
fi
if [ ! -x "$tools/bin/maturin" ]; then
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check 'maturin>=1.9,<2'
fi

cargo clippy -p apograph-python --quiet -- -D warnings
cargo fmt -p apograph-python --check

rm -rf "$work/wheels" "$work/fresh"
"$tools/bin/maturin" build --release --quiet -m python/Cargo.toml --out "$work/wheels"
ls -l "$work/wheels"

python3 -m venv "$work/fresh"
"$work/fresh/bin/pip" install --quiet --disable-pip-version-check "$work"/wheels/apograph-*.whl pytest mypy \
  pandas matplotlib pandas-stubs
binary="${APOGRAPH:-target/release/apograph}"
[ -x "$binary" ] || cargo build --release --quiet
binary="$(realpath "$binary")"
module="$PWD/python"
fresh="$work/fresh/bin"
# From elsewhere and with -P, so that what is installed is what is tested.
cd "$work"
APOGRAPH="$binary" "$fresh/python" -P -m pytest -q -p no:cacheprovider --import-mode=importlib "$module/tests"
"$fresh/python" -P -m mypy.stubtest apograph --concise --mypy-config-file "$module/pyproject.toml"
"$fresh/python" -P -m mypy --strict --cache-dir "$work/mypy" "$module/apograph" "$module/bench" "$module/tests" \
  "$module/examples"
"$fresh/python" -P "$module/examples/edition.py" > "$work/edition.txt"
tail -n 1 "$work/edition.txt"

# As fast as the binary, where there are documents to measure it by.
transcripts="${APOGRAPH_SHARED:-$module/../../shared}/corpora/transcripts/labelled"
if [ -d "$transcripts" ]; then
  "$fresh/python" -P "$module/bench/beside_the_binary.py" "$binary" "$transcripts" tei,epub,markdown 1
else
  echo "skipped: no transcripts to measure the module beside the binary"
fi
