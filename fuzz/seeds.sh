#!/usr/bin/env bash
# Seeds for the fuzz targets: the cases of the tests, the examples and the schemas. An unpacked book becomes a listing
# of its files, which `read_epub` packs.
set -euo pipefail
cd "$(dirname "$0")"

# FOLDER FILE…: small files, by their content, so that no name comes twice.
take() {
  local folder="corpus/$1" file
  shift
  mkdir -p "$folder"
  for file in "$@"; do
    if [ -f "$file" ] && [ "$(stat -c %s "$file")" -le 12000 ]; then cp "$file" "$folder/$(sha1sum "$file" | cut -c1-16)"; fi
  done
}

shopt -s globstar nullglob
cases=../tests/cases
take read_transcript $cases/**/*.txt ../examples/*.txt
take read_tei $cases/**/*.xml
take read_markdown $cases/**/*.md
take read_json $cases/**/*.json
take schema ../schemas/epub-*.rng ../schemas/ncx.rng $cases/**/*.rng
mkdir -p corpus/schema corpus/read_epub
cat > corpus/schema/small <<'RNG'
<grammar xmlns="http://relaxng.org/ns/structure/1.0" datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes">
<start><ref name="a"/></start>
<define name="a"><element name="a"><attribute name="b"><data type="integer"><param name="maxInclusive">9</param></data></attribute>
<interleave><zeroOrMore><element name="b"><choice><value>2</value><list><oneOrMore><data type="token"/></oneOrMore></list></choice></element></zeroOrMore>
<optional><element><name>c</name><attribute><name>xml:id</name><data type="ID"><param name="pattern">\i\c*</param></data></attribute></element></optional>
<mixed><zeroOrMore><element><anyName><except><nsName ns="urn:x"/><name>b</name></except></anyName><empty/></element></zeroOrMore></mixed>
</interleave></element></define></grammar>
RNG

# Every book of the cases as a listing.
for book in $cases/**/*.epub/; do
  (cd "$book" && find . -type f | sort | sed 's,^\./,,' | while read -r file; do
    if grep -Iq . "$file"; then printf '=== %s\n' "$file"; cat "$file"; printf '\n'; fi
  done) > corpus/read_epub/listing-"$(echo "$book" | sha1sum | cut -c1-16)"
done
program="${APOGRAPH:-../target/release/apograph}"
if [ -x "$program" ]; then
  for example in ../examples/*.txt; do
    "$program" convert "$example" --to epub -o "corpus/read_epub/$(basename "$example").epub" --force -q
  done
fi
for folder in corpus/*; do echo "$folder: $(find "$folder" -type f | wc -l) seeds"; done
