#!/bin/bash
# factory_line.sh BUILD: the commands of a factory against the flashed image on its modelled
# board, over its RS-485 (a pty): factory-test with programs as source and fixture, of a good
# board and of one with a dead LED; then calibrate, whose errors leave, and the seal.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build}
meter=$build/metersim
. tests/support/served.sh

cat >"$work/bench.lua" <<'LUA'
m = meter { system_type = 40, ct_primary = 5, system_voltage = 480 }
fault(m, "adc_gain_v", "A", 0.8)
fault(m, "adc_gain_i", "B", -0.9)
fault(m, "skew_i", "C", 4)
fault(m, "adc_noise")
fault(m, "factory_pin")
power(m, "off")
wait "0.5 s"
power(m, "on")
wait "2 s"
print "the bench is ready"
LUA
# What hands and eyes do: keys that stay pressed, lights, contacts, control power. The
# glass is not compared here, but by `factory-test simulated`.
cat >"$work/fixture" <<'FIXTURE'
#!/bin/bash
# fixture METERSIM CONSOLE ACTION…
meter=$1 console=$2
shift 2
run() { "$meter" console -e "$1" "$console" >/dev/null 2>&1; }
case "$*" in
"press none") run 'clear(meters.meter1, "key_stuck")' ;;
"press plus") run 'fault(meters.meter1, "key_stuck", 1)' ;;
"press minus") run 'fault(meters.meter1, "key_stuck", 2)' ;;
"press back") run 'fault(meters.meter1, "key_stuck", 3)' ;;
"press select") run 'fault(meters.meter1, "key_stuck", 4)' ;;
"see energy") run 'expect(meters.meter1.energy_contact)' ;;
"see alarm") run 'expect(meters.meter1.alarm_contact)' ;;
"see green") run 'expect(meters.meter1.led_green)' ;;
"see red") run 'expect(meters.meter1.led_red)' ;;
"see backlight") run 'expect(meters.meter1.backlight)' ;;
"see segments "*) true ;;
"cut 80") run 'fault(meters.meter1, "supply_loss", { duration = "80 ms" })' ;;
*) exit 2 ;;
esac
FIXTURE
start --board image --elf "$build/firmware/meter.elf" --rtu pty --speed 4 "$work/bench.lua"
wait_for "^the bench is ready"
set_source="$meter console -e 'grid { hz = {hz}, volts_ll = {volts} * math.sqrt(3) } load { amps = {amps}, pf = {pf} }' $console"
# shellcheck disable=SC2317 # it is called by name
factory_test() {
    "$meter" factory-test "rtu:$pty/1" --timeout 30 --set "$set_source" --report "$work/report" \
        --fixture "bash $work/fixture $meter $console {action}"
}
console() { "$meter" console -e "$1" "$console" >/dev/null || flaw "console: $1"; }

# Each part passes, but that a busy host may let gaps into frames on a pty: "line" counts them.
factory_test >"$work/out" 2>&1
for part in answer identity parts memory crystal "front end" signal keys display outputs supply; do
    grep -qE "^$part +passed  " "$work/out" || { flaw "a good board: $part"; cat "$work/out"; }
done
grep -E '^line ' "$work/out"
grep -q '"serial" : 1000' "$work/report.json" || flaw "no serial number in the report"
console 'fault(meters.meter1, "led_dead", 2)'
expect 1 "a dead LED" factory_test
expect_text "a dead LED" "outputs     FAILED      red stays dark"
console 'clear(meters.meter1, "led_dead")'

# shellcheck disable=SC2317 # it is called by name
calibrate() {
    "$meter" calibrate "rtu:$pty/1" --timeout 30 --source "240 V, 5 A" --set "$set_source" \
        --seconds 3 --settle 2 --source-uncertainty 0.02 --certificate "$work/certificate"
}
expect 0 "calibrate" calibrate
grep -q '^result      passed, sealed$' "$work/certificate.txt" || { flaw "the certificate:"; cat "$work/certificate.txt"; }
gain=$(awk '/^  V_A/ { print $3 }' "$work/certificate.txt")
[ "${gain:-0}" -gt -8000 ] && [ "$gain" -lt -7870 ] || flaw "gain of V_A: $gain ppm, not about -7937"
expect 1 "a sealed meter" calibrate
expect_text "a sealed meter" "the meter is sealed"
finish "a good board passes, a dead LED is found; the meter is calibrated over its line, and sealed"
