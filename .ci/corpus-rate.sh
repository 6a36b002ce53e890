#!/usr/bin/env bash
# A folder of small documents, Markdown → EPUB and → TEI, beside pandoc: once for each document in a shell loop, and in
# the best batch that its command line allows, one process to a core (`xargs -P`). CPU seconds (user and system) and wall
# seconds for each document; pandoc is given a part of the folder, since it takes the same time for each. pandoc validates
# nothing and draws no cover: `plain` leaves both out. For people to run; it is no part of .ci/run.
#
# .ci/corpus-rate.sh [FOLDER OF TRANSCRIPTS]
set -euo pipefail
cd "$(dirname "$0")/.."

binary="$(realpath "${APOGRAPH:-target/release/apograph}")"
shared="${APOGRAPH_SHARED:-../shared}"
corpus="${1:-$shared/corpora/transcripts/web}"
command -v pandoc > /dev/null || { echo "skipped: there is no pandoc"; exit 0; }
[ -d "$corpus" ] || { echo "skipped: there are no transcripts in $shared"; exit 0; }
corpus="$(realpath "$corpus")"
work="target/rate"
rm -rf "$work"
mkdir -p "$work"
cd "$work"
"$binary" convert "$corpus" --to markdown -o md -q || true
mapfile -t all < <(find md -name '*.md' | sort)
part=("${all[@]:0:60}")
echo "${#all[@]} documents of $(($(cat "${all[@]}" | wc -c) / ${#all[@]})) bytes on average; pandoc is given ${#part[@]}"

# DOCUMENTS COMMAND…: milliseconds for each document: wall, CPU.
took() {
  local documents=$1 TIMEFORMAT='%R %U %S'
  shift
  { time "$@" > /dev/null 2>&1; } 2>&1 | awk -v n="$documents" '{ printf "%.3f %.3f\n", 1000 * $1 / n, 1000 * ($2 + $3) / n }'
}

loop() { local file; for file in "${part[@]}"; do pandoc -s -f markdown -t "$1" "$file" -o "one.$1"; done; }
batch() { printf '%s\n' "${part[@]}" | xargs -P "$(nproc)" -I{} pandoc -s -f markdown -t "$1" {} -o "{}.$1"; }
ours() { "$binary" convert md --to "$1" -o "out-$1" --force -q "${@:2}"; }

for target in epub3 tei; do
  name="${target%3}"
  read -r loop_wall loop_cpu < <(took "${#part[@]}" loop "$target")
  read -r batch_wall batch_cpu < <(took "${#part[@]}" batch "$target")
  printf '%-5s pandoc, loop   %8.2f ms wall %8.2f ms CPU\n' "$name" "$loop_wall" "$loop_cpu"
  printf '%-5s pandoc, xargs  %8.2f ms wall %8.2f ms CPU\n' "$name" "$batch_wall" "$batch_cpu"
  plain=(--no-validate)
  [ "$name" = tei ] || plain+=(--cover none)
  for how in default plain; do
    if [ "$how" = default ]; then options=(); else options=("${plain[@]}"); fi
    read -r wall cpu < <(took "${#all[@]}" ours "$name" "${options[@]}")
    awk -v name="$name" -v how="$how" -v w="$wall" -v c="$cpu" -v lw="$loop_wall" -v lc="$loop_cpu" -v bw="$batch_wall" 'BEGIN {
      printf "%-5s ours, %-8s %8.2f ms wall %8.2f ms CPU   %4.0f times the loop by wall, %4.0f by CPU; %4.0f times xargs by wall\n",
        name, how, w, c, lw / w, lc / c, bw / w }'
  done
done
