#!/bin/bash
# typetest.sh METERSIM: every type test is within its limit but for the two coefficients
# of temperature that follow from the manuals (docs/typetest.md); each row names where its
# limit stands, and the page has the same rows (its figures are those of one build).
set -u
meter=$1
folder=$(dirname "$0")
. "$folder/../support/served.sh"
expect 1 "type tests" "$meter" typetest
cp "$work/out" "$work/table"
rows() { awk -F'|' '/^\| s4/ { print $2, $3, $4, $6, $8 }' "$1"; }
cmp <(rows "$work/table") <(rows "$folder/../../docs/typetest.md") || flaw "the page has other rows"
for what in "C12.20 load" "reactive influence" "low voltage" export start-up time; do
    grep -q "^| s4100 | $what |" "$work/table" || flaw "no row of $what"
done
! rows "$work/table" | grep -vE 'from memory|decided|8\.3\.3' || flaw "a limit without a source"
missed=$(grep 'missed' "$work/table" | cut -d'|' -f 2-7)
expected=" s4100 | temperature | PF 1, 35 to 55 C | +0.01001 | 0.01 | missed by 0.1 % 
 s4000r | temperature | PF 1, 35 to 55 C | +0.03009 | 0.03 | missed by 0.3 % "
[ "$missed" = "$expected" ] || flaw "other rows are missed: $missed"
! grep -q '^| s4000r | time' "$work/table" || flaw "a model without a clock was timed"
finish "type tests hold"
