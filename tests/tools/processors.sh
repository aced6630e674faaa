#!/bin/bash
# processors.sh: the same bytes from any processor. Builds core, waveform and hal_sim with
# tests/hal_sim/processors.c for this machine, for AArch64 and for s390x (big-endian), by
# Debian's cross compilers, runs the last two under qemu-user, and compares the hashes of
# their tapes. A long form: some minutes, most of them the compilers'.
set -u
cd "$(dirname "$0")/../.." || exit 2
. .ci/install.sh
install_packages "to build for other processors" gcc gcc-aarch64-linux-gnu \
    gcc-s390x-linux-gnu libc6-dev-arm64-cross libc6-dev-s390x-cross qemu-user || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# hashes COMPILER [EMULATOR]
hashes() {
    "$1" -std=gnu11 -D_GNU_SOURCE -O2 -ffp-contract=off -fno-fast-math -I. -static \
        -o "$work/$1" tests/hal_sim/processors.c core/*.c waveform/*.c waveform/base/*.c \
        hal_sim/*.c hal_sim/chips/*.c -lm >"$work/log" 2>&1 || {
        tail -n 20 "$work/log" >&2
        return 1
    }
    ${2:+"$2"} "$work/$1"
}
here=$(hashes gcc) || exit 2
echo "this machine:"
echo "$here"
flaws=0
for processor in aarch64 s390x; do
    there=$(hashes "$processor-linux-gnu-gcc" "qemu-$processor") || exit 2
    if [ "$there" = "$here" ]; then
        echo "$processor: the same"
    else
        printf '%s: DIFFERENT:\n%s\n' "$processor" "$there"
        flaws=1
    fi
done
exit $flaws
