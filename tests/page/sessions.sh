#!/bin/bash
# sessions.sh METERSIM PAGE_SESSION: recorded sessions of the page. Their tapes are the
# same natively, as scenarios that metersim runs, and in the page's machine under node.
set -u
meter=$1 session=$2
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../support/needs.sh"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
flaws=0
"$session" "$here"/sessions/*.txt >"$folder/native" || exit 1
[ "$(wc -l <"$folder/native")" -ge 20 ] || { echo "fewer than 20 sessions"; flaws=1; }
while read -r hash file; do
    "$session" --lua "$file" >"$folder/session.lua"
    seed=$(grep -oE -- '--seed [0-9]+' "$folder/session.lua" | cut -d' ' -f2)
    said=$("$meter" run "$folder/session.lua" --seed "$seed" --tape - | sed -n 's/^tape - sha256 //p')
    [ "$said" = "$hash" ] || { echo "$file: $hash, as a scenario ${said:-nothing}"; flaws=1; }
done <"$folder/native"
# Equal hashes of unequal sessions would be no proof.
[ "$(cut -d' ' -f1 "$folder/native" | sort -u | wc -l)" = "$(wc -l <"$folder/native")" ] ||
    { echo "two sessions have one hash"; flaws=1; }

"$meter" page -o "$folder/meter.html" >"$folder/said" 2>&1
case $? in
0) ;;
2) grep -q 'apt-get install emscripten' "$folder/said" || { cat "$folder/said"; exit 1; }
    [ $flaws = 0 ] || exit 1
    missing emscripten ;;
*) cat "$folder/said"; exit 1 ;;
esac
command -v node >/dev/null || missing node
node "$here/machine.mjs" "$folder/meter.html" "$here"/sessions/*.txt >"$folder/page" || exit 1
grep -v '^#' "$folder/page" | diff "$folder/native" - || { echo "the page's tapes are others"; flaws=1; }
[ $flaws = 0 ] && echo "$(wc -l <"$folder/native") sessions: the same tapes in all three; $(tail -n 1 "$folder/page")"
exit $flaws
