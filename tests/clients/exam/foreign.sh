#!/bin/bash
# foreign.sh METERSIM CLIENT [all]: the client of others fails the rows of metersim
# exam that the table of docs/exam.md says, with the finding that it says. Short: those that
# take least and some that it passes; all: all rows, and no other fails.
set -u
folder=$(cd "$(dirname "$0")" && pwd)
. "$folder/../../support/needs.sh"
meter=$1 client=$2 all=${3:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flaws=0
step=--step
case $client in
mbpoll) needs mbpoll ;;
pymodbus) /usr/bin/python3 -c 'import pymodbus.client' 2>/dev/null || missing python3-pymodbus ;;
collectd)
    needs collectd
    step=
    ;;
modbus-serial | jsmodbus)
    command -v node >/dev/null || missing nodejs
    node -e "require('$client')" 2>/dev/null || missing "$client (NODE_PATH)"
    ;;
*) exit 2 ;;
esac

# The table's line: | client | version | row: what, row: what | …
expected=$(sed -n "s/^| $client | [^|]* | \([^|]*\) |.*/\1/p" "$folder/../../../docs/exam.md" | tr -d '\140' | tr ' ' '\n' | sort)
[ -n "$expected" ] || { echo "docs/exam.md has no line for $client"; exit 1; }
# Rows that cost more than five seconds.
slow='half_open|slow_line|dead_unit'
[ "$client" != modbus-serial ] || slow="$slow|closes_behind"
[ "$client" != collectd ] || slow="$slow|stale|zeros"
rows=()
if [ "$all" != all ]; then
    expected=$(grep -vxE "$slow" <<<"$expected")
    for row in registers exception_0B $expected; do rows+=(--only "$row"); done
fi
case $client in
modbus-serial | jsmodbus) command=(node "$folder/foreign.js") ;;
*) command=(/usr/bin/python3 "$folder/foreign.py") ;;
esac
# By the clock a host that is busy may give a client no time within a row: again, then.
for _ in $(seq 5); do
    # shellcheck disable=SC2086 # $step is empty or one word
    "$meter" exam $step "${rows[@]}" -- "${command[@]}" "$client" '{host}' '{port}' '{units}' $step >"$work/tap" 2>"$work/err"
    grep -q '# SKIP not seen' "$work/tap" || break
done
failed=$(sed -n 's/^not ok [0-9]* - \([^:]*\):.*/\1/p' "$work/tap" | sort)
diff <(echo "$expected") <(echo "$failed") >"$work/diff" || flaws=1
grep -q '^1\.\.' "$work/tap" || flaws=1
if [ $flaws = 0 ]; then
    echo "$client fails what docs/exam.md says, and nothing else"
else
    echo "docs/exam.md (<) and what fails (>):"
    cat "$work/diff" "$work/tap" "$work/err"
fi
exit $flaws
