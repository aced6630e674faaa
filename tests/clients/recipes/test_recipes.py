"""The recipes of docs/recipes.md, which tests/tools/recipes.py makes of this file. The
first line of each text is its title."""
import math
import struct

import pytest
from conftest import Refused


def test_reversed_ct(meter, plant, client):
    """A reversed CT

    The phase's power is negative, the others are as before. In register 92, as a signed number.
    """
    before = client.s16(92)
    meter.fault("ct_reversed", "B")
    plant.advance("3 s")
    assert client.s16(92) == -before
    assert client.s16(91) == before


def test_phase_loss(meter, plant, client):
    """A lost phase raises an alert

    Bit 9 of register 146 is phase loss B; it ends when the phase comes back.
    """
    meter.fault("phase_loss", "B")
    took = plant.until(lambda: client.words(146)[0] & 0x0200, "10 s")
    assert took <= 3 and meter.led.red
    meter.clear("phase_loss")
    plant.until(lambda: client.words(146)[0] & 0x0200 == 0, "10 s")


def test_exponents(meter, plant, client):
    """Scale exponents change with the CT

    Integers count in powers of ten that registers 138 to 141 hold. A client that read them once is wrong after the CT ratio was set.
    """
    exponent = client.s16(140)
    assert client.s16(21) * 10 ** exponent == pytest.approx(meter.kw_total, rel=1e-3)
    meter.write("ct_primary", 5000)
    plant.advance("3 s")
    assert client.s16(140) != exponent
    assert client.s16(21) * 10 ** client.s16(140) == pytest.approx(
        meter.kw_total, rel=1e-3)


def test_floats(meter, client):
    """Floats need no exponent, and come high word first"""
    assert client.f32(277) == pytest.approx(meter.kw_total, rel=1e-6)
    high, low = client.words(277, 2)
    swapped = struct.unpack(">f", struct.pack(">HH", low, high))[0]
    assert swapped != pytest.approx(meter.kw_total, rel=0.5)


def test_energy(meter, plant, client):
    """Energy of a known load

    What a quarter of an hour at a constant load adds, in a second of the test's time.
    """
    meter.load(kw=40, pf=1)
    plant.advance("3 s")
    before = client.f32(259)
    plant.advance("15 min")
    assert client.f32(259) - before == pytest.approx(10, rel=1e-3)


def test_export(meter, plant, client):
    """Export counts in its own register"""
    meter.load(kw=-12, pf=1)
    plant.advance("3 s")
    imported, exported = client.f32(259), client.f32(261)
    plant.advance("1 h")
    assert client.f32(261) - exported == pytest.approx(12, rel=1e-3)
    assert client.f32(259) == imported
    assert client.s16(21) < 0


def test_power_cut(meter, plant, client):
    """A power cut: nobody answers, and no energy is lost

    Without control power the gateway has no answer of the meter; the counter goes on from where it was.
    """
    plant.advance("1 h")
    before = meter.kwh_import
    meter.power("off")
    plant.advance("10 min")
    assert not meter.powered and math.isnan(meter.kwh_import)
    meter.power("on")
    plant.advance("5 s")
    assert before <= client.f32(259) + 0.01 and meter.kwh_import < before + 0.5


def test_demand(meter, plant):
    """Demand follows the load by its interval"""
    meter.load(kw=10, pf=1)
    plant.advance("31 min")
    assert meter.kw_demand_present == pytest.approx(10, rel=0.01)
    meter.load(kw=50, pf=1)
    plant.advance("1 min")
    assert meter.kw_demand_present < 50
    plant.advance("31 min")
    assert meter.kw_demand_max_import == pytest.approx(50, rel=0.01)


def test_lock_step(meter, plant, client):
    """An hour of polls in lock-step

    Time stands while the client polls, so no poll is late, however slow the machine is.
    """
    readings = []
    for _ in range(60):
        plant.advance("1 min")
        readings.append(client.u32(3))
    assert readings == sorted(readings) and readings[-1] > readings[0]


def test_live(meter, plant, client):
    """A client with a clock of its own

    Time goes on by itself, sixty times as fast.
    """
    plant.go(60)
    first = client.u32(3)
    while client.u32(3) == first:
        pass
    plant.hold()
    assert meter.kwh_import > 0


def test_sag(meter, plant):
    """A voltage sag of half a second"""
    meter.event("sag", phases="B", percent=50, duration="500 ms", at="1 s")
    lowest = min(_each_second(plant, lambda: meter.v_bn, 5))
    assert lowest < 250 and meter.v_an == pytest.approx(277.1, rel=1e-3)
    plant.advance("3 s")
    assert meter.v_bn == pytest.approx(277.1, rel=1e-3)


def _each_second(plant, read, seconds):
    for _ in range(seconds):
        plant.advance("1 s")
        yield read()


@pytest.mark.metersim(count=3)
def test_one_of_three_is_dead(plant, connect):
    """One dead meter among three

    The others must be polled as before.
    """
    plant.meters[2].power("off")
    plant.advance("1 s")
    assert plant.meters[2].try_read(21) == [None, "no answer"]
    for number in (1, 3):
        assert connect(plant.meters[number]).s16(21) > 0


def test_unlisted_register(client):
    """A register that the map does not have is exception 02"""
    with pytest.raises(Refused, match="2"):
        client.words(5000)
    assert client.s16(21) > 0  # the connection goes on


def test_too_many_registers(client):
    """More than 125 registers at once are exception 03"""
    assert len(client.words(257, 125)) == 125
    with pytest.raises(Refused, match="3"):
        client.words(257, 126)


def test_refused_write(meter, client):
    """A value that the meter refuses changes nothing"""
    with pytest.raises(Refused, match="3"):
        client.write(130, 99)
    assert client.words(130)[0] == meter.read("system_type") == 40


@pytest.mark.metersim(type=31)
def test_missing_reading(meter, client):
    """A reading that does not exist is 0x8000, not -32768

    A delta meter has no voltages to neutral.
    """
    assert client.words(106)[0] == 0x8000
    assert math.isnan(client.f32(395)) and math.isnan(meter.v_an)


def test_frequency(plant, client):
    """The frequency drifts"""
    plant.event("hz_ramp", hz=59.5, rate="0.1 Hz/s")
    plant.advance("10 s")
    assert client.words(28)[0] * 0.01 == pytest.approx(59.5, abs=0.011)


def test_truth_of_many_loads(meter, plant):
    """The meter is right over a range of loads

    `truth` holds every reading against the exact wave, within a class.
    """
    for amps in (2, 10, 50, 200):
        for pf in (1, "0.5", "0.8 lead"):
            meter.load(amps=amps, pf=pf if pf == 1 else _power_factor(pf))
            plant.advance("3 s")
            meter.truth("0.5")


def _power_factor(text):
    return text if "lead" in text else float(text)


def test_panel(meter, plant, tmp_path):
    """What a person at the panel sees"""
    assert meter.lcd.top == "3 A" and float(meter.lcd.bottom) == pytest.approx(80)
    meter.press("+")
    assert meter.lcd.top != "3 A"
    meter.screenshot(tmp_path / "panel.png")


def test_every_ct_fault(meter, plant, client):
    """Every fault of a CT, one after the other

    The list is the program's own. Whatever the CTs do, the client gets an answer.
    """
    for name, fault in plant.vocabulary.faults.items():
        if fault["at"] == "CT":
            meter.fault(name, *(["A"] if fault["phases"] else []))
            plant.advance("2 s")
            client.words(21, 8)
            meter.clear()
