#!/usr/bin/env bash
# TEI there and back: each file of the corpora beside the checkout, and the TEI of each transcript, becomes another
# format and TEI again, with the release binary. The share of files that come back equal, as Canonical XML 1.1 with
# layout aside, must reach its threshold in .ci/roundtrips.tsv. Without the corpora there is nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."

shared="${APOGRAPH_SHARED:-../shared}"
work="target/roundtrips"
python="target/scores/venv/bin/python"
binary="${APOGRAPH:-target/release/apograph}"
if [ ! -d "$shared/corpora/frus" ] || [ ! -x "$python" ]; then
  echo "skipped: there are no corpora in $shared, or .ci/scores.sh has not made its environment yet"
  exit 0
fi
[ -x "$binary" ] || cargo build --release --quiet

rm -rf "$work"
mkdir -p "$work"
ln -s "$(realpath "$shared/corpora/frus")" "$work/frus"
ln -s "$(realpath "$shared/corpora/tei")" "$work/tei"
[ ! -d target/scores/labelled ] || ln -s "$(realpath target/scores/labelled)" "$work/transcripts"

results="$work/results.tsv"
: > "$results"
while IFS=$'\t' read -r format corpus _; do
  case "$format" in '#'*) continue ;; esac
  [ -e "$work/$corpus" ] || continue
  there="$work/$format/$corpus" back="$work/$format/$corpus.back"
  "$binary" convert "$work/$corpus/" --from tei --to "$format" -o "$there" --force > "$there.log" 2>&1 ||
    echo "some of $corpus failed on the way to $format: see $there.log"
  "$binary" convert "$there/" --from "$format" --to tei -o "$back" --force > "$back.log" 2>&1 ||
    echo "some of $corpus failed on the way back from $format: see $back.log"
  printf '%s\t%s\t' "$format" "$corpus" >> "$results"
  "$python" .ci/equal.py "$work/$corpus" "$back" "$back.unequal" >> "$results"
done < .ci/roundtrips.tsv

status=0
while IFS=$'\t' read -r format corpus threshold; do
  case "$format" in '#'*) continue ;; esac
  found=$(awk -F'\t' -v f="$format" -v c="$corpus" '$1 == f && $2 == c { print $3 " of " $4 }' "$results")
  [ -n "$found" ] || continue
  echo "TEI → $format → TEI, $corpus: $found files are equal"
  if ! awk -v found="$found" -v least="$threshold" 'BEGIN { split(found, n, " of "); exit !(n[2] > 0 && n[1] / n[2] >= least) }'; then
    echo "  fewer than $threshold of them; the others: $work/$format/$corpus.back.unequal"
    status=1
  fi
done < .ci/roundtrips.tsv
exit "$status"
