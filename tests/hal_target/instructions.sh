#!/bin/bash
# instructions.sh BUILD: what metering costs on the target, counted exactly in the emulator:
# per sample set, per second, the two interrupts of a set in the front end's driver, the
# worst pass of the main loop, the worst request, and the stack; each at most 10 % above instructions.limits. As load of the 154.8-MHz part, with
# 2.1 cycles an instruction (1.4 and an allowance for wait states of the flash): below 5 %.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tape=$work/steady.tape
"$build/metersim" run --quiet --tape "$tape" tests/hal_target/steady.lua >"$work/text" 2>&1 &&
    "$build/metersim" replay --target qemu --count "$tape" >"$work/text" 2>&1 ||
    { cat "$work/text"; exit 1; }
flaws=0

# The figure behind LABEL, the first one after a line with PART.
figure() {
    sed -n "/$1/,\$p" "$work/text" | sed -n "s/.*$2: *\([0-9]*\).*/\1/p" | head -1
}
check() {
    local name=$1 is=$2 was
    was=$(sed -n "s/^$name //p" tests/hal_target/instructions.limits)
    printf '%-8s %9s, measured last %s\n' "$name" "$is" "$was"
    [ -n "$is" ] && [ -n "$was" ] && [ $((is * 10)) -le $((was * 11)) ] && return
    echo "$name: more than 10 % above what was measured last (tests/hal_target/instructions.limits)"
    flaws=1
}
drivers=$(timeout 900 qemu-system-arm -M netduinoplus2 -nodefaults -display none \
    -icount shift=0 -semihosting-config enable=on,target=native \
    -kernel "$build/firmware/driver_cost.elf" 2>&1 | sed -n 's/interrupts of a sample set: //p')
second=$(figure 'sample sets' 'instructions a second')
check set "$(figure 'sample sets' 'instructions each')"
check second "$second"
check pass "$(figure 'passes of the main loop' worst)"
check request "$(figure 'Modbus requests' worst)"
check stack "$(figure 'stack' used)"
check drivers "$drivers"
load=$(((second + drivers * 2520) * 21 * 100 / 1548288)) # in 0.001 %
printf 'load of the 154.8-MHz part: %d.%03d %%\n' $((load / 1000)) $((load % 1000))
[ $load -lt 5000 ] || { echo "metering and sampling take 5 % of the processor or more"; flaws=1; }
exit $flaws
