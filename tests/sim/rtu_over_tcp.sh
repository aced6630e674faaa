#!/bin/bash
# rtu_over_tcp.sh METERSIM: serve --rtu-over-tcp, and rtutcp:HOST:PORT/UNIT as a source.
set -u
meter=$1
. "$(dirname "$0")/../support/served.sh"
needs python3

start --rtu none --rtu-over-tcp 127.0.0.1:0 --count 2 --ready "$work/ready" --speed 20
rtu=$(sed -n 's/^Modbus RTU over TCP on port \([0-9]*\) of 127.0.0.1, 2 meters at 19200 baud$/\1/p' "$log")
[ -n "$rtu" ] || flaw "banner: $(cat "$log")"
grep -q "\"rtutcp:127.0.0.1:$rtu\"" "$work/ready" || flaw "ready: $(cat "$work/ready")"

# Frames as they are on the wire, whole answers; two clients share the line and hear
# each other; one that leaves ends nothing; a frame in pieces is put together.
python3 - "$rtu" <<'PY' || flaw "frames over TCP"
import select, socket, sys
def crc(frame):
    value = 0xFFFF
    for byte in frame:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xA001 if value & 1 else 0)
    return bytes(frame) + value.to_bytes(2, "little")
def connect():
    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    s.settimeout(60)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s
def receive(s, count):
    got = b""
    while len(got) < count:
        part = s.recv(count - len(got))
        assert part, "closed"
        got += part
    return got
request = crc([1, 3, 0, 129, 0, 2])
answer = crc([1, 3, 4, 0, 40, 0, 200])
a, b = connect(), connect()
a.sendall(request)
assert a.recv(256) == answer            # in one piece
assert receive(b, len(request) + len(answer)) == request + answer
b.close()
a.sendall(request[:3])
a.sendall(request[3:])
assert receive(a, len(answer)) == answer
a.sendall(crc([2, 3, 0, 129, 0, 2]))
assert receive(a, len(answer))[0] == 2
many = [connect() for _ in range(20)]   # with a: 16 are served, and 5 are closed
alive = list(many)
while len(alive) > 15:
    for s in select.select(alive, [], [], 60)[0]:
        try:
            assert s.recv(1) == b""
        except ConnectionError:
            pass
        alive.remove(s)
a.sendall(request)
for s in alive:
    assert receive(s, len(request) + len(answer)) == request + answer
PY
expect 0 "compare" "$meter" compare "rtutcp:127.0.0.1:$rtu/1" "tcp:127.0.0.1:$port/1" --timeout 60
expect_text "compare" "A: rtutcp:127.0.0.1:$rtu/1"
expect 0 "capture" "$meter" capture "rtutcp:127.0.0.1:$rtu/2" -o "$work/captured.lua" --timeout 60
grep -q "^-- Captured from rtutcp:127.0.0.1:$rtu/2" "$work/captured.lua" || flaw "captured: $(head -n 3 "$work/captured.lua")"
expect 0 "diagnose" "$meter" diagnose "rtutcp:127.0.0.1:$rtu/1" --timeout 60
expect_text "diagnose" "nothing is wrong"
expect 2 "no unit" "$meter" compare "rtutcp:127.0.0.1:$rtu" "tcp:127.0.0.1:$port/1"
expect_text "no unit" "rtutcp:HOST:PORT/UNIT"
expect 2 "nobody there" "$meter" compare "rtutcp:127.0.0.1:1/1" "tcp:127.0.0.1:$port/1"
expect_text "nobody there" "cannot reach rtutcp:127.0.0.1:1/1: Connection refused"
stop
expect 2 "no address" "$meter" serve --rtu-over-tcp nowhere:1 --tcp 127.0.0.1:0 --console none
expect_text "no address" "'nowhere' is not a numeric address or localhost"
finish "frames of Modbus RTU over TCP"
