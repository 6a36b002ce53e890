#!/usr/bin/env bash
# Markdown → TEI and → EPUB, and EPUB → Markdown, beside pandoc: the same file of two million bytes with 500 notes,
# in one run, measured in CPU seconds (user and system). For people to run; it is no part of .ci/run.
set -euo pipefail
cd "$(dirname "$0")/.."

binary="$(realpath "${APOGRAPH:-target/release/apograph}")"
work="target/speed"
mkdir -p "$work"
cd "$work"

# Sentences of invented words, emphasis, links, lists, tables, quotations and notes; the same bytes each time.
[ -f papers.md ] || awk 'BEGIN {
  srand(1931)
  n = split("the harbour of Port Vale was closed for winter and boats lay along stone quay while clerks wrote " \
    "reports about ferry talks which had begun in hope of a lasting peace but ended without result", word, " ")
  print "---\ntitle: The Ferry Papers\nauthor: A. Moor\nlang: en\n---\n"
  while (size < 2000000) {
    part++
    if (part % 12 == 1) put("## " ++report ". Report of May " report % 30 + 1 ", 1931\n\n")
    text = sentences(3 + int(rand() * 5))
    if (part % 7 == 0 && notes < 500) { notes++; text = text "[^" notes "]" }
    put(text "\n\n")
    if (part % 40 == 0) { for (i = 0; i < 4; i++) put("- " sentences(1) "\n"); put("\n") }
    if (part % 60 == 0) { put("| boat | quay |\n|------|------|\n"); for (i = 0; i < 5; i++) put("| " w() " | " w() " |\n"); put("\n") }
    if (part % 80 == 0) put("> " sentences(1) "\n\n")
  }
  for (i = 1; i <= notes; i++) print "[^" i "]: " sentences(2)
}
function put(text) { size += length(text); printf "%s", text }
function w() { return word[1 + int(rand() * n)] }
function sentences(count,   text, i, j, long) {
  for (i = 0; i < count; i++) {
    long = 8 + int(rand() * 16)
    text = text (i ? " " : "") toupper(substr(w(), 1, 1))
    for (j = 0; j < long; j++) {
      chance = rand()
      text = text " " (chance < 0.02 ? "*" w() "*" : chance < 0.023 ? "[" w() "](https://example.org/" j ")" : w())
    }
    text = text "."
  }
  return text
}' > papers.md

bytes=$(stat -c %s papers.md)
echo "papers.md: $bytes bytes, $(grep -c '^\[^' papers.md) notes"

# The CPU seconds of a command: the least of some runs.
seconds() {
  local runs=$1 least="" user system
  shift
  for _ in $(seq "$runs"); do
    { read -r user system < <( { TIMEFORMAT='%U %S'; time "$@" > /dev/null 2>&1; } 2>&1 ); } || true
    least=$(awk -v a="$least" -v b="$user" -v c="$system" 'BEGIN { t = b + c; print (a == "" || t < a) ? t : a }')
  done
  echo "$least"
}

row() {
  awk -v what="$1" -v size="$2" -v ours="$3" -v theirs="$4" 'BEGIN {
    printf "%-18s apograph %6.3f s (%6.1f MB/s)", what, ours, size / ours / 1e6
    if (theirs != "") printf "   pandoc %6.2f s (%5.2f MB/s)   %4.0f times", theirs, size / theirs / 1e6, theirs / ours
    printf "\n"
  }'
}

pandoc=""
command -v pandoc > /dev/null && pandoc=yes
ours=$(seconds 5 "$binary" convert papers.md --to tei -o ours.xml --force -q)
theirs=${pandoc:+$(seconds 1 pandoc -s -f markdown -t tei papers.md -o theirs.xml)}
row "Markdown → TEI" "$bytes" "$ours" "$theirs"
ours=$(seconds 5 "$binary" convert papers.md --to epub -o ours.epub --force -q)
theirs=${pandoc:+$(seconds 1 pandoc -f markdown -t epub3 papers.md -o theirs.epub)}
row "Markdown → EPUB" "$bytes" "$ours" "$theirs"
if "$binary" formats | awk '$1 == "epub" && $2 == "yes" { found = 1 } END { exit !found }'; then
  ours=$(seconds 5 "$binary" convert ours.epub --to markdown -o again.md --force -q)
  theirs=${pandoc:+$(seconds 1 pandoc -f epub -t markdown ours.epub -o theirs.md)}
  row "EPUB → Markdown" "$bytes" "$ours" "$theirs"
fi
