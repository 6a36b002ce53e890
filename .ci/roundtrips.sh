#!/usr/bin/env bash
# TEI there and back: each file of the corpora beside the checkout, and the TEI of each transcript, becomes another
# format and TEI again, with the release binary. It must be, byte for byte, what TEI → TEI gives: that is equal to the
# source as Canonical XML, layout aside (tests/corpus.rs). The share of equal files must reach its threshold in
# .ci/roundtrips.tsv. Transcripts that become Markdown or EPUB and then TEI must give, all of them, what they give at
# once. Without the corpora there is nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."

shared="${APOGRAPH_SHARED:-../shared}"
work="target/roundtrips"
binary="${APOGRAPH:-target/release/apograph}"
if [ ! -d "$shared/corpora/frus" ]; then
  echo "skipped: there are no corpora in $shared"
  exit 0
fi
[ -x "$binary" ] || cargo build --release --quiet

# What a conversion of a folder says goes to a log beside its output.
convert() {
  mkdir -p "$(dirname "$4")"
  "$binary" convert "$1/" --from "$2" --to "$3" -o "$4" --force > "$4.log" 2>&1 || echo "some failed: see $4.log"
}

rm -rf "$work"
mkdir -p "$work"
ln -s "$(realpath "$shared/corpora/frus")" "$work/frus"
ln -s "$(realpath "$shared/corpora/tei")" "$work/tei"
[ ! -d target/scores/labelled ] || ln -s "$(realpath target/scores/labelled)" "$work/transcripts"

status=0
while IFS=$'\t' read -r format corpus threshold; do
  case "$format" in '#'*) continue ;; esac
  [ -e "$work/$corpus" ] || continue
  direct="$work/direct/$corpus" there="$work/$format/$corpus" back="$work/$format/$corpus.back"
  [ -d "$direct" ] || convert "$work/$corpus" tei tei "$direct"
  convert "$work/$corpus" tei "$format" "$there"
  convert "$there" "$format" tei "$back"
  all=0 equal=0
  for file in "$work/$corpus"/*.xml; do
    all=$((all + 1))
    if cmp -s "$direct/${file##*/}" "$back/${file##*/}"; then
      equal=$((equal + 1))
    else
      echo "  not equal: $direct/${file##*/} $back/${file##*/}"
    fi
  done
  echo "TEI → $format → TEI, $corpus: $equal of $all files are equal"
  if ! awk -v n="$equal" -v all="$all" -v least="$threshold" 'BEGIN { exit !(all > 0 && n / all >= least) }'; then
    echo "  fewer than $threshold of them"
    status=1
  fi
done < .ci/roundtrips.tsv

for form in labelled web; do
  [ -d "$shared/corpora/transcripts/$form" ] || continue
  ln -s "$(realpath "$shared/corpora/transcripts/$form")" "$work/$form"
  convert "$work/$form" transcript tei,markdown,epub "$work/from/$form"
  for kind in md epub; do
    back="$work/from/$form.$kind.back"
    "$binary" convert "$work/from/$form/" --include "*.$kind" --to tei -o "$back" --force > "$back.log" 2>&1 ||
      echo "some failed: see $back.log"
    all=0 equal=0
    for file in "$work/from/$form"/*.xml; do
      all=$((all + 1))
      if cmp -s "$file" "$back/${file##*/}"; then equal=$((equal + 1)); else echo "  not equal: $file"; fi
    done
    echo "transcript → $kind → TEI, $form: $equal of $all are what transcript → TEI is"
    [ "$equal" = "$all" ] && [ "$all" -gt 0 ] || status=1
  done
done
exit "$status"
