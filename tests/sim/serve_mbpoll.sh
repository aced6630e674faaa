#!/bin/bash
# serve_mbpoll.sh METERSIM: a served meter as mbpoll sees it: the register ranges, the
# limits of a read, exceptions; and that it ends cleanly.
set -u
meter=$1
log=$(mktemp)
trap 'kill $pid 2>/dev/null; rm -f "$log"' EXIT
if ! command -v mbpoll >/dev/null; then
    echo "mbpoll is not installed; ./check installs it"
    [ -n "${METERSIM_CHECK:-}" ] && exit 1 # there it may not be missing
    exit 77
fi

"$meter" serve --tcp 127.0.0.1:0 --speed 20 >"$log" 2>&1 &
pid=$!
for _ in $(seq 100); do
    port=$(sed -n 's/.*127\.0\.0\.1:\([0-9]*\), 1 meter.*/\1/p' "$log")
    [ -n "$port" ] && break
    sleep 0.05
done
[ -n "$port" ] || { echo "no port was printed"; cat "$log"; exit 1; }
sleep 0.5 # ten simulated seconds

poll() { mbpoll -m tcp -p "$port" -a 1 -1 -o 5 "$@" 127.0.0.1 2>&1; }
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
expect "registers 129-154" "[134]: 	480" poll -r 129 -c 26
expect "floats, kW" "[277]: 	61.1" poll -r 277 -c 1 -t 4:float -B
expect "floats by input registers" "[291]: 	60" poll -r 291 -c 1 -t 3:float -B
expect "125 registers in one read" "[381]:" poll -r 257 -c 125
expect "unlisted register" "Illegal data address" poll -r 113 -c 1
expect "a read that runs out of the map" "Illegal data address" poll -r 400 -c 20
expect "a write" "Written 1 references." mbpoll -m tcp -p "$port" -a 1 -r 142 127.0.0.1 20
expect "reads back" "[142]: 	20" poll -r 142 -c 1
kill -TERM $pid
wait $pid
code=$?
[ $code = 0 ] || { echo "serve ended with exit code $code"; flaws=1; }
[ $flaws = 0 ] && echo "mbpoll sees the meter"
exit $flaws
