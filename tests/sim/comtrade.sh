#!/bin/bash
# comtrade.sh METERSIM SOURCE: what `comtrade` prints: frequency is right from the first
# row on, a reversed phase is visible, what is given is not called found, and what the
# meter does not read is ----.
set -u
meter=$1
cd "$2" || exit 2
. tests/support/served.sh

# field NAME ROW of what was printed with --csv
field() {
    awk -F, -v name="$1" -v row="$2" \
        'NR == 1 { for (k = 1; k <= NF; k++) if ($k == name) column = k }
         NR == row + 1 { print $column }' "$work/rows.csv"
}
# is NAME ROW LEAST MOST
is() {
    local value
    value=$(field "$1" "$2")
    awk -v x="$value" -v least="$3" -v most="$4" \
        'BEGIN { exit !(x != "" && x + 0 >= least && x + 0 <= most) }' ||
        flaw "$1 of row $2 is '$value', not $3 to $4"
}
rows() {
    "$meter" comtrade "$@" --csv >"$work/rows.csv" 2>"$work/said" ||
        flaw "comtrade $*: $(cat "$work/said")"
}

rows recordings/feeder_1991.cfg
is freq 1 49.9995 50.0005
[ "$(wc -l <"$work/rows.csv")" = 3 ] || flaw "rows of whole seconds alone"
rows recordings/sag_b_480v.cfg
for row in 1 2 3; do is freq $row 59.995 60.005; done
is freq 1 59.9999 60.0001
is kw_b 1 20.40 20.42
is kvar_total 1 26.05 26.08
grep -q "line frequency found: 60.000" "$work/said" || flaw "found: $(cat "$work/said")"

rows recordings/sag_b_480v.cfg --ib -5 --hz 60
is kw_b 1 -20.42 -20.40
is kw_a 1 20.40 20.42
is pf_b 1 -1 -0.9
grep -q "line frequency given: 60.000" "$work/said" || flaw "given: $(cat "$work/said")"
expect 0 "the table" "$meter" comtrade recordings/sag_b_480v.cfg --ib -5
expect_text "phases in it" "kWa       kWb       kWc         kW       kvar"
expect_text "the reversed one" " 20.410   -20.410    20.411 "

expect 0 "no voltage" "$meter" comtrade recordings/sag_b_480v.cfg --va none --vb none \
    --vc none --hz 60
expect_text "no frequency" " ----  0740"
rows recordings/sag_b_480v.cfg --va none --vb none --vc none --hz 60
[ -z "$(field freq 1)" ] || flaw "no frequency is an empty cell"

# The record itself is never left out; a second that it does not fill is told of.
expect 0 "cut short" "$meter" comtrade recordings/sag_b_480v.cfg --after 0
expect_text "says so" "in second 3 the recording ends"
finish "recordings read as they are"
