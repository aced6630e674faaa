#!/bin/bash
# pcap.sh METERSIM TEST_CAPTURE_FILE: Wireshark's view of captured traffic: every packet
# with data is Modbus with its function, none is malformed, no checksum or sequence
# number is wrong; also after a kill.
set -u
. "$(dirname "$0")/../support/await_port.sh"
. "$(dirname "$0")/../support/needs.sh"
meter=$1 writer=$2
needs tshark mbpoll
work=$(mktemp -d)
trap 'kill -9 $pid 2>/dev/null; rm -rf "$work"' EXIT
flaws=0
check() {
    [ "$2" = "$3" ] && return
    printf '%s: expected\n%s\ngot\n%s\n' "$1" "$2" "$3"
    flaws=1
}
# The fields of the packets that a filter lets through.
fields() {
    local file=$1 filter=$2
    shift 2
    tshark -r "$file" -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE -Y "$filter" \
        -T fields "${@/#/-e}" 2>/dev/null | tr '\t\n' ' ;'
}

"$meter" serve --tcp 127.0.0.1:0 --pcap "$work/tcp.pcap" >"$work/log" 2>&1 &
pid=$!
await_port "$work/log"
mbpoll -m tcp -p "$port" -a 1 -1 -o 10 -r 1 -c 28 127.0.0.1 >/dev/null
mbpoll -m tcp -p "$port" -a 1 -1 -o 10 -r 113 -c 1 127.0.0.1 >/dev/null 2>&1
mbpoll -m tcp -p "$port" -a 1 -o 10 -r 142 127.0.0.1 20 >/dev/null
exec 3<>"/dev/tcp/127.0.0.1/$port"
printf '\0\1\0\0\0\5\1\53\16\1\0' >&3
for _ in $(seq 3000); do # the request and its answer are in the file
    [ "$(LC_ALL=C grep -ao $'\x2b\x0e' "$work/tcp.pcap" | wc -l)" -ge 2 ] && break
    sleep 0.1
done
kill -9 $pid
wait $pid 2>/dev/null
tcp=$work/tcp.pcap
check "functions over TCP" "3 3 3 3 6 6 43 43 " "$(fields "$tcp" 'tcp.len > 0' modbus.func_code | tr ';' ' ')"
check "requests over TCP" "4" "$(fields "$tcp" 'mbtcp && tcp.dstport == 502' frame.number | tr -cd ';' | wc -c)"
check "an exception" "2;" "$(fields "$tcp" 'modbus.exception_code' modbus.exception_code)"
check "register values of the first answer" "28" \
    "$(fields "$tcp" 'modbus.word_cnt == 28 || modbus.byte_cnt == 56' modbus.regval_uint16 | tr ';' '\n' | awk -F, 'NF > 1 { print NF; exit }')"
check "no malformed packet, bad checksum or lost segment" "" \
    "$(fields "$tcp" '_ws.malformed || tcp.checksum.status == 0 || ip.checksum.status == 0 || tcp.analysis.flags' frame.number)"

"$writer" "$work/rtu.pcap" >/dev/null || { echo "no RTU file"; exit 1; }
rtu=$work/rtu.pcap
check "functions on the line" "3 3 6 6 3 3 " "$(fields "$rtu" frame modbus.func_code | tr ';' ' ')"
check "unit ids on the line" "1 1 1 1 1 1 " "$(fields "$rtu" mbrtu mbrtu.unit_id | tr ';' ' ')"
check "no malformed frame or wrong CRC" "" \
    "$(fields "$rtu" '_ws.malformed || mbrtu.crc16.status == 0' frame.number)"
[ $flaws = 0 ] && echo "Wireshark dissects all of it"
exit $flaws
