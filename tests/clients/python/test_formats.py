"""metersim registers --format …: each address of each format, read from a live meter as
that program would, must give the meter's reading; and the flow of Node-RED is run by
node."""
import json
import re
import shutil
import socket
import struct
import subprocess

import metersim
import pytest

yaml = pytest.importorskip("yaml")
tomllib = pytest.importorskip("tomllib")


def exported(form, model="s4100"):
    program = metersim.Program().path
    return subprocess.run([program, "registers", model, "--format", form], check=True,
                          stdout=subprocess.PIPE, text=True).stdout


class Reader:
    """Words on the wire, and what the formats say that they mean."""

    def __init__(self, meter):
        self._meter = meter

    def words(self, address, count):
        with socket.create_connection((self._meter.host, self._meter.port)) as client:
            client.sendall(struct.pack(">HHHBBHH", 1, 0, 6, self._meter.unit, 3, address,
                                       count))
            answer = client.recv(300)
        assert answer[7] == 3, "exception at address %d" % address
        return struct.unpack(">%dH" % count, answer[9:])

    def float(self, address):
        return struct.unpack(">f", struct.pack(">HH", *self.words(address, 2)))[0]

    def check(self, name, address, words, factor=1.0, scale=1.0):
        """The reading, in `scale` of our units, is the number at the address."""
        number = self.float(address) if words == 2 else self.words(address, 1)[0]
        reading = (self._meter.alerts if name == "alert_bits"
                   else getattr(self._meter, name))
        assert number * factor == pytest.approx(reading * scale, rel=1e-5, abs=1e-4), name


@pytest.fixture(params=["s4100", "s4000r"])
def reader(request, tmp_path):
    script = tmp_path / "site.lua"
    script.write_text('meter { model = "%s" }\ngrid { volts_ll = 480 }\n'
                      "load { amps = { 10, 20, 30 }, pf = 0.9 }\n" % request.param)
    with metersim.Metersim(script, settle="2 h") as plant:
        made = Reader(plant.meter)
        made.model = request.param
        yield made


def names(model):
    """What a format should have: the float readings, and the alerts."""
    rows = metersim.Program().names("registers", model)
    return {row["name"][:-2] for row in rows
            if row["format"] == "Float" and row["units"]} | {"alert_bits"}


def check_all(reader, points):
    """(name, address, words, factor): all that there are."""
    points = list(points)
    assert {name for name, *_ in points} == names(reader.model)
    for name, address, words, factor in points:
        if name != "kwh_dup":
            reader.check(name, address, words, factor)


def test_telegraf(reader):
    inputs = tomllib.loads(exported("telegraf", reader.model))["inputs"]["modbus"][0]
    fields = inputs["holding_registers"]
    for field in fields:
        assert (field["byte_order"], field["data_type"], len(field["address"])) in (
            ("ABCD", "FLOAT32-IEEE", 2), ("AB", "UINT16", 1))
    check_all(reader, ((f["name"], f["address"][0], len(f["address"]), f["scale"])
                       for f in fields))


def test_home_assistant(reader):
    hub = yaml.safe_load(exported("home-assistant", reader.model))["modbus"][0]
    sensors = hub["sensors"]
    assert len({s["unique_id"] for s in sensors}) == len(sensors)
    check_all(reader, ((s["name"].split()[1], s["address"],
                        {"float32": 2, "uint16": 1}[s["data_type"]], s["scale"])
                       for s in sensors))
    by_name = {s["name"].split()[1]: s for s in sensors}
    assert by_name["kw_total"]["unit_of_measurement"] == "kW"
    assert by_name["kw_total"]["device_class"] == "power"
    assert by_name["kw_total"]["state_class"] == "measurement"
    energy = "kwh_import" if reader.model == "s4100" else "kwh"
    assert by_name[energy]["state_class"] == "total_increasing"


def test_prometheus(reader):
    module = yaml.safe_load(exported("prometheus-modbus", reader.model))["modules"][0]
    for metric in module["metrics"]:
        assert 400000 <= metric["address"] < 500000 and metric["endianness"] == "big"
        assert re.fullmatch("[a-zA-Z_:][a-zA-Z0-9_:]*", metric["name"])
    check_all(reader, ((m["name"].split("_", 1)[1], m["address"] - 400000,
                        {"float32": 2, "uint16": 1}[m["dataType"]], m["factor"])
                       for m in module["metrics"]))


def test_prometheus_rules(reader):
    group, = yaml.safe_load(exported("prometheus-rules", reader.model))["groups"]
    series = {reader.model + "_" + name for name in names(reader.model)}
    for rule in group["rules"]:
        assert set(re.findall(reader.model + r"_\w+", rule["expr"])) <= series
    bits = [re.fullmatch(r"floor\(\w+ / (\d+)\) % 2 == 1", rule["expr"])
            for rule in group["rules"]]
    assert [int(bit[1]) for bit in bits if bit] == [1 << k for k in range(16)]
    alerts = [rule["alert"] for rule in group["rules"] if "alert" in rule]
    assert len(alerts) == len(set(alerts)) == 17


def test_collectd(reader):
    text = exported("collectd", reader.model)
    blocks = re.findall(r'<Data "(\w+)">\n +RegisterBase (\d+)\n +RegisterType (\w+)\n'
                        r' +RegisterCmd ReadHolding\n +Type "(\w+)"\n'
                        r' +Instance "\1"\n +Scale (\d+\.0)\n +</Data>', text)
    assert [b[0] for b in blocks] == re.findall(r'Collect "(\w+)"', text)
    for _, _, _, kind, scale in blocks:
        assert float(scale) == (1000 if kind in ("power", "energy_wh") else 1)
    check_all(reader, ((b[0], int(b[1]), {"Float": 2, "Uint16": 1}[b[2]], 1)
                       for b in blocks))


def test_zabbix(reader):
    model = reader.model
    lines = exported("zabbix-agent2", model).splitlines()
    session = "Plugins.Modbus.Sessions.%s." % model
    assert lines[:3] == [session + "Endpoint=tcp://127.0.0.1:1502",
                         session + "SlaveID=1", session + "Timeout=1"]
    keys = [re.fullmatch(r"Alias=%s\.(\w+):modbus\.get\[%s,,3,(\d+),1,(float|uint16),be\]"
                         % (model, model), line) for line in lines[3:]]
    check_all(reader, ((k[1], int(k[2]), {"float": 2, "uint16": 1}[k[3]], 1)
                       for k in keys))


def test_evcc(reader):
    meter = yaml.safe_load(exported("evcc", reader.model))["meters"][0]
    energy = "kwh_import" if reader.model == "s4100" else "kwh"
    expected = [(meter["power"], "kw_total", 1000), (meter["energy"], energy, 1)]
    for list_name, readings, scale in (
            ("currents", ("i_a", "i_b", "i_c"), 1),
            ("voltages", ("v_an", "v_bn", "v_cn"), 1),
            ("powers", ("kw_a", "kw_b", "kw_c"), 1000)):
        expected += [(p, name, scale) for p, name in zip(meter[list_name], readings)]
    for plugin, name, scale in expected:
        assert plugin["register"]["decode"] == "float32"
        reader.check(name, plugin["register"]["address"], 2, plugin["scale"], scale)


def test_openems(reader):
    text = exported("openems", reader.model)
    rows = re.findall(r"Task\((\d+), Priority.HIGH, //\s*m\(ElectricityMeter.ChannelId."
                      r"(\w+), //\s*new FloatDoublewordElement\((\d+)\), SCALE_FACTOR_3",
                      text)
    assert len(rows) == 16 == text.count("FC3ReadRegistersTask")
    phases = {"1": "a", "2": "b", "3": "c"}
    for task, channel, element in rows:
        assert task == element
        quantity, _, phase = channel.rpartition("_L")
        name = {"ACTIVE_POWER": "kw_", "REACTIVE_POWER": "kvar_", "CURRENT": "i_",
                "VOLTAGE": "v_%sn"}.get(quantity)
        if not name:
            name = {"ACTIVE_POWER": "kw_total", "REACTIVE_POWER": "kvar_total",
                    "FREQUENCY": "freq", "ACTIVE_PRODUCTION_ENERGY":
                    "kwh_import" if reader.model == "s4100" else "kwh"}[channel]
        elif "%" in name:
            name %= phases[phase]
        else:
            name += phases[phase]
        reader.check(name, int(element), 2, 1000, 1000)


def test_node_red(reader, tmp_path):
    node = shutil.which("node") or pytest.skip("node is not installed")
    flow = json.loads(exported("node-red", reader.model))
    by_id = {n["id"]: n for n in flow}
    got = {}
    for read in (n for n in flow if n["type"] == "modbus-read"):
        assert read["dataType"] == "HoldingRegister" and int(read["quantity"]) <= 125
        words = reader.words(int(read["adr"]), int(read["quantity"]))
        function = by_id[read["wires"][0][0]]
        code = tmp_path / "run.js"
        code.write_text("const msg = { payload: %s };\nconst out = (() => {%s})();\n"
                        "console.log(JSON.stringify(out.payload));"
                        % (json.dumps(words), function["func"]))
        out = subprocess.run([node, code], check=True, stdout=subprocess.PIPE).stdout
        got.update(json.loads(out))
        assert by_id[function["wires"][0][0]]["type"] == "debug"
        assert by_id[read["server"]]["type"] == "modbus-client"
    assert set(got) == names(reader.model)
    for name in ("kw_total", "i_b", "freq"):
        assert got[name] == pytest.approx(getattr(reader._meter, name), rel=1e-5)


def test_what_is_refused():
    program = metersim.Program().path
    for arguments, text in ((["s4100", "--format", "xml"], "--format is markdown"),
                            (["sunspec", "--format", "evcc"], "none of SunSpec"),
                            (["s4100", "21", "--format", "evcc"], "all registers")):
        result = subprocess.run([program, "registers", *arguments], check=False,
                                stderr=subprocess.PIPE, text=True)
        assert result.returncode == 2 and text in result.stderr
    assert exported("csv") == subprocess.run(
        [program, "registers", "s4100", "--csv"], check=True, stdout=subprocess.PIPE,
        text=True).stdout
    assert exported("markdown").startswith("## Readings")
