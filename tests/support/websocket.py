"""A WebSocket client of nothing but sockets, so that it can misbehave, too (RFC 6455)."""
import base64
import json
import os
import socket
import struct


def handshake(port, path="/ws", host=None, origin=None):
    """A connected socket, and the status line and headers of the answer."""
    s = socket.create_connection(("127.0.0.1", port), timeout=60)
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [f"GET {path} HTTP/1.1", f"Host: {host or f'127.0.0.1:{port}'}",
             "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
             f"Sec-WebSocket-Key: {key}"]
    if origin:
        lines.append(f"Origin: {origin}")
    s.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    head = b""
    while b"\r\n\r\n" not in head:
        byte = s.recv(1)
        if not byte:
            break
        head += byte
    return s, head.decode()


def frame(payload, opcode=1, final=True, length=None):
    """A masked frame; length: what its header says instead of the truth."""
    size = len(payload) if length is None else length
    head = bytes([(0x80 if final else 0) | opcode])
    if size < 126:
        head += bytes([0x80 | size])
    elif size < 65536:
        head += bytes([0x80 | 126]) + struct.pack(">H", size)
    else:
        head += bytes([0x80 | 127]) + struct.pack(">Q", size)
    mask = os.urandom(4)
    repeated = mask * (len(payload) // 4 + 1)
    masked = bytes(a ^ b for a, b in zip(payload, repeated))
    return head + mask + masked


class Client:
    def __init__(self, port, **given):
        self.socket, self.head = handshake(port, **given)
        self.last = 0
        self.events = []

    def close(self):
        self.socket.close()

    def exactly(self, count):
        data = b""
        while len(data) < count:
            piece = self.socket.recv(count - len(data))
            if not piece:
                raise EOFError("the server has hung up")
            data += piece
        return data

    def send(self, text):
        self.socket.sendall(frame(text.encode()))

    def receive(self):
        """The next message as an object; control frames are answered or passed over."""
        while True:
            first, second = self.exactly(2)
            size = second & 127
            if size == 126:
                size = struct.unpack(">H", self.exactly(2))[0]
            elif size == 127:
                size = struct.unpack(">Q", self.exactly(8))[0]
            payload = self.exactly(size)
            if first & 15 == 8:
                raise EOFError("the server has closed")
            if first & 15 == 9:
                self.socket.sendall(frame(payload, opcode=10))
            if first & 15 == 1:
                return json.loads(payload)

    def ask(self, **request):
        """The answer; what comes before it is kept in events."""
        self.last += 1
        self.send(json.dumps({"id": self.last, **request}))
        while True:
            answer = self.receive()
            if answer.get("id") == self.last:
                return answer
            self.events.append(answer)

    def event(self, kind, wanted=lambda event: True):
        """The next event of a kind, kept or to come."""
        while True:
            for k, event in enumerate(self.events):
                if event.get("event") == kind and wanted(event):
                    del self.events[k]
                    return event
            self.events.append(self.receive())
