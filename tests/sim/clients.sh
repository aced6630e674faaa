#!/bin/bash
# clients.sh METERSIM pymodbus|modbus-serial: a client reads the whole register map of both
# models, over TCP and over the pty of --rtu, with functions 03 and 04, and every word must
# be what mbpoll reads there. pymodbus is Debian's python3-pymodbus; modbus-serial is looked
# for where NODE_PATH says (.ci/install.sh installs it into build-node). What a serial port needs besides (python3-serial; the npm package
# serialport with its native part) may be missing: then it is TCP alone.
set -u
meter=$1 client=$2
folder=$(dirname "$0")
. "$folder/../support/served.sh"
missing_in_ci() {
    [ "${CI:-}" != true ] || missing "$1"
    return 1
}
case $client in
pymodbus)
    python() { /usr/bin/python3 "$@"; }
    python -c 'import pymodbus.client' 2>/dev/null || missing python3-pymodbus
    has_serial() { python -c 'import serial' 2>/dev/null || missing_in_ci python3-serial; }
    run() { python "$folder/clients_pymodbus.py" "$@"; }
    ;;
modbus-serial)
    command -v node >/dev/null || missing nodejs
    node -e 'require("modbus-serial")' 2>/dev/null || missing "modbus-serial (NODE_PATH)"
    has_serial() { node -e 'require("serialport")' 2>/dev/null || missing_in_ci serialport; }
    run() { node "$folder/clients_modbus_serial.js" "$@"; }
    ;;
*) exit 2 ;;
esac
needs mbpoll

start_at_rest "$folder/at_rest.lua" --rtu pty --speed 60
kinds=tcp
has_serial && kinds="tcp rtu"
unit=0
for model in s4100 s4000r; do
    unit=$((unit + 1))
    map_blocks $model >"$work/blocks"
    read_map by_tcp $unit <"$work/blocks" >"$work/expected"
    is_whole $model "$work/expected"
    for kind in $kinds; do
        [ "$kind" = tcp ] && where=$port || where=$pty
        for function in 3 4; do
            run $kind "$where" $unit $function <"$work/blocks" >"$work/raw" \
                2>"$work/errors" || flaw "$model: $client fails over $kind"
            cat "$work/errors"
            still <"$work/raw" >"$work/got"
            diff "$work/expected" "$work/got" >"$work/diff" && continue
            flaw "$model, $kind, function $function: mbpoll (<) and $client (>) differ:"
            head -n 20 "$work/diff"
        done
    done
done
stop
finish "$client reads both models as mbpoll does over ${kinds/ / and }"
