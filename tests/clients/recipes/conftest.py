"""What the recipes test: a small Modbus client, in the place of one's own."""
import socket
import struct

import pytest


class Refused(Exception):
    """An exception of Modbus; its code."""


class Client:
    def __init__(self, meter):
        self.unit = meter.unit
        self._socket = socket.create_connection((meter.host, meter.port))
        self._number = 0

    def close(self):
        self._socket.close()

    def request(self, pdu):
        self._number += 1
        self._socket.sendall(struct.pack(">HHHB", self._number, 0, len(pdu) + 1,
                                         self.unit) + pdu)
        head = self._socket.recv(7, socket.MSG_WAITALL)
        answer = self._socket.recv(struct.unpack(">H", head[4:6])[0] - 1,
                                   socket.MSG_WAITALL)
        if answer[0] & 0x80:
            raise Refused(answer[1])
        return answer

    def words(self, register, count=1):
        answer = self.request(struct.pack(">BHH", 3, register - 1, count))
        return struct.unpack(">%dH" % count, answer[2:])

    def s16(self, register):
        return struct.unpack(">h", struct.pack(">H", *self.words(register)))[0]

    def u32(self, register):
        return struct.unpack(">I", struct.pack(">HH", *self.words(register, 2)))[0]

    def f32(self, register):
        return struct.unpack(">f", struct.pack(">HH", *self.words(register, 2)))[0]

    def write(self, register, value):
        self.request(struct.pack(">BHH", 6, register - 1, value))


@pytest.fixture
def client(meter):
    made = Client(meter)
    yield made
    made.close()


@pytest.fixture
def connect():
    """Clients for several meters."""
    made = []
    yield lambda meter: made.append(Client(meter)) or made[-1]
    for one in made:
        one.close()
