#!/usr/bin/env bash
# Whether the library compiles for WebAssembly (wasm32-unknown-unknown), without the command line and without threads.
#
# Where the toolchain has the target, it is used. Else the standard library is compiled from Debian's sources of Rust
# (rustc-web, rust-web-src), which are unpacked under target/ and not installed.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/rust.sh

target=wasm32-unknown-unknown
work="$PWD/target/wasm"
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

build=()
if [ ! -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; then
  if [ ! -x "$debian/usr/bin/rustc" ] && ! fetch; then
    echo "skipped: neither the toolchain nor Debian has Rust for $target"
    exit 0
  fi
  rm -rf "$work/packages"
  LD_LIBRARY_PATH="$debian/usr/lib/$(uname -m)-linux-gnu"
  export LD_LIBRARY_PATH RUSTC="$debian/usr/bin/rustc" RUSTC_BOOTSTRAP=1
  least="$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)"
  have="$("$RUSTC" --version | cut -d' ' -f2)"
  if [ "$(printf '%s\n%s\n' "$least" "$have" | sort -V | head -n 1)" != "$least" ]; then
    echo "skipped: Debian's Rust $have is older than $least"
    exit 0
  fi
  build=(-Zbuild-std=std,panic_abort)
fi
CARGO_TARGET_DIR="$work/target" cargo check --quiet "${build[@]}" --target "$target" --lib \
  --no-default-features --features index
echo "the library compiles for $target"
