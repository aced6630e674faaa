"""bad_gateway.py PORT MODE…: a Modbus TCP gateway in front of 127.0.0.1:PORT that does what
gateways in the field do wrong; prints its own port. Modes: part (registers 1 to 178 only),
only=FIRST-LAST, unit (another unit answers), transaction, echo, late=SECONDS,
torn=SECONDS (the header, and so much later the rest), input
(function 03 is refused), scale=REGISTER (twice its value), silent."""
import socket
import socketserver
import struct
import sys
import time

target, modes = int(sys.argv[1]), dict((m.split("=") + [""])[:2] for m in sys.argv[2:])
first, last = 1, 65535
if "part" in modes:
    last = 178
if "only" in modes:
    first, last = map(int, modes["only"].split("-"))


def receive(connection):
    header = b""
    while len(header) < 7:
        more = connection.recv(7 - len(header))
        if not more:
            return None
        header += more
    length = struct.unpack(">H", header[4:6])[0]
    body = b""
    while len(body) < length - 1:
        body += connection.recv(length - 1 - len(body))
    return header, body


def answer_of(meter, header, body):
    """The PDU of the meter's answer, or what the gateway says itself."""
    function = body[0]
    if function in (3, 4):
        register, count = struct.unpack(">HH", body[1:5])
        if "input" in modes and function == 3:
            return bytes([0x83, 1])
        if register + 1 < first or register + count > last:
            if not ("settings" in modes and 129 < register + 1 and register + count <= 178):
                return bytes([function | 0x80, 2])
    elif "part" in modes or "only" in modes:
        return bytes([function | 0x80, 1])
    meter.sendall(header + body)
    pdu = bytearray(receive(meter)[1])
    if "scale" in modes and function == 3 and pdu[0] == 3:
        at = int(modes["scale"]) - register - 1
        if 0 <= at < count:
            value = struct.unpack_from(">h", pdu, 2 + 2 * at)[0]
            struct.pack_into(">h", pdu, 2 + 2 * at, 2 * value)
    return bytes(pdu)


class Client(socketserver.BaseRequestHandler):
    def handle(self):
        with socket.create_connection(("127.0.0.1", target)) as meter:
            while frame := receive(self.request):
                header, body = frame
                if "silent" in modes:
                    continue
                if "echo" in modes:
                    self.request.sendall(header + body)
                    continue
                pdu = answer_of(meter, header, body)
                transaction, unit = struct.unpack(">H", header[:2])[0], header[6]
                if "transaction" in modes:
                    transaction = transaction + 1000 & 0xFFFF
                if "unit" in modes:
                    unit += 1
                if "late" in modes:
                    time.sleep(float(modes["late"]))
                frame = struct.pack(">HHHB", transaction, 0, len(pdu) + 1, unit) + pdu
                try:
                    if "torn" in modes:
                        self.request.sendall(frame[:8])
                        frame = frame[8:]
                        time.sleep(float(modes["torn"]))
                    self.request.sendall(frame)
                except OSError:
                    return


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True


with Server(("127.0.0.1", 0), Client) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
