#!/bin/bash
# board_faults.sh BUILD: each fault of the board has its scenario in scenarios/board, which
# passes on the flashed image. On the linked core it passes, too, or is skipped by its
# needs_image(), without which it is refused because that has no chips; the table of faults
# knows no other answer.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build}
metersim=$build/metersim
flaws=0 both=0 chips=0
flaw() {
    echo "$*"
    flaws=1
}

while IFS=, read -r fault _; do
    [ "$fault" = nvm_silent ] || [ -f "scenarios/board/$fault.lua" ] || flaw "$fault has no scenario"
done < <("$metersim" faults --csv | grep -E '^[^,]*,board,')
# Each row of BOARD.md says which scenario or test shows it.
rows=0
while IFS= read -r row; do
    rows=$((rows + 1)) shown=0
    # shellcheck disable=SC2016 # backticks of Markdown
    for name in $(grep -o '`[^`]*`' <<<"$row" | tr -d '`'); do
        [ -f "scenarios/board/$name.lua" ] || [ -f "$name" ] || { flaw "BOARD.md: no $name"; continue; }
        shown=$((shown + 1))
    done
    [ $shown -gt 0 ] || flaw "BOARD.md: nothing shows: $row"
done < <(sed -n '/^## When something fails/,/^## The reset/p' hal_target/BOARD.md | grep '^|' | tail -n +3 |
    sed 's/ |$//; s/.* | //')
[ $rows -ge 18 ] || flaw "BOARD.md has only $rows rows of what may fail"
text=$("$metersim" run --board image --elf "$build/firmware/meter.elf" scenarios/board 2>&1) ||
    flaw "$text"
count=$(grep -c '^ok' <<<"$text")
for board in core image; do
    text=$("$metersim" run --board $board tests/hal_target/adc_lost.lua 2>&1) || flaw "$board: $text"
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for scenario in scenarios/board/*.lua; do
    sed '/^needs_image()$/d' "$scenario" >"$work/$(basename "$scenario")"
    if text=$("$metersim" run "$work/$(basename "$scenario")" 2>&1); then
        both=$((both + 1))
        ! grep -q '^needs_image()$' "$scenario" || flaw "$scenario does not need the image"
    elif grep -q 'which the linked core does without: run it with --board image' <<<"$text"; then
        chips=$((chips + 1))
        "$metersim" run "$scenario" | grep -q '^ok .* # SKIP it needs the chips of --board image' ||
            flaw "$scenario is not skipped"
    else
        flaw "$text"
    fi
done
echo "$count on the image; $both on the linked core, too, $chips refused there"
[ "$count" -ge 20 ] && [ $flaws = 0 ] && echo "each fault of the board is borne or reported"
exit $flaws
