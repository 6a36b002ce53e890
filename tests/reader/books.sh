#!/usr/bin/env bash
# Writes the books of the pictures and of the tests in a reading system into a folder: books.sh FOLDER [OPTION...]
# The options go to `apograph convert`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
out=$1
shift
binary=${APOGRAPH:-${CARGO_TARGET_DIR:-$root/target}/release/apograph}
[ -x "$binary" ] || cargo build --release --quiet --manifest-path "$root/Cargo.toml"
mkdir -p "$out"
"$binary" convert "$root"/examples/cable.txt "$root"/examples/memorandum.txt "$here"/books/play.xml \
  "$here"/books/verse.xml --to epub -o "$out" --force --quiet "$@"
theme=(--theme book)
[[ " $* " == *" --theme "* ]] && theme=()
"$binary" convert "$here"/books/novel.md --to epub -o "$out" "${theme[@]}" --force --quiet "$@"
