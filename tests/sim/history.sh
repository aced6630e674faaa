#!/bin/bash
# history.sh METERSIM SOURCE: fifteen forms of headings, dates and numbers are read as
# people mean them, against golden texts; what stays open or is wrong is refused with its
# line, its column and the option that says it.
set -u
meter=$1 data=$2/tests/data/history
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$data" || exit 2
flaws=0
complain() {
    echo "$*"
    flaws=1
}
# golden LOG OPTIONS…: the whole output
golden() {
    local log=$1
    "$meter" history "$@" --check >"$work/out" 2>&1
    echo "exit code $?" >>"$work/out"
    diff -u "${log%.csv}.txt" "$work/out" || complain "history $* reads it otherwise"
}
golden 01_iso_zone.csv
golden 02_german.csv
golden 03_french.csv --dates dmy
golden 04_spanish.csv
golden 05_twelve_hours.csv
golden 06_epoch.csv
golden 07_epoch_ms.csv
golden 08_clock_back.csv --zone Europe/Berlin
golden 09_clock_forward.csv --zone Europe/Berlin
golden 10_newest_first.csv
golden 11_bars_thousands.csv
golden 12_own_names.csv
golden 13_utf16.csv
golden 14_map.csv --map 14_map.map
golden 16_counters.csv --volts 400 --hz 50

# A billing counter that goes on while CT B is turned: the row, by how much, and why.
"$meter" history 15_part.csv --check --ct 100 >"$work/out" 2>&1
[ $? = 1 ] || complain "15_part.csv does not part"
for text in "^15_part.csv:9: column 'kWh billed' parts at .* 01:45:00 UTC: since line 7 the log rises by 15.34 kWh, the core's by 10.85" \
    "^what metersim diagnose says of the rows from line 9" "1\..*CT B points the other way"; do
    grep -q "$text" "$work/out" || complain "15_part.csv: nothing like '$text' in $(tail -12 "$work/out")"
done

# Straight from 0 to 60 kW in 600 s, then 600 s of 60 kW: 5 and 10 kWh; held: 0 and 10.
printf 'time,V_LN,kW,kvar\n0,277,0,0\n600,277,60,0\n' >"$work/ramp.csv"
mkdir "$work/record"
for form in "--stamps=begin 9.999" "--ramp 14.999"; do
    rm -rf "$work/record/ramp"
    "$meter" history "$work/ramp.csv" "${form% *}" --record "$work/record" >"$work/out" 2>&1
    grep -q "^1200 s played: ${form#* }. kWh imported" "$work/out" ||
        complain "history ${form% *}: $(cat "$work/out")"
    [ -s "$work/record/ramp/meter1/readings.csv" ] || complain "no record with ${form% *}"
done

# refused MESSAGE TEXT OPTIONS…: of a log of that text; its name stands before the message
refused() {
    local message=$1 text=$2
    shift 2
    printf '%b' "$text" >"$work/log.csv"
    (cd "$work" && "$meter" history log.csv "$@" --check) >"$work/out" 2>&1
    local code=$?
    [ $code = 2 ] || complain "'$message': exit code $code"
    grep -qF "metersim history: $message" "$work/out" ||
        complain "expected '$message', got: $(tail -1 "$work/out")"
}
head='time,V_LN,kW,kvar\n' first='2026-11-01 00:00,230,10,1\n' second='2026-11-01 00:15,230,10,1\n'
refused "log.csv:3:18: 'NaN' is no number, in column 'V_LN'" "$head${first}2026-11-01 00:15,NaN,10,1\n"
refused "log.csv:3:22: 'n/a' is no number" "$head${first}2026-11-01 00:15,230,n/a,1\n"
refused "log.csv:3:22: '10 kW' is no number" "$head${first}2026-11-01 00:15,230,10 kW,1\n"
refused "log.csv:3:22: 'inf' is no number" "$head${first}2026-11-01 00:15,230,inf,1\n"
refused "log.csv:3:22: '1e16' is no number" "$head${first}2026-11-01 00:15,230,1e16,1\n"
refused "log.csv:3:1: expected 4 columns" "$head${first}2026-11-01 00:15,230,10\n"
refused "log.csv:3:18: expected a closing quote" "$head${first}2026-11-01 00:15,\"230,10,1\n"
refused "log.csv:3:1: 'later' is no time" "$head${first}later,230,10,1\n"
refused "log.csv:3:1: '2026-11-31 00:15' is no day of the calendar" "$head${first}2026-11-31 00:15,230,10,1\n"
refused "log.csv:3:1: '1793491200' is a time of another form" "$head${first}1793491200,230,10,1\n"
refused "log.csv:2:1: '00:15' is a time of day: a column of dates is missing" "${head}00:15,230,10,1\n"
refused "log.csv:2:1: '01/11/2026 00:00' has the day first or the month, and no row tells: give --dates dmy or --dates mdy" \
    "${head}01/11/2026 00:00,230,10,1\n01/11/2026 00:15,230,10,1\n"
refused "log.csv:3:1: '31/12/2026 00:15' has the day first, and rows above it the month" \
    "${head}12/31/2026 00:00,230,10,1\n31/12/2026 00:15,230,10,1\n"
refused "log.csv:4:1: '2026-10-25 02:00' is 1800 s before the row that precedes it: where clocks were put back, --zone says so" \
    "${head}2026-10-25 02:00,230,10,1\n2026-10-25 02:30,230,10,1\n2026-10-25 02:00,230,11,1\n2026-10-25 03:00,230,11,1\n"
refused "log.csv:3:1: '2026-03-29 02:30' does not exist in Europe/Berlin" \
    "${head}2026-03-29 01:30,230,10,1\n2026-03-29 02:30,230,10,1\n" --zone Europe/Berlin
refused "log.csv:3:1: '2026-11-01 00:00' stands there twice, with other values" \
    "${head}${first}2026-11-01 00:00,231,10,1\n$second"
refused "log.csv:3:1: rows are 7200.000 s apart" "${head}${first}2026-11-01 02:00,230,10,1\n"
refused "log.csv:3:1: rows are 0.500 s apart" "${head}2026-11-01 00:00:00.0,230,10,1\n2026-11-01 00:00:00.5,230,10,1\n"
refused "log.csv:2:1: one row says nothing" "$head$first"
refused "log.csv:1:1: there is no row" "$head"
refused "log.csv:1:1: no column is a time" "when,V_LN,kW\n"'1,2,3\n'
refused "log.csv:1:1: no column is a reading" "time,comment\n"'1,2\n'
refused "log.csv:1:6: column 'Power': the unit is missing; --map FILE" "time,Power\n1,2\n2,2\n"
refused "log.csv:1:6: column 'Energy kW': an energy in a unit of power" "time,Energy kW\n1,2\n2,2\n"
refused "log.csv:1:6: column 'Current [kW]': its words and its unit do not agree" "time,Current [kW]\n1,2\n2,2\n"
refused "log.csv:1:6: column 'Voltage': line-to-line or line-to-neutral?" "time,Voltage\n1,2\n2,2\n"
refused "log.csv:1:6: column 'VA': volt-amperes, or the voltage of phase A?" "time,VA\n1,2\n2,2\n"
refused "log.csv:1:9: column 'P kW': it is the same reading as column 'kW'" "time,kW,P kW\n1,2,2\n2,2,2\n"
refused "log.csv:2:22: '1,234' is a number with a decimal comma, or of thousands: give --decimal" \
    "time;V_LN;kW\n2026-11-01 00:00;230;1,234\n2026-11-01 00:15;230;1,250\n"
refused "log.csv: no column is a voltage: give --volts" "time,kW\n2026-11-01 00:00,10\n2026-11-01 00:15,10\n"
refused "log.csv: no column says what flows" "time,V_LN\n2026-11-01 00:00,230\n2026-11-01 00:15,230\n"
refused "--zone: 'Mars' is no time zone" "$head$first$second" --zone Mars
refused "--dates is dmy or mdy; not 'ymd'" "$head$first$second" --dates ymd
refused "--decimal is point or comma; not ''" "$head$first$second" --decimal=
refused "--stamps is begin or end; not 'x'" "$head$first$second" --stamps x
refused "--check has values that hold: leave --ramp out" "$head$first$second" --ramp
refused "--pf must be from 0.01 to 1, not 0" "$head$first$second" --pf 0
refused "--type must be" "$head$first$second" --type 99
refused "log.csv: expected text, found a zero byte" 'time,kW\n1,\0000\n'
refused "no.map: Failed to open" "$head$first$second" --map no.map
printf 'V_LN = vln_avg kW\n' >"$work/a.map"
refused "a.map:1:7: expected a reading" "$head$first$second" --map a.map
printf '\nV = vln_avg\n' >"$work/a.map"
refused "a.map:2:1: the log has no column 'V'" "$head$first$second" --map a.map
[ $flaws = 0 ] && echo "logs are read as they are meant, or refused"
exit $flaws
