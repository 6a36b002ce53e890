#!/bin/sh
# Converts the examples to all three formats, on a fresh machine too: installs Rust where there is none, builds the
# program, and writes to out/.
set -eu
cd "$(dirname "$0")/.."
. .ci/rust.sh
cargo run --release --quiet -- convert examples --to tei,epub,markdown -o out "$@"
ls -1 out
