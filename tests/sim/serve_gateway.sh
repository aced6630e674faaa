#!/bin/bash
# serve_gateway.sh METERSIM: serve --gateway as clients and Wireshark see it. Time is held, so
# an exchange takes what the line says and nothing of the host: it is computed here from
# bytes, baud rate and the meter's response time (1 ms: its serial number is 1000).
set -u
meter=$1
. "$(dirname "$0")/../support/served.sh"
needs mbpoll tshark

lua() { "$meter" console -e "$1" "$console" | tail -n 1; }
poll() { mbpoll -m tcp -p "$port" -1 -o 10 -a "$@" 127.0.0.1 2>&1; }

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

# The console is a client, too, while time is held: two reads in a row, and a refused one.
start --hold --rtu none --gateway=connections=1
lua 'advance "3 s"' >"$work/lua"
[ "$(lua 'g = gateway() x = g:read(1, 130, "u16") return x + g:read(1, 131, "u16")')" = 240 ] || flaw "the console as a client"
[ "$(lua 'return select(2, g:client():try_read(1, 130))')" = refused ] || flaw "a console that is refused"
stop

# The first request may come before time has begun; the second line's meters have a port.
start --hold --rtu none --gateway --count 248
port=$(sed -n 's/.*127.0.0.1:\([0-9]*\), 1 meter through.* line2 .*/\1/p' "$log")
poll 1 -r 130 -c 1 | grep -q '^\[130\]:.*40$' || flaw "the first request at 0 s"
stop

# Two runs of one client in lock-step: the same tape, and the same bytes for the client.
for run in 1 2; do
    start --hold --rtu none --gateway=retries=1,timeout=300 --tape - --pcap "$work/run$run.pcap"
    lua 'advance "3 s"' >"$work/lua"
    lua 'fault(meters[1], "bus_noise", 2) fault(meters[1], "gateway_chance", 50) fault(meters[1], "gateway_zeros", 9)' >"$work/lua"
    for k in 1 2 3 4 5; do
        poll 1 -r 1 -c $((5 * k)) >"$work/poll"
        lua 'advance "700 ms"' >"$work/lua"
    done
    lua 'now()' >"$work/now$run"
    stop
    grep '^tape - sha256' "$log" >"$work/tape$run" || flaw "no hash: $(cat "$log")"
    tshark -r "$work/run$run.pcap" -Y 'tcp.srcport == 502' -T fields -e tcp.payload 2>/dev/null >"$work/bytes$run"
done
for what in now tape bytes; do
    cmp "$work/${what}1" "$work/${what}2" || flaw "two runs differ: $what"
done
[ "$(grep -c 0103 "$work/bytes1")" -ge 2 ] || flaw "bytes: $(cat "$work/bytes1")"

# Each fault of the gateway on the wire: a poll that is sound (register 142: 10), then one
# with the fault (143 and 144: 25, 1000), each a connection of its own.
start --hold --rtu none --gateway --pcap "$work/faults.pcap"
lua 'advance "3 s"' >"$work/lua"
while read -r fault magnitude _; do
    lua 'clear(meters[1])' >"$work/lua"
    poll 1 -r 142 -c 1 >"$work/poll"
    lua "fault(meters[1], '$fault', $magnitude)" >"$work/lua"
    poll 1 -r 143 -c 2 >"$work/poll"
done <<'FAULTS'
gateway_one_in 2
gateway_one_behind 1
gateway_zeros 1
gateway_stale 10
gateway_exception 6
gateway_wrong_transaction 1
gateway_wrong_unit 1
gateway_reset 1
gateway_half_open 1
gateway_split 20
gateway_answer_late 0.25
FAULTS
stop
# Of each second connection what came from port 502: length, reset, transaction, unit,
# exception, registers.
cat >"$work/expected" <<'PACKETS'
1 13 0 1 1  25,1000
3 11 0 1 1  10
5 13 0 1 1  0,0
7 13 0 1 1  25,1000
9 9 0 1 1 6 
11 13 0 2 1  25,1000
13 13 0 1 2  25,1000
15 0 1    
19 9 0    
19 4 0 1 1  25,1000
21 13 0 1 1  25,1000
PACKETS
tshark -r "$work/faults.pcap" -Y 'tcp.srcport == 502 && (tcp.len > 0 || tcp.flags.reset == 1)' \
    -T fields -e tcp.stream -e tcp.len -e tcp.flags.reset -e mbtcp.trans_id -e mbtcp.unit_id \
    -e modbus.exception_code -e modbus.regval_uint16 2>/dev/null | awk '$1 % 2' | tr '\t' ' ' >"$work/packets"
diff "$work/expected" "$work/packets" || flaw "packets of the faults: expected (<), got (>)"
warnings=$(tshark -r "$work/faults.pcap" -Y '_ws.malformed || (_ws.expert.severity >= 0x600000 && tcp.flags.reset == 0)' 2>/dev/null)
[ -z "$warnings" ] || flaw "Wireshark warns: $warnings"
finish "a gateway of the field on the wire"
