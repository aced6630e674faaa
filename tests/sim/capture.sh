#!/bin/bash
# capture.sh METERSIM: what a meter shows comes back: meters are served, captured,
# their captures run as scenarios and compared with the meters, as files and as meters.
set -u
meter=$1
folder=$(dirname "$0")
. "$folder/../support/served.sh"
count=26

start_at_rest "$folder/capture_world.lua" --rtu none --speed 20
hold
live=$port
for unit in $(seq $count); do
    file=$work/unit$unit.lua
    expect 0 "capture of unit $unit" "$meter" capture --timeout 30 --tcp "127.0.0.1:$live" --unit "$unit" -o "$file"
    expect 0 "unit $unit and its capture" \
        "$meter" compare --timeout 30 "tcp:127.0.0.1:$live/$unit" "$file" --tolerance 0.05%
done
expect 0 "the captures as scenarios" "$meter" run "$work"/unit*.lua
expect_text "all ran" "# $count passed"
expect 0 "a live meter's diagnosis" \
    "$meter" diagnose --timeout 30 "tcp:127.0.0.1:$live/1" --every 1 --for 1 --json
expect_text "two readings, an answer" '"causes":[{"id":'
expect 0 "a diagnosis at the end" grep -l "^-- What metersim diagnose says" "$work/unit1.lua"

# What else would read so: two exchanged CTs, whose total power factor is noise; one that is reversed.
grep -q '^--   lags are 120 degrees apart (A and B, B and C, C and A)' "$work/unit25.lua" || flaw "exchanged CTs"
grep -q '^-- pf_total: kW and kVA are too small' "$work/unit25.lua" || flaw "a power factor of noise"
grep -q 'CT C that is reversed' "$work/unit26.lua" || flaw "a reversed CT"
! grep -q 'degrees apart' "$work/unit26.lua" || flaw "a reversed CT is no exchange"

# The totals go on where they were; the S4000-R counts without a direction.
cat "$work/unit1.lua" - >"$work/energy.lua" <<'LUA'
expect(m.kwh_import > 123456.5 and m.kwh_import < 123466, "import " .. m.kwh_import)
expect(m.kwh_export, 78.25)
LUA
expect 0 "energies come back" "$meter" run "$work/energy.lua"

# A captured meter, served, reads as the one that it was captured from.
for unit in 1 6 7 9 13; do
    start_at_rest "$work/unit$unit.lua" --rtu none --speed 20
    hold
    expect 0 "unit $unit as it was and as it is again" \
        "$meter" compare --timeout 30 "tcp:127.0.0.1:$live/$unit" "tcp:127.0.0.1:$port/1" --tolerance 0.1%
    stop
done

# Differences are found, and told.
expect 1 "two meters of one model" "$meter" compare --timeout 30 "tcp:127.0.0.1:$live/1" "$work/unit2.lua" --csv
expect_text "a setting" "130,system_type,40,31,-9,0,"
expect 0 "the same twice" "$meter" compare "$work/unit1.lua" "$work/unit1.lua" --csv
expect_text "a header nevertheless" "register,name,a,b,difference,tolerance,units"
expect 1 "settings only" "$meter" compare "$work/unit1.lua" "$work/unit7.lua" --settings-only
expect_text "a percentage" "142  ploss_volt_pct"
expect 0 "settings alike" "$meter" compare "$work/unit7.lua" "$work/unit8.lua" --settings-only
expect 1 "readings not alike" "$meter" compare "$work/unit7.lua" "$work/unit8.lua"
expect 1 "two models" "$meter" compare "$work/unit1.lua" "$work/unit13.lua"

# What cannot be done.
expect 2 "no meter there" "$meter" compare tcp:127.0.0.1:1/1 "$work/unit1.lua"
expect_text "says where" "cannot reach tcp:127.0.0.1:1/1: Connection refused"
for name in "capture --tcp nohost.invalid:502" \
    "compare tcp:nohost.invalid/1 $work/unit1.lua"; do
    # shellcheck disable=SC2086
    expect 2 "no such name" "$meter" $name
    expect_text "says so" "no address is found for the name nohost.invalid ("
done
expect 2 "another model" "$meter" capture --tcp "127.0.0.1:$live" --model s4000r -o "$work/other.lua"
expect_text "says so" "127.0.0.1:$live/1: this meter identifies itself as an s4100, not the s4000r"
[ ! -e "$work/other.lua" ] || flaw "another model: a scenario was written"
expect 0 "its model" "$meter" capture --timeout 30 --tcp "127.0.0.1:$live" --unit 13 --model s4000r -o "$work/other.lua"
expect 2 "no such unit" "$meter" capture --tcp "127.0.0.1:$live" --unit 99
head -n 100 "$work/unit1.lua" >"$work/cut.lua"
expect 2 "a cut file" "$meter" compare "$work/cut.lua" "$work/unit1.lua"
expect_text "says so" "cut short"
expect 2 "no capture" "$meter" compare "$0" "$work/unit1.lua"
expect 2 "one meter" "$meter" compare "$work/unit1.lua"
expect 2 "no unit" "$meter" compare rtu:/dev/null "$work/unit1.lua"
expect 2 "tolerance" "$meter" compare "$work/unit1.lua" "$work/unit1.lua" --tolerance much
expect 2 "both" "$meter" capture --tcp "127.0.0.1:$live" --rtu /dev/null
expect 2 "no line" "$meter" capture --rtu "$work/none" --unit 1
expect_text "says where" "cannot reach rtu:$work/none/1"
finish "$count meters captured, run and compared"
