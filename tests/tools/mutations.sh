#!/bin/bash
# tests/tools/mutations.sh BUILD [COPY]: do the tests see what they are there for? Puts ten
# bugs into core, one at a time, in a copy of the sources (COPY, made when it is not
# there), and says which of these notices: core's own tests, the scenarios, or parity (tapes
# that the right program has recorded, replayed by the wrong one: what the target's
# replay would show). Ends with 1 when a bug passes. Takes some minutes.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
right=$(cd "${1:?usage: mutations.sh BUILD [COPY]}" && pwd)/metersim
copy=${2:-$(mktemp -d)/metersim}
tapes=$(mktemp -d)
trap 'rm -rf "$tapes"' EXIT

# file | what stands there | what is put there | what that is
mutations='core/registers.c|(uint16_t)(addr + 1)|(uint16_t)(addr + 2)|registers are off by one
core/publish.c|(sum + count / 2) / count|sum / count|averages are cut off, not rounded
core/wide.c|(unsigned)(bits - 1));|(unsigned)(bits - 2));|scaling adds a quarter instead of a half
core/cycle.c|return p >= 0 ? 3 : 2;|return p >= 0 ? 2 : 3;|quadrants 3 and 4 are exchanged
core/demand.c|seen ? part->seconds : length|seen ? part->seconds : 0|sub-intervals not yet seen are left out
core/pulse.c|c->rest_uj = (c->rest_uj + uj) % weight;|c->rest_uj = uj % weight;|the part of a pulse is lost
core/alert.c|s->s[k] / 2)|s->s[k] / 3)|low power factor is told at a third
core/rtu.c|half_bits_us(77, baud) : 1750|half_bits_us(66, baud) : 1750|a frame ends after 3 characters
core/clock.c|year % 4 == 0|year % 4 == 1|leap years are those after
core/energy.c|UJ_PER_MWH = 3600000|UJ_PER_MWH = 3600001|a watt-hour has one microjoule more in 3600000'

targets=metersim
for test in "$top"/tests/core/test_*.c; do
    targets="$targets core_$(basename "$test" .c)"
done

# shellcheck disable=SC2086
build() { cmake --build "$copy/build" --target $targets >/dev/null 2>&1; }
say() { printf '%-44s %-8s %-10s %s\n' "$@"; }

mkdir -p "$copy"
(cd "$top" && git ls-files -z | xargs -0 cp --parents -t "$copy") || exit 2
cmake -S "$copy" -B "$copy/build" -G Ninja >/dev/null || exit 2
build || exit 2

for scenario in "$top"/scenarios/*.lua; do
    tape=$tapes/$(basename "$scenario" .lua).tape
    "$right" run "$scenario" --tape "$tape" >/dev/null 2>&1 || rm -f "$tape"*
done
echo "$(find "$tapes" -type f | wc -l) tapes of the right program"

say "bug" "tests" "scenarios" "tapes that differ"
passed=0
while IFS='|' read -r file was becomes what; do
    grep -qF -- "$was" "$top/$file" || {
        echo "$file: '$was' does not stand there any more" >&2
        exit 2
    }
    python3 - "$top/$file" "$copy/$file" "$was" "$becomes" <<'PY' || exit 2
import sys
source, target, was, becomes = sys.argv[1:]
open(target, "w").write(open(source).read().replace(was, becomes, 1))
PY
    build || {
        say "$what" "no build"
        continue
    }
    tests=$(ctest --test-dir "$copy/build" -R '^core/' -j 2 2>/dev/null |
        sed -n 's/.* \([0-9]*\) tests failed out of.*/\1/p')
    scenarios=$("$copy/build/metersim" run "$copy/scenarios" 2>/dev/null | grep -c '^not ok')
    differ=0
    for tape in "$tapes"/*; do
        "$copy/build/metersim" replay "$tape" >/dev/null 2>&1 || differ=$((differ + 1))
    done
    say "$what" "$tests" "$scenarios" "$differ"
    [ "$tests$scenarios$differ" != 000 ] || passed=$((passed + 1))
    cp -p "$top/$file" "$copy/$file" && touch "$copy/$file"
done <<<"$mutations"
[ $passed = 0 ] || echo "$passed bugs were not noticed"
[ $passed = 0 ]
