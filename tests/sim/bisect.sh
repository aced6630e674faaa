#!/bin/bash
# bisect.sh METERSIM: where tapes, seeds and settings part, with the exit codes.
set -u
meter=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
flaws=0
# expect CODE PATTERN… -- ARGUMENTS: the exit code; each pattern is on a line of its own
expect() {
    local code=$1 patterns=()
    shift
    while [ "$1" != -- ]; do
        patterns+=("$1")
        shift
    done
    shift
    "$meter" bisect "$@" >out 2>&1
    local got=$?
    [ $got = "$code" ] || {
        echo "bisect $*: exit code $got instead of $code"
        cat out
        flaws=1
    }
    for pattern in "${patterns[@]}"; do
        grep -q -- "$pattern" out || {
            echo "bisect $*: nothing like '$pattern' in:"
            cat out
            flaws=1
        }
    done
}
cat >a.lua <<'LUA'
local m = meter { ct_primary = 200, system_voltage = 480 }
fault(m, "adc_noise", "20 codes")
grid { volts_ll = 480 }
load { amps = 50, pf = 0.8 }
wait "4 s"
m:read(21, 2)
fault(m, "ct_reversed", FAULTY)
wait "2.5 s"
press(m, "select")
wait "2 s"
LUA
sed 's/FAULTY/"B"/' a.lua >b.lua
sed -i 's/FAULTY/"C"/' a.lua
"$meter" run a.lua --tape a.tape >/dev/null || flaws=1
cp a.tape again.tape
head -c 400000 a.tape >cut.tape
# What another build would have made of it: the first write to the LCD and the answer with
# kw_total are others. The tape ends without its end mark then.
python3 - <<'PYTHON' || flaws=1
import struct
tape = bytearray(open("a.tape", "rb").read())
at, lcds, end = 16, 0, 0
while at < len(tape):
    kind, _, size = struct.unpack_from("<BBH", tape, at)
    end = at if kind == 11 else end
    if kind == 68:
        lcds += 1
        tape[at + 16 + 4] ^= lcds == 1
    if kind == 64 and size == 6:
        tape[at + 16 + 3] ^= 1
    at += 16 + size
open("other.tape", "wb").write(tape[:end])
PYTHON

expect 0 "^records: the same, [0-9]* of them" -- a.tape again.tape
expect 1 "inputs part in second 5, at 4.016667 s" "samples of current B" \
    "registers part in second 5" "92  kw_b" "phase B: power factor +0.8" \
    "0.000000 s  power-up: s4100" "request: read 21..22" \
    'scenario of A did.*' 'fault, line 7: fault ct_reversed C' -- a.lua b.lua
expect 1 "inputs part in second 1" "registers part in second 1" \
    "both scenarios did until then" -- a.lua --seeds 1,2
expect 1 "registers are the same in all of" -- a.lua --seeds 1,2 --tolerance 0.5%
expect 1 "registers part in second 1" "21  kw_total .* 33.2[0-9] .* 66.5" \
    "request: write 400 to 131" -- a.tape --set 131=400
expect 1 "one tape ends" -- a.tape cut.tape
expect 1 "outputs part, after the same inputs in second 1," "^  LCD: " \
    "^Modbus answer: the first that differs, in second 5, at 4.000000 s:" \
    "'read 21..22': register 21 (kw_total) is [0-9]* in A, [0-9]* in B" \
    "request: read 21..22" -- a.tape other.tape
expect 2 "register 131 refuses 40000: exception 3" -- a.tape --set 131=40000
expect 2 "^metersim bisect: A and B are the same" -- a.tape
expect 2 "--seeds is for scenarios" -- a.tape b.lua --seeds 1,2
expect 2 "none.tape: No such file" -- a.tape none.tape
for seeds in "" 1 "1," ",1" -1,1 1,x 1,2,3 99999999999999999999,1; do
    expect 2 "^metersim bisect: --seeds must be" -- a.lua "--seeds=$seeds"
done
for set in "" 131 0=1 70000=1 131=70000 131=1x; do
    expect 2 "^metersim bisect: --set must be" -- a.tape "--set=$set"
done
for tolerance in "" 1 -1% 101% nan%; do
    expect 2 "^metersim bisect: --tolerance is" -- a.lua --seeds 1,2 "--tolerance=$tolerance"
done
echo 'error "no"' >wrong.lua
expect 2 "^metersim bisect: wrong.lua: wrong.lua:1: no" -- a.lua wrong.lua
ls -d "${TMPDIR:-/tmp}"/metersim-bisect-* 2>/dev/null && flaws=1
[ $flaws = 0 ] && echo "bisect finds where they part"
exit $flaws
