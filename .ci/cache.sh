# Sourced by run, with cargo at hand. Where CI starts from a fresh clone, the crates that this one is built from are kept
# between runs, in ${XDG_CACHE_HOME:-~/.cache}/apograph-ci, as long as their versions and the compiler stay the same. All
# else under target/ is made anew: this crate itself, and the tools.
kept="${XDG_CACHE_HOME:-$HOME/.cache}/apograph-ci"
made_of="$(rustc -vV | cat - Cargo.lock | sha256sum | cut -c1-16)"
if [ "${CI:-}" = true ] && [ ! -e target ]; then
  [ -d "$kept/$made_of" ] || rm -rf "$kept"
  mkdir -p "$kept/$made_of"
  ln -s "$kept/$made_of" target
  find target/ -mindepth 1 -maxdepth 1 ! -name debug ! -name release ! -name web -exec rm -rf {} +
  for profile in dev release; do
    cargo clean --quiet --profile "$profile" -p apograph -p apograph-python -p apograph-web
  done
  find target/web -name '*apograph*' -prune -exec rm -rf {} + 2>/dev/null || true
fi
