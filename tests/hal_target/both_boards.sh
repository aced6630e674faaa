#!/bin/bash
# both_boards.sh BUILD: the linked core and the flashed image hold the same registers and
# show the same glass at every wait of both_boards.lua, word for word, and draw the
# same pixels; tapes of the core have their answers, FRAM writes and contacts on the image.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build} script=tests/hal_target/both_boards.lua
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for board in core image; do
    "$build/metersim" run $script --board $board >"$work/$board" 2>&1 || {
        cat "$work/$board"
        exit 1
    }
    "$build/metersim" panel scenarios/phase_loss_b.lua --at "5.3 s" --board $board \
        --screenshot "$work/$board.png" || exit 1
    grep -P '^#   (steady|faults|after)' "$work/$board" >"$work/$board.read"
done
words=$(wc -l <"$work/core.read")
[ "$words" -gt 1500 ] || { echo "only $words words were read"; exit 1; }
if ! diff "$work/core.read" "$work/image.read"; then
    echo "the boards differ (left: core, right: image)"
    exit 1
fi
cmp "$work/core.png" "$work/image.png" || exit 1
names=(load_step phase_loss_b modbus_refusals wrong_parity reversed_ct supply_dips_every_second)
tests/hal_target/parity.sh "$build" --image tests/hal_target/parity_short.lua \
    tests/hal_target/bouncing_keys.lua \
    "${names[@]/#/scenarios/}" || exit 1
# A drifting clock, lost power, settings at the panel: every wait. All: every_wait.sh by hand.
names=(load_step frequency_ramp cold_cabinet brownout_ride_through quick_setup)
tests/hal_target/every_wait.sh "$build" "60 s" "${names[@]/#/scenarios/}" || exit 1
echo "$words words and a picture are the same on both boards"
