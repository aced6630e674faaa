#!/bin/bash
# serve_gateway.sh METERSIM: serve --gateway as clients and Wireshark see it. Time is held, so
# an exchange takes what the line says and nothing of the host: it is computed here from
# bytes, baud rate and the meter's response time (1 ms: its serial number is 1000).
set -u
meter=$1
. "$(dirname "$0")/../support/served.sh"
needs mbpoll tshark

lua() { "$meter" console -e "$1" "$console" | tail -n 1; }
poll() { mbpoll -m tcp -p "$port" -1 -o 1 -a "$@" 127.0.0.1 2>&1; }

# took UNIT FIRST COUNT: simulated microseconds of one poll.
took() {
    local before after
    before=$(lua 'now()')
    poll "$1" -r "$2" -c "$3" >"$work/poll"
    after=$(lua 'now()')
    awk -v a="$before" -v b="$after" 'BEGIN { printf "%.0f\n", (b - a) * 1e6 }'
}
# line_us BAUD BITS REGISTERS
line_us() {
    awk -v baud="$1" -v bits="$2" -v n="$3" 'BEGIN {
        silence = baud > 19200 ? 1750 : 38.5e6 / baud
        print (8 + 5 + 2 * n) * bits * 1e6 / baud + 2 * silence + 1000 }'
}
close_to() { # NAME GOT EXPECTED
    awk -v a="$2" -v b="$3" 'BEGIN { exit !(a - b < 30 && b - a < 30) }' || flaw "$1: $2 us, expected $3 us"
}
for settings in "9600 N 10" "19200 N 10" "38400 E 10"; do
    read -r baud parity bits <<<"$settings"
    [ "$parity" = N ] || bits=11
    start --hold --rtu none --gateway --baud "$baud" --parity "$parity"
    grep -q "1 meter through a gateway at $baud baud" "$log" || flaw "banner: $(cat "$log")"
    lua 'advance "3 s"' >"$work/lua"
    for count in 1 10 28; do
        close_to "$count registers at $baud $parity" "$(took 1 1 $count)" "$(line_us "$baud" "$bits" $count)"
        grep -q '^\[1\]' "$work/poll" || flaw "no answer at $baud: $(cat "$work/poll")"
    done
    stop
done

# The gateway's rate is the meters', unless both are given.
start --hold --rtu none --gateway=baud=9600,timeout=500 --pcap "$work/tcp.pcap" --pcap-rtu "$work/rtu.pcap"
lua 'advance "3 s"' >"$work/lua"
close_to "baud of the gateway" "$(took 1 1 2)" "$(line_us 9600 10 2)"

# A dead meter, and what the bus's faults are for a client.
us=$(took 9 1 1)
[ "$us" -ge 500000 ] && [ "$us" -le 520000 ] || flaw "a dead meter took $us us"
grep -q "Target device failed to respond" "$work/poll" || flaw "a dead meter: $(cat "$work/poll")"
for fault in bus_bad_crc bus_answer_truncated bus_swapped bus_wrong_parity bus_answer_late; do
    lua "fault(meters[1], '$fault')" >"$work/lua"
    took 1 1 1 >"$work/us"
    grep -q "Target device failed to respond" "$work/poll" || flaw "$fault: $(cat "$work/poll")"
    lua "clear(meters[1])" >"$work/lua"
    lua 'advance "3 s"' >"$work/lua"
done
stop
grep -q "8 requests, 6 exceptions\|7 requests, 6 exceptions" "$log" || flaw "$(tail -n 1 "$log")"

# Each fault of the gateway on the wire: the fields of the packets from port 502.
answers() { # FIELD…
    tshark -r "$work/fault.pcap" -Y 'tcp.srcport == 502 && (tcp.len > 0 || tcp.flags.reset == 1)' \
        -T fields "${@/#/-e}" 2>/dev/null | tr '\t\n' ' ;'
}
experts() {
    tshark -r "$work/fault.pcap" -Y '_ws.expert.severity >= 0x400000 && !tcp.flags.fin' \
        -T fields -e _ws.expert.message 2>/dev/null | sort -u
}
# shows FAULT MAGNITUDE EXPERTS FIELDS EXPECTED: one poll of two registers with the fault.
shows() {
    local fault=$1 magnitude=$2 expert=$3 expected=$5 fields
    read -ra fields <<<"$4"
    start --hold --rtu none --gateway --pcap "$work/fault.pcap"
    lua 'advance "3 s"' >"$work/lua"
    poll 1 -r 142 -c 1 >"$work/poll"
    lua "fault(meters[1], '$fault'$magnitude)" >"$work/lua"
    poll 1 -r 143 -c 2 >"$work/poll"
    stop
    [ "$(answers "${fields[@]}")" = "$expected" ] ||
        flaw "$fault: '$(answers "${fields[@]}")', expected '$expected'"
    [ "$(experts)" = "$expert" ] || flaw "$fault: Wireshark warns: $(experts)"
}
shows gateway_one_in ", 2" "" "mbtcp.trans_id modbus.regval_uint16" "1 10;1 25,1000;"
shows gateway_one_behind "" "" "mbtcp.trans_id modbus.byte_cnt modbus.regval_uint16" "1 2 10;1 2 10;"
shows gateway_zeros "" "" "mbtcp.trans_id modbus.regval_uint16" "1 10;1 0,0;"
shows gateway_stale "" "" "mbtcp.trans_id modbus.regval_uint16" "1 10;1 25,1000;"
shows gateway_exception "" "" "modbus.exception_code" ";6;"
shows gateway_wrong_transaction "" "" "mbtcp.trans_id" "1;2;"
shows gateway_wrong_unit "" "" "mbtcp.unit_id" "1;2;"
shows gateway_reset "" "" "tcp.flags.reset tcp.len" "0 11;1 0;"
shows gateway_half_open "" "" "tcp.len" "11;"
shows gateway_split "" "" "tcp.len" "11;9;4;"
shows gateway_answer_late ", 0.25" "" "tcp.len" "11;13;"
finish "a gateway of the field on the wire"
