"""http_console.py PORT TOKEN CONSOLE: whatever is asked of the console, its Unix socket and the
WebSocket answer the same, but for the time; and a line that waits ends with its client on
both. Simulated time is held."""
import json
import os
import socket
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from websocket import Client  # noqa: E402

port, token, path = int(sys.argv[1]), sys.argv[2], sys.argv[3]


class Local:
    """A client of the Unix socket."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(300)
        self.socket.connect(path)
        self.lines = self.socket.makefile("r", encoding="utf-8")

    def send(self, line):
        self.socket.sendall(line.encode() + b"\n")

    def receive(self):
        return json.loads(self.lines.readline())

    def close(self):
        self.lines.close()
        self.socket.close()


def remote():
    client = Client(port)
    client.socket.settimeout(300)
    assert client.ask(token=token)["ok"]
    return client


def ask(client, line):
    client.send(line)
    return client.receive()


def without_time(answer):
    assert answer["time"] >= 0
    return {name: value for name, value in answer.items() if name != "time"}


LINES = [
    "1 + 1", "return 1, nil, 'x'", "print('a') print('b') return 'c'", "x = 5", "x", "", "error('x')", "not Lua at all",
    "meters.meter1.kw_totla", "meters", "'\\xff'", "string.rep('ä', 1000)", "string.rep('x', 900000)", "while true do end",
    "hold()", "advance '1 s'", "wait '1 s'", "within('2 s', function() return true end)",
    "fault(meters[1], 'ct_reversed', 'A')", "meters[1]:read(131, 3)", "clear(meters[1])", "#picture()", "screen(meters[1])",
    "meter('s4100')", "event('sag', { percent = 50, duration = '0.1 s' })", "os.exit()", "go('max')", "hold()",
    json.dumps({"id": {"a": [1, None, "ü"]}, "lua": "y = 1\nreturn y + 1"}), json.dumps({"id": None, "lua": "error({})"}),
    json.dumps({"complete": "meters.meter1:"}), json.dumps({"id": 7, "complete": "met"}), json.dumps({"complete": "nothing.like."}),
    json.dumps({"id": 8}), json.dumps({"id": 9, "lua": 5}), "{}",
]
local, web = Local(), remote()
for line in LINES:
    one, other = ask(local, line), ask(web, line)
    assert without_time(one) == without_time(other), (line, str(one)[:500], str(other)[:500])
for line in ("{", '{"lua":', "{}{}", '{"id":1]'):
    assert not ask(local, line)["ok"] and not ask(web, line)["ok"], line
for make in (Local, remote):
    waits = make()
    waits.send("advance '100000 h'")
    begin = ask(local, "1")["time"]
    while ask(local, "1")["time"] == begin:
        pass
    waits.close()
    last = -1
    while (now := ask(web, "1")["time"]) != last:
        last = now
print(f"{len(LINES)} lines: the same answers by both doors")
