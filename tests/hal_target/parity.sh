#!/bin/bash
# parity.sh BUILD [--image] [SCENARIO.lua…]: the metering core gives the same bytes on the
# host and on the emulated Cortex-M. Each scenario records its tape on the host; the image
# of the emulated board replays it in QEMU; every output byte is compared. With --image the
# flashed image replays it on the models of its chips, from the ADC's frames on; registers
# and energies of each second are compared, too. Default: all of scenarios/ with their
# cases, and everything.lua for each model.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build} target=qemu
metersim=$build/metersim
image=$build/firmware/emulated.elf
shift
[ "${1:-}" != --image ] || { target=image image=$build/firmware/meter.elf && shift; }
for needed in "$metersim" "$image"; do
    [ -f "$needed" ] || { echo "$needed is not there"; exit 2; }
done
[ $target = image ] || command -v qemu-system-arm >/dev/null || { echo "no qemu-system-arm"; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tapes=0
flaws=0

# What cannot be the same on the image, and why: up to there, and no further, it is.
first_difference() {
    [ $target = image ] || return 1
    case $1 in
    # sets are lost between ADC and core, which the image's front end notices and mends
    front_end_silent) echo "second 31: the image has published 30" ;;
    # powered up without FRAM, the image waits for it before its first set
    nvm_silent) echo "the image gives output: alarm contact opens" ;;
    # a system type set at the panel begins at a tick of the image's own clock
    quick_setup) echo "second 16: the image has published 15" ;;
    *) return 1 ;;
    esac
}

# replay TAPE: its outputs are the same; or they differ first where they must.
replay() {
    local different
    if ! different=$(first_difference "$(basename "$1" .tape)"); then
        "$metersim" replay --target $target "$1" | sed "s|$folder/||"
        return "${PIPESTATUS[0]}"
    fi
    "$metersim" replay --target $target "$1" >"$folder/text"
    [ $? = 1 ] && grep -qF "$different" "$folder/text" &&
        echo "$(basename "$1"): the same up to: $different" && return
    cat "$folder/text"
    return 1
}

compare() {
    local scenario=$1 tape
    tape=$folder/$(basename "$scenario" .lua).tape
    # An expectation that fails leaves a good tape; a script that is wrong does not.
    "$metersim" run --time-limit 1800 --quiet --tape "$tape" "$scenario" >"$folder/text" 2>&1
    if [ $? -gt 1 ]; then
        grep -q "a tape holds one meter" "$folder/text" && return
        cat "$folder/text"
        flaws=1
        return
    fi
    # Of many cases, the first few: the others differ in their loads only.
    for tape in "$tape" "$tape".case[1-6]; do
        [ -f "$tape" ] || continue
        replay "$tape" || flaws=1
        tapes=$((tapes + 1))
    done
    rm -f "$folder"/*.tape*
}

if [ $# -eq 0 ]; then
    set -- scenarios/*.lua
    for model in s4100 s4000r; do
        sed "s/model = \"s4100\"/model = \"$model\"/" tests/hal_target/everything.lua \
            >"$folder/everything_$model.lua"
        set -- "$@" "$folder/everything_$model.lua"
    done
fi
for scenario in "$@"; do
    compare "${scenario%.lua}.lua"
done
[ $flaws = 0 ] && echo "the same on the host and on the target: $tapes tapes"
exit $flaws
