#!/bin/bash
# capture_gateway.sh METERSIM: capture and compare behind gateways that do wrong: what came
# instead of an answer is said, and what a gateway does not hand on is had elsewhere.
set -u
meter=$1
folder=$(dirname "$0")
. "$folder/../support/served.sh"
needs python3
cat >"$work/meter.lua" <<'LUA'
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = { 80, 60, 70 }, lag_degrees = { 20, 200, 10 } }
wait "5 s"
LUA
start_at_rest "$work/meter.lua" --rtu none
hold
live=$port

# gateway MODE…: in front of the meter; its $port.
gateway() {
    kill_gateway
    python3 "$folder/../support/bad_gateway.py" "$live" "$@" >"$work/gateway" &
    gateway=$!
    servers+=("$gateway")
    for _ in $(seq 6000); do
        [ -s "$work/gateway" ] && break
        sleep 0.05
    done
    port=$(cat "$work/gateway")
}
kill_gateway() {
    [ -z "${gateway:-}" ] || kill "$gateway"
    [ -z "${gateway:-}" ] || wait "$gateway" 2>/dev/null
    rm -f "$work/gateway"
}
# refused TEXT MODE…: capture and compare end with 2 and say so.
refused() {
    local text=$1 wait
    shift
    gateway "$@"
    for wait in $timeout 4 30; do # on a busy host what comes is late
        expect 2 "capture: $*" "$meter" capture "tcp:127.0.0.1:$port/1" --timeout "$wait"
        grep -qF "$text" "$work/out" && break
    done
    expect_text "capture: $*" "$text"
    for wait in $timeout 4 30; do
        expect 2 "compare: $*" "$meter" compare "tcp:127.0.0.1:$port/1" "tcp:127.0.0.1:$live/1" --timeout "$wait"
        grep -qF "$text" "$work/out" && break
    done
    expect_text "compare: $*" "$text"
}
timeout=0.5
refused "unit 2 answered instead of unit 1" unit
refused "the answer is of transaction 10" transaction
refused "only the request itself came back" echo
refused "the answer is late: it came " late=0.7
refused "the answer is late: it came " torn=0.7
timeout=0.1 # nothing comes
refused "no answer within 0.1 s" silent

# Half a map.
for mode in "part" "only=130-178" "only=40001-40178 settings" "only=130-320"; do
    # shellcheck disable=SC2086
    gateway $mode
    code=0
    [ "${mode#only=130}" != "$mode" ] && code=2
    expect $code "$mode" "$meter" capture --timeout 30 "tcp:127.0.0.1:$port/1" --model s4100 -o "$work/part.lua"
    if [ $code = 2 ]; then
        expect_text "$mode" "is handed on, neither as float nor as integer with its exponent nor in SunSpec"
    else
        grep -q 'volts = { 277.1' "$work/part.lua" || flaw "$mode: $(grep volts "$work/part.lua")"
        expect 0 "$mode runs" "$meter" run "$work/part.lua"
    fi
done

# Function 03 is refused; a register that is wrong.
gateway input
expect 0 "by 04" "$meter" capture --timeout 30 "tcp:127.0.0.1:$port/1" -o "$work/input.lua"
expect_text "by 04" "function 03 is refused (exception 1, illegal function); registers are read by 04"
gateway scale=22
expect 0 "a register that disagrees" "$meter" capture --timeout 30 "tcp:127.0.0.1:$port/1" -o "$work/scale.lua"
expect_text "a register that disagrees" "kvar_total: "
expect_text "which" "by register 22"
grep -q '^--   kvar_total: ' "$work/scale.lua" || flaw "the scenario does not say what disagrees"

# What else would read so; what follows from the settings.
expect 0 "straight" "$meter" capture --timeout 30 --tcp "127.0.0.1:$live" -o "$work/straight.lua"
grep -q 'B exports: so does a CT B that is reversed' "$work/straight.lua" || flaw "a reversed CT is not mentioned"
! grep -q 'disagree' "$work/straight.lua" || flaw "a sound meter disagrees with itself"
for reg in 135 138 139 140 141 145; do
    grep -q "^expect(m:read($reg), " "$work/straight.lua" || flaw "register $reg is not tested"
done
expect 0 "it runs" "$meter" run "$work/straight.lua"
sed 's/^    lag_degrees.*/    lag_degrees = { 20, 20, 10 },/; s/^wait "4 s"/fault(m, "ct_reversed", "B")\nwait "4 s"/' \
    "$work/straight.lua" >"$work/reversed.lua"
expect 0 "the other cause reads the same" "$meter" run "$work/reversed.lua"
kill_gateway
finish "gateways that do wrong are told from meters"
