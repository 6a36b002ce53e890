#!/usr/bin/env bash
# Books as sources, with the release binary: TEI → EPUB → TEI must be equal as Canonical XML, and the books of others
# must be read with their text and become valid TEI, EPUB and Markdown. Without the corpora there is nothing to do.
# Without --all: the three smallest volumes, five other TEI files, one transcript in twenty and all books.
set -euo pipefail
cd "$(dirname "$0")/.."

shared="${APOGRAPH_SHARED:-../shared}"
corpora="$shared/corpora"
if [ ! -d "$corpora/frus" ] || [ ! -d "$corpora/books" ]; then
  echo "skipped: there are no corpora in $shared"
  exit 0
fi
work="target/books"
binary="${APOGRAPH:-target/release/apograph}"
[ -x "$binary" ] || cargo build --release --quiet
command -v xmllint > /dev/null || .ci/install.sh libxml2-utils
rm -rf "$work"
mkdir -p "$work"

every() { if [ "${1:-}" = --all ]; then cat; else awk "NR % $2 == 1"; fi; }
if [ "${1:-}" = --all ]; then
  mapfile -t volumes < <(ls "$corpora"/frus/*.xml)
else
  mapfile -t volumes < <(ls -Sr "$corpora"/frus/*.xml | head -3)
fi
mapfile -t others < <(ls "$corpora"/tei/*.xml | every "${1:-}" 6)
mapfile -t transcripts < <(ls "$corpora"/transcripts/labelled/*.txt | every "${1:-}" 20)
mapfile -t books < <(ls "$corpora"/books/*.epub)
mapfile -t clean < <(awk -F '\t' '$2 == "clean" { print $1 }' "$corpora/epub-verdicts/verdicts.tsv" | sed "s|^|$corpora/epub-verdicts/|")

failed=0
# TEI as this program writes it, before and behind the EPUB.
"$binary" convert "${volumes[@]}" "${others[@]}" "${transcripts[@]}" --to tei,epub -o "$work/before" --no-validate -q || true
find "$work/before" -name '*.epub' | sort > "$work/epubs"
mapfile -t epubs < "$work/epubs"
"$binary" convert "${epubs[@]}" --to tei -o "$work/behind" --no-validate -q > "$work/behind.log" 2>&1 || failed=1
equal=0
while read -r epub; do
  name=$(basename "$epub" .epub)
  before=$(find "$work/before" -name "$name.xml" | head -1)
  behind=$(find "$work/behind" -name "$name.xml" | head -1)
  if [ -n "$behind" ] && cmp -s <(xmllint --huge --nonet --c14n11 "$before") <(xmllint --huge --nonet --c14n11 "$behind"); then
    equal=$((equal + 1))
  else
    echo "not equal: $name"
  fi
done < "$work/epubs"
echo "TEI → EPUB → TEI: $equal of ${#epubs[@]} equal as Canonical XML"
[ "$equal" = "${#epubs[@]}" ] || failed=1

# Books of others, and those that pandoc and calibre make where they are installed: read, their text in every output,
# each output valid by the program's own schemas; as Markdown and as EPUB they are read again as the same document.
rm -rf "$work/others"
mkdir -p "$work/others"
for book in "${books[@]}"; do cp "$book" "$work/others/"; done
for book in "${clean[@]}"; do
  name=${book#"$corpora/epub-verdicts/"}
  cp "$book" "$work/others/${name//\//_}"
done
sample="tests/cases/markdown/of-pandoc.md"
if command -v pandoc > /dev/null; then
  for kind in epub2 epub3; do pandoc -f markdown -t "$kind" "$sample" -M title=Sample -o "$work/others/pandoc-$kind.epub"; done
  printf '# Sums\n\nIt is $x^2+y_1$, says Moor.[^1]\n\n[^1]: $\\frac{a}{b}$\n' |
    pandoc --mathml -M title=Sums -o "$work/others/pandoc-math.epub"
  if command -v ebook-convert > /dev/null; then
    pandoc -s -f markdown "$sample" -M title=Sample -o "$work/sample.html"
    ebook-convert "$work/sample.html" "$work/others/calibre.epub" > "$work/calibre.log" 2>&1
  fi
fi
"$binary" convert "$work/others/" --to tei,markdown,epub,json -o "$work/wild" > "$work/wild.log" 2>&1 || {
  grep -E '^(failed|error)' "$work/wild.log" | head -20
  failed=1
}
echo "books of others: $(grep -c '^converted' "$work/wild.log" || true) of $(ls "$work/others" | wc -l) converted"
for kind in md epub; do
  "$binary" convert "$work/wild/" --include "*.$kind" --to json -o "$work/wild-$kind" -q > "$work/wild-$kind.log" 2>&1 || failed=1
  echo "as $kind and back:"
  python3 .ci/models.py "$work/wild" "$work/wild-$kind" || failed=1
done
exit "$failed"
