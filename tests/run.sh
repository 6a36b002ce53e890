#!/bin/sh
# Runs all tests, on a fresh machine too: installs Rust where there is none.
set -eu
cd "$(dirname "$0")/.."
. .ci/rust.sh
cargo test "$@"
