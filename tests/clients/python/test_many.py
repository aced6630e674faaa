"""Many tests side by side: fresh meters, no clash, nothing left. By hand 200 of them
(METERSIM_MANY=200), in ./check some."""
import os
import socket

import pytest

COUNT = int(os.environ.get("METERSIM_MANY", "20"))


def read_register(meter, register):
    """Over Modbus TCP."""
    with socket.create_connection((meter.host, meter.port)) as client:
        client.sendall(bytes.fromhex("000100000006%02x03%04x0001"
                                     % (meter.unit, register - 1)))
        return int.from_bytes(client.recv(64)[-2:], "big")


@pytest.mark.parametrize("amps", range(1, COUNT + 1))
def test_each_has_its_own(plant, meter, amps, children):
    plant.load(amps=amps)
    plant.advance("3 s")
    assert meter.i_a == pytest.approx(amps, rel=1e-3)
    assert read_register(meter, 109) == meter.read(109)
    assert len(children()) == 1  # its own plant; none of the tests before
