"""One meter: readings, registers, faults, the panel, and names that are wrong."""
import math
import subprocess
import sys

import metersim
import pytest


def test_readings_and_truth(meter):
    truth = meter.truth()
    assert meter.kw_b == pytest.approx(truth["kw_b"], rel=1e-4)
    meter.truth("0.2S")
    assert meter.alerts == 0 and meter.powered and not meter.led.red


def test_a_reading_that_the_meter_does_not_have(tmp_path):
    script = tmp_path / "delta.lua"
    script.write_text("meter { system_type = 31 }\nload { amps = 10 }\n")
    with metersim.Metersim(script) as plant:
        assert math.isnan(plant.meter.v_an) and not math.isnan(plant.meter.v_ab)


def test_faults(meter, plant):
    meter.fault("ct_reversed", "B")
    meter.fault("voltage_shift", "A", -10)
    plant.advance("3 s")
    assert meter.kw_b < 0
    assert meter.v_an == pytest.approx(0.9 * 277.13, rel=1e-3)
    meter.clear("ct_reversed")
    plant.advance("3 s")
    assert meter.kw_b > 0 and meter.v_an < 260
    meter.clear()
    plant.advance("3 s")
    assert meter.v_an == pytest.approx(277.13, rel=1e-3)


def test_registers(meter):
    words = meter.read(21, 4)
    assert len(words) == 4
    assert meter.read(21) == words[0] == meter.read(21, "u16") == meter.read("kw_total")
    assert meter.read(277, "f32") == pytest.approx(61.19, rel=1e-4)
    assert meter.read("kw_total_f") == meter.read(277, "f32")
    assert meter.read("kwh_import") == meter.read(1, "u32")
    meter.write("pt_ratio", 250)
    assert meter.read(133) == 250
    meter.write(133, 100)
    assert meter.read("pt_ratio") == 100
    with pytest.raises(metersim.MetersimError, match="exception 3, illegal data value"):
        meter.write("system_type", 99)
    assert meter.try_read(5000) == [None, 2]


def test_the_panel(meter, tmp_path):
    before = meter.lcd.top
    meter.press("+")
    assert meter.lcd.top != before
    meter.press("- back", "0.2 s")
    meter.screenshot(tmp_path / "panel.png")
    meter.screenshot(tmp_path / "phasors.png", "phasors")
    for picture in tmp_path.iterdir():
        assert picture.read_bytes().startswith(b"\x89PNG")
    with pytest.raises(metersim.MetersimError, match="name a file in a folder that exists"):
        meter.screenshot(tmp_path / "none" / "panel.png")
    with pytest.raises(metersim.MetersimError, match="the views are"):
        meter.screenshot(tmp_path / "x.png", "phasor")


@pytest.mark.parametrize("act, name", [
    (lambda m: m.kw_totla, "kw_total"),
    (lambda m: m.fautl("ct_open"), "fault"),
    (lambda m: m.fault("ct_revers"), "ct_reversed"),
    (lambda m: m.read("kw_totl"), "kw_total"),
    (lambda m: m.write("sytem_type", 40), "system_type"),
    (lambda m: m._plant.gird(hz=50), "grid"),
    (lambda m: m._plant.grid(volt_ll=480), "volts_ll"),
    (lambda m: m.event("sagg"), "sag"),
])
def test_did_you_mean(meter, act, name):
    with pytest.raises(metersim.MetersimError, match="did you mean '%s'" % name):
        act(meter)


def test_names_come_from_the_program(meter, plant):
    names = dir(meter)
    assert {"kw_total", "lcd", "fault", "read", "request"} <= set(names)
    assert {"grid", "advance", "after"} <= set(dir(plant))
    assert "ends a fault" in meter.clear.__doc__
    assert plant.vocabulary.faults["ct_reversed"]["phases"]


def test_what_cannot_be_passed(meter):
    with pytest.raises(TypeError, match="lists, dictionaries, meters"):
        meter.load(amps={1, 2})


def test_texts_of_any_kind(plant):
    for text in ('"', "\\", "\n\t\r\0x", "ä€", "]]"):
        assert plant.lua("string.len(%s)" % metersim._lua.literal(text)) == len(
            text.encode())
    table = {"a": [1, 2.5, True, None], "b c": {"d": "e"}}
    assert plant.lua("(%s)['b c'].d" % metersim._lua.literal(table)) == "e"
    assert plant.lua(metersim._lua.literal(float("inf"))) is None


def test_an_interrupt_does_not_shift_answers(plant, meter, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt
    with monkeypatch.context() as patch:
        patch.setattr(plant._console._file, "readline", interrupted, raising=False)
        with pytest.raises(KeyboardInterrupt):
            plant.lua('"first"')
    assert plant.lua('"second"') == "second"


def test_syntax_of_python_3_9():
    import ast
    import pathlib
    for path in pathlib.Path(metersim.__file__).parent.glob("*.py"):
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 9))


def test_the_module_alone_needs_no_pytest():
    code = ("import sys; sys.modules['pytest'] = None; import metersim, metersim.robot; "
            "assert not [m for m in sys.modules if m.startswith('_pytest')]")
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
