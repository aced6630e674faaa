#!/bin/bash
# serve_mbpoll_rtu.sh METERSIM: served meters as mbpoll sees them over the pty of --rtu:
# the whole register map of both models, word for word as over TCP; exceptions, several
# meters by their addresses, a client after another, and that the pty's name is gone in
# the end.
set -u
meter=$1
folder=$(dirname "$0")
. "$folder/../support/served.sh"
needs mbpoll

# 6250 and 169 registers at 38400 baud, but 60 times as fast as on a wire.
start_at_rest "$folder/at_rest.lua" --rtu pty --speed 60
unit=0
for model in s4100 s4000r; do
    unit=$((unit + 1))
    map_blocks $model >"$work/blocks"
    read_map by_tcp $unit <"$work/blocks" >"$work/tcp"
    read_map by_rtu $unit <"$work/blocks" >"$work/rtu"
    is_whole $model "$work/rtu"
    diff "$work/tcp" "$work/rtu" >"$work/diff" && continue
    flaw "$model: over TCP (<) and over the pty (>):"
    head -n 20 "$work/diff"
done
stop

start --rtu pty --count 3 --speed 5
[ -L "$pty" ] || { echo "no pty was printed"; cat "$log"; exit 1; }
# shellcheck disable=SC2317 # it is called by name
poll() { by_rtu 1 "$@"; }
await_seconds 5 poll

shows "registers 1-112, power" "[21]: 	6119" poll -r 1 -c 112
shows "registers 1-112, frequency" "[28]: 	6000" poll -r 1 -c 112
shows "the last of 1-112 is reserved" "[112]: 	32768" poll -r 1 -c 112
shows "floats, kW" "[277]: 	61.1" poll -r 257 -c 62 -t 4:float -B
shows "input registers" "[21]: 	6119" poll -t 3 -r 21 -c 1
shows "unlisted register" "Illegal data address" poll -r 113 -c 1
for id in 2 3; do
    shows "meter $id" "[21]: 	6119" by_rtu $id -r 21 -c 1
done
shows "no meter 4" "timed out" by_rtu 4 -o 0.3 -r 21 -c 1
shows "a write" "Written 1 references." \
    mbpoll -m rtu -b 19200 -P none -a 2 -o 10 -r 142 "$pty" 20
shows "reads back" "[142]: 	20" by_rtu 2 -r 142 -c 1
shows "the others are as before" "[142]: 	10" poll -r 142 -c 1
stop
[ -e "$pty" ] || [ -L "$pty" ] && flaw "$pty is still there"
finish "mbpoll sees the meters over the pty"
