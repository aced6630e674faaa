#!/bin/bash
# serve_addresses.sh METERSIM: unit ids that are not the meters' addresses are listed at
# the start with all names; --by-address makes them so, and refuses one address twice.
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
expect 0 "by number" "$meter" capture --tcp "127.0.0.1:$port" --unit 2
expect_text "its type" "system_type = 31"
expect 2 "an address is no unit" "$meter" capture --tcp "127.0.0.1:$port" --unit 102
stop
start "$work/plant.lua" --rtu none --by-address
grep -q 'unit ids are their addresses' "$log" || flaw "not said that ids are addresses"
expect 0 "by address" "$meter" capture --tcp "127.0.0.1:$port" --unit 102
expect_text "its type" "system_type = 31"
expect 2 "a number is no unit" "$meter" capture --tcp "127.0.0.1:$port" --unit 2
stop
sed -i 's/100 + k/100/' "$work/plant.lua"
expect 2 "one address twice" "$meter" serve "$work/plant.lua" --by-address --rtu none --console none --tcp :0
expect_text "says whose" "feeder 1 and feeder 2 both have address 100"
finish "unit ids and addresses"
