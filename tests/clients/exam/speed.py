"""speed.py METERSIM: `metersim exam --speed` is the rate of simulated time.

The client under test is this file, too: it polls for a moment of real time, notes how
long that was, and ends with an error, which ends the examination. The frames that the
report shows bear simulated time. Simulated time may lag where the host is slow, but never
leads, so slower than real time is exact; faster than real time is tried again where the
host was too slow.
"""
import os
import pathlib
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time

MOMENT_S, ATTEMPTS = 1.0, 20


def client(host, port, note):
    """Two polls, and the real time from before the first to after the second."""
    with socket.create_connection((host, int(port))) as meter:
        begin = time.monotonic()
        for pause in (MOMENT_S, 0):
            meter.sendall(struct.pack(">HHHBBHH", 1, 0, 6, 1, 3, 0, 2))
            assert len(meter.recv(300)) == 13
            time.sleep(pause)
        pathlib.Path(note).write_text(repr(time.monotonic() - begin), encoding="ascii")
    sys.exit(3)


def elapsed(program, speed):
    """Simulated and real seconds between the polls. Where the host has not let the client
    poll in time, it is tried again."""
    command = [sys.executable, os.path.abspath(__file__), "--client", "{host}", "{port}"]
    for _ in range(ATTEMPTS):
        with tempfile.TemporaryDirectory() as folder:
            note = pathlib.Path(folder) / "real"
            result = subprocess.run(
                [program, "exam", "--speed", str(speed), "--only", "word_order", "--",
                 *command, note], check=False, stdout=subprocess.PIPE, text=True)
            times = re.findall(r"^# +([0-9.]+) s .* request 03", result.stdout, re.M)
            if note.exists() and len(times) == 2:
                return (float(times[1]) - float(times[0]),
                        float(note.read_text(encoding="ascii")))
    raise AssertionError(result.stdout)


def main(program):
    simulated, real = elapsed(program, 0.25)
    assert simulated <= 0.25 * real + 0.01, (simulated, real)
    for _ in range(ATTEMPTS):
        simulated, real = elapsed(program, 4)
        assert simulated <= 4 * real + 0.01, (simulated, real)
        if simulated > 2 * real:
            print("simulated time goes at the speed that is asked for")
            return
    raise AssertionError("at speed 4: %r s in %r s" % (simulated, real))


if sys.argv[1] == "--client":
    client(*sys.argv[2:])
main(sys.argv[1])
