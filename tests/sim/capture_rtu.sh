#!/bin/bash
# capture_rtu.sh METERSIM: capture and compare over the pty of --rtu, several meters of both
# models on the line: the scenario is the one that TCP gives, word for word but for what
# counts on, it runs, and differences are found.
set -u
meter=$1
folder=$(dirname "$0")
. "$folder/../support/served.sh"
needs mbpoll

# The capture without its source and what counts on: energies, pulses, clock.
steady() {
    grep -v -e '^-- Captured from ' -e '^-- \(tcp\|rtu\):' -e '^--@ [0-9]* [0-9A-F]* \(k[a-z]*h\|pulse_count\|rtc\)[_ ]' \
        -e '^    kwh_\(import\|export\) = ' "$1"
}

start_at_rest "$folder/capture_rtu.lua" --rtu pty --speed 20
live=$port line=$pty
for unit in 1 2 3 4; do
    tcp=$work/tcp$unit.lua rtu=$work/rtu$unit.lua
    expect 0 "capture of $unit over TCP" \
        "$meter" capture --timeout 30 --tcp "127.0.0.1:$live" --unit "$unit" -o "$tcp"
    expect 0 "capture of $unit over the pty" \
        "$meter" capture --timeout 30 --rtu "$line" --baud 38400 --unit "$unit" -o "$rtu"
    expect 0 "unit $unit: the same scenario" diff <(steady "$tcp") <(steady "$rtu")
    [ "$(steady "$rtu" | wc -l)" -gt 100 ] || flaw "unit $unit: too little is compared"
    expect 0 "unit $unit: the pty and TCP" \
        "$meter" compare --timeout 30 "rtu:$line/$unit" "tcp:127.0.0.1:$live/$unit" --tolerance 0%
    expect 0 "unit $unit: the pty and its capture" \
        "$meter" compare --timeout 30 "$rtu" "rtu:$line/$unit" --tolerance 0%
done
# Nothing counts in unit 4, which has no clock.
all() {
    tail -n +2 "$1" | grep -v '^-- \(tcp\|rtu\):'
}
expect 0 "all of unit 4" diff <(all "$work/tcp4.lua") <(all "$work/rtu4.lua")
expect 0 "all of unit 4, compared" \
    "$meter" compare --timeout 30 "rtu:$line/4" "tcp:127.0.0.1:$live/4" --tolerance 0% --counters
expect 0 "the captures as scenarios" "$meter" run "$work"/rtu*.lua
expect_text "all ran" "# 4 passed"

# A site of which it is known that it imports, read three times.
expect 0 "a diagnosis over the pty" \
    "$meter" diagnose --timeout 30 "rtu:$line/3" --every 1 --for 2 --direction import
expect_text "three readings" "200 A, 480 V, 3 dumps"
expect_text "the first answer" "  [ct_reversed_ABC]"

# Captured, served again, captured again: over ptys all the way.
start_at_rest "$work/rtu1.lua" --rtu pty --speed 20
expect 0 "unit 1 as it was and as it is again" \
    "$meter" compare --timeout 30 "rtu:$line/1" "rtu:$pty/1" --tolerance 0.05%
stop
pid=${servers[0]}

# Differences are found, and told.
expect 1 "two meters of one model" "$meter" compare --timeout 30 "rtu:$line/1" "rtu:$line/3"
expect_text "a setting" "142  ploss_volt_pct"
expect_text "a reading" "kw_total"
expect 1 "two models" "$meter" compare --timeout 30 "rtu:$line/1" "rtu:$line/2"
expect_text "said" "is an s4100"
shows "a setting is changed" "Written 1 references." \
    mbpoll -m rtu -b 38400 -P none -a 1 -o 10 -r 142 "$line" 30
expect 1 "a changed meter and its capture" "$meter" compare --timeout 30 "$work/rtu1.lua" "rtu:$line/1" --csv
expect_text "only that" "142,ploss_volt_pct,20,30,10,0,"
[ "$(wc -l <"$work/out")" = 2 ] || flaw "more than that setting: $(cat "$work/out")"
shows "and put back" "Written 1 references." \
    mbpoll -m rtu -b 38400 -P none -a 1 -o 10 -r 142 "$line" 20
expect 0 "as it was" "$meter" compare --timeout 30 "$work/rtu1.lua" "rtu:$line/1"
stop
finish "4 meters captured over a pty as over TCP, run and compared"
