#!/bin/bash
# flash.sh BUILD: `metersim flash` and the flashed image, served: over a pty, over a socket,
# and over a gateway's line; several meters of a line, of which the others are read; one
# whose client is killed goes on; refused are images of another board or model, older and
# damaged ones; a meter whose image is damaged is recovered by its reset system.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build}
meter=$build/metersim
. tests/support/served.sh
elf=$build/firmware/meter.elf image=$build/firmware/meter.update
speed=40

# change FILE VERSION BOARD MODELS: the images of another version, board or models.
change() {
    python3 - "$image" "$@" <<'PY'
import struct, sys, zlib
source, out, version, board, models = sys.argv[1:]
rest, whole = bytearray(open(source, "rb").read()), b""
while rest:
    size = struct.unpack_from("<I", rest, 0x200 + 68)[0]
    part = rest[:size]
    struct.pack_into("<I", part, 0x200 + 8, int(version))
    if board:
        part[0x20C:0x220] = board.encode().ljust(20, b"\0")
    if models:
        part[0x248:0x270] = models.encode().ljust(40, b"\0")
    whole += part + struct.pack("<I", zlib.crc32(part))
    rest = rest[size + 4:]
open(out, "wb").write(whole)
PY
}
version=$("$meter" registers s4100 >/dev/null && od -An -tu4 -j 520 -N 4 "$image" | tr -d ' ')
change "$work/newer" $((version + 1)) "" ""
change "$work/older" $((version - 1)) "" ""
change "$work/board" "$version" "STM32F405 meter 2" ""
change "$work/model" "$version" "" "s4000r"
cp "$work/newer" "$work/damaged"
printf '\x55' | dd of="$work/damaged" bs=1 seek=5000 conv=notrunc 2>/dev/null

# flash FILE METER…: its output to $work/out.
# shellcheck disable=SC2317 # it is called by name
flash() {
    local file=$1
    shift
    timeout 300 "$meter" flash --baud 38400 --timeout 2 "$@" "$file"
}

cat >"$work/line.lua" <<'LUA'
m = meters(2, { system_type = 40, ct_primary = 100, system_voltage = 480, baud = 38400 })
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
wait "3 s"
print "the line is ready"
LUA

tests/hal_target/recover.sh "$build" >"$work/recover" 2>&1 &
recover=$!
start --board image --elf "$elf" --rtu pty --speed $speed "$work/line.lua"
wait_for "^the line is ready"
# What must not be sent: nothing is erased, the meter has not restarted.
expect 1 "another board" flash "$work/board" "rtu:$pty/1"
expect_text "another board" "the image is for the board 'STM32F405 meter 2', the meter is 'STM32F405 meter 1'"
expect 1 "another model" flash "$work/model" "rtu:$pty/1"
expect_text "another model" "the image is for models s4000r, the meter is s4100"
expect 1 "an older image" flash "$work/older" "rtu:$pty/1"
expect_text "an older image" "--downgrade sends it"
expect 2 "a damaged file" flash "$work/damaged" "rtu:$pty/1"
expect_text "a damaged file" "the file is damaged"
expect 1 "no such meter" flash "$work/newer" --timeout 0.1 "rtu:$pty/9"
expect_text "no such meter" "no answer: another unit id, baud rate or parity?"
expect 0 "the same image" flash "$image" "rtu:$pty/1"
expect_text "the same image" "it has this image already"

# A client that is killed, and one that goes on.
"$meter" flash --baud 38400 "rtu:$pty/1" "$work/newer" >"$work/killed" 2>&1 &
client=$!
for _ in $(seq 6000); do
    grep -q ': [345]0 %' "$work/killed" && break
    sleep 0.01
done
kill -9 $client
wait $client 2>/dev/null
# (Read back in CI alone, as the second meter below.)
quick=(--quick)
[ "${CI:-}" != true ] || quick=()
expect 0 "an update, gone on with" flash "$work/newer" "${quick[@]}" "rtu:$pty/1"
expect_text "an update, gone on with" "serial number 1000: updated"
first=$(sed -n 's/.*: \([0-9]*\) %$/\1/p' "$work/out" | head -n 1)
[ "${first:-0}" -ge 20 ] || flaw "it began anew: first $first %"
# Two meters of the line, one after the other; the other one is read meanwhile.
if [ "${CI:-}" = true ]; then
    expect 0 "two meters" flash "$work/newer" --quick --poll "rtu:$pty/2" "rtu:$pty/1"
    expect_text "two meters" "serial number 1001: updated"
    expect_text "two meters" "serial number 1000: it has this image already"
    expect_text "two meters" ", 0 without an answer"
fi
# The same over a socket.
expect 1 "older, over TCP" flash "$image" "tcp:127.0.0.1:$port/1"
expect_text "older, over TCP" "--downgrade sends it"

wait $recover || flaw "$(cat "$work/recover")"
finish "metersim flash updates, refuses and goes on; $(tail -n 1 "$work/recover")"
