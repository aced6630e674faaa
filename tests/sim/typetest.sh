#!/bin/bash
# typetest.sh METERSIM: every type test is within its limit, names where that stands, and
# docs/typetest.md has the same rows (its figures are those of one build).
set -u
meter=$1
folder=$(dirname "$0")
. "$folder/../support/served.sh"
expect 0 "type tests" "$meter" typetest
cp "$work/out" "$work/table"
rows() { awk -F'|' '/^\| s4/ { print $2, $3, $4, $6, $8 }' "$1"; }
cmp <(rows "$work/table") <(rows "$folder/../../docs/typetest.md") || flaw "the page has other rows"
for what in "C12.20 load" "reactive influence" "low voltage" export start-up time; do
    grep -q "^| s4100 | $what |" "$work/table" || flaw "no row of $what"
done
! rows "$work/table" | grep -vE 'from memory|decided|8\.3\.3' || flaw "a limit without a source"
grep -q '^| s4100 | temperature | PF 1, .* | none: at the limit |' "$work/table" || flaw "the coefficient has a margin"
! grep -q '^| s4000r | time' "$work/table" || flaw "a model without a clock was timed"
finish "type tests hold"
