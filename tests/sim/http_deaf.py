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
SECONDS = 13
deaf, owner = Client(port), Client(port)
for client in (deaf, owner):
    client.ask(token=token)
for _ in range(ANSWERS):
    deaf.send(json.dumps({"lua": f"string.rep('x', {SIZE})"}))
begin, gone = time.monotonic(), select.poll()
gone.register(deaf.socket, select.POLLRDHUP)
served = 0
while (passed := time.monotonic() - begin) < SECONDS:
    if passed < 9 and gone.poll(0):
        sys.exit(f"it was dropped after {passed:.1f} s")
    served += owner.ask(lua="1 + 1").get("value") == 2
    time.sleep(0.1)
read = 0
try:
    deaf.socket.settimeout(20)
    while piece := deaf.socket.recv(1 << 20):
        read += len(piece)
        if read >= ANSWERS * SIZE:
            break
except ConnectionResetError:
    pass
if read >= ANSWERS * SIZE:
    sys.exit(f"it was not dropped: {read} bytes came after {SECONDS} s")
if served < 10:
    sys.exit(f"the owner was answered {served} times beside it")
