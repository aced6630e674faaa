#!/bin/bash
# page.sh METERSIM PAGE_SESSION PAGE_PICTURES [FOLDER]: the page in chromium
# (page.mjs); pictures of it go to FOLDER.
set -u
meter=$1 session=$2 pictures=$3 shots=${4:--}
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../support/needs.sh"
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    missing chromium
needs node
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$meter" page -o "$folder/meter.html" >"$folder/said" 2>&1 || missing emscripten
"$session" "$here"/sessions/*.txt >"$folder/tapes" || exit 1
cp "$here/../../docs/exercises.html" "$folder"
mkdir "$folder/pictures"
for name in every_screen lost_phase power; do
    "$pictures" "$here/sessions/$name.txt" >"$folder/pictures/$name.txt" || exit 1
done
node "$here/page.mjs" "$browser" "$folder/meter.html" "$folder/tapes" "$folder/pictures" "$shots" \
    "$here"/sessions/*.txt
