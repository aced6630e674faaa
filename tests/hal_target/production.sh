#!/bin/bash
# production.sh BUILD [all]: the production test on the flashed image. A good board passes;
# of each planted fault the part that it is in fails by name, and the report is written.
# Without "all" every eighteenth fault is planted.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build} every=18 found=0 flaws=0
[ "${2:-}" != all ] || every=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export build work
flaw() {
    echo "$*"
    flaws=1
}
# run NAME [OPTION…]: its texts are $work/NAME.out and .err.
run() {
    local name=$1
    shift
    "$build/metersim" factory-test simulated --elf "$build/firmware/meter.elf" \
        --report "$work/$name" "$@" >"$work/$name.out" 2>"$work/$name.err"
}
# try FAULT|PART: a line, "found …" or what is wrong.
# shellcheck disable=SC2317 # it is called by xargs
try() {
    local fault=${1%|*} part=${1#*|} code
    local name=${fault//[^a-z0-9_]/-}
    run "$name" --fault "$fault"
    code=$?
    if [ "$code" = 1 ] && grep -qE "^$part +FAILED" "$work/$name.out"; then
        echo "found $fault: $(grep -E "^$part +FAILED" "$work/$name.out")"
    else
        echo "$fault: code $code, $part has not failed: $(cat "$work/$name.out" "$work/$name.err")"
    fi
}
export -f run try
run good || flaw "a good board fails: $(cat "$work/good.out" "$work/good.err")"
grep -q '"passed" : true' "$work/good.json" || flaw "no report of the good board"
[ "$(grep -c '  passed  ' "$work/good.out")" = 12 ] || flaw "not twelve parts: $(cat "$work/good.out")"
cat >"$work/list" <<'LIST'
crystal_stopped|parts
clock_error=200|crystal
afe_silent|parts
afe_bad_crc=10|front end
afe_edge_lost=100|front end
lcd_absent|parts
adc_noise=400|front end
adc_offset_v=2/B|front end
adc_offset_i=2/C|front end
adc_dead_v=1/A|signal
adc_dead_i=1/B|signal
fram_protected=2|memory
adc_stuck_i=18/A|front end
adc_gain_v=8/A|signal
adc_gain_i=-8/C|signal
clip_i=80/B|signal
nvm_silent|answer
key_stuck=1|keys
lcd_segment_dead=127|display
i2c_held=1000|parts
contact_welded=1|outputs
contact_stuck_open=2|outputs
uart_overrun=20|line
uart_framing=20|line
power_good_slow=90|supply
power_good_low|supply
supply_capacitor=20|supply
rtc_battery|parts
option_bytes|identity
factory_damaged|identity
de_slow=5|line
led_dead=1|outputs
led_dead=2|outputs
led_dead=3|outputs
de_stuck=1|answer
de_stuck=2|answer
LIST
awk "NR % $every == 1 % $every" "$work/list" >"$work/chosen"
# Two at a time: each is one processor's work.
# shellcheck disable=SC2016 # it is for the shell inside
xargs -d '\n' -P 2 -I '{}' bash -c 'try "$1"' - '{}' <"$work/chosen" >"$work/tried"
cat "$work/tried"
found=$(grep -c '^found ' "$work/tried")
[ "$found" = "$(wc -l <"$work/chosen")" ] || flaws=1
[ $flaws = 0 ] && echo "a good board passes; $found planted faults are found and named"
exit $flaws
