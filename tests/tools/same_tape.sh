#!/bin/bash
# The same scenario gives the same tape: gcc and clang, -O0 and -O3, ten times in a row,
# at speed 1 and as fast as possible; and the replay of a tape matches.
set -u
cd "$(dirname "$0")/../.." || exit 2
scenario=tests/tools/tape.lua
flaws=0

for preset in gcc clang gcc-O0 clang-O0; do
    [ -x "build-$preset/metersim" ] && [ "${preset%-O0}" = "$preset" ] && continue
    { cmake --preset "$preset" && cmake --build "build-$preset" --target metersim; } \
        >/dev/null || exit 1
done

hash_of() { "$@" | sed -n 's/.*sha256 //p'; }

want=$(hash_of build-gcc/metersim run --tape - "$scenario")
[ -n "$want" ] || { echo "no hash was printed"; exit 1; }
echo "gcc -O3: $want"
same() {
    local name=$1 got
    shift
    got=$(hash_of "$@")
    [ "$got" = "$want" ] && { echo "same: $name"; return; }
    echo "DIFFERS: $name: $got"
    flaws=1
}
for n in 1 2 3 4 5 6 7 8 9 10; do
    same "gcc -O3, run $n" build-gcc/metersim run --tape - "$scenario"
done
for preset in clang gcc-O0 clang-O0; do
    same "$preset" "build-$preset/metersim" run --tape - "$scenario"
done
same "speed 1" build-gcc/metersim run --speed 1 --tape - "$scenario"

tape=$(mktemp)
trap 'rm -f "$tape"' EXIT
build-gcc/metersim run --tape "$tape" "$scenario" >/dev/null || flaws=1
for preset in gcc clang-O0; do
    "build-$preset/metersim" replay "$tape" || flaws=1
done
exit $flaws
