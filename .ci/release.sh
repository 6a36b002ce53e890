#!/usr/bin/env bash
# Makes what a release consists of, in target/dist: the program as one static binary with completions and manual pages,
# packed; the Python wheel; and their check sums. Tries each.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/rust.sh

version="$(cargo metadata --no-deps --format-version 1 |
  python3 -c 'import json, sys; print(next(p["version"] for p in json.load(sys.stdin)["packages"] if p["name"] == "apograph"))')"
grep -q "^## $version\|^## Unreleased" CHANGELOG.md || { echo "CHANGELOG.md says nothing of $version" >&2; exit 1; }

# What cargo would publish: all that the crate is built from, and nothing that only its makers need.
listed="$(cargo package --list --allow-dirty -p apograph)"
for needed in src/lib.rs schemas/tei.rng schemas/epub-package.rng src/write/epub/css/base.css README.md CHANGELOG.md LICENSE-MIT; do
  grep -qx "$needed" <<<"$listed" || { echo "the package lacks $needed" >&2; exit 1; }
done
if grep -E '^(\.ci|fuzz|python|target|corpora|shared)/' <<<"$listed"; then
  echo "the package holds what only its makers need" >&2
  exit 1
fi

# As its users install it, into a place of its own.
rm -rf target/installed
cargo install --path . --locked --quiet --root target/installed
target/installed/bin/apograph --version

dist="$PWD/target/dist"
rm -rf "$dist"
mkdir -p "$dist"
# The system's own C library is linked in: only the program itself is made anew, all else is as it was built. (musl would
# want a toolchain that has its target; rustup has one where its servers can be reached.)
cargo rustc --release --locked --quiet --bin apograph -- -C target-feature=+crt-static
binary="$dist/apograph"
cp target/release/apograph "$binary"
if ldd "$binary" 2>&1 | grep '=>'; then
  echo "the binary is not static" >&2
  exit 1
fi
cp "$(ls target/python/wheels/apograph-"$version"-*.whl 2>/dev/null || .ci/wheel.sh)" "$dist/"

name="apograph-$version-$(uname -m)-linux"
root="$dist/$name"
mkdir -p "$root/completions" "$root/man/man1"
mv "$binary" "$root/"
cp README.md CHANGELOG.md LICENSE-MIT LICENSE-APACHE "$root/"
strip "$root/apograph"
for shell in bash zsh fish elvish powershell; do
  "$root/apograph" completions "$shell" > "$root/completions/apograph.$shell"
done
SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}" "$root/apograph" man "$root/man/man1"
[ "$(ls "$root/man/man1" | wc -l)" -ge 9 ]
"$root/apograph" --version
# Nothing but the binary is needed.
(cd "$dist" && env -i "$root/apograph" convert "$OLDPWD/examples/cable.txt" --to tei,epub,markdown -o tried --quiet &&
  env -i "$root/apograph" validate --strict tried/cable.epub tried/cable.md && env -i "$root/apograph" validate tried/cable.xml && rm -r tried)
tar -C "$dist" -czf "$dist/$name.tar.gz" --sort=name --owner=0 --group=0 --mtime=@0 "$name"
rm -r "$root"
(cd "$dist" && sha256sum -- * > SHA256SUMS && ls -l)
