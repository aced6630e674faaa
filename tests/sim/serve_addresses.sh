#!/bin/bash
# serve_addresses.sh METERSIM: unit ids that are not the meters' addresses are listed at
# the start with all names; --by-address makes them so, and refuses one address twice.
# What the panel sets and no register: --address, --baud, --parity; --fill-word.
set -u
meter=$1
folder=$(dirname "$0")
. "$folder/../support/served.sh"
cat >"$work/plant.lua" <<'LUA'
for k = 1, 3 do meter { name = "feeder " .. k, address = 100 + k, system_type = k == 2 and 31 or 40 } end
wait "1 h"
LUA
start "$work/plant.lua" --rtu none
grep -q '^  unit   2  address 102  feeder 2$' "$log" || flaw "unit 2 is not listed"
expect 0 "by number" "$meter" capture --timeout 30 --tcp "127.0.0.1:$port" --unit 2
expect_text "its type" "system_type = 31"
expect 2 "an address is no unit" "$meter" capture --tcp "127.0.0.1:$port" --unit 102
stop
start "$work/plant.lua" --rtu none --by-address
grep -q 'unit ids are their addresses' "$log" || flaw "not said that ids are addresses"
expect 0 "by address" "$meter" capture --timeout 30 --tcp "127.0.0.1:$port" --unit 102
expect_text "its type" "system_type = 31"
expect 2 "a number is no unit" "$meter" capture --tcp "127.0.0.1:$port" --unit 2
stop
sed -i 's/100 + k/100/' "$work/plant.lua"
expect 2 "one address twice" "$meter" serve "$work/plant.lua" --by-address --rtu none --console none --tcp :0
expect_text "says whose" "feeder 1 and feeder 2 both have address 100"

# lua EXPRESSION: what the console answers.
lua() { "$meter" console -e "$1" "$console" 2>&1; }
start --count 3 --address 246 --baud 9600 --parity e --fill-word 0x8000
for line in '  unit   1  address 246  meter 1' '  unit   2  address 247  meter 2' \
    '  unit   3  address   1  meter 3'; do
    grep -qxF "$line" "$log" || flaw "no line '$line'"
done
grep -q ', 3 meters at 9600 8E1 on the wire;' "$log" || flaw "the line is not 9600 8E1"
grep -q 'mbpoll -m rtu -b 9600 -P none -a 246 ' "$log" || flaw "the hint has another rate"
[ "$(lua 'meters[3]:read(500)')" = "[32768]" ] || flaw "unlisted registers read $(lua 'meters[3]:read(500)')"
stop
start --rtu none
lua 'meters[1]:read(500)' | grep -q 'illegal data address' || flaw "unlisted registers can be read"
stop

# The FRAM outlives them: what is there is kept, whatever the options are.
start --rtu none --nvm "$work/nvm" --address 7
grep -q '1 meter (unit 7, 0 or 255)' "$log" || flaw "the address is not 7"
stop
start --rtu none --nvm "$work/nvm"
grep -q '1 meter (unit 7, 0 or 255)' "$log" || flaw "the address was set anew"
stop
for option in --address=7 --baud=9600 --parity=N --fill-word=1; do
    expect 2 "a scenario and $option" "$meter" serve "$work/plant.lua" "$option" --rtu none --console none --tcp 127.0.0.1:0
    expect_text "a scenario and $option" "are for the meter without a scenario"
done
finish "unit ids and addresses"
