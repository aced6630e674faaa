#!/bin/bash
# traffic.sh METERSIM SOURCE: captures of serve over TCP and RTU, one that tshark has cut,
# and RTU over TCP with a repetition, a changed answer and a wrong checksum: every request
# is sent again, every difference named (golden texts).
set -u
meter=$1 data=$2/tests/data/traffic
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$data" || exit 2
flaws=0
complain() {
    echo "$*"
    flaws=1
}
for capture in tcp.pcap rtu.pcap edited.pcapng rtu_over_tcp.pcap; do
    "$meter" traffic $capture --unit 1 --from site.lua >"$work/out" 2>&1
    echo "exit code $?" >>"$work/out"
    diff -u "${capture%.pcap*}.txt" "$work/out" || complain "traffic $capture is told otherwise"
done
# The same meter out of a snapshot, and a plain one, whose load is another.
sed 's/1000 s/1.5 s/' site.lua >"$work/short.lua"
"$meter" run "$work/short.lua" --save "$work/state" >/dev/null || complain "no snapshot"
"$meter" traffic tcp.pcap --from "$work/state" >"$work/out" 2>&1 || complain "a snapshot's meter answers otherwise: $(cat "$work/out")"
"$meter" traffic tcp.pcap >"$work/out" 2>&1
[ $? = 1 ] && grep -q "27  i_avg  *50  *80 .*another reading" "$work/out" || complain "a plain meter has 80 A: $(cat "$work/out")"

refused() { # MESSAGE OPTIONS…
    local message=$1
    shift
    "$meter" traffic "$@" >"$work/out" 2>&1
    [ $? = 2 ] && grep -q -- "$message" "$work/out" || complain "traffic $*: $(cat "$work/out")"
}
refused "rtu.pcap: requests to units 1, 7: give one with --unit" rtu.pcap
refused "tcp.pcap: no request to unit 9; there are some to 1" tcp.pcap --unit 9
refused "--unit must be from 1 to 255, not 256" tcp.pcap --unit 256
refused "--tolerance is a percentage" tcp.pcap --tolerance 1
refused "site.lua: unknown file format" site.lua
refused "nofile.pcap: No such file" nofile.pcap
refused "from: .*nofile" tcp.pcap --from nofile
head -c 300 tcp.pcap >"$work/cut.pcap"
refused "truncated" "$work/cut.pcap"
head -c 24 tcp.pcap >"$work/empty.pcap"
refused "no Modbus request in 0 packets" "$work/empty.pcap"
head -c 20 tcp.pcap >"$work/other.pcap"
printf '\x69\x00\x00\x00' >>"$work/other.pcap" # IEEE 802.11
refused "link type 105 (IEEE802_11) is not read" "$work/other.pcap"
[ $flaws = 0 ] && echo "captures are sent again, and compared"
exit $flaws
