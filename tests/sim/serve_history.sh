#!/bin/bash
# serve_history.sh METERSIM: a live meter follows a log: at held times its registers
# are those of the row.
set -u
meter=$1
work=$(mktemp -d)
trap 'kill "$pid" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 2
cat >log.csv <<'CSV'
time,V_LN,kW,kvar
0,277,30,10
10,277,60,20
20,277,-15,0
CSV
"$meter" serve --history log.csv --hold --tcp 127.0.0.1:0 --rtu none --console "$work/console" >out 2>&1 &
pid=$!
for _ in $(seq 3000); do
    grep -q "Ctrl-C" out && break
    kill -0 $pid 2>/dev/null || break
    sleep 0.02
done
flaws=0
ask() {
    "$meter" console "$work/console" -e "$1" 2>&1
}
near() { # EXPRESSION VALUE
    local got
    got=$(ask "print($1)")
    awk -v x="$got" -v y="$2" 'BEGIN { exit !(x - y < 0.01 && y - x < 0.01) }' || {
        echo "$1 is $got instead of $2"
        flaws=1
    }
}
ask 'advance "5 s"' >/dev/null
near meters.meter1.kw_total 30
near meters.meter1.kvar_total 10
ask 'advance "10 s"' >/dev/null
near meters.meter1.kw_total 60
ask 'advance "10 s"' >/dev/null
near meters.meter1.kw_total -15
ask 'advance "30 s"' >/dev/null
near meters.meter1.kw_total -15
grep -q "V_LN *vln_avg" out || flaws=1
kill $pid
wait $pid
for wrong in "--count 2" "--load-seed 1" "--dates x" "--log-pf 2"; do
    # shellcheck disable=SC2086 # an option and its value
    "$meter" serve --history log.csv $wrong --rtu none --console none --tcp 127.0.0.1:0 >out 2>&1
    [ $? = 2 ] || { echo "serve --history $wrong is not refused"; flaws=1; }
done
[ $flaws = 0 ] && echo "a live meter follows its log"
exit $flaws
