#!/usr/bin/env bash
# The Python module, as its users get it: the wheel is built, installed into a fresh virtual environment, tested there,
# and its types are checked beside what it really has.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/rust.sh

wheel="$(.ci/wheel.sh)"
ls -l "$wheel"
work="$PWD/target/python"
fresh="$work/fresh/bin"
rm -rf "$work/fresh"
python3 -m venv "$work/fresh"
"$fresh/pip" install --quiet --disable-pip-version-check "$wheel" pytest mypy pandas matplotlib pandas-stubs

binary="${APOGRAPH:-target/release/apograph}"
[ -x "$binary" ] || cargo build --release --quiet
binary="$(realpath "$binary")"
module="$PWD/python"
# From elsewhere and with -P, so that what is installed is what is tested.
cd "$work"
APOGRAPH="$binary" "$fresh/python" -P -m pytest -q -p no:cacheprovider --import-mode=importlib "$module/tests"
"$fresh/python" -P -m mypy.stubtest apograph --concise --mypy-config-file "$module/pyproject.toml"
"$fresh/python" -P -m mypy --strict --cache-dir "$work/mypy" "$module/apograph" "$module/bench" "$module/tests" \
  "$module/examples"
"$fresh/python" -P "$module/examples/edition.py" > "$work/edition.txt"
tail -n 1 "$work/edition.txt"

# The same bytes as the binary and what they cost, where there are documents to measure it by.
transcripts="${APOGRAPH_SHARED:-$module/../../shared}/corpora/transcripts/labelled"
if [ -d "$transcripts" ]; then
  "$fresh/python" -P "$module/bench/beside_the_binary.py" "$binary" "$transcripts" tei,epub,markdown 1
else
  echo "skipped: no transcripts to measure the module beside the binary"
fi
