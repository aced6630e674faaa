#!/bin/bash
# serve_parent.sh METERSIM: what a program that starts `metersim serve` relies on: --ready,
# sd_notify, --parent, --hold, the verb hold, --tape; a process that was stopped is not
# slow; a full disk of --pcap and --tape; threads; sockets of servers that are gone.
set -u
meter=$1
. "$(dirname "$0")/../support/served.sh"
needs python3

# until COMMAND…: five minutes are a hang.
until_true() {
    for _ in $(seq 6000); do
        "$@" && return
        sleep 0.05
    done
    echo "never true: $*"
    exit 1
}

# The file is there, whole, when all is ready; it is gone at the end; systemd hears of both.
python3 - "$work/notify" >"$work/notified" <<'PY' &
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
for n in range(2):
    print(s.recv(4096).decode(), end="", flush=True)
PY
listener=$!
until_true test -S "$work/notify"
NOTIFY_SOCKET=$work/notify start --ready "$work/ready" --count 2 --metrics 127.0.0.1:0 --hold
until_true test -e "$work/ready"
ready() { # EXPRESSION of the file's content
    python3 -c "import json; r = json.load(open('$work/ready')); print($1)"
}
[ "$(ready "r['pid'], *r['tcp'], *r['rtu'], r['console'], r['http']")" = \
    "$pid 127.0.0.1:$port $pty $console None" ] || flaw "ready: $(cat "$work/ready")"
[ "$(ready "list(r['meters'][1].values())")" = "['meter2', 's4100', $port, 2, 1001]" ] ||
    flaw "meters: $(cat "$work/ready")"
address=$(ready "r['metrics']")
metric() { python3 -c "import urllib.request as u; print(u.urlopen('$address').read().decode())" | sed -n "s/^metersim_$1 //p"; }

# Time stands at 0 until advance.
[ "$(metric simulated_seconds_total)" = 0 ] || flaw "time is not held at the start"
"$meter" console -e 'advance "3 s"' "$console" >/dev/null || flaw "advance"
[ "$(metric simulated_seconds_total)" = 3 ] || flaw "time is $(metric simulated_seconds_total), not 3"

# Stopped for a while: said, counted, and no lag.
"$meter" console -e 'go()' "$console" >/dev/null
sleep 0.3
kill -STOP "$pid"
sleep 2.5
kill -CONT "$pid"
wait_for "this process was stopped for [0-9]* s; simulated time goes on"
grep -q "cannot keep up" "$log" && flaw "a stopped process is called slow: $(cat "$log")"
[ "$(metric lost_seconds_total | cut -d. -f1)" -ge 2 ] || flaw "lost: $(metric lost_seconds_total)"
stop
wait "$listener"
[ "$(cat "$work/notified")" = "READY=1
STOPPING=1" ] || flaw "notified: $(cat "$work/notified")"
[ ! -e "$work/ready" ] || flaw "the ready file is left"

# The verb hold: time stands at 0 until go, and later at the instant of the event, not at
# the end of a slice; so what two runs of a client read is the same.
cat >"$work/held.lua" <<'LUA'
local m = meter { model = "s4100", system_type = 40, ct_primary = 200, system_voltage = 480 }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.9 }
hold()
wait "2345 ms"
hold()
print(("held at %s s"):format(now()))
LUA
for run in 1 2; do
    start --speed 60 --rtu none "$work/held.lua"
    at() { "$meter" console -e 'string.format("%s s, %.17g kWh", now(), meters[1].kwh_import)' "$console"; }
    sleep 0.3
    at | grep -q '^0.0 s' || flaw "hold() at the start: $(at)"
    "$meter" console -e 'go()' "$console" >/dev/null
    wait_for '^held at 2.345 s$'
    at | grep -q '^2.345 s' || flaw "hold() later: $(at)"
    "$meter" console -e 'advance "155 ms"' "$console" >/dev/null || flaw "advance after hold()"
    at >"$work/held$run"
    grep -q '^2.5 s' "$work/held$run" || flaw "advance after hold(): $(cat "$work/held$run")"
    stop
done
cmp "$work/held1" "$work/held2" || flaw "two runs of one client differ"

# The end of standard input is the end.
mkfifo "$work/in"
"$meter" serve --parent --tcp 127.0.0.1:0 --console none --rtu none <"$work/in" >"$work/log" 2>&1 &
parent=$!
exec 3>"$work/in"
await_port "$work/log"
echo "what is written is dropped" >&3
sleep 0.2
kill -0 $parent || flaw "--parent ends before its input does"
exec 3>&-
wait $parent || flaw "--parent: exit code $?"

# A full disk (here: a limit of the file's size) is reported at once, serving goes on.
trap '' XFSZ
log=$work/full
(ulimit -f 1; exec "$meter" serve --pcap "$work/full.pcap" --tcp 127.0.0.1:0 --console none \
    --rtu none >"$log" 2>&1) &
pid=$!
servers+=("$pid")
await_port "$log"
ask() { # a request, and its answer's size
    exec 4<>"/dev/tcp/127.0.0.1/$port"
    printf '\0\1\0\0\0\6\1\3\0\0\0\34' >&4
    timeout 60 head -c 65 <&4 | wc -c
    exec 4>&-
}
for _ in $(seq 8); do
    [ "$(ask)" = 65 ] || flaw "no answer on a full disk"
done
wait_for "serve: .*full.pcap: File too large; the capture ends here"
kill -TERM "$pid"
wait "$pid"
[ $? = 2 ] || flaw "a full disk is no exit code 2"
[ "$(stat -c %s "$work/full.pcap")" -le 1024 ] || flaw "the capture goes on"
log=$work/full_tape
(ulimit -f 1; exec "$meter" serve --tape "$work/full.tape" --tcp 127.0.0.1:0 --console none \
    --rtu none >"$log" 2>&1) &
pid=$!
servers+=("$pid")
await_port "$log"
wait_for "serve: tape .*full.tape: File too large; there will be none"
[ "$(ask)" = 65 ] || flaw "no answer while a tape cannot be written"
kill -TERM "$pid"
wait "$pid"
[ $? = 2 ] || flaw "a tape on a full disk is no exit code 2"
grep -q sha256 "$log" && flaw "a tape on a full disk has a hash"
[ ! -e "$work/full.tape" ] || flaw "a tape that is not whole is left"

# What is said of --tape before anything runs, and a tape that replays.
expect 2 "a tape of two" "$meter" serve --tape "$work/two.tape" --count 2
expect_text "a tape of two" "a tape holds one meter; --count makes 2"
expect 2 "one file twice" "$meter" serve --tape "$work/one" --pcap "$work/one"
expect_text "one file twice" "give each a file of its own"
start --hold --tape "$work/served.tape" --rtu none
"$meter" console -e 'advance "3 s"' "$console" >/dev/null || flaw "advance with --tape"
stop
expect 0 "replay of a served meter" "$meter" replay "$work/served.tape"
expect_text "replay of a served meter" "3.000 s simulated"

# Threads: one for one meter, one for each core when meters x speed is 2000 or more.
threads() { # of a server with these options, less those of one that has a single worker
    start --rtu none --hold "$@"
    local tasks=("/proc/$pid/task/"*)
    stop
    count=$((${#tasks[@]} - alone))
}
alone=0
threads --workers 1 && alone=$count
threads && [ "$count" = 0 ] || flaw "one meter has $count threads more"
threads --count 1000 && [ "$count" = 0 ] || flaw "1000 meters at speed 1 have $count threads more"
threads --count 1000 --speed 60 && [ "$count" = "$(($(nproc) - 1))" ] ||
    flaw "1000 meters at speed 60 have $count threads more on $(nproc) cores"

# Sockets in the default folder: those of killed servers go at the next start, those of
# servers that live, stopped or not, and what is no socket of a server stay.
serve_there() { # its $pid
    log=$work/there${#servers[@]}
    "$meter" serve --tcp 127.0.0.1:0 --rtu none >"$log" 2>&1 &
    pid=$!
    servers+=("$pid")
    wait_for '^Ctrl-C ends'
}
sockets=$work/metersim # of XDG_RUNTIME_DIR
serve_there && dead=$pid
serve_there && stopped=$pid
serve_there && alive=$pid
kill -9 "$dead"
wait "$dead" 2>/dev/null
kill -STOP "$stopped"
echo mine >"$sockets/$dead.txt"
echo mine >"$sockets/999999999.sock"
[ -S "$sockets/$dead.sock" ] || flaw "a killed server leaves no socket; this tests nothing"
serve_there
[ ! -e "$sockets/$dead.sock" ] || flaw "the socket of a killed server is left"
for name in "$stopped.sock" "$alive.sock" "$pid.sock" "$dead.txt" 999999999.sock; do
    [ -e "$sockets/$name" ] || flaw "$name was removed"
done
kill -CONT "$stopped"
finish "ready, parent, hold, a stopped process and a full disk"
