#!/bin/bash
# recover.sh BUILD: the reset system on the wire (reset_system.lua), a snapshot of changed
# flash, and `metersim flash` of a meter whose image is damaged.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build}
meter=$build/metersim
. tests/support/served.sh
elf=$build/firmware/meter.elf

for scenario in reset_system flash_snapshot; do
    text=$("$meter" run --quiet --board image --elf "$elf" "tests/hal_target/$scenario.lua" 2>&1) ||
        flaw "$scenario: $text"
done
# The reset system answers on the line, which a gateway brings to the socket.
cat >"$work/damaged.lua" <<'LUA'
m = meter { system_type = 40, ct_primary = 100, system_voltage = 480, address = 5, baud = 38400 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "2 s"
fault(m, "image_damaged", 300000)
power(m, "off")
wait "1 s"
power(m, "on")
wait "1 s"
print "its image is damaged"
LUA
start --board image --elf "$elf" --rtu pty --gateway=baud=38400 --speed 40 "$work/damaged.lua"
wait_for "^its image is damaged"
expect 0 "recovery" timeout 300 "$meter" flash --timeout 2 --quick "tcp:127.0.0.1:$port/5" \
    "$build/firmware/meter.update"
expect_text "recovery" "serial number 1000: updated"
expect 0 "the meter meters" mbpoll -m tcp -p "$port" -1 -o 10 -a 5 -r 28 -c 1 127.0.0.1
expect_text "the meter meters" "6000"
finish "the reset system serves, and metersim flash recovers its meter"
