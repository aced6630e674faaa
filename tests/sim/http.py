"""http.py PORT TOKEN MODBUS_PORT READY: what clients of `serve --http` may do, what they are
sent, and how those that misbehave are dropped. Simulated time is held."""
import json
import os
import socket
import struct
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from websocket import Client, frame, handshake  # noqa: E402

port, token, modbus = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
flaws = 0


def expect(is_so, what):
    global flaws
    if not is_so:
        flaws += 1
        print("not so:", what)


def get(path, host=None, method="GET"):
    with socket.create_connection(("127.0.0.1", port), timeout=60) as s:
        s.sendall(f"{method} {path} HTTP/1.1\r\nHost: {host or f'127.0.0.1:{port}'}\r\n\r\n".encode())
        data = b""
        while True:
            piece = s.recv(65536)
            if not piece:
                return data.decode()
            data += piece


def status(answer):
    return answer.split(" ", 2)[1]


def poll(unit, register, count=1):
    """The words, by Modbus TCP."""
    with socket.create_connection(("127.0.0.1", modbus), timeout=60) as s:
        s.sendall(struct.pack(">HHHBBHH", 7, 0, 6, unit, 3, register - 1, count))
        head = s.recv(9, socket.MSG_WAITALL)
        return list(struct.unpack(f">{count}H", s.recv(head[8], socket.MSG_WAITALL)))


def refused(client, **request):
    answer = client.ask(**request)
    return not answer["ok"] and answer["error"]


def apply_changes(shown, event):
    for at, hexadecimal in event["at"]:
        piece = bytes.fromhex(hexadecimal)
        shown[at:at + len(piece)] = piece


# Who may come in.
for host, code in [(None, "200"), ("localhost", "200"), ("[::1]:80", "200"), ("plant.example", "200"),
                   ("evil.example", "421"), ("127.0.0.1.evil.example", "421"), ("localhost.evil.example:80", "421")]:
    for path in ("/", "/metrics", "/ready"):
        answer = get(path, host)
        expect(status(answer) == code, f"{path} of {host}: {code}, not {status(answer)}")
    expect(status(handshake(port, host=host)[1]) == ("101" if code == "200" else code), f"/ws of {host}")
for origin, code in [(f"http://127.0.0.1:{port}", "101"), (f"https://127.0.0.1:{port}", "101"),
                     ("http://evil.example", "403"), ("null", "403"), ("http://127.0.0.1:1", "403")]:
    expect(status(handshake(port, origin=origin)[1]) == code, f"origin {origin}: {code}")
page = get("/")
expect("data-live" in page or "without its page" in page, "the page, or how to get it")
expect("frame-ancestors 'none'" in page, "no frames")
for host, sockets in [(None, f" ws://127.0.0.1:{port} wss://127.0.0.1:{port}"), ("localhost", " ws://localhost wss://localhost"),
                      ("[::1]:80", "")]:
    expect(f"; connect-src 'self'{sockets}; frame-ancestors" in get("/", host), f"sockets of {host} alone")
expect("\r\nAllow: GET, HEAD\r\n" in get("/", method="POST"), "Allow")

# Reading is free, changing needs the token.
reader, owner = Client(port), Client(port)
expect(refused(reader, lua="1 + 1"), "no console without a token")
expect(refused(reader, complete="met"), "nor its completion")
expect(refused(reader, token="0" * 32) and refused(reader, token=token[:-1]) and refused(reader, token=3),
       "a wrong token is refused")
expect(refused(reader, lua="1 + 1"), "and changes nothing")
expect(owner.ask(token=token)["ok"], "the token")
expect(owner.ask(lua="1 + 1").get("value") == 2, "the console's answer")
expect(owner.ask(complete="meters.meter1.kw_tot").get("value") == ["meters.meter1.kw_total"], "completion")
owner.send("2 + 2")
expect(owner.receive().get("value") == 4, "a line of Lua as it is")
expect(refused(owner, lua="error('x')") == "console:1: x", "an error is an answer")
with open(sys.argv[4], encoding="utf-8") as f:
    ready = f.read()
expect(json.loads(ready)["http"] == f"http://127.0.0.1:{port}/", "the address in --ready")
for name, text in [("metrics", get("/metrics")), ("ready", get("/ready")), ("--ready", ready), ("page", page)]:
    expect(token not in text, f"no token in {name}")

# The list, and its search.
value = reader.ask(meters="")["value"]
expect(value["found"] == 3 and [m["name"] for m in value["meters"]] == ["meter1", "meter2", "meter3"], "three meters")
expect(value["meters"][1]["port"] == modbus and value["meters"][1]["unit"] == 2, "where the second answers")
expect([m["meter"] for m in reader.ask(meters="METER3 s4100")["value"]["meters"]] == [3], "a search")
expect(reader.ask(meters="", count=1)["value"]["found"] == 3, "one row of three")
expect(refused(reader, meters="", count=10**9) and refused(reader, meters=1), "rows are bounded")

# Faults and events.
expect(reader.ask(watch="events")["ok"], "events are watched")
owner.ask(lua='fault(meters[2], "ct_reversed", "B")')
expect(reader.event("event")["text"].startswith("ct_reversed A – B 1"), "a fault is an event")
expect(reader.ask(faults=2)["value"] == {"ct_reversed": [0, 1, 0]}, "the fault is in force")
expect(reader.ask(faults=1)["value"] == {} and refused(reader, faults=4), "at that meter alone")

# What flows, and what the meter makes of it.
owner.ask(lua='load(meters[3], { amps = { 10, 20, 30 }, lag_degrees = { 0, 60, -60 } })')
owner.ask(lua='grid(meters[3], { hz = 50, volts_ln = 100 })')
world = reader.ask(world=3)["value"]
expect(world["hz"] == 50 and world["volts"] == [100, 100, 100] and world["degrees"] == [0, -120, 120], "the grid as asked for")
expect(world["amps"] == [10, 20, 30] and world["lag_degrees"] == [0, 60, -60], "the load as asked for")
expect(abs(world["exact"]["kw_total"] - 3.5) < 1e-9 and world["exact"]["freq"] == 50, "what is exact")
owner.ask(lua='advance "3 s"')
world = reader.ask(world=3)["value"]
expect(abs(world["read"]["kw_total"] - 3.5) < 0.01 and set(world["read"]) == set(world["exact"]), "what the meter reads")
expect(reader.ask(world=1)["value"]["amps"] != world["amps"], "of that meter alone")
expect(refused(reader, world=0) and refused(reader, world=4) and refused(reader, world="3"), "no such meter")

# The panel: all of it at first, then what changes, to whom it may concern.
other = Client(port)
expect(reader.ask(watch="panel", meter=2, view="panel")["ok"] and other.ask(watch="panel", meter=3)["ok"], "two panels")
first = reader.event("panel")
expect(first["meter"] == 2 and first["at"][0][0] == 0, "the whole panel")
shown = bytearray(first["size"])
apply_changes(shown, first)
before = bytes(shown)
owner.ask(lua='press(meters[2], "+")')
while bytes(shown) == before:
    event = reader.event("panel")
    expect(sum(len(piece) for _, piece in event["at"]) < first["size"], "less than the whole")
    apply_changes(shown, event)
again = Client(port)
again.ask(watch="panel", meter=2)
while True:
    whole = bytearray(first["size"])
    apply_changes(whole, again.event("panel"))
    if whole == shown:
        break
    apply_changes(shown, reader.event("panel"))
other.event("panel")
other.ask(meters="")
expect(all(e["meter"] == 3 for e in other.events if e["event"] == "panel"), "nobody is sent another panel")
expect(refused(reader, watch="panel", meter=4) and refused(reader, watch="panel", view="x") and
       refused(reader, watch="weather"), "what cannot be watched")

# Who acts sees what it has done, though an answer is on its way to it, too.
owner.ask(watch="panel", meter=2)
owner.event("panel")
owner.ask(lua='press(meters[2], "+")')
owner.event("panel")
owner.ask(unwatch="panel")

# Traffic and time.
reader.ask(watch="traffic")
word = poll(2, 131)[0]
asked, answered = reader.event("traffic"), reader.event("traffic")
expect(asked["text"] == "read 131, 1" and asked["unit"] == 2 and asked["request"], "a request, decoded")
expect(answered["text"] == f"1 registers: {word:04X}" and not answered["request"], "its answer")
reader.ask(watch="time")
expect(reader.event("time")["held"] is True, "time is held")
owner.ask(lua='advance "10 s"')
expect(reader.event("time", lambda e: e["time"] >= 10) is not None, "time has gone on")
reader.ask(unwatch="traffic")

# One meter, seen by two clients and by Modbus.
kw = owner.ask(lua='meters[2].kw_total')["value"]
expect(reader.ask(meters="meter2")["value"]["meters"][0]["kw"] == kw, "the same power for both")
expect(owner.ask(lua='meters[2]:read(21)[1]')["value"] == poll(2, 21)[0], "and in the register")


# Those that misbehave: each is dropped, and nobody else sees anything of it.
def dropped(s):
    s.settimeout(120)
    try:
        while s.recv(65536):
            pass
    except ConnectionError:
        pass
    return True


def pour(s, pieces):
    """Sends without end, until the server hangs up."""
    try:
        for piece in pieces:
            s.sendall(piece)
    except OSError:
        return


def forever(piece):
    while True:
        yield piece


def never_ending_message():
    yield frame(b"{", final=False)
    while True:
        yield frame(b" " * 60000, opcode=0, final=False)


hostile = {
    "a line of 1 MB": [frame(b"x" * (1 << 20))],
    "a header that promises 1 GB": [frame(b"x", length=1 << 30)],
    "a flood of requests": forever(frame(b'{"meters":""}') * 100),
    "a flood of pings": forever(frame(b"x" * 100, opcode=9) * 1000),
    "fragments without end": never_ending_message(),
    "binary": [frame(b"\0", opcode=2)],
    "an unknown opcode": [frame(b"x", opcode=5)],
    "no UTF-8": [frame(b"\xff\xfe")],
    "no mask": [b"\x81\x01x"],
}
for name, pieces in hostile.items():
    s, head = handshake(port)
    thread = threading.Thread(target=pour, args=(s, pieces), daemon=True)
    thread.start()
    expect(dropped(s), name)
    thread.join()
    expect(poll(1, 131)[0] == 200 and reader.ask(faults=1)["ok"], "others are served after: " + name)
deep, halves = Client(port), [handshake(port)[0] for _ in range(20)]
deep.send('{"id":' + "[" * 30000)
expect("nested" in deep.receive()["error"], "deep nesting is refused")
for s in halves:
    s.sendall(frame(b'{"meters":""}')[:7])  # half a frame, and silence
greedy = Client(port)
pages = [Client(port) for _ in range(20)]
for client in pages:
    client.ask(watch="panel", meter=1)
expect(poll(1, 131)[0] == 200 and reader.ask(faults=1)["ok"], "others are served beside half frames")
for s in halves:
    s.close()
for client in [deep, greedy, other, again, *pages]:
    client.close()
expect(owner.ask(lua="#meters").get("value") == 3, "the owner is served in the end")
print("flaws" if flaws else "clients of HTTP: all as it should be")
sys.exit(1 if flaws else 0)
