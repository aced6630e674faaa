#!/bin/bash
# filters.sh METERSIM: words and numbers choose rows of the printed tables, and --help
# shows examples that work.
cd "$(dirname "$0")/../.." || exit 2
meter=$1
flaws=0

# expect COUNT PATTERN COMMAND…: so many lines of the output match the pattern.
expect() {
    local count=$1 pattern=$2 found
    shift 2
    found=$("$meter" "$@" | grep -cE "$pattern")
    [ "$found" = "$count" ] || {
        echo "metersim $*: $found lines, not $count, match '$pattern'"
        flaws=1
    }
}

expect 1 '^\| ct_reversed ' faults ct_reversed
expect 1 '^## ' faults ct_reversed
expect 1 '^"ct_reversed"' faults CT Reversed --csv
expect 1 '^\| event \| sag' verbs event sag
expect 0 '^\| verb ' verbs event sag
expect 2 '^"' scenarios fuse B 277 --csv # and the head
expect 3 'demand_max' screens s4000r demand max
expect 1 '^\| 21 \| 1 \| kw_total' registers s4100 21
expect 16 '^\| [0-9]+ \| 0x[0-9A-F]{4} \|' registers 146
expect 1 '^\| 7 \| 0x0080 \| fault inside the meter' registers 146
expect 1 '^## Demand' registers s4000r demand max
expect 1 '20.40 kW' registers 21
expect 0 '20.40 kW' registers 146
expect 26 '^1[2-5][0-9],' registers 129-154 --csv
expect 0 'section 1b' registers
expect 1 '^    "name" : "ct_reversed"' faults CT reversed --json
expect 1 '^    "kind" : "meter method"' verbs m:counters --json
expect 1 '^    "register" : 21,' registers 21 --json
expect 26 '^    "min" : (-?[0-9.]+|null),' registers 129-154 --json
for command in registers faults verbs screens scenarios gateways; do
    if "$meter" "$command" no-such-word >/dev/null 2>&1; then
        echo "metersim $command finds no-such-word"
        flaws=1
    fi
    "$meter" "$command" --help | sed -n '/^Examples:/,$s/^  metersim //p' |
        while read -r line; do
            eval "\"$meter\" $line" >/dev/null || echo "metersim $line fails"
        done | grep . && flaws=1
    "$meter" "$command" --help | grep -q '^Examples:' || {
        echo "metersim $command --help has no examples"
        flaws=1
    }
done
exit $flaws
