#!/bin/bash
# comtrade_files.sh METERSIM SOURCE: what `comtrade` makes of files: the energy of the
# record itself, channels that are played and that are not, feeders, sides of
# transformers, voltages beyond the meter, lines of frequency, phases by angle, CSV; and
# the scenario that --write makes.
set -u
meter=$1
cd "$2" || exit 2
. tests/support/served.sh

# record NAME HZ SAMPLES RATE LF CHANNEL…: an ASCII file of 1999 with sines. A channel is
# name,phase,unit,effective value,degrees,primary,secondary,P|S
record() {
    local name=$1
    shift
    awk -v name="$work/$name" -v hz="$1" -v samples="$2" -v rate="$3" -v lf="$4" '
    BEGIN {
        cfg = name ".cfg"; dat = name ".dat"; count = ARGC - 5
        printf "station,device,1999\n%d,%dA,0D\n", count, count >cfg
        for (k = 1; k <= count; k++) {
            split(ARGV[k + 4], f, ",")
            a = f[4] * sqrt(2) / 30000
            printf "%d,%s,%s,,%s,%.12g,0,0,-32767,32767,%s,%s,%s\n", k, f[1], f[2], f[3], a,
                f[6], f[7], f[8] >cfg
            degrees[k] = f[5]
        }
        printf "%s\n1\n%d,%d\n01/01/2020,00:00:00\n01/01/2020,00:00:00\nASCII\n1\n", lf,
            rate, samples >cfg
        pi = atan2(0, -1)
        for (n = 0; n < samples; n++) {
            printf "%d,%d", n + 1, n * 1000000 / rate >dat
            for (k = 1; k <= count; k++)
                printf ",%.0f", 30000 * sin(2 * pi * (hz * n / rate + degrees[k] / 360)) >dat
            print "" >dat
        }
    }' "$@"
}
# plays TEXT FILE OPTION…, and its output has the text; refuses likewise
plays() {
    local text=$1
    shift
    expect 0 "comtrade $*" "$meter" comtrade "$@"
    expect_text "of $*" "$text"
}
refuses() {
    local text=$1
    shift
    expect 2 "comtrade $*" "$meter" comtrade "$@"
    expect_text "of $*" "$text"
}
volts=("Va,A,V,277,0,1,1,P" "Vb,B,V,277,-120,1,1,P" "Vc,C,V,277,120,1,1,P")
amps=("Ia,A,A,50,-30,1,1,P" "Ib,B,A,50,-150,1,1,P" "Ic,C,A,50,90,1,1,P")

plays "in the record itself: 0.008706, 0.000000" recordings/sag_b_480v.cfg
plays "in the record itself: 0.008706, 0.000000" recordings/sag_b_480v.cfg --after 8
plays "channels: Va Va, Vb Vb, Vc Vc, Ia Ia, Ib Ib, Ic Ic" recordings/sag_b_480v.cfg
plays "meter: s4100, type 40, CT 250 A, PT ratio 1.00, 500 V" recordings/sag_b_480v.cfg

record two 60 960 4800 60 "${volts[@]}" "${amps[@]}" "Ia 2,A,A,20,-30,1,1,P" \
    "Ib 2,B,A,20,-150,1,1,P" "Ic 2,C,A,20,90,1,1,P" "3U0,N,V,1,0,1,1,P"
plays "not played: 7 Ia 2 A, 8 Ib 2 A, 9 Ic 2 A, 10 3U0 V" "$work/two.cfg"
plays "also: --feeder 2: Ia 2, Ib 2, Ic 2" "$work/two.cfg"
plays "  50.000    50.000    50.000    11.99" "$work/two.cfg"
plays "  20.000    20.000    20.000     4.79" "$work/two.cfg" --feeder 2
plays "channels: Va Va, Vb Vb, Vc Vc, Ia Ia 2, Ib Ib 2, Ic Ic 2" "$work/two.cfg" --feeder 2
plays "also: --feeder 1: Ia, Ib, Ic" "$work/two.cfg" --feeder 2
! grep -q -- "--feeder 2" "$work/out" || flaw "the feeder that is played is another one, too"
refuses "--feeder" "$work/two.cfg" --feeder -1
refuses "there is no feeder 3; the file has 1 Va (V A)" "$work/two.cfg" --feeder 3

# Secondary values: the file's ratios bring them to the primary side.
record relay 60 960 4800 60 "Va,A,V,66.4,0,13800,120,S" "Vb,B,V,66.4,-120,13800,120,S" \
    "Vc,C,V,66.4,120,13800,120,S" "Ia,A,A,2,-30,600,5,S" "Ib,B,A,2,-150,600,5,S" \
    "Ic,C,A,2,90,600,5,S"
plays "brought to the primary side by the file's ratios: voltages x 115, currents x 120" \
    "$work/relay.cfg"
plays "   7636.05   7636.04   7636.04   240.001" "$work/relay.cfg"
plays "   7636.05   7636.04   7636.04   240.001" "$work/relay.cfg" --primary
plays "   66.40     66.40     66.40     2.000" "$work/relay.cfg" --secondary
refuses "not both" "$work/relay.cfg" --secondary --primary
# Where no PT ratio of the meter fits, the default is what can be played; --primary is not.
record grid 50 960 4800 50 "Va,A,kV,220,0,380,0.1,P" "Vb,B,kV,220,-120,380,0.1,P" \
    "Vc,C,kV,220,120,380,0.1,P" "Ia,A,A,500,-30,1000,1,P" "Ib,B,A,500,-150,1000,1,P" \
    "Ic,C,A,500,90,1000,1,P"
plays "the secondary values are played (--primary, --scale-v choose)" "$work/grid.cfg"
plays "   57.89     57.89     57.89     0.500" "$work/grid.cfg"
refuses "381 kV are beyond a PT ratio of 320, the meter's highest: --secondary plays \
secondary values, --scale-v 0.1 plays smaller ones" "$work/grid.cfg" --primary
plays "  22000.07  22000.07  22000.07   500.002" "$work/grid.cfg" --scale-v 0.1
record high 50 960 4800 50 "Va,A,kV,220,0,1,1,P" "Vb,B,kV,220,-120,1,1,P" \
    "Vc,C,kV,220,120,1,1,P" "${amps[@]}"
plays "voltages are played x 0.1, and powers with them (--scale-v chooses)" "$work/high.cfg"
plays "  22000.07  22000.07  22000.07    50.000" "$work/high.cfg"
refuses "--scale-v 0.1 plays smaller ones" "$work/high.cfg" --primary

# Voltages between lines.
record lines 60 960 4800 60 "Uab,,V,480,30,1,1,P" "Ubc,,V,480,-90,1,1,P" \
    "Uca,,V,480,150,1,1,P" "${amps[@]}"
plays "type 31" "$work/lines.cfg"
plays "  480.00    480.00    480.00    50.000" "$work/lines.cfg"
refuses "the voltages are line-to-line: give --type 31, or 11" "$work/lines.cfg" --type 40

# The header's frequency, where the record is too short, or dead.
record short 60 40 1200 60 "${volts[@]}" "${amps[@]}"
plays "no line frequency is found in the record: the header's 60 Hz" "$work/short.cfg"
plays "line frequency of the header: 60.000 Hz" "$work/short.cfg"
plays "  277.0" "$work/short.cfg"
record short 60 40 1200 "" "${volts[@]}" "${amps[@]}"
refuses "and none in the header: give hz" "$work/short.cfg"
plays "line frequency given: 60.000" "$work/short.cfg" --hz 60
record tiny 60 20 1200 60 "${volts[@]}" "${amps[@]}"
refuses "less than 1.25 cycles of 60 Hz" "$work/tiny.cfg"
record slow 50 480 240 50 "${volts[@]}" "${amps[@]}"
plays "240 samples a second: harmonics above 120 Hz are not in the record" "$work/slow.cfg"

# Phases by angle; currents go with the voltages.
record angle 50 960 4800 50 "one,,V,277,40,1,1,P" "two,,V,277,160,1,1,P" \
    "three,,V,277,-80,1,1,P" "four,,A,50,130,1,1,P" "five,,A,50,10,1,1,P" "six,,A,50,250,1,1,P"
plays "phases of voltages and currents by their angles" "$work/angle.cfg"
plays "channels: Va one, Vb three, Vc two, Ia five, Ib six, Ic four" "$work/angle.cfg"
plays "11.99" "$work/angle.cfg"
record pole 50 960 4800 50 "UDL,,V,0,0,1,1,P" "IDL,,A,0,0,1,1,P" "IDN,,A,0,0,1,1,P" \
    "IDM,,A,0,0,1,1,P" "UDN,,V,0,0,1,1,P" "UDM,,V,0,0,1,1,P"
refuses "phase, name and angle: name them (va, vb, vc); the file has 1 UDL (V )" \
    "$work/pole.cfg"

# CSV, by the command and in a scenario.
awk 'BEGIN { pi = atan2(0, -1); print "time [ms];Va [kV];Vb [kV];Vc [kV];Ia [A];Ib [A];Ic [A]"
    for (n = 0; n < 1000; n++) {
        printf "%.3f", n / 5
        for (k = 0; k < 6; k++)
            printf ";%.6f", (k < 3 ? 0.23 : 40) * sqrt(2) * sin(2 * pi * (50 * n / 5000 - k / 3))
        print ""
    } }' >"$work/waves.csv"
plays "channels: Va Va, Vb Vb, Vc Vc, Ia Ia, Ib Ib, Ic Ic" "$work/waves.csv"
plays "  230.00    230.00    230.00    40.000    40.000    40.000     9.200" "$work/waves.csv"
cat >"$work/waves.lua" <<'LUA'
local m = meter { ct_primary = 200, system_voltage = 400 }
local r = recording "waves.csv"
expect(r.hz, near("50 Hz", "0.01 Hz"))
wait "2 s"
expect(m.v_an, near("230 V", "0.1 %"))
expect(m.kw_total, near("27.6 kW", "0.1 %"))
LUA
expect 0 "a scenario plays CSV" "$meter" run "$work/waves.lua"

# In scenarios: sides of transformers, voltages between lines.
cat >"$work/sides.lua" <<'LUA'
local m = meter { ct_primary = 300, system_voltage = 13200, pt_ratio = 22 }
recording "relay.cfg"
wait "2 s"
expect(m.v_an, near("7636 V", "0.1 %"))
recording("relay.cfg", { secondary = true, scale_v = 100 })
wait "2 s"
expect(m.v_an, near("6640 V", "0.1 %"))
LUA
expect 0 "sides in a scenario" "$meter" run "$work/sides.lua"
expect_text "factors are in the log" "by the file's ratios: voltages x 115, currents x 120"
printf 'local m = meter { system_type = 31 }\nrecording "lines.cfg"\nwait "2 s"\n%s\n' \
    'expect(m.v_ab, near("480 V", "0.1 %"))' >"$work/lines.lua"
expect 0 "lines on type 31" "$meter" run "$work/lines.lua"
printf 'meter { name = "x" }\nrecording "lines.cfg"\n' >"$work/lines.lua"
expect 2 "lines on type 40" "$meter" run "$work/lines.lua"
expect_text "says why" "its voltages are line-to-line: x needs system type 31 or 11"

# What --write writes is a scenario that runs, and plays what the command played.
for file in recordings/sag_b_480v.cfg "$work/two.cfg" "$work/relay.cfg" "$work/high.cfg" \
    "$work/grid.cfg" "$work/lines.cfg" "$work/short.cfg" "$work/waves.csv"; do
    expect 0 "writes" "$meter" comtrade "$file" --hz 60 --write "$work/written.lua"
    expect 0 "runs what it wrote of $file" "$meter" run "$work/written.lua"
    grep -q "recording(\"/" "$work/written.lua" || flaw "no recording of $file"
done
expect 0 "writes" "$meter" comtrade "$work/two.cfg" --feeder 2 --from 0.05 --to 0.15 \
    --write "$work/written.lua"
for text in 'ct_primary = 30' 'ia = "7"' 'from = "0.05 s"' 'to = "0.15 s"' \
    'expect(m.v_an, near("277'; do
    grep -qF "$text" "$work/written.lua" || flaw "the scenario lacks $text"
done
# Names that are no plain text are quoted.
odd="$work/a \"b\" \\c]]"$'\n'"print(1).cfg"
cp "$work/two.cfg" "$odd"
cp "$work/two.dat" "${odd%cfg}dat"
expect 0 "writes" "$meter" comtrade "$odd" --va "Va" --write "$work/written.lua"
expect 0 "runs what it wrote of an odd name" "$meter" run "$work/written.lua"
expect_text "the name is one" "1 passed"
expect 2 "nowhere to write" "$meter" comtrade "$work/two.cfg" --write /nowhere/x.lua
expect_text "says where" "/nowhere/x.lua: No such file or directory"
# The page counts the public files as their list does; tests/tools/public_recordings.py
# plays them.
outcomes() { awk -F, -v outcome="$1" '$(NF - 1) == outcome || $0 ~ "," outcome ",\"" { n++ } END { print n + 0 }' \
    tests/data/public_recordings.csv; }
all=$(($(wc -l <tests/data/public_recordings.csv) - 1))
grep -qF "| all | $all | $(outcomes plays) | $(outcomes refused) | $(outcomes "no data") |" docs/recordings.md ||
    flaw "public files: $all, $(outcomes plays) play, $(outcomes refused) refused, $(outcomes "no data") without data"
[ "$(($(outcomes plays) + $(outcomes refused)))" -ge 150 ] || flaw "fewer than 150 public files"
finish "files are read as they are"
