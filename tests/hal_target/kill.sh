#!/bin/bash
# kill.sh BUILD [TIMES [SEED]]: a meter in the emulator is killed at a random moment and
# started again with the NVM that it left, 100 times. Energy, pulses and power-ups must
# never run back behind what it had said was kept, and settings must be those that were
# made; the one that was being changed may be the old or the new one.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build} times=${2:-100}
RANDOM=${3:-4100}
image=$build/firmware/power_cut.elf
[ -f "$image" ] || { echo "$image is not there"; exit 2; }
work=$(mktemp -d)
nvm=$work/nvm
pid=
trap 'kill -9 $pid 2>/dev/null; rm -rf "$work"' EXIT
head -c 262144 /dev/zero | tr '\0' '\377' >"$nvm"
printf '\0' >>"$nvm"

meter() {
    local arguments="enable=on,target=native,arg=meter,arg=$nvm"
    [ $# = 0 ] || arguments=$arguments,arg=$1
    exec qemu-system-arm -M netduinoplus2 -nodefaults -display none \
        -semihosting-config "$arguments" -kernel "$image" >"$work/text" 2>&1
}

flaws=0
flaw() {
    echo "restart $n: $*"
    flaws=$((flaws + 1))
}

(meter prepare) || { cat "$work/text"; exit 1; }
n=0 starts=0 cuts=0 import=0 pulses=0 ups=0 turn=1 tried=1 settings=
while [ $n -lt "$times" ]; do
    n=$((n + 1))
    meter &
    pid=$!
    sleep "0.$(printf '%03d' $((30 + RANDOM % 250)))"
    kill -9 $pid
    wait $pid 2>/dev/null
    while read -r word a b c d e rest; do
        case $word in
        start)
            starts=$((starts + 1)) cuts=$((cuts + a))
            [ "$b" -ge "$ups" ] || flaw "power-ups $b after $ups"
            [ "$c" -ge "$import" ] || flaw "energy $c mWh after $import"
            [ "$d" -ge "$pulses" ] || flaw "pulses $d after $pulses"
            [ "$e" = "$turn" ] || [ "$e" = "$tried" ] ||
                flaw "setting $e, after $turn, on the way to $tried"
            [ "$rest" = "${settings:=$rest}" ] || flaw "settings $rest, were $settings"
            ups=$b import=$c pulses=$d turn=$e tried=$e
            ;;
        kept) import=$a pulses=$b ;;
        try) tried=$a ;;
        set) turn=$a ;;
        *) flaw "$word $a $b $c $d $e $rest" ;;
        esac
    done <"$work/text"
done
echo "$times kills, $starts starts, $cuts writes cut; $import mWh, $pulses pulses, $ups power-ups"
# The test must have hit something: starts, energy, and writes that were under way.
[ $starts -ge $((times / 2)) ] && [ "$import" -gt 0 ] && [ "$pulses" -gt 0 ] || flaw "too few starts"
[ $cuts -ge $((times / 50)) ] || flaw "hardly a write was cut"
[ "$ups" -ge "$starts" ] || flaw "$ups power-ups in $starts starts"
[ $flaws = 0 ] && echo "energies never ran back, settings are intact"
exit $((flaws > 0))
