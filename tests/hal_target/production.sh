#!/bin/bash
# production.sh BUILD [all]: the production test on the flashed image. A good board passes;
# of each planted fault the part that it is in fails by name, and the report is written.
# Without "all" every sixth fault is planted.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build} every=6 n=0 found=0 flaws=0
[ "${2:-}" != all ] || every=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flaw() {
    echo "$*"
    flaws=1
}
run() {
    "$build/metersim" factory-test simulated --elf "$build/firmware/meter.elf" \
        --report "$work/report" "$@" >"$work/out" 2>"$work/err"
}
run || flaw "a good board fails: $(cat "$work/out" "$work/err")"
grep -q '"passed" : true' "$work/report.json" || flaw "no report of the good board"
[ "$(grep -c '  passed  ' "$work/out")" = 12 ] || flaw "not twelve parts: $(cat "$work/out")"
while IFS='|' read -r fault part; do
    [ $((n++ % every)) = 0 ] || continue
    run --fault "$fault"
    code=$?
    if [ $code = 1 ] && grep -qE "^$part +FAILED" "$work/out"; then
        found=$((found + 1))
        echo "$fault: $(grep -E "^$part +FAILED" "$work/out")"
    else
        flaw "$fault: code $code, $part has not failed: $(cat "$work/out" "$work/err")"
    fi
done <<'LIST'
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
[ $flaws = 0 ] && echo "a good board passes; $found planted faults are found and named"
exit $flaws
