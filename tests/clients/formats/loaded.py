"""Programs that load the map in their format, and read a live meter by it (loaded.sh).
Time is held while they read, so each reading must be the meter's own. Nothing is a matter
of the host's speed: a program is waited for, for minutes."""
import contextlib
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

import metersim

LIMIT_S = 300  # only a hang takes so long
SITE = ('meter { model = "%s" }\ngrid { volts_ll = 480 }\n'
        "load { amps = { 10, 20, 30 }, pf = 0.9 }\n")


def exported(form, model, port):
    """The file, with the meter's port instead of 1502."""
    text = subprocess.run([metersim.Program().path, "registers", model, "--format", form],
                          check=True, stdout=subprocess.PIPE, text=True).stdout
    return text.replace("1502", str(port))


def free_port(first=0, last=0):
    """Any, or one from `first` to `last`."""
    for port in range(first, last + 1):
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
            return s.getsockname()[1]
    raise AssertionError("no port from %d to %d is free" % (first, last))


def wait_until(get, program):
    """What `get` returns once it is true; the program must not end before."""
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        try:
            got = get()
        except OSError:
            got = None
        if got:
            return got
        assert program.poll() is None, "it has ended with code %d" % program.returncode
        time.sleep(0.1)
    raise AssertionError("nothing came")


class Running:
    """A program and its log, which is printed when something is wrong."""

    def __init__(self, folder, *command, **named):
        self.log = folder / (pathlib.Path(command[0]).name + ".log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([str(part) for part in command], stdout=log,
                                            stderr=subprocess.STDOUT, **named)

    def __enter__(self):
        return self.process

    def __exit__(self, kind, error, trace):
        if kind:
            print(self.log.read_text(errors="replace")[-6000:])
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def expected(meter):
    """By name: the float readings, and the alerts."""
    rows = metersim.Program().names("registers", meter.model)
    names = [row["name"][:-2] for row in rows if row["format"] == "Float" and row["units"]]
    readings = {name: getattr(meter, name) for name in names if name != "kwh_dup"}
    return {**readings, "alert_bits": meter.alerts}


def check(got, meter, scale=lambda name: 1):
    """Each reading that the meter has, in `scale` of our units, is among `got`."""
    readings = expected(meter)
    missing = set(readings) - set(got)
    assert not missing, "without %s" % sorted(missing)
    for name, reading in readings.items():
        wanted = reading * scale(name)
        assert abs(got[name] - wanted) <= 1e-5 * abs(wanted) + 2e-4, (
            "%s: %r, the meter has %r" % (name, got[name], wanted))
    return len(readings)


def units_of(meter):
    return {row["name"][:-2]: row["units"]
            for row in metersim.Program().names("registers", meter.model)
            if row["format"] == "Float"}


# --- collectd ---

def collectd(meter, folder):
    """All values as its plug-in csv writes them: "1700000000.000,61.2"."""
    (folder / "map.conf").write_text(exported("collectd", meter.model, meter.port))
    (folder / "collectd.conf").write_text(
        'Hostname "h"\nFQDNLookup false\nBaseDir "%s"\nPIDFile "%s/pid"\n'
        'TypesDB "/usr/share/collectd/types.db"\nLoadPlugin csv\n'
        '<Plugin csv>\nDataDir "%s/csv"\nStoreRates false\n</Plugin>\nInclude "%s/map.conf"\n'
        % (folder, folder, folder, folder))
    wanted = len(re.findall("^ *Collect ", (folder / "map.conf").read_text(), re.M))

    def values():
        got = {}
        for path in folder.glob("csv/%s/modbus-1/*" % meter.model):
            rows = path.read_text().splitlines()
            if len(rows) > 1:
                name = re.fullmatch(r"[a-z_]+?-(.*)-\d{4}-\d\d-\d\d", path.name)
                got[name[1]] = float(rows[-1].split(",")[1])
        return got if len(got) >= wanted else None

    units = units_of(meter)
    with Running(folder, "collectd", "-f", "-C", folder / "collectd.conf") as program:
        return check(wait_until(values, program), meter,
                     lambda name: 1000 if units.get(name) in ("kW", "kWh") else 1)


# --- zabbix-agent2 ---

def ask_agent(port, key):
    """A passive check: header, length, key; the answer has the same form."""
    with socket.create_connection(("127.0.0.1", port), LIMIT_S) as agent:
        agent.sendall(b"ZBXD\1" + struct.pack("<Q", len(key)) + key.encode())
        answer = b""
        while True:
            more = agent.recv(65536)
            if not more:
                return answer[13:].decode()
            answer += more


def zabbix(meter, folder):
    port = free_port(20000, 32767)  # the agent's last
    (folder / "map.conf").write_text(exported("zabbix-agent2", meter.model, meter.port))
    (folder / "agent.conf").write_text(
        "LogType=console\nServer=127.0.0.1\nListenIP=127.0.0.1\nListenPort=%d\nHostname=h\n"
        "ControlSocket=%s/control\nPidFile=%s/pid\nInclude=%s/map.conf\n"
        % (port, folder, folder, folder))
    agent = shutil.which("zabbix_agent2", path=os.environ["PATH"] + ":/usr/sbin")
    keys = re.findall("^Alias=([^:]*):", (folder / "map.conf").read_text(), re.M)
    with Running(folder, agent, "-c", folder / "agent.conf") as program:
        wait_until(lambda: ask_agent(port, "agent.ping") == "1", program)
        answers = {key.split(".", 1)[1]: ask_agent(port, key) for key in keys}
    wrong = {key: text for key, text in answers.items() if "NOTSUPPORTED" in text}
    assert not wrong, wrong
    return check({key: float(text) for key, text in answers.items()}, meter)


# --- Prometheus, and what exports for it ---

def words_of(meter, address, count):
    with socket.create_connection((meter.host, meter.port)) as client:
        client.sendall(struct.pack(">HHHBBHH", 1, 0, 6, meter.unit, 3, address, count))
        answer = client.recv(300)
    return answer[9:9 + 2 * count]


class Exporter(http.server.BaseHTTPRequestHandler):
    """Stands for modbus_exporter: does what the module's lines say, float32 and uint16,
    big-endian, and no more."""
    meter, metrics = None, ()

    def do_GET(self):  # pylint: disable=invalid-name # its base asks for it
        lines = []
        for name, address, kind in self.metrics:
            number = struct.unpack({"float32": ">f", "uint16": ">H"}[kind], words_of(
                self.meter, int(address) - 400000, {"float32": 2, "uint16": 1}[kind]))[0]
            lines.append("%s %r\n" % (name, number))
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        with contextlib.suppress(BrokenPipeError):  # Prometheus has been ended
            self.wfile.write("".join(lines).encode())

    def log_message(self, *args):  # pylint: disable=arguments-differ
        pass


def metrics_of(module):
    return re.findall(r'- name: "(s[^"]+)"\n *help: .*\n *address: (\d+)\n'
                      r" *dataType: (\w+)", module)


def query(port, text):
    with urllib.request.urlopen("http://127.0.0.1:%d/api/v1/query?%s" % (
            port, urllib.parse.urlencode({"query": text})), timeout=LIMIT_S) as answer:
        return json.load(answer)["data"]["result"]


def run_prometheus(meter, folder, target):
    """Prometheus reads a meter from `target`, and `serve --metrics`; the rules are those
    that we print. Two phases lose their voltage: the alerts for just these fire."""
    port, model = free_port(), meter.model
    rules = folder / "rules.yml"
    rules.write_text(exported("prometheus-rules", model, meter.port))
    subprocess.run(["promtool", "check", "rules", rules], check=True,
                   stdout=subprocess.DEVNULL)
    (folder / "prometheus.yml").write_text(
        "global:\n  scrape_interval: 1s\n  evaluation_interval: 1s\n"
        "rule_files: [%s]\nscrape_configs:\n"
        "  - job_name: meter\n    static_configs: [{ targets: ['%s'] }]\n"
        "  - job_name: serve\n    static_configs: [{ targets: ['%s'] }]\n"
        % (rules, target, meter.metrics))
    subprocess.run(["promtool", "check", "config", folder / "prometheus.yml"], check=True,
                   stdout=subprocess.DEVNULL)
    with Running(folder, "prometheus", "--config.file", folder / "prometheus.yml",
                 "--storage.tsdb.path", folder / "data",
                 "--web.listen-address", "127.0.0.1:%d" % port) as program:
        def series():
            rows = query(port, '{job="meter",__name__=~"%s_.*"}' % model)
            return {row["metric"]["__name__"].split("_", 1)[1]: float(row["value"][1])
                    for row in rows}
        count = check(wait_until(series, program), meter)
        wait_until(lambda: query(port, "metersim_meters == 1"), program)
        wait_until(lambda: query(port, 'up{job="serve"} == 1'), program)

        def firing():
            return {row["metric"]["alertname"]
                    for row in query(port, 'ALERTS{alertstate="firing"}')}
        assert not firing()
        for phase in "BC":
            meter.fault("pt_fuse", phase)
        meter.plant.advance("10 s")
        bits = [k for k in range(16) if meter.alerts >> k & 1]
        wait_until(lambda: len(firing()) == len(bits), program)
        assert {"%s_phase_loss_%s" % (model, phase) for phase in "bc"} <= firing()
    return count


def prometheus(meter, folder):
    module = exported("prometheus-modbus", meter.model, meter.port)
    handler = type("Handler", (Exporter,), {"meter": meter, "metrics": metrics_of(module)})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            return run_prometheus(meter, folder, "127.0.0.1:%d" % server.server_port)
        finally:
            server.shutdown()


# --- Node-RED ---

def node_red(meter, folder):
    """The flow as it is, but for the port, and that its debug node prints to the log."""
    installed = pathlib.Path(os.environ["METERSIM_NODE_RED"])
    flow = json.loads(exported("node-red", meter.model, meter.port))
    for node in flow:
        if node["type"] == "debug":
            node.update(console=True, tostatus=False)
    (folder / "flows.json").write_text(json.dumps(flow))
    os.symlink(installed / "node_modules", folder / "node_modules")
    shutil.copy(installed / "package.json", folder)
    (folder / "settings.js").write_text(
        'module.exports = { uiPort: %d, uiHost: "127.0.0.1", flowFile: "flows.json", '
        "debugMaxLength: 100000 };\n" % free_port())
    command = ["node", installed / "node_modules/node-red/red.js", "-u", folder,
               "-s", folder / "settings.js"]
    with Running(folder, *command, cwd=folder) as program:
        def values():
            text = (folder / "node.log").read_text(errors="replace")
            return dict(re.findall(r"^[{ ] +(\w+): (-?[\d.e+-]+|NaN)(?=,?$| })", text, re.M))
        wanted = expected(meter)
        got = wait_until(lambda: set(wanted) <= set(values()) and values(), program)
    return check({name: float(text) for name, text in got.items()}, meter)


PROGRAMS = {"collectd": collectd, "zabbix-agent2": zabbix, "prometheus": prometheus,
            "node-red": node_red}


def main(program):
    for model in ("s4100", "s4000r"):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / "site.lua").write_text(SITE % model)
            metrics = "127.0.0.1:%d" % free_port()
            with metersim.Metersim(folder / "site.lua", metrics=metrics,
                                   settle="2 h") as plant:
                plant.meter.metrics, plant.meter.plant = metrics, plant
                count = PROGRAMS[program](plant.meter, folder)
                print("%s: %d readings of a live %s" % (program, count, model))


main(sys.argv[1])
