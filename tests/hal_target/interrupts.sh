#!/bin/bash
# interrupts.sh ELF: which interrupts the image enables, and their priorities, read from the
# NVIC in QEMU after its start: samples before bytes before the supply.
# Nothing in a run without time for instructions shows them.
set -u
elf=$1 fifo=$(mktemp -u)
mkfifo "$fifo"
trap 'rm -f "$fifo" "$fifo.text"' EXIT
timeout 60 qemu-system-arm -M netduinoplus2 -display none -serial null -monitor stdio \
    -kernel "$elf" <"$fifo" >"$fifo.text" 2>&1 &
exec 3>"$fifo"

# read SIZE ADDRESS: a word of hexadecimal digits
read_nvic() {
    printf 'x /1x%s 0x%s\n' "$1" "$2" >&3
    for _ in $(seq 200); do
        tr -d '\r' <"$fifo.text" | grep -ao "^0*$2: 0x[0-9a-f]*" | tail -n 1 | sed 's/.*0x0*//' | grep . && return
        sleep 0.05
    done
}

# Until the last thing that the image enables is.
for _ in $(seq 200); do
    enabled=$(read_nvic w e000e100)
    [ "$enabled" = 800040 ] && break
    sleep 0.1
done
found="$enabled $(read_nvic w e000e104) $(read_nvic b e000e406) $(read_nvic b e000e438) $(read_nvic b e000e426) $(read_nvic b e000e417)"
echo quit >&3
exec 3>&-
wait
# EXTI 0 and 5-9; USART2 and DMA2 stream 0; then EXTI 0, DMA2, USART2, supply
want="800040 1000040 40 40 80 c0"
echo "interrupts: $found"
[ "$found" = "$want" ] || { echo "expected:   $want"; exit 1; }
