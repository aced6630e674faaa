#!/bin/bash
# Instructions of core per sample set, counted (not timed) by callgrind on this machine's
# instruction set: plain -O2 and -O3, without the extra versions for wider vectors. The
# difference between 20 and 120 seconds leaves the start out.
set -eu
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

count() {
    valgrind --tool=callgrind --callgrind-out-file="$work/out.$1" "$work/cost" "$1" 2>&1 |
        sed -n 's/.*Collected : //p'
}

for level in -O2 -O3; do
    gcc $level -g -std=c11 -ffp-contract=off -D_GNU_SOURCE -I. tests/tools/core_cost.c core/*.c \
        hal_sim/board.c hal_sim/board_assert.c hal_sim/nvm_cells.c hal_sim/tape.c -lm -o "$work/cost"
    few=$(count 20) many=$(count 120)
    echo "$level: $(((many - few) / 252000)) instructions per sample set," \
        "$(((many - few) / 100)) per second of metering"
    [ $level = -O2 ] || callgrind_annotate "$work/out.120" 2>/dev/null |
        awk '/core\/[a-z0-9]+\.c:/ && n++ < 8 { gsub(/core\//, ""); print "  " $1, $2, $3 }'
done
