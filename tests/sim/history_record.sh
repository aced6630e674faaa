#!/bin/bash
# history_record.sh METERSIM [MINUTES]: our own record, played back as a log: V, I, P and Q
# of every second within 0.2 % of the largest value of that second and of those beside it,
# P and Q of their apparent power (at least of 1/50 of full scale); energy within 0.05 %.
# Loads rise, fall, step, stop and export. A day: MINUTES 1440.
set -u
meter=$1 minutes=${2:-10}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
cat >day.lua <<LUA
local m = meter { ct_primary = 200, system_voltage = 480 }
for k = 1, $minutes * 6 do
    local day = 0.6 + 0.4 * math.sin(k / $minutes)
    local step = k % 30 < 15 and 1 or 0.8
    local turn = k % 60 < 45 and 1 or k % 60 < 50 and 0 or k % 60 < 57 and -1 or 0
    grid { hz = 60, volts = { 277 + math.random(), 275 + math.random(), 279 - 3 * day } }
    load { kw = { 20 * day * step, 18 * day, 15 * step * turn }, kvar = { 8 * day, 6, -2 * step } }
    wait "10 s"
end
LUA
mkdir first second
"$meter" run day.lua --record first --record-seconds 0:0.001 --time-limit 9000 >out 2>&1 || { cat out; exit 1; }
cp first/day/meter1/readings.csv log.csv
"$meter" history log.csv --ct 200 --record second >out 2>&1 || { cat out; exit 1; }
awk -F, '
    FNR == 1 { for (k = 1; k <= NF; k++) { name[k] = $k; column[$k] = k } next }
    NR == FNR { for (k = 1; k <= NF; k++) x[FNR, k] = $k; stamp[$1] = FNR; last = $1; next }
    function size_of(row, k,    n, most) {
        for (n = row - 1; n <= row + 1; n++)
            if ((n, k) in x && x[n, k] * x[n, k] > most * most) most = x[n, k]
        return most < 0 ? -most : most
    }
    $1 in stamp {
        row = stamp[$1]
        rows++
        for (k = 1; k <= NF; k++) {
            if (name[k] !~ /^(v_.n|i_.|kw_[abc]|kvar_[abc])$/) continue
            scale = name[k] ~ /^v/ ? 277 : name[k] ~ /^i/ ? 200 : 55
            size = size_of(row, name[k] ~ /^k/ ? column["kva_" substr(name[k], length(name[k]))] : k)
            if (size < scale / 50) size = scale / 50
            off = ($k - x[row, k]) / size
            if (off < 0) off = -off
            if (off > worst[name[k]]) { worst[name[k]] = off; at[name[k]] = $1 }
            beyond += off > 0.002
        }
        if ($1 == last)
            for (k = 1; k <= NF; k++)
                if (name[k] ~ /^kwh_import(_[abc])?$/) {
                    off = ($k - x[row, k]) / x[row, k]
                    energy = off * off > energy * energy ? off : energy
                }
    }
    END {
        for (n in worst)
            printf "%s %.4f %% at %s s\n", n, 100 * worst[n], at[n]
        printf "%d rows, %d values beyond 0.2 %%; energy off by %.4f %% at most\n", rows, beyond, 100 * energy
        exit !(rows >= 60 && beyond == 0 && energy < 0.0005 && energy > -0.0005)
    }' log.csv second/log/meter1/readings.csv
