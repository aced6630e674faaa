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
# What it takes for an answer may be any block's: another register's value, or nonsense.
finds transaction 'that is register\|nothing is recorded\|as it was until\|true is' late_answer wrong_transaction wrong_unit
finds qnan 'taken for a number' no_reading no_frequency first_second
finds reconnect 'nothing is recorded' reset half_open closes_behind
# Of an answer of zeros it has read one half.
finds torn 'its words are of two moments' torn_counter zeros

# What is recorded in a file, and on a page.
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
for bug in '' swap; do
    for kind in "csv:$work/log.csv --csv $work/log.csv" "prometheus:http://127.0.0.1:$port/m --metrics $port"; do
        read -r recorded option value <<<"$kind"
        "$meter" exam --step --only word_order --recorded "$recorded" -- /usr/bin/python3 "$client" \
            '{host}' '{port}' '{units}' --step --bug "$bug" "$option" "$value" >"$work/tap" 2>&1
        [ "$(failed)" = "${bug:+word_order }" ] && ! grep -q '# SKIP' "$work/tap" ||
            flaw "$recorded, bug '$bug': $(cat "$work/tap")"
    done
done
# A client that is waited for.
/usr/bin/python3 "$client" 127.0.0.1 "$port" 1 --bug swap --csv "$work/waited.csv" 2>"$work/err" &
waited=$!
"$meter" exam --tcp "127.0.0.1:$port" --only word_order --recorded "csv:$work/waited.csv" >"$work/tap" 2>&1
kill $waited
wait $waited 2>/dev/null
[ "$(failed)" = "word_order " ] || flaw "a client that is waited for: $(cat "$work/tap" "$work/err")"
# A client with names and units of its own.
printf 'name,register,scale\nkwh_import,kwh_import,1\nkw_total,21,2\n' >"$work/profile.csv"
"$meter" exam --step --only registers --profile "$work/profile.csv" -- /usr/bin/python3 "$client" \
    '{host}' '{port}' '{units}' --step >"$work/tap" 2>&1
grep -q '^not ok .* registers' "$work/tap" && grep -q '^#   7 such findings' "$work/tap" &&
    ! grep -q '^#   .*kwh_import' "$work/tap" || flaw "--profile: $(cat "$work/tap")"

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
