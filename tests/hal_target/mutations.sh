#!/bin/bash
# mutations.sh BUILD [FIRST [LAST]]: wrong images, of mutations.txt, one after the other: each
# is built from a copy of the tree, and must be noticed by the drivers' tests, or by the
# image on its chips (probe.lua and bouncing_keys.lua, then scenarios/board), or by interrupts.sh, or not even
# compile. The table says by whom. An hour by hand; BUILD has metersim with its processor.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=$(realpath "${1:-build}") first=${2:-1} last=${3:-999}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/tree out=$work/b n=0 missed=0
mapfile -t tests < <(find tests/hal_target -name 'test_*.c' -printf 'hal_target_%f\n' | sed 's/\.c$//' | sort)

make() { cmake --build "$out" --target "$@" >"$work/text" 2>&1; }
run_image() { timeout 300 "$build/metersim" run --quiet --time-limit 100 --board image \
    --elf "$out/firmware/meter.elf" "$@" >"$work/text" 2>&1; }

git clone -q --shared . "$tree" && git diff --binary HEAD >"$work/changes" &&
    { [ ! -s "$work/changes" ] || { git -C "$tree" apply "$work/changes" &&
        git -C "$tree" -c user.name=x -c user.email=x commit -qam changes; }; } &&
    cmake -S "$tree" -B "$out" -G Ninja -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_C_COMPILER_LAUNCHER="$(command -v ccache)" >"$work/text" 2>&1 &&
    make firmware "${tests[@]}" || { cat "$work/text"; exit 2; }

# The tests that fail, then the image's runs.
notice() {
    local who='' test
    make firmware "${tests[@]}" || { echo "compiler"; return; }
    for test in "${tests[@]}"; do
        timeout 60 "$out/tests/$test" >/dev/null 2>&1 || who="$who ${test#hal_target_}"
    done
    if ! run_image tests/hal_target/probe.lua tests/hal_target/bouncing_keys.lua; then
        who="$who image"
    elif [ -z "$who" ] && ! tests/hal_target/interrupts.sh "$out/firmware/meter.elf" >"$work/text" 2>&1; then
        who="$who interrupts"
    elif [ -z "$who" ] && ! run_image scenarios/board; then
        who="$who $(sed -n 's/^not ok.*scenarios\/board\/\([a-z0-9_]*\).*/\1/p' "$work/text" | head -3 | paste -sd' ')"
    fi
    echo "$who"
}

run_image tests/hal_target/probe.lua || { echo "the right image fails:"; cat "$work/text"; exit 1; }
printf '| %s | %s |\n' 'wrong' 'noticed by' '---' '---'
while IFS='|' read -r what file script; do
    case $what in '#'* | '') continue ;; esac
    n=$((n + 1))
    [ $n -ge "$first" ] && [ $n -le "$last" ] || continue
    file=$tree/hal_target/stm32f405/${file// /}
    sed -i "$script" "$file"
    if git -C "$tree" diff --quiet -- hal_target; then
        who=''
        what="$what (changes nothing)"
    else
        who=$(notice)
    fi
    git -C "$tree" checkout -q -- hal_target
    [ -n "$who" ] || missed=$((missed + 1))
    printf '| %s | %s |\n' "${what% }" "${who# }"
done < <(sed 's/ | /|/; s/ | /|/' tests/hal_target/mutations.txt)
[ $missed = 0 ] || echo "$missed of them nobody noticed"
exit $((missed > 0))
