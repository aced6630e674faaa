#!/bin/bash
# every_wait.sh BUILD [TIME [SCENARIO.lua…]]: at the end of every wait of every scenario and
# case of at most TIME simulated seconds with one meter, the flashed image holds the same
# registers as the linked core: a word may be one step off, a float a thousandth of its
# unit, for energy ends with a line cycle, and how many are is said. Without scenarios: all; by hand.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=$(realpath "${1:-build}") most=${2:-60 s}
shift $(($# < 2 ? $# : 2))
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- scenarios/*.lua
cp -r recordings "$work"
mkdir "$work/scenarios"
find scenarios -maxdepth 1 -type f ! -name '*.lua' -exec cp {} "$work/scenarios" \;
for scenario in "${@%.lua}"; do
    scenario=$scenario.lua
    cat tests/hal_target/every_wait.lua "$scenario" >"$work/scenarios/$(basename "$scenario")"
done
# What an expectation says is not the question here: it is asked of the boards by other tests.
for board in core image; do
    (cd "$work" && "$build/metersim" run scenarios --board $board --at-most "$most" \
        --jobs "$(nproc)" --time-limit 0) >"$work/$board" 2>&1
done
python3 tests/hal_target/every_wait.py "$work/core" "$work/image"
