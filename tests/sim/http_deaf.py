"""http_deaf.py PORT TOKEN: a client of `serve --http` that asks for much and never reads is
dropped when the socket has taken nothing for 10 s, no sooner; the others are served
meanwhile."""
import json
import os
import select
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from websocket import Client  # noqa: E402

port, token = int(sys.argv[1]), sys.argv[2]
ANSWERS, SIZE = 30, 900000  # more than the kernel and libsoup hold, fewer than may wait
SOONEST, HANG = 9, 240  # seconds; a busy host takes longer than 10
deaf, owner = Client(port), Client(port)
for client in (deaf, owner):
    client.ask(token=token)
for _ in range(ANSWERS):
    deaf.send(json.dumps({"lua": f"string.rep('x', {SIZE})"}))
begin, gone = time.monotonic(), select.poll()
gone.register(deaf.socket, select.POLLRDHUP)
served = 0
while not gone.poll(100):
    served += owner.ask(lua="1 + 1").get("value") == 2
    if time.monotonic() - begin > HANG:
        sys.exit(f"it was not dropped in {HANG} s")
passed, read = time.monotonic() - begin, 0
if passed < SOONEST:
    sys.exit(f"it was dropped after {passed:.1f} s")
try:
    deaf.socket.settimeout(20)
    while piece := deaf.socket.recv(1 << 20):
        read += len(piece)
except ConnectionResetError:
    pass
if read >= ANSWERS * SIZE:
    sys.exit(f"it was not deaf: {read} bytes came")
if served < 10:
    sys.exit(f"the owner was answered {served} times beside it")
