#!/bin/bash
# cpu.sh BUILD: instructions that take time (--cpu). The image passes, and a master reads the
# same as from the linked core; the same run gives the same bytes, also with snapshots
# in it; another seed of the range gives others. Latencies are within what BOARD.md promises.
set -u
cd "$(dirname "$0")/../.." || exit 2
metersim=${1:-build}/metersim here=tests/hal_target
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flaws=0
flaw() {
    echo "$*"
    flaws=1
}
run() { # NAME ARGUMENT...: its text, without what differs from host to host
    local name=$1
    shift
    "$metersim" run "$@" >"$work/$name.text" 2>&1 || { grep -v "^#   read" "$work/$name.text"; flaw "$name fails"; }
    grep '^#   ' "$work/$name.text" >"$work/$name"
}
image="--board image --cpu"

# shellcheck disable=SC2086 # two options
{
    run core $here/cpu.lua
    run plain $here/cpu.lua $image
    run wide $here/cpu.lua $image --cycles 1.2..2.6
    run slow $here/cpu.lua $image --cycles 2..4
    run near $here/cpu.lua $image --cycles 1..3
    run scenarios scenarios/first_reading.lua scenarios/phase_loss_b.lua $image --cycles 1.2..2.6
    run again scenarios/first_reading.lua scenarios/phase_loss_b.lua $image --cycles 1.2..2.6
    # These read at the very moment a second ends, whose turn then takes its time.
    run end scenarios/load_step.lua scenarios/frequency_ramp.lua scenarios/sag_and_ride.lua \
        scenarios/board/afe_edge_lost.lua scenarios/board/power_good_bounces.lua $image
    run without $here/cpu_snapshots.lua $image --cycles 1.2..2.6
    sed 's/^local snapshots = false/local snapshots = true/' $here/cpu_snapshots.lua >"$work/with.lua"
    run with "$work/with.lua" $image --cycles 1.2..2.6
    run other $here/cpu_snapshots.lua $image --cycles 1.2..2.7
}
for name in core plain wide slow near; do
    grep '^#   read' "$work/$name" >"$work/$name.read"
    cmp "$work/core.read" "$work/$name.read" || flaw "a master reads something else ($name)"
done
[ "$(wc -l <"$work/core.read")" -eq 800 ] || flaw "not all registers were read"
cmp "$work/scenarios" "$work/again" || flaw "the same run gives other figures"
cmp "$work/without" "$work/with" || flaw "snapshots change the run"
! cmp -s "$work/without" "$work/other" || flaw "the range of cycles changes nothing"

# at_most NAME MOST FIGURE: the most of a figure, in its unit.
at_most() {
    local most
    most=$(sed -n "s/^#     $3: .* to \([0-9.e+]*\) .*/\1/p" "$work/$1" | head -1)
    awk -v is="$most" -v most="$2" 'BEGIN { exit !(is != "" && is + 0 <= most) }' ||
        flaw "$3: $most, more than $2 ($1)"
}
at_most wide 20 "DRDY falls to AFE selected" # of 397 us
at_most wide 20 "last byte of AFE to CS high"
at_most wide 25 "last stop bit to DE low" # half a bit at 19200 baud
at_most wide 3000 "t3.5 to DE high" # when a second ends just then
sed -n 's/^#     //p' "$work/wide"
[ $flaws = 0 ] && echo "the image with time reads, keeps time and repeats itself"
exit $flaws
