#!/bin/bash
# clients.sh METERSIM pymodbus|modbus-serial: a client reads the whole register map, with
# functions 03 and 04, and every word must be what mbpoll reads there. pymodbus is Debian's
# python3-pymodbus; modbus-serial is looked for where NODE_PATH says (npm install
# modbus-serial, then NODE_PATH=…/node_modules). Not installed: skipped (77).
set -u
meter=$1 client=$2
folder=$(dirname "$0")
. "$folder/../support/await_port.sh"
missing() {
    echo "$1 is not installed"
    exit 77
}
case $client in
pymodbus)
    /usr/bin/python3 -c 'import pymodbus' 2>/dev/null || missing python3-pymodbus
    run() { /usr/bin/python3 "$folder/clients_pymodbus.py" "$@"; }
    ;;
modbus-serial)
    command -v node >/dev/null || missing nodejs
    node -e 'require("modbus-serial")' 2>/dev/null || missing "modbus-serial (NODE_PATH)"
    run() { node "$folder/clients_modbus_serial.js" "$@"; }
    ;;
*) exit 2 ;;
esac
command -v mbpoll >/dev/null || missing mbpoll

work=$(mktemp -d)
trap 'kill $pid 2>/dev/null; rm -rf "$work"' EXIT
"$meter" serve --tcp 127.0.0.1:0 --speed 60 "$folder/clients.lua" >"$work/log" 2>&1 &
pid=$!
await_port "$work/log"
sleep 1.6 # the scenario has come to its end

# "first count" of the blocks of registers that follow one another, 125 at the most.
{ "$meter" registers s4100 --csv; "$meter" registers sunspec --csv; } |
    awk -F, '$1 + 0 > 0 { for (k = 0; k < $2; k++) print $1 + k }' | sort -n | uniq |
    awk 'NR > 1 && ($1 != first + n || n == 125) { print first, n; n = 0 }
        n == 0 { first = $1 } { n++ } END { print first, n }' >"$work/blocks"

# "register word" of all, without the clock (155-157), which goes on.
still() { awk '($1 < 155 || $1 > 157) { print $1, toupper($2) }' | sort -n; }
while read -r first count; do
    mbpoll -m tcp -p "$port" -a 1 -r "$first" -c "$count" -t 4:hex -1 127.0.0.1
done <"$work/blocks" | sed -n 's/^\[\([0-9]*\)\]:[^0]*0x\([0-9A-Fa-f]*\).*/\1 \2/p' |
    still >"$work/expected"
flaws=0
for function in 3 4; do
    run "$port" $function <"$work/blocks" >"$work/raw" 2>"$work/errors" || flaws=1
    still <"$work/raw" >"$work/got"
    cat "$work/errors"
    diff "$work/expected" "$work/got" >"$work/diff" && continue
    echo "function $function: mbpoll (<) and $client (>) differ:"
    head -n 20 "$work/diff"
    flaws=1
done
count=$(wc -l <"$work/expected")
holding=$(awk '$2 != "8000" && $2 != "0000"' "$work/expected" | wc -l)
[ "$count" -gt 6000 ] || { echo "only $count registers"; flaws=1; }
[ "$holding" -gt 150 ] || { echo "only $holding registers hold something"; flaws=1; }
[ $flaws = 0 ] && echo "$client reads $count registers as mbpoll does, $holding hold something"
exit $flaws
