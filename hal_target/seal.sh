#!/bin/bash
# seal.sh OBJCOPY ELF: writes the CRC-32 of an image (sections .text and .data, as they
# stand in flash) to its section .seal, which follows them: by it the reset system knows
# an image that is whole (stm32f405/slot.h).
set -eu
objcopy=$1 elf=$2
"$objcopy" -O binary -j .text -j .data "$elf" "$elf.bytes"
gzip -c "$elf.bytes" | tail -c 8 | head -c 4 >"$elf.crc" # gzip ends with this very CRC
"$objcopy" --update-section .seal="$elf.crc" "$elf"
rm "$elf.bytes" "$elf.crc"
