#!/bin/bash
# image.sh BUILD: what the build made. Core's objects come from the same sources on the
# host and on the target, and no source of core asks what it is compiled for; the image
# fits 96 KiB of flash and 32 KiB of RAM, its reset system 16 KiB; products, sums,
# identification and CRC are there, and the images of both slots are the same but for
# their addresses.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build}
folder=$build/firmware
flaws=0
flaw() {
    echo "$*"
    flaws=1
}

# The host's sources by its compile commands, the target's by the maps of the images,
# where also what is left out stands.
host=$(sed -n 's|.*"file": "\(.*\)".*|\1|p' "$build/compile_commands.json" | grep -v /tests/ |
    sed -n 's|.*/\(core/[a-z0-9_]*\.c\)$|\1|p' | sort -u)
for image in meter meter_b reset_system emulated driver_cost; do
    target=$(sed -n 's|^LOAD \(core/[a-z0-9_]*\.c\)\.o$|\1|p' "$folder/$image.map" | sort -u)
    [ -n "$host" ] && [ "$host" = "$target" ] ||
        flaw "core in $image.elf: $(diff <(echo "$host") <(echo "$target"))"
done
# (A table of two kinds of rows asks which of them its reader has defined.)
conditional=$(grep -nE '^ *# *(if|elif)' core/*.[ch] core/*.def |
    grep -vE '#ifndef (CORE_[A-Z0-9_]+_H|HOT)$|\.def:[0-9]+:#ifdef [A-Z]$')
[ -z "$conditional" ] || flaw "core asks what it is compiled for: $conditional"
echo "core: $(wc -l <<<"$host") sources, the same on the host and on the target; no #if"

read -r flash ram < <(sed -n 's/^total *//p' "$folder/meter.size")
echo "meter: $flash of $((96 * 1024)) bytes of flash, $ram of $((32 * 1024)) bytes of RAM"
[ "$flash" -le $((96 * 1024)) ] || flaw "the image is too large for its flash"
[ "$ram" -le $((32 * 1024)) ] || flaw "the image is too large for its RAM"
size=$(arm-none-eabi-size "$folder/meter_b.elf" | awk 'NR == 2 { print $1 + $2, $2 + $3 }')
[ "$size" = "$flash $ram" ] || flaw "the table says $flash and $ram bytes, size says $size"
[ "$(sed -n 's/^total *//p' "$folder/meter_b.size")" = "$(sed -n 's/^total *//p' "$folder/meter.size")" ] ||
    flaw "the images of the two slots differ in size"
read -r flash ram < <(sed -n 's/^total *//p' "$folder/reset_system.size")
echo "reset system: $flash of $((16 * 1024)) bytes of flash, $ram of $((32 * 1024)) bytes of RAM"
[ "$flash" -le $((16 * 1024)) ] || flaw "the reset system does not fit its sector"
[ "$(head -c "$flash" "$folder/board.bin" | cmp - "$folder/reset_system.bin" && echo same)" = same ] ||
    flaw "board.bin does not begin with the reset system"
heap=$(arm-none-eabi-nm "$folder"/*.elf | grep -wE '_*(malloc|calloc|realloc|sbrk)(_r)?')
[ -z "$heap" ] || flaw "a heap: $heap"

for image in meter meter_b reset_system emulated driver_cost; do
    for kind in elf hex bin map; do
        [ -s "$folder/$image.$kind" ] || flaw "no $image.$kind"
    done
done
(cd "$folder" && sha256sum --quiet -c SHA256SUMS) || flaw "the sums are wrong"
id=$(sed -n 's/#define GIT_ID "\(.*\)"/\1/p' "$build/hal_target/generated/hal_target/git_id.h")
for image in meter meter_b; do
    identity=$(dd if="$folder/$image.bin" bs=1 skip=512 count=64 2>/dev/null | tr -c '[:print:]' ' ')
    [[ $identity == METERFW*"$id"* ]] || flaw "identification of $image.bin: '$identity'"
    crc=$(head -c -4 "$folder/$image.bin" | gzip -c | tail -c 8 | head -c 4 | od -An -tx4)
    [ "$crc" = "$(tail -c 4 "$folder/$image.bin" | od -An -tx4)" ] || flaw "CRC of $image.bin"
done
[[ $(dd if="$folder/reset_system.bin" bs=1 skip=512 count=32 2>/dev/null | tr -c '[:print:]' ' ') == METERRS* ]] ||
    flaw "the reset system has no identification"
echo "identification: $identity"
[ $flaws = 0 ] && echo "the image is as it should be"
exit $flaws
