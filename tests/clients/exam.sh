#!/bin/bash
# exam.sh METERSIM [all]: metersim exam finds the mistake of each client that has one
# (client.py --bug) by the row that it is for, and none in the client that has none.
# Short: each client sits the rows that concern it, in lock-step. all: every client sits
# all rows, and no row but those named below may fail.
set -u
meter=$1 all=${2:-}
client=$(dirname "$0")/exam/client.py
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flaws=0
flaw() {
    echo "$*"
    flaws=1
}

# sit BUG ROW…: those rows (none: all), in lock-step; the output is in $work/tap.
sit() {
    local bug=$1 row rows=()
    shift
    for row; do rows+=(--only "$row"); done
    "$meter" exam --step "${rows[@]}" --junit "$work/junit.xml" --html "$work/page.html" -- \
        /usr/bin/python3 "$client" '{host}' '{port}' '{units}' --step --bug "$bug" >"$work/tap" 2>"$work/err"
    code=$?
}
failed() { sed -n 's/^not ok [0-9]* - \([^:]*\):.*/\1/p' "$work/tap" | tr '\n' ' '; }

# finds BUG TEXT ROW…: the rows fail, with the text among the findings; in the long form
# no other row does.
finds() {
    local bug=$1 text=$2
    shift 2
    if [ "$all" = all ]; then sit "$bug"; else sit "$bug" "$@"; fi
    [ "$(failed)" = "$* " ] || flaw "bug '$bug': $* should fail; failed: $(failed)"
    grep -q "^#   .*$text" "$work/tap" || flaw "bug '$bug': no finding says '$text': $(cat "$work/tap" "$work/err")"
    [ $code = 1 ] || flaw "bug '$bug': exit code $code"
    [ "$(grep -c '<failure' "$work/junit.xml")" = $# ] || flaw "bug '$bug': JUnit has other failures"
    grep -q 'pill failed' "$work/page.html" || flaw "bug '$bug': the page has no failure"
    [ -s "$work/page.html.pcaps/$1.pcap" ] || flaw "bug '$bug': no capture of $1"
}
finds swap 'its two words are swapped' word_order
finds scale 'the scale is not that of the moment' scale_change
finds transaction 'that is register\|nothing is recorded\|as it was until' late_answer
finds qnan 'taken for a number' no_reading no_frequency first_second
finds reconnect 'nothing is recorded' reset half_open closes_behind
finds torn 'its words are of two moments' torn_counter

# The right client: nothing fails, and all was put to the test.
if [ "$all" = all ]; then
    sit ''
else
    sit '' word_order registers functions length unlisted pace no_reading scale_change torn_counter late_answer \
        zeros stale reset dead_unit
fi
[ $code = 0 ] && [ "$(grep -c '^not ok\|# SKIP' "$work/tap")" = 0 ] ||
    flaw "the right client: exit code $code; $(cat "$work/tap" "$work/err")"
[ $flaws = 0 ] && echo "metersim exam finds each planted mistake by its row, and none in the right client"
exit $flaws
