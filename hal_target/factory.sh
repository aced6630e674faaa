#!/bin/bash
# factory.sh SERIAL MODEL >factory.bin: the block that a board gets at manufacture, for
# 0x080E0000 (stm32f405/factory.h): magic, serial number, model, CRC-32.
set -eu
if [ $# != 2 ] || ! [[ $1 =~ ^(0|[1-9][0-9]{0,9})$ ]] || [ "$1" -gt 4294967295 ] ||
    ! [[ $2 =~ ^(s4100|s4100_fds|s4000r)$ ]]; then
    echo "usage: factory.sh SERIAL s4100|s4100_fds|s4000r >factory.bin; SERIAL without leading zeros" >&2
    exit 2
fi
block=$(mktemp)
trap 'rm -f "$block"' EXIT
{
    printf 'MTF1'
    for shift in 0 8 16 24; do
        # shellcheck disable=SC2059 # the format is the byte
        printf "\\x$(printf %02x $(($1 >> shift & 255)))"
    done
    printf '%s' "$2"
    head -c $((16 - ${#2})) /dev/zero
} >"$block"
cat "$block"
gzip -c "$block" | tail -c 8 | head -c 4 # gzip ends with this very CRC, little-endian
