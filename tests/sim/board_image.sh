#!/bin/bash
# board_image.sh METERSIM: --board image where something is missing: exit 2, and the message
# names the package and the target that bring it. The program is copied away from its
# build, so that neither module nor image is beside it.
set -u
meter=$1 work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$meter" "$work/metersim" || exit 1
export METERSIM_DATA=$work
script=$work/script.lua
echo 'meter {}' >"$script"
flaws=0
refused() { # WORDS ARGUMENT...: each word is in the message
    local word words=$1
    shift
    timeout 300 "$work/metersim" "$@" >/dev/null 2>"$work/err" </dev/null
    local code=$?
    [ $code = 2 ] || { echo "$*: exit code $code instead of 2"; flaws=1; }
    for word in $words; do
        grep -q -e "$word" "$work/err" || { echo "$*: no $word in: $(cat "$work/err")"; flaws=1; }
    done
}
tape=$work/tape
"$work/metersim" run --quiet --tape "$tape" "$script" >/dev/null

without="libunicorn-dev metersim_processor"
refused "$without" run --board image "$script"
refused "$without" serve --board image --tcp 127.0.0.1:0
refused "$without" panel --board image --at 1s --screenshot "$work/x.png" "$script"
refused "$without" replay --target image "$tape"
echo 'no module' >"$work/metersim_processor.so"
refused "libunicorn2" run --board image "$script"
rm "$work/metersim_processor.so"
if [ -f "$(dirname "$meter")/metersim_processor.so" ]; then
    cp "$(dirname "$meter")/metersim_processor.so" "$work"
    refused "gcc-arm-none-eabi firmware --elf" run --board image "$script"
    refused "elf" run --board image --elf "$work/none.elf" "$script"
    refused "script.lua" run --board image --elf "$script" "$script"
fi
refused "board" run --board copper "$script"
refused "elf board" run --elf "$script" "$script"
refused "cpu board" run --cpu "$script"
for cycles in 0 11 2..1 1..x x 1.. nan 0.5..2; do
    refused "cycles 1.2..2.6" run --board image --cpu --cycles $cycles "$script"
done
refused "cycles cpu" run --board image --cycles 2 "$script"
[ $flaws = 0 ] && echo "what is missing is named"
exit $flaws
