#!/bin/bash
# load.sh BUILD: what the whole flashed image takes of its processor, all of it counted, at 1.9
# cycles an instruction and eight clocks an access to a register: below 5 % of 154.8 million
# cycles in each second of half a minute of metering and polls (load.lua). And what the emulator
# does for a second of a metering meter (speed.lua), in counts, for they are the same on every
# host: load.limits.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build} here=tests/hal_target
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flaws=0
flaw() {
    echo "$*"
    flaws=1
}
for name in load speed; do
    "$build/metersim" run $here/$name.lua --board image --elf "$build/firmware/meter.elf" --cpu \
        --time-limit 0 >"$work/$name" 2>&1 || { cat "$work/$name"; exit 1; }
done

load=$(sed -n 's/^#     load of the processor, of each second: //p' "$work/load")
echo "load with four polls of 125 registers a second: $load"
awk '{ exit !($3 < 5 && substr($6, 1) + 0 < 5 && substr($7, 2) + 0 >= 30) }' <<<"$load" ||
    flaw "the image takes 5 % of the processor or more"

check() { # NAME TEXT: its figure
    local name=$1 is was
    is=$(sed -n "s/^#     $2: \([0-9.e+]*\).*/\1/p" "$work/speed")
    was=$(sed -n "s/^$name //p" $here/load.limits)
    printf '%-12s %9.0f, measured last %s\n' "$name" "$is" "$was"
    awk -v is="$is" -v was="$was" 'BEGIN { exit !(is > 0 && is <= was * 1.1) }' ||
        flaw "$name: more than 10 % above what was measured last ($here/load.limits)"
}
check instructions "instructions a second"
check blocks "blocks of them a second"
check accesses "accesses to registers a second"
check exceptions "exceptions a second"
check starts "starts of the emulator a second"
check stack "deepest stack since its start"
[ $flaws = 0 ] && echo "the image is below 5 % of its processor, and no dearer to emulate than it was"
exit $flaws
