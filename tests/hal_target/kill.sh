#!/bin/bash
# kill.sh BUILD [TIMES [SEED]]: the power of a meter in the emulator fails after a random
# number of bytes written, and it starts again with the NVM that it left, 100 times.
# Energy, pulses and power-ups must never run back behind what it had said was kept, and
# settings must be those that were made; the one that was being changed may be the old or
# the new one. No clock has a part in it: a seed gives the same figures on every host.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build} times=${2:-100}
RANDOM=${3:-4100}
image=$build/firmware/power_cut.elf
[ -f "$image" ] || { echo "$image is not there"; exit 2; }
work=$(mktemp -d)
nvm=$work/nvm
trap 'rm -rf "$work"' EXIT
head -c 262144 /dev/zero | tr '\0' '\377' >"$nvm"
printf '\0' >>"$nvm"

# meter prepare|WRITES: ten minutes are for a hang.
meter() {
    timeout 600 qemu-system-arm -M netduinoplus2 -nodefaults -display none \
        -semihosting-config "enable=on,target=native,arg=meter,arg=$nvm,arg=$1" \
        -kernel "$image" >"$work/text" 2>&1
}

flaws=0
flaw() {
    echo "restart $n: $*"
    flaws=$((flaws + 1))
}

meter prepare || { cat "$work/text"; exit 1; }
n=0 starts=0 cuts=0 import=0 pulses=0 ups=0 turn=1 tried=1 settings=
while [ $n -lt "$times" ]; do
    n=$((n + 1))
    meter $((1 + RANDOM % 20000)) || flaw "the emulator ends with $?"
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
if [ $starts -lt $((times * 9 / 10)) ] || [ "$import" = 0 ] || [ "$pulses" = 0 ]; then
    flaw "too few starts"
fi
[ $cuts -ge $((times * 3 / 4)) ] || flaw "hardly a write was cut"
[ "$ups" -ge "$starts" ] || flaw "$ups power-ups in $starts starts"
[ $flaws = 0 ] && echo "energies never ran back, settings are intact"
exit $((flaws > 0))
