"""A plant: its start, its time, its meters, its end."""
import datetime
import math
import os

import metersim
import pytest


def test_the_usual_meter_is_that_of_serve(meter):
    assert meter.model == "s4100"
    assert meter.kw_total == pytest.approx(61.19, rel=1e-4)  # 480 V, 80 A, 0.92
    assert meter.read("ct_primary") == 200
    assert meter.lcd.top == "3 A"


def test_time_stands_until_it_is_advanced(plant):
    assert plant.now == 3
    plant.meter.kw_total, plant.meter.read(21)
    assert plant.now == 3
    plant.advance("15 min")
    assert plant.now == 903
    plant.advance(2.5)
    plant.advance(datetime.timedelta(seconds=0.5))
    assert plant.now == 906


def test_time_that_goes(plant):
    plant.go("max")
    while plant.now < 100:
        pass
    plant.hold()
    stands = plant.now
    assert plant.now == stands
    plant.go(60)
    while plant.now == stands:
        pass


def test_without_a_settled_start_there_are_no_readings():
    with metersim.Metersim(settle=None) as plant:
        assert plant.now == 0
        assert math.isnan(plant.meter.kw_total)
        assert plant.meter.read("kw_total") == -32768


@pytest.mark.metersim(count=3, ct=100, amps=40)
def test_meters_by_number_and_name(plant):
    assert len(plant.meters) == 3
    assert plant.meters[2] is plant.meters["meter2"]
    assert plant.meter is plant.meters[1]
    assert [meter.unit for meter in plant.meters.values()] == [1, 2, 3]
    assert plant.meters[3].read("ct_primary") == 100
    assert "meter4" not in plant.meters
    with pytest.raises(metersim.UnknownMeter, match="did you mean 'meter3'.*1 to 3"):
        plant.meters["metre3"]
    with pytest.raises(KeyError, match="no meter 0; the plant has 1 to 3"):
        plant.meters[0]


def test_a_scenario(tmp_path):
    script = tmp_path / "two.lua"
    script.write_text('meter { name = "main", ct_primary = 400 }\n'
                      'meter { name = "solar", model = "s4000r" }\n'
                      'grid { volts_ll = 208 }\nload { amps = 10 }\n')
    with metersim.Metersim(script) as plant:
        assert list(plant.meters) == ["main", "solar"]
        assert plant.meters["solar"].model == "s4000r"
        assert plant.meters["main"].vll_avg == pytest.approx(208, rel=1e-4)


def test_a_scenario_that_fails_is_an_error(tmp_path):
    script = tmp_path / "wrong.lua"
    script.write_text('local m = meter {}\nload { amps = 10 }\nwait "2 s"\n'
                      'expect(m.i_a, near(99, "1 %"))\n')
    with pytest.raises(metersim.MetersimError, match="(?s)scenario failed.*99"):
        with metersim.Metersim(script):
            pass


def test_verbs_of_scenarios(plant, meter):
    plant.grid(hz=50, volts_ll=400)
    meter.load(amps=(10, 20, 30), pf="0.9 lead")
    plant.advance("3 s")
    assert meter.freq == pytest.approx(50, abs=0.001)
    assert [round(i) for i in (meter.i_a, meter.i_b, meter.i_c)] == [10, 20, 30]
    meter.event("sag", phases="B", percent=45, duration="1 s", at="1 s")
    plant.advance("3 s")
    meter.power("off")
    plant.advance("1 s")
    assert not meter.powered and math.isnan(meter.kw_total)


def test_until(plant, meter):
    meter.fault("ct_reversed", "B", duration="5 s")
    assert plant.until(lambda: meter.kw_b < 0, "3 s") <= 2
    assert plant.until(lambda: meter.kw_b > 0, "9 s") >= 4
    with pytest.raises(AssertionError, match=r"not true within 4 s .*\(4 s\)"):
        plant.until(lambda: meter.kw_b < 0, "4 s")
    assert plant.until(lambda: True, "1 s") == 0


def test_a_function_of_lua(plant, meter):
    plant.lua("polls = 0")
    plant.every("1 s", metersim.Lua("function() polls = polls + 1 end"))
    plant.advance("10 s")
    assert plant.lua("polls") in (10, 11)


def test_the_program_is_found(monkeypatch, tmp_path):
    program = os.environ["METERSIM"]
    monkeypatch.setenv("METERSIM", str(tmp_path / "none"))
    with pytest.raises(metersim.MetersimError, match=r"by \$METERSIM, .*Build it"):
        metersim.Metersim()
    with metersim.Metersim(program=program):
        pass
    monkeypatch.delenv("METERSIM")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(metersim.MetersimError, match=r"by PATH \(\$METERSIM is not set\)"):
        metersim.Metersim()
    (tmp_path / "metersim").symlink_to(program)
    with metersim.Metersim():
        pass


def test_an_option_that_is_wrong():
    with pytest.raises(metersim.MetersimError, match="--conut; .*did you mean '--count'"):
        metersim.Metersim(conut=3)
    with pytest.raises(metersim.MetersimError, match="(?s)exit code 2 .*1 to 15808"):
        metersim.Metersim(count=0)


def test_a_program_that_is_killed_says_so(plant):
    os.kill(plant.pid, 9)
    with pytest.raises(metersim.MetersimError, match="(?s)did not answer.*code -9"):
        plant.advance("1 s")


def test_a_closed_plant_says_so(plant):
    plant.close()
    plant.close()
    assert "simulated" in plant.log
    with pytest.raises(metersim.MetersimError, match="The plant is closed"):
        plant.meter.kw_total
