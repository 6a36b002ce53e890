# Sourced by the scripts that need cargo: installs Rust, a linker and make where they are missing. Sets PATH.
rust_missing() { ! command -v cargo >/dev/null 2>&1 && [ ! -x "$HOME/.cargo/bin/cargo" ]; }
linker_missing() { ! command -v cc >/dev/null 2>&1 || ! command -v make >/dev/null 2>&1; }
if rust_missing || linker_missing; then
  packages=""
  command -v curl >/dev/null 2>&1 || packages="curl ca-certificates"
  linker_missing && packages="$packages build-essential"
  # shellcheck disable=SC2086
  [ -z "$packages" ] || .ci/install.sh $packages
fi
if rust_missing; then
  curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y -q --profile minimal -c clippy,rustfmt
fi
PATH="$HOME/.cargo/bin:$PATH"
export PATH
