#!/usr/bin/env bash
# Converts the transcripts beside the checkout with the release binary and measures the TEI against what is known
# of them. Each measure must reach its threshold in .ci/thresholds.tsv. Without the corpus there is nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."

shared="${APOGRAPH_SHARED:-../shared}"
corpus="$shared/corpora/transcripts"
bench="$shared/bench"
if [ ! -d "$corpus/gold" ] || [ ! -f "$bench/score.py" ]; then
  echo "skipped: there are no transcripts in $shared"
  exit 0
fi

work="target/scores"
binary="${APOGRAPH:-target/release/apograph}"
[ -x "$binary" ] || cargo build --release --quiet
if [ ! -x "$work/venv/bin/python" ]; then
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet -r "$bench/requirements.txt"
fi

rm -rf "${work:?}/gold"
"$work/venv/bin/python" .ci/parts.py "$corpus/gold" .ci/tuned-on.txt "$work/gold"
for form in labelled web; do
  rm -rf "${work:?}/$form"
  "$binary" convert "$corpus/$form" --to tei -o "$work/$form" --force > "$work/$form.log" 2>&1 ||
    echo "some of the documents in $form failed: see $work/$form.log"
  "$work/venv/bin/python" "$bench/score.py" "$corpus/gold" "$work/$form" --json "$work/$form.json" --worst 20 \
    > "$work/$form.txt"
  for part in tuned-on held-out; do
    "$work/venv/bin/python" "$bench/score.py" "$work/gold/$part" "$work/$form" --json "$work/$form-$part.json" \
      --worst 20 > "$work/$form-$part.txt"
  done
done

echo "all documents:"
"$work/venv/bin/python" .ci/thresholds.py .ci/thresholds.tsv "$work/labelled.json" "$work/web.json"
for part in tuned-on held-out; do
  echo "$part (.ci/tuned-on.txt):"
  "$work/venv/bin/python" .ci/thresholds.py --tell .ci/thresholds.tsv "$work/labelled-$part.json" "$work/web-$part.json"
done
echo "certainty of anchors, held out:"
"$work/venv/bin/python" .ci/calibration.py "$bench" "$work/gold/held-out" "$work/labelled" "$work/web"

echo "repositories in source notes, beside a reader's:"
"$work/venv/bin/python" .ci/repositories.py "$corpus/labelled" --binary "$binary"
echo "names and terms, taken out of volumes and found again:"
"$work/venv/bin/python" .ci/names.py "$shared/corpora/frus" --binary "$binary" --thresholds
echo "dates, taken out and found again:"
"$work/venv/bin/python" .ci/dates.py "$shared/corpora/frus" "$shared/corpora/tei" --binary "$binary" --thresholds
