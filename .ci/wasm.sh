#!/usr/bin/env bash
# The page for a browser alone: the library is compiled for WebAssembly (wasm32-unknown-unknown), without the command
# line and without threads; put into one file with the page, target/web/apograph.html; and tried in Chromium.
#
# Where the toolchain has the target, it is used. Else the standard library is compiled from Debian's sources of Rust
# (rustc-web, rust-web-src), which are unpacked under target/ and not installed.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/rust.sh

target=wasm32-unknown-unknown
# The same for every checkout that shares its target/ with others: what was compiled by this compiler can stay.
mkdir -p target/web
work="$(realpath target/web)"
debian="$work/debian"

# The package of a pattern that another depends on.
needs() { apt-cache depends "$1" | sed -n "s/.*Depends: \($2\)\$/\1/p" | head -n 1; }

fetch() (
  command -v apt-get >/dev/null || return 1
  rm -rf "$debian" "$work/packages"
  mkdir -p "$work/packages"
  cd "$work/packages"
  apt-get update -q >/dev/null || return 1
  library="$(needs rustc-web 'libstd-rust-web-dev')"
  runtime="$(needs "$library" 'libstd-rust-web-[0-9.]*')"
  llvm="$(needs "$runtime" 'libllvm[0-9.]*')"
  apt-get download -q rustc-web rust-web-src "$library" "$runtime" "$llvm" >/dev/null 2>&1 || return 1
  for package in *.deb; do dpkg -x "$package" "$debian" || return 1; done
)

own="$(rustc --print sysroot)"
compile() (
  std=()
  if [ ! -d "$own/lib/rustlib/$target/lib" ]; then
    LD_LIBRARY_PATH="$debian/usr/lib/$(uname -m)-linux-gnu"
    export LD_LIBRARY_PATH RUSTC="$debian/usr/bin/rustc" RUSTC_BOOTSTRAP=1
    # Debian's compiler has no linker for the target with it; the toolchain has one for all.
    linker="$(find "$own/lib/rustlib" -name rust-lld -type f | head -n 1)"
    [ -z "$linker" ] || export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER="$linker"
    std=(-Zbuild-std=std,panic_abort)
  fi
  # Documents nest, and what walks them recurses.
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="-C link-arg=-zstack-size=16777216"
  CARGO_TARGET_DIR="$work/target" cargo build --quiet --locked "${std[@]}" --target "$target" --profile web \
    -p apograph-web --lib
)

skip() { echo "skipped: $1" | tee "$work/skipped"; }

# What the target is compiled with.
toolchain() {
  rm -f "$work/skipped"
  mkdir -p "$work"
  [ ! -d "$own/lib/rustlib/$target/lib" ] || return 0
  if [ ! -x "$debian/usr/bin/rustc" ] && ! fetch; then
    skip "neither the toolchain nor Debian has Rust for $target"
    return 0
  fi
  rm -rf "$work/packages"
  least="$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)"
  have="$(LD_LIBRARY_PATH="$debian/usr/lib/$(uname -m)-linux-gnu" "$debian/usr/bin/rustc" --version | cut -d' ' -f2)"
  if [ "$(printf '%s\n%s\n' "$least" "$have" | sort -V | head -n 1)" != "$least" ]; then
    skip "Debian's Rust $have is older than $least"
  fi
}

page() {
  [ ! -f "$work/skipped" ] || return 0
  compile
  CARGO_TARGET_DIR="$work/host" cargo build --quiet --locked --release -p apograph-web --bin apograph-web
  assemble="$work/host/release/apograph-web"
  rm -rf "$work/bound"
  "$assemble" bind "$work/target/$target/web/apograph_web.wasm" "$work/bound"
  "$assemble" page "$work/bound" "$work/apograph.html"
  ls -l "$work/bound/apograph_bg.wasm" "$work/apograph.html"
}

try() {
  [ ! -f "$work/skipped" ] || return 0
  bash tests/serve/run.sh alone "$work/apograph.html"
}

# One of the three, or all.
case "${1:-all}" in
  toolchain | page | try) "$1" ;;
  all)
    toolchain
    page
    try
    ;;
esac
