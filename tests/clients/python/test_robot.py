"""The keyword class for Robot Framework, called as Robot calls a dynamic library. Robot
itself is not run here."""
import metersim
import pytest
from metersim.robot import OWN, MetersimLibrary


@pytest.fixture
def library():
    made = MetersimLibrary()
    made.run_keyword("Start Plant", ["--count", "2"])
    yield made
    made.run_keyword("Stop Plant", [])


def test_keywords_are_the_verbs():
    made = MetersimLibrary()
    verbs = made._program.names("verbs")
    expected = {row["name"] for row in verbs if row["kind"] in ("verb", "console")}
    assert {name.lower().replace(" ", "_") for name in made.get_keyword_names()
            if name not in OWN} == expected
    for name in made.get_keyword_names():
        assert made.get_keyword_documentation(name)
        assert isinstance(made.get_keyword_arguments(name), list)
    assert "ends a fault" in made.get_keyword_documentation("Clear")
    assert "Test Cases" in made.get_keyword_documentation("__intro__")


def test_a_test_case(library):
    run = library.run_keyword
    run("Fault", ["meter1", "ct_reversed", "B"])
    run("Load", ["meter2"], {"amps": "20", "pf": "0.9"})
    run("Advance", ["3 s"])
    assert run("Reading", ["meter1", "kw_b"]) < 0
    assert run("Reading", ["2", "i_a"]) == pytest.approx(20, rel=1e-3)
    assert run("Truth Of", ["meter2", "i_a"]) == pytest.approx(20, rel=1e-6)
    assert run("Read Register", ["meter1", "kw_total"]) > 0
    assert run("Read Register", ["meter1", "92", "s16"]) < 0
    run("Write Register", ["meter1", "pt_ratio", "250"])
    assert run("Read Register", ["1", "133"]) == 250
    run("Press", ["meter1", "+"])
    assert run("Display", ["meter1"]).top
    run("Clear", ["meter1"])
    run("Wait", ["3 s"])
    assert run("Reading", ["meter1", "kw_b"]) > 0
    assert run("Run Lua", ["now()"]) == run("Now", [])


def test_what_goes_wrong(library):
    with pytest.raises(metersim.UnknownName, match="did you mean 'Fault'"):
        library.run_keyword("Fualt", ["meter1"])
    with pytest.raises(metersim.MetersimError, match="did you mean 'ct_reversed'"):
        library.run_keyword("Fault", ["meter1", "ct_revers"])
    with pytest.raises(metersim.UnknownMeter, match="did you mean 'meter"):
        library.run_keyword("Fault", ["metre1", "ct_open"])
    library.run_keyword("Stop Plant", [])
    with pytest.raises(metersim.MetersimError, match="begin with the keyword Start Plant"):
        library.run_keyword("Advance", ["1 s"])
