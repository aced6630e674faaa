"""http_line.py HTTP_PORT MODBUS_PORT [PTY]: a client of `serve --http` that watches the traffic
sees what crosses the RS-485 line in words: from a master at the pty, or, without one, from
the gateway that asks by it what a client of Modbus TCP has asked."""
import os
import socket
import struct
import sys
import tty

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from websocket import Client  # noqa: E402


def with_crc(frame):
    crc = 0xFFFF
    for byte in frame:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return frame + struct.pack("<H", crc)


def ask_pty(path, request):
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
    tty.setraw(fd)
    os.write(fd, with_crc(request))
    answer = b""
    while len(answer) < 7:
        answer += os.read(fd, 256)
    os.close(fd)
    return answer[1:-2]


def ask_tcp(port, request):
    with socket.create_connection(("127.0.0.1", port), timeout=300) as s:
        s.sendall(struct.pack(">HHH", 7, 0, len(request)) + request)
        return s.recv(260)[7:]


watcher = Client(int(sys.argv[1]))
watcher.socket.settimeout(120)
watcher.ask(watch="traffic")
request = struct.pack(">BBHH", 1, 3, 130, 1)  # register 131, whose base is 1
answer = ask_pty(sys.argv[3], request) if len(sys.argv) > 3 else ask_tcp(int(sys.argv[2]), request)
asked = watcher.event("traffic", lambda e: e["way"] == "RS-485" and e["request"])
answered = watcher.event("traffic", lambda e: e["way"] == "RS-485" and not e["request"])
assert (asked["unit"], asked["text"]) == (1, "read 131, 1"), asked
assert (answered["unit"], answered["text"]) == (1, f"1 registers: {answer[2:].hex().upper()}"), answered
assert asked["time"] < answered["time"], "a frame has its time"
if len(sys.argv) == 3:  # and the same on the socket, around it
    assert watcher.event("traffic", lambda e: e["way"].startswith("TCP"))["text"] == asked["text"]
    assert watcher.event("traffic", lambda e: e["way"].startswith("TCP"))["text"] == answered["text"]
