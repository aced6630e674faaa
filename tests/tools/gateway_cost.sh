#!/bin/bash
# gateway_cost.sh BUILD [ROUNDS [CONNECTIONS…]]: server CPU per transaction of 10
# registers, the gateway and libmodbus's select server in turn, server and clients on a
# core each: medians, and the median of the ratios pair by pair. Other work on the
# machine moves both alike. libmodbus's server cannot hold descriptors from 1024 on.
set -u
build=$1 rounds=${2:-7}
shift; [ $# -gt 0 ] && shift
counts=${*:-1 100 1000}
port=$((20000 + RANDOM % 10000))
listeners=${LISTENERS:-1} # idle ones beside the gateway's busy port
trap 'kill $gateway $modbus 2>/dev/null' EXIT

taskset -c 0 "$build/tests/gateway_server" $port "$listeners" &
gateway=$!
taskset -c 0 "$build/tests/libmodbus_server" $((port - 1)) &
modbus=$!
sleep 0.5

# cost PID PORT CONNECTIONS: microseconds per transaction
cost() {
    local requests=$((40000 + $3 * 40))
    [ "$3" = 1 ] && requests=20000
    taskset -c 1 "$build/tests/gateway_load" -p "$2" -c "$3" -n $requests --pid "$1" |
        sed -n 's/.*server CPU \([0-9.]*\) us.*/\1/p'
}
median() { sort -n | awk '{ v[NR] = $1 } END { print NR ? v[int((NR + 1) / 2)] : "-" }'; }

echo "| connections | gateway, µs | libmodbus, µs | ratio, pair by pair |"
echo "|---|---|---|---|"
for n in $counts; do
    ours=() theirs=() ratios=()
    for _ in $(seq "$rounds"); do
        a=$(cost $gateway $port "$n")
        b=$(cost $modbus $((port - 1)) "$n")
        ours+=("$a")
        theirs+=("$b")
        ratios+=("$(awk "BEGIN { print $a / $b }")")
    done
    printf '| %d | %s | %s | %s |\n' "$n" "$(printf '%s\n' "${ours[@]}" | median)" \
        "$(printf '%s\n' "${theirs[@]}" | median)" "$(printf '%s\n' "${ratios[@]}" | median)"
done
