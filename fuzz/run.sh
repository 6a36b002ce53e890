#!/usr/bin/env bash
# Runs fuzz targets one after the other, so many CPU seconds each: fuzz/run.sh [SECONDS [TARGET…]]. A finding does not
# end a round: all are kept in fuzz/artifacts, and the next input is tried. Ends with 1 if there were findings.
set -euo pipefail
cd "$(dirname "$0")"

seconds="${1:-1800}"
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(read_transcript read_tei read_markdown read_epub schema)
build="target/$(rustc -vV | sed -n 's/^host: //p')/release"

words() {
  case "$1" in
    read_transcript) echo words/transcript.dict ;;
    read_tei | read_json) echo words/xml.dict ;;
    read_markdown) echo words/markdown.dict ;;
    read_epub) echo words/book.dict ;;
    schema) echo words/schema.dict ;;
  esac
}

# TARGET WALL-SECONDS: one round, up to a finding; gives the CPU seconds that it took.
round() {
  local TIMEFORMAT='%U %S'
  { time nice -n "${NICE:-19}" "$build/$1" "corpus/$1" -artifact_prefix="artifacts/$1/" -dict="$(words "$1")" -max_len=6000 \
    -timeout=60 -rss_limit_mb=2048 -print_final_stats=1 -max_total_time="$2" >> "artifacts/$1.log" 2>&1 || true; } \
    2>&1 | awk '{ print int($1 + $2 + 1) }'
}

found=0
for target in "${targets[@]}"; do
  mkdir -p "corpus/$target" "artifacts/$target"
  : > "artifacts/$target.log"
  took=0
  # On a busy machine a second is no CPU second.
  while left=$((seconds - took)) && [ "$left" -gt 2 ]; do
    took=$((took + $(round "$target" "$left")))
  done
  runs=$(awk '/^stat::number_of_executed_units/ { all += $2 } END { print all + 0 }' "artifacts/$target.log")
  coverage=$({ grep -aoE 'cov: [0-9]+ ft: [0-9]+' "artifacts/$target.log" || true; } | tail -n 1)
  count=$(find "artifacts/$target" -type f | wc -l)
  echo "$target: $took CPU seconds, $runs runs ($((runs / (took > 0 ? took : 1)))/s), $coverage, findings: $count"
  [ "$count" = 0 ] || found=1
done
exit $found
