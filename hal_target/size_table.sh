#!/bin/bash
# size_table.sh MAP TABLE: bytes of flash and of RAM by folder of the sources, from the
# linker's map: what is in the image, not what was compiled. Initialised data counts in
# both. The C library and libgcc are "libraries". The reset system, which the meter's image
# brings with it, is an image of its own.
set -eu
declare -A flash ram
total_flash=0 total_ram=0

add() { # ADDRESS SIZE FILE
    local folder=$3 size=$(($2))
    case $folder in
    /* | *.a*) folder=libraries ;;
    *) folder=${folder%/*} ;;
    esac
    [ "$size" -gt 0 ] && [ "$folder" != reset_system.o ] || return 0
    flash[$folder]=${flash[$folder]:-0} ram[$folder]=${ram[$folder]:-0}
    if (($1 >= 0x20000000)); then
        ram[$folder]=$((ram[$folder] + size)) total_ram=$((total_ram + size))
    elif (($1 >= 0x08000000)); then
        flash[$folder]=$((flash[$folder] + size)) total_flash=$((total_flash + size))
    fi
}

# A section's line, joined with the next one where its name is long.
while read -r address size file; do
    add "$address" "$size" "$file"
done < <(sed -n '/^Linker script and memory map/,/^\/DISCARD\|^ \.debug/p' "$1" |
    sed -E '/^ (\.[^ ]+|COMMON)$/{N;s/\n//}' |
    sed -nE 's/^ (\.[^ ]+|COMMON) +(0x[0-9a-f]+) +(0x[0-9a-f]+) ([^ ].*)$/\2 \3 \4/p')

# The stack, and what aligns, belong to nobody's source.
section() { sed -nE "s/^$1 +(0x[0-9a-f]+) +(0x[0-9a-f]+).*/\2/p" "$2" | head -1; }
stack=$(($(section '\.stack' "$1")))
all_flash=$(($(section '\.text' "$1") + $(section '\.data' "$1") + $(section '\.seal' "$1" | grep . || echo 0)))
all_ram=$((stack + $(section '\.data' "$1") + $(section '\.bss' "$1") + $(section '\.noinit' "$1")))
{
    printf '%-26s %8s %8s\n' "${1%.map}" flash RAM
    for folder in "${!flash[@]}"; do
        printf '%-26s %8d %8d\n' "$folder" "${flash[$folder]}" "${ram[$folder]}"
    done | sort
    printf '%-26s %8d %8d\n' stack 0 "$stack"
    printf '%-26s %8d %8d\n' alignment $((all_flash - total_flash)) $((all_ram - total_ram - stack))
    printf '%-26s %8d %8d\n' total "$all_flash" "$all_ram"
} >"$2"
