#!/usr/bin/env bash
# Tries the books in a real reading system (foliate-js) in Chromium: run.sh
# `run.sh pages FOLDER [BOOK]` takes pictures of their pages instead, as a phone, an e-reader and a desktop show them.
# `run.sh ace` asks the accessibility checker DAISY Ace about them.
# Installs what it needs from package-lock.json; Chromium is that of the system, or the one in $CHROMIUM.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here"
[ -d node_modules/foliate-js ] && [ node_modules -nt package-lock.json ] || {
  PUPPETEER_SKIP_DOWNLOAD=1 npm ci --silent --no-audit --no-fund
  touch node_modules
}
books=$(mktemp -d)
trap 'rm -rf "$books"' EXIT
./books.sh "$books/popup"
if [ "${1:-}" = pages ]; then
  node pages.mjs "$books/popup" "${@:2}"
elif [ "${1:-}" = ace ]; then
  rm "$books"/popup/cable.epub "$books"/popup/verse.epub
  ./books.sh "$books/book" --notes book --theme clear
  rm "$books"/book/{memorandum,play,novel}.epub
  node ace.mjs "$books"
else
  ./books.sh "$books/book" --notes book
  ./books.sh "$books/chapter" --notes chapter
  node test.mjs "$books"
fi
