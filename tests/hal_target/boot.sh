#!/bin/bash
# boot.sh BUILD POLL_CLIENT: the image of the physical meter boots in QEMU, where most of
# its parts are absent, and answers Modbus RTU on its USART (a pty): 500 polls. All pins
# read low there, POWER_GOOD among them, so what only shows stays dark. And an image with a broken instruction records the fault
# where a reset leaves it, and restarts.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build} client=$2
image=$build/firmware/meter
board=$build/firmware/board.bin
for needed in "$image.elf" "$board" "$client"; do
    [ -f "$needed" ] || { echo "$needed is not there"; exit 2; }
done
work=$(mktemp -d)
machine="qemu-system-arm -M netduinoplus2 -display none -serial null"
version=$(sed -n 's/.*METER_FIRMWARE_VERSION = \([0-9]*\).*/\1/p' core/identity.h)
flaws=0
trap 'kill $pid 2>/dev/null; rm -rf "$work"' EXIT

flaw() {
    echo "$*"
    flaws=1
}

mkfifo "$work/monitor"
start() {
    $machine "$@" -monitor stdio <"$work/monitor" >"$work/text" 2>&1 &
    pid=$!
    exec 3>"$work/monitor"
}

boot() { # its USART2 is $pty
    start -serial pty -d unimp -D "$work/accesses" "$@"
    for _ in $(seq 6000); do
        pty=$(sed -n 's/.*redirected to \([^ ]*\).*/\1/p' "$work/text")
        [ -n "$pty" ] && return
        sleep 0.05
    done
    cat "$work/text"
    flaw "QEMU does not start"
}

end() { # with a command of QEMU's monitor
    printf '%s\nquit\n' "$1" >&3
    exec 3>&-
    wait $pid 2>/dev/null
}

# writes PORT VALUE: how often VALUE was written to the port's BSRR.
writes() {
    grep -c "$1.*write.*offset 0x018, value $2" "$work/accesses"
}

symbol() { arm-none-eabi-nm "$image.elf" | sed -n "s/^\([0-9a-f]*\) . $1\$/\1/p"; }

boot -kernel "$image.elf"
timeout 1800 "$client" "$pty" 500 "$version" || flaw "meter.elf does not answer as it should"
bottom=$((16#$(symbol stack_bottom))) size=$((16#$(symbol stack_top) - 16#$(symbol stack_bottom)))
end "memsave $bottom $size \"$work/stack\""
clean=$(od -An -v -tx1 -w1 "$work/stack" | grep -n -m1 -v ' a5$' | cut -d: -f1)
used=$((size - ${clean:-0} + 1))
echo "stack: $used of $size bytes used"
[ $used -le $((size * 3 / 4)) ] || flaw "less than a quarter of the stack was left"
on=$(writes GPIOC 0x00000200) backlight=$(writes GPIOC 0x04000000)
echo "red LED: $on times on; backlight: $backlight times off"
[ "$on" = 0 ] && [ "$backlight" = 2 ] || flaw "a supply that is bad from the start does not make it dark"
rose=$(writes GPIOA 0x00000002) fell=$(writes GPIOA 0x00020000)
fell=$((fell - 1)) # the first time it is set up
echo "DE: rose $rose times, fell $fell times"
[ "$rose" -ge 501 ] && [ "$rose" = "$fell" ] || flaw "DE does not frame every answer"

boot -kernel "$board"
timeout 600 "$client" "$pty" 5 "$version" || flaw "board.bin does not answer as it should"
end ""

# An undefined instruction (UDF, 0xDE00) at the start of supply_run, in the main loop. The
# image is sealed anew, or the reset system would not run it.
cp "$board" "$work/broken.bin"
at=$((16#$(symbol supply_run)))
printf '\x00\xde' | dd of="$work/broken.bin" bs=1 seek=$((at - 0x08000000)) conv=notrunc 2>/dev/null
length=$(($(stat -c %s "$work/broken.bin") - 0x20000 - 4))
tail -c +$((0x20001)) "$work/broken.bin" | head -c $length | gzip -c | tail -c 8 | head -c 4 |
    dd of="$work/broken.bin" bs=1 seek=$((0x20000 + length)) conv=notrunc 2>/dev/null
start -serial null -kernel "$work/broken.bin"
for _ in $(seq 600); do # until it has restarted twice
    printf 'xp /6wx 0x%s\n' "$(symbol fault)" >&3
    sleep 0.1
    grep -q '^[0-9a-f]*: 0x464c54[0-9a-f]* 0x0*[2-9a-f]' <(tr -d '\r' <"$work/text") && break
done
end ""
words=$(tr -d '\r' <"$work/text" | sed -n 's/^[0-9a-f]\{8,\}: \(0x.*\)/\1/p' | tail -n 2 | tr '\n' ' ')
read -r magic count exception pc _ <<<"$words"
if [ "${magic:-0}" = 0x464c5421 ] || [ "${magic:-0}" = 0x464c542e ]; then
    echo "fault: $((count)) restarts, exception $((exception)), at $pc"
    [ $((count)) -ge 2 ] || flaw "the meter did not restart after a fault"
    [ $((exception)) = 3 ] || flaw "exception $((exception)), expected 3 (HardFault)"
    [ $((pc)) = "$at" ] || flaw "the fault is recorded at $pc, expected $(printf 0x%x "$at")"
else
    cat "$work/text"
    flaw "no record of the fault"
fi
[ $flaws = 0 ] && echo "the flashed image boots, answers, and survives a fault"
exit $flaws
