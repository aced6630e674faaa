#!/bin/bash
# calibrate.sh METERSIM [BOARDS]: `metersim calibrate` over TCP with a program that sets the
# source: tolerances leave, the certificate is written, the meter is sealed, and refuses the
# next one; what is misused is refused. Then random boards before and after calibration:
# 40 of the S4100 (1000 by hand, in a minute), and the type tests of the first one.
set -u
meter=$1 boards=${2:-40}
. "$(dirname "$0")/../support/served.sh"
cat >"$work/bench.lua" <<'LUA'
m = meter { system_type = 40, ct_primary = 5, system_voltage = 480 }
fault(m, "adc_gain_v", "A", 0.8)
fault(m, "adc_gain_i", "B", -0.9)
fault(m, "skew_i", "C", 4)
fault(m, "factory_pin")
power(m, "off")
wait "0.5 s"
power(m, "on")
grid { hz = 60, volts_ll = 415.6921938 }
load { amps = 5, pf = 1 }
wait "1 s"
print "the bench is ready"
LUA
timeout 600 "$meter" run "$work/bench.lua" >"$work/out" || { cat "$work/out"; exit 1; }
start --rtu none --speed 100 "$work/bench.lua"
wait_for "^the bench is ready"
set_source="$meter console -e 'grid { hz = {hz}, volts_ll = {volts} * math.sqrt(3) } load { amps = {amps}, pf = {pf} }' $console"
calibrate() {
    "$meter" calibrate "tcp:127.0.0.1:$port/1" --source "240 V, 5 A" --set "$set_source" \
        --seconds 3 --settle 2 --source-uncertainty 0.02 --certificate "$work/certificate" \
        >"$work/out" 2>"$work/err"
}
calibrate || flaw "not calibrated: $(cat "$work/err")"
grep -q '^result      passed, sealed$' "$work/certificate.txt" || flaw "the certificate: $(cat "$work/certificate.txt")"
cmp -s "$work/out" "$work/certificate.txt" || flaw "another text is printed than written"
grep -q '"serial" : 1000' "$work/certificate.json" || flaw "no serial number in the certificate"
gain=$(awk '/^  V_A/ { print $3 }' "$work/certificate.txt")
[ "$gain" -gt -8000 ] && [ "$gain" -lt -7870 ] || flaw "gain of V_A: $gain ppm, not about -7937"
calibrate
[ $? = 1 ] && grep -q 'the meter is sealed' "$work/err" || flaw "a sealed meter: $(cat "$work/err")"
stop
for wrong in "--source 240" "--source 9-V,5-A" "--source 240V,0A" "--seconds 0"; do
    # shellcheck disable=SC2086 # two words
    ! "$meter" calibrate tcp:127.0.0.1:1/1 $wrong >/dev/null 2>&1 || flaw "$wrong is not refused"
done
"$meter" typetest --model s4100 --units "$boards" >"$work/out" || flaw "boards: $(cat "$work/out")"
cat "$work/out"
grep -q "^before calibration: [0-2] of" "$work/out" || [ "$boards" -gt 40 ] || flaw "too many are right as they are made"
"$meter" typetest --model s4100 --units 1 --rows >"$work/out"
grep '^| s4100' "$work/out" | grep missed | grep -vE '\| (temperature|time) \|' && flaw "other rows are missed"
finish "boards are calibrated, sealed and within their class"
