#!/bin/bash
# serve_mbpoll.sh METERSIM: a served meter as mbpoll sees it: the register ranges, the
# limits of a read, exceptions; and that it ends cleanly.
set -u
meter=$1
. "$(dirname "$0")/../support/served.sh"
needs mbpoll

start --rtu none --speed 20
# shellcheck disable=SC2317 # it is called by name
poll() { by_tcp 1 "$@"; }
await_seconds 5 poll

shows "registers 1-112, power" "[21]: 	6119" poll -r 1 -c 112
shows "registers 1-112, frequency" "[28]: 	6000" poll -r 1 -c 112
shows "the last of 1-112 is reserved" "[112]: 	32768" poll -r 1 -c 112
shows "registers 129-154" "[134]: 	480" poll -r 129 -c 26
shows "floats, kW" "[277]: 	61.1" poll -r 277 -c 1 -t 4:float -B
shows "floats by input registers" "[291]: 	60" poll -r 291 -c 1 -t 3:float -B
shows "125 registers in one read" "[381]:" poll -r 257 -c 125
shows "unlisted register" "Illegal data address" poll -r 113 -c 1
shows "a read that runs out of the map" "Illegal data address" poll -r 400 -c 20
shows "a write" "Written 1 references." \
    mbpoll -m tcp -p "$port" -a 1 -o 10 -r 142 127.0.0.1 20
shows "reads back" "[142]: 	20" poll -r 142 -c 1
stop
finish "mbpoll sees the meter"
