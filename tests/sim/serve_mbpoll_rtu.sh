#!/bin/bash
# serve_mbpoll_rtu.sh METERSIM: a served meter as mbpoll sees it over the pty of --rtu:
# the whole register map, exceptions, several meters by their addresses, a client after
# another, and that the pty's name is gone in the end.
set -u
meter=$1
XDG_RUNTIME_DIR=$(mktemp -d)
export XDG_RUNTIME_DIR
log=$XDG_RUNTIME_DIR/log
: >"$log"
trap 'kill $pid 2>/dev/null; rm -rf "$XDG_RUNTIME_DIR"' EXIT
if ! command -v mbpoll >/dev/null; then
    echo "mbpoll is not installed; ./check installs it"
    [ -n "${METERSIM_CHECK:-}" ] && exit 1 # there it may not be missing
    exit 77
fi

"$meter" serve --tcp 127.0.0.1:0 --rtu pty --count 3 --speed 5 >"$log" 2>&1 &
pid=$!
for _ in $(seq 100); do
    pty=$(sed -n 's/^Modbus RTU on \([^,]*\), 3 meters.*/\1/p' "$log")
    [ -n "$pty" ] && break
    sleep 0.05
done
[ -L "$pty" ] || { echo "no pty was printed"; cat "$log"; exit 1; }
sleep 1 # five simulated seconds

# on ID …: one read of that meter.
on() { mbpoll -m rtu -b 19200 -P none -1 -a "$@" "$pty" 2>&1; }
poll() { on 1 -o 5 "$@"; }
flaws=0
# expect NAME TEXT COMMAND…: the output must hold the text.
expect() {
    local name=$1 text=$2 out
    shift 2
    out=$("$@")
    if ! grep -qF -- "$text" <<<"$out"; then
        echo "$name: expected '$text' in:"
        echo "$out"
        flaws=1
    fi
}

expect "registers 1-112, power" "[21]: 	6119" poll -r 1 -c 112
expect "registers 1-112, frequency" "[28]: 	6000" poll -r 1 -c 112
expect "the last of 1-112 is reserved" "[112]: 	32768" poll -r 1 -c 112
expect "settings and status" "[134]: 	480" poll -r 129 -c 50
expect "floats, kW" "[277]: 	61.1" poll -r 257 -c 62 -t 4:float -B
expect "floats, to the last" "[406]: 	" poll -r 382 -c 13 -t 4:float -B
expect "firmware" "[7001]: 	1000" poll -r 7001 -c 1
expect "SunSpec" "[40001]: 	21365" poll -r 40001 -c 125
expect "SunSpec, to its end" "[40178]: 	" poll -r 40126 -c 53
expect "input registers" "[21]: 	6119" poll -t 3 -r 21 -c 1
expect "unlisted register" "Illegal data address" poll -r 113 -c 1
for id in 2 3; do
    expect "meter $id" "[21]: 	6119" on $id -o 5 -r 21 -c 1
done
expect "no meter 4" "timed out" on 4 -o 0.3 -r 21 -c 1
expect "a write" "Written 1 references." mbpoll -m rtu -b 19200 -P none -a 2 -r 142 "$pty" 20
expect "reads back" "[142]: 	20" on 2 -o 5 -r 142 -c 1
expect "the others are as before" "[142]: 	10" poll -r 142 -c 1
kill -TERM $pid
wait $pid
code=$?
[ $code = 0 ] || { echo "serve ended with exit code $code"; flaws=1; }
[ -e "$pty" ] || [ -L "$pty" ] && { echo "$pty is still there"; flaws=1; }
[ $flaws = 0 ] && echo "mbpoll sees the meters over the pty"
exit $flaws
