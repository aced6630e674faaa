#!/bin/bash
# factory.sh SERIAL MODEL REVISION >factory.bin: the block that a board gets at manufacture,
# for 0x080E0000. It needs no build of the program: a test holds its bytes against those of
# core/factory_block.c, where the layout is described. SERIAL is decimal, 1 to 4294967294;
# leading zeros, as on a label, are allowed. What is wrong is named; nothing is written then.
set -eu
wrong() {
    echo "factory.sh: $*" >&2
    echo "usage: factory.sh SERIAL s4100|s4100_fds|s4000r REVISION >factory.bin" >&2
    exit 2
}
[ $# = 3 ] || wrong "serial number, model and revision of the board are needed, not $# arguments"
[[ $1 =~ ^0*([0-9]{1,10})$ ]] || wrong "serial number \"$1\" is not a decimal number of at most 10 digits"
serial=$((10#${BASH_REMATCH[1]}))
[ "$serial" -ge 1 ] && [ "$serial" -le 4294967294 ] || wrong "serial number $1 is not in 1 to 4294967294"
[[ $2 =~ ^(s4100|s4100_fds|s4000r)$ ]] || wrong "there is no model \"$2\""
[ "$3" = 1 ] || wrong "there is no board of revision \"$3\"; there is revision 1"
[ ! -t 1 ] || wrong "the block goes to the output: add >factory.bin"

# bytes NUMBER COUNT: little-endian.
bytes() {
    local k
    for ((k = 0; k < $2; k++)); do
        # shellcheck disable=SC2059 # the format is the byte
        printf "\\x$(printf %02x $(($1 >> 8 * k & 255)))"
    done
}
block=$(mktemp)
trap 'rm -f "$block"' EXIT
{
    printf 'MTFB'
    bytes 1 2
    bytes "$3" 2
    bytes "$serial" 4
    printf '%s' "$2"
    head -c $((20 - ${#2})) /dev/zero
} >"$block"
cat "$block"
gzip -c "$block" | tail -c 8 | head -c 4 # gzip ends with this very CRC, little-endian
