"""Recorders around clients of others, for `metersim exam`: what is read is decoded and
judged as in client.py, so whatever is wrong is the client's own.

foreign.py pymodbus|mbpoll|collectd HOST PORT UNITS [--step]   (collectd has no steps)
"""
import argparse
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

import client

# What collectd reads: floats, and two counters as integers with a fixed scale.
COLLECTD = [
    ("kw_total_f", 277, "Float", 1), ("kvar_total_f", 279, "Float", 1),
    ("kva_total_f", 281, "Float", 1), ("pf_total_f", 283, "Float", 1),
    ("vll_avg_f", 285, "Float", 1), ("vln_avg_f", 287, "Float", 1),
    ("i_avg_f", 289, "Float", 1), ("freq_f", 291, "Float", 1), ("kwh_export_f", 261, "Float", 1),
    ("kwh_import", 3, "Uint32", 0.01), ("kvah_import", 17, "Uint32", 0.01),
    ("kw_c", 93, "Int16", 0.01), ("v_cn", 108, "Int16", 0.1),
]


class Pymodbus:
    """As its documentation begins: one client, its own time-outs, retries, reconnection."""

    def __init__(self, host, port):
        from pymodbus.client import ModbusTcpClient

        self.client = ModbusTcpClient(host, port=port)

    def read(self, unit, reg, count):
        from pymodbus.exceptions import ModbusException

        try:
            answer = self.client.read_holding_registers(reg - 1, count, slave=unit)
        except (ModbusException, OSError) as wrong:
            raise client.NoAnswer from wrong
        if answer.isError():
            code = getattr(answer, "exception_code", None)
            raise client.Refused(code) if code else client.NoAnswer
        return {reg + k: word for k, word in enumerate(answer.registers)}


class Mbpoll:
    """A process for each block."""

    def __init__(self, host, port):
        self.host, self.port = host, port

    def read(self, unit, reg, count):
        command = f"mbpoll -m tcp -p {self.port} -a {unit} -t 4:hex -1 -r {reg} -c {count}"
        done = subprocess.run([*command.split(), self.host], capture_output=True, text=True)
        words = re.findall(r"^\[(\d+)\]:\s+0x([0-9A-Fa-f]+)", done.stdout, re.M)
        if done.returncode or not words:
            raise client.NoAnswer
        return {int(number): int(word, 16) for number, word in words}


def collectd_config(folder, host, port, units):
    lines = [f'Hostname "metersim"\nFQDNLookup false\nBaseDir "{folder}"\nInterval 1',
             'TypesDB "/usr/share/collectd/types.db"\nLoadPlugin csv\nLoadPlugin modbus',
             f'<Plugin csv>\nDataDir "{folder}"\nStoreRates false\n</Plugin>\n<Plugin modbus>']
    for name, reg, kind, scale in COLLECTD:
        lines.append(f'<Data "{name}">\nRegisterBase {reg - 1}\nRegisterType {kind}\nScale {scale}\n'
                     f'RegisterCmd ReadHolding\nType gauge\nInstance "{name}"\n</Data>')
    lines.append(f'<Host "meter">\nAddress "{host}"\nPort "{port}"\nInterval 1')
    for unit in units:
        collect = "\n".join(f'Collect "{name}"' for name, *_ in COLLECTD)
        lines.append(f'<Slave {unit}>\nInstance "{unit}"\n{collect}\n</Slave>')
    return "\n".join(lines) + "\n</Host>\n</Plugin>\n"


def collectd(host, port, units):
    """Runs it, and prints what its CSV files get."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "conf").write_text(collectd_config(folder, host, port, units))
        daemon = subprocess.Popen(["collectd", "-f", "-C", str(folder / "conf")],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        read = {}
        try:
            while daemon.poll() is None:
                for path in folder.glob("meter/modbus-*/gauge-*"):
                    unit = path.parent.name.split("-")[1]
                    point = re.match(r"gauge-(.*)-\d{4}-\d\d-\d\d$", path.name).group(1)
                    lines = path.read_text().split("\n")[1:-1]
                    for line in lines[read.get(path, 0):]:
                        moment, value = line.split(",")
                        print(f"{moment},{unit},{point},{value}", flush=True)
                    read[path] = len(lines)
                time.sleep(0.2)
        finally:
            daemon.kill()
            daemon.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["pymodbus", "mbpoll", "collectd"])
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("units")
    parser.add_argument("--step", action="store_true")
    options = parser.parse_args()
    if options.kind == "collectd":
        collectd(options.host, options.port, options.units.split(","))
        return
    kind = {"pymodbus": Pymodbus, "mbpoll": Mbpoll}[options.kind]
    connection = kind(options.host, options.port)
    units = [int(unit) for unit in options.units.split(",")]
    client.run([client.Meter(connection, unit, "") for unit in units], options.step)


main()
