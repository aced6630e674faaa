#!/bin/bash
# clients_gateway.sh METERSIM mbpoll|pymodbus|modbus-serial|jsmodbus|collectd|node-red: a
# foreign client (node-red: by hand, docs/testing.md) reads through serve --gateway at 9600
# and 19200 baud, in simulated time that is held: every word is what the meter has, and the
# time that passed is that of the bytes on the line, to 30 us a request.
set -u
meter=$1 client=$2
folder=$(dirname "$0")
. "$folder/../support/served.sh"
case $client in
mbpoll)
    needs mbpoll
    run() {
        while read -r first count; do
            mbpoll -m tcp -p "$2" -a "$3" -t "$((7 - $4)):hex" -1 -o 10 -r "$first" -c "$count" 127.0.0.1 |
                sed -n 's/^\[\([0-9]*\)\]: *\t0x\([0-9A-F]*\).*/\1 \L\2/p'
        done
    }
    ;;
pymodbus)
    /usr/bin/python3 -c 'import pymodbus.client' 2>/dev/null || missing python3-pymodbus
    run() { /usr/bin/python3 "$folder/clients_pymodbus.py" "$@"; }
    ;;
modbus-serial | jsmodbus)
    command -v node >/dev/null || missing nodejs
    node -e "require('$client')" 2>/dev/null || missing "$client (NODE_PATH)"
    run() { node "$folder/clients_${client/-/_}.js" "$@"; }
    ;;
node-red)
    [ -d "${METERSIM_NODE_RED:-}/node_modules/node-red" ] || missing 'node-red (METERSIM_NODE_RED)'
    run() { "$folder/clients_node_red.sh" "$@"; }
    ;;
collectd)
    needs collectd
    run() { "$folder/clients_collectd.sh" "$@" 2>/dev/null; }
    ;;
*) exit 2 ;;
esac

lua() { "$meter" console -e "$1" "$console" | tail -n 1; }
# line_us BAUD COUNT…: of requests of so many registers; the response time is 1 ms.
line_us() {
    awk -v baud="$1" -v counts="${*:2}" 'BEGIN {
        n = split(counts, count, " ")
        for (k = 1; k <= n; k++)
            us += (13 + 2 * count[k]) * 10e6 / baud + 2 * 38.5e6 / baud + 1000
        print us, n }'
}
words() { sort -n | tr 'A-F' 'a-f'; }

for baud in 9600 19200; do
    start --hold --rtu none --gateway --baud $baud --pcap "$work/$baud.pcap"
    lua 'advance "3 s"' >/dev/null
    for function in 3 4; do
        counts="3 2"
        [ "$client" = collectd ] && counts="1 1 1 1 1" # a request for each value
        for _ in 1 2 3 4 5 6 7 8 9 10; do # 3: it has lost what it read
            before=$(lua 'now()')
            printf '130 3\n142 2\n' | run tcp "$port" 1 $function >"$work/raw"
            code=$?
            after=$(lua 'now()')
            [ "$code" = 3 ] || break
        done
        [ "$code" = 0 ] || flaw "$client fails at $baud: $code"
        words <"$work/raw" >"$work/got"
        printf '130 0028\n131 00c8\n132 0001\n142 000a\n143 0019\n' | diff - "$work/got" >"$work/diff" ||
            flaw "$client at $baud: what the meter has (<) and what it read (>): $(cat "$work/diff")"
        # shellcheck disable=SC2086 # a list
        read -r us requests < <(line_us $baud $counts)
        awk -v a="$before" -v b="$after" -v us="$us" -v n="$requests" 'BEGIN {
            off = (b - a) * 1e6 - us; exit !(off < 30 * n && -off < 30 * n) }' ||
            flaw "$client at $baud: from $before s to $after s, expected $us us"
    done
    stop
    if command -v tshark >/dev/null; then
        warnings=$(tshark -r "$work/$baud.pcap" -Y '_ws.expert.severity >= 0x600000 || _ws.malformed' 2>/dev/null)
        [ -z "$warnings" ] || flaw "Wireshark warns: $warnings"
    fi
done
finish "$client reads through a gateway in the line's time"
