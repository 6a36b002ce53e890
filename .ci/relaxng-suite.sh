#!/usr/bin/env bash
# James Clark's test suites of RELAX NG, of the datatypes of XML Schema and of its regular expressions, over the engine.
# They come from the source package of jing (libxml2's copy of the first is not in Debian's source package of that),
# by a source list of its own, so that the machine's lists stay as they are.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$(realpath -m "${CI_TOOLS:-target/ci}")
suite=${APOGRAPH_RELAXNG_SUITE:-$tools/relaxng-suite}

if [ ! -f "$suite/spectest.xml" ] || [ ! -f "$suite/xsdtest.xml" ] || [ ! -f "$suite/regextest.xml" ]; then
  command -v apt-get >/dev/null || { echo "please put spectest.xml, xsdtest.xml, regextest.xml of jing into $suite" >&2; exit 1; }
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$suite" "$work"/{parts,lists/partial,cache/archives/partial}
  ID=debian VERSION_CODENAME=stable
  # shellcheck disable=SC1091
  . /etc/os-release
  case $ID in
    ubuntu) archive=http://archive.ubuntu.com/ubuntu part=universe ring=ubuntu-archive-keyring.gpg later=devel ;;
    *) archive=http://deb.debian.org/debian part=main ring=debian-archive-keyring.gpg later="testing unstable" ;;
  esac
  options=(-q -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$work/parts" -o "Dir::State::Lists=$work/lists"
    -o "Dir::Cache=$work/cache" -o "APT::Sandbox::User=$(id -un)")
  # A mirror may have lost an older release's source: then a later one does as well.
  for release in $VERSION_CODENAME $later; do
    echo "deb-src [signed-by=/usr/share/keyrings/$ring] $archive $release $part" > "$work/parts/source.list"
    apt-get "${options[@]}" update >/dev/null
    (cd "$work" && apt-get "${options[@]}" source --download-only --tar-only jing-trang >/dev/null) && break
  done
  tar -xf "$work"/jing-trang_*.orig.tar.* -C "$work" --wildcards --no-anchored spectest.xml xsdtest.xml regextest.xml
  find "$work" \( -name spectest.xml -o -name xsdtest.xml -o -name regextest.xml \) -exec cp {} "$suite/" \;
fi

said=$(APOGRAPH_RELAXNG_SUITE=$suite cargo test --quiet --test relaxng_suite -- --nocapture 2>&1) || { echo "$said"; exit 1; }
grep -E ': [0-9]+ of [0-9]+ \(' <<< "$said" || { echo "no suite was run: $said" >&2; exit 1; }
