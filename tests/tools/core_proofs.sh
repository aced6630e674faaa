#!/bin/bash
# core_proofs.sh BUILD: core is integer only, has no mutable statics and calls nothing but
# the HAL, the memory functions and the compiler's own helpers.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build}
flaws=0
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT

# No floating point: the compiler may use general registers only.
for source in core/*.c; do
    gcc -std=c11 -O2 -ffreestanding -mgeneral-regs-only -Wall -Wextra -Werror -I. \
        -c "$source" -o "$objects/$(basename "$source" .c).o" || flaws=1
done
[ $flaws = 0 ] && echo "no floating point: all of core compiles with -mgeneral-regs-only"
if grep -nwE 'float|double' core/*.c core/*.h core/x86/*.[ch] | grep -vE '\*|//'; then
    echo "core/ names a floating-point type"
    flaws=1
fi

# No mutable statics, in these objects and in those of the build.
mutable=$(size -A "$objects"/*.o "$build"/libcore.a |
    awk '$1 ~ /^\.(data|bss)/ && $1 !~ /rel\.ro/ { n += $2 } END { print n + 0 }')
echo ".data + .bss of core: $mutable bytes"
[ "$mutable" = 0 ] || { nm -A "$objects"/*.o | grep -E ' [bBdD] '; flaws=1; }

# Undefined symbols, apart from those that core itself defines.
nm -u "$objects"/*.o | awk 'NF == 2 && $1 == "U" { print $2 }' | sort -u >"$objects/undefined"
nm --defined-only "$objects"/*.o | awk 'NF == 3 { print $3 }' | sort -u >"$objects/defined"
foreign=$(comm -23 "$objects/undefined" "$objects/defined" |
    grep -vE '^(hal_[a-z0-9_]+|mem(cpy|move|set|cmp)|_GLOBAL_OFFSET_TABLE_|__(u?div|u?mod|ash|lsh)[a-z]+[0-9]?)$')
if [ -n "$foreign" ]; then
    echo "core calls what no board supplies: $foreign"
    flaws=1
else
    echo "core calls only: $(comm -23 "$objects/undefined" "$objects/defined" | tr '\n' ' ')"
fi
exit $flaws
