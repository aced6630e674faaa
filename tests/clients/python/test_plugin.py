"""The pytest plugin: its fixtures, and what it keeps of a test that fails."""
import pathlib
import subprocess

import pytest

FAILING = """
    import pytest

    def test_good(meter):
        assert meter.kw_total > 0

    def test_bad(meter, plant):
        import socket
        with socket.create_connection((meter.host, meter.port)) as client:
            client.sendall(bytes.fromhex("000100000006 01 03 0014 0001"))
            assert client.recv(64)[-2:] == meter.read(21).to_bytes(2, "big")
        meter.fault("ct_reversed", "B")
        plant.advance("5 s")
        assert meter.kw_b > 0
"""


@pytest.fixture
def failed(pytester):
    """What pytest prints of FAILING, and the folder that it kept."""
    pytester.makepyfile(test_it=FAILING)

    def run(*arguments):
        result = pytester.runpytest_subprocess(
            "-p", "metersim.pytest_plugin", "-p", "no:cacheprovider", *arguments)
        result.assert_outcomes(passed=1, failed=1)
        return result, pytester.path / "metersim-failures" / "test_it.py_test_bad"
    return run


def test_what_a_failure_leaves(failed, request):
    result, kept = failed("-p", "no:xdist")
    assert sorted(path.name for path in kept.iterdir()) == [
        "meter.tape", "meter1.png", "modbus.pcap"]
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]
    for name in ("meter1.png", "modbus.pcap", "meter.tape"):
        result.stdout.fnmatch_lines("*/metersim-failures/test_it.py_test_bad/%s" % name)
    result.stdout.fnmatch_lines(["*kept by metersim*", "simulated time: 8.000 s",
                                 "*Modbus TCP on 127.0.0.1:*"])
    assert (kept / "modbus.pcap").stat().st_size > 24  # more than its head
    replay = subprocess.run([pytest_program(request), "replay", kept / "meter.tape"],
                            stdout=subprocess.PIPE, check=False, text=True)
    assert replay.returncode == 0, replay.stdout


def pytest_program(request):
    import metersim
    return metersim.Program(request.config.getoption("metersim")).path


def test_on_two_processes(failed):
    result, kept = failed("-n", "2")
    assert kept.is_dir()
    result.stdout.fnmatch_lines("*/metersim-failures/test_it.py_test_bad/meter.tape")


def test_none_is_kept(failed, pytester):
    _, kept = failed("--metersim-keep", "none", "-p", "no:xdist")
    assert not kept.parent.exists()


def test_the_program_is_named_once(pytester):
    pytester.makepyfile("def test_it(meter): pass")
    result = pytester.runpytest_subprocess("-p", "metersim.pytest_plugin", "-p",
                                           "no:xdist", "--metersim", "/nowhere/metersim")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines("*'/nowhere/metersim', by program=, is not there*Build it*")


def test_a_fixture_of_ones_own(pytester):
    pytester.makeconftest("""
        import pytest
        from metersim.pytest_plugin import start_plant

        @pytest.fixture
        def site(request):
            with start_plant(request, count=2) as plant:
                yield plant
    """)
    pytester.makepyfile("def test_it(site): assert len(site.meters) == 3")
    result = pytester.runpytest_subprocess("-p", "metersim.pytest_plugin", "-p",
                                           "no:xdist")
    result.assert_outcomes(failed=1)
    kept = pytester.path / "metersim-failures" / "test_a_fixture_of_ones_own.py_test_it"
    assert {"meter1.png", "meter2.png", "modbus.pcap"} == {
        path.name for path in kept.iterdir()}


def test_fresh_for_each_test(plant, meter):
    meter.fault("ct_reversed")
    plant.advance("1 h")


def test_fresh_for_each_test_again(plant, meter):
    assert plant.now == 3 and meter.kw_total > 0


def test_the_mark_is_documented(pytester):
    result = pytester.runpytest_subprocess("-p", "metersim.pytest_plugin", "--markers")
    result.stdout.fnmatch_lines("@pytest.mark.metersim*arguments of metersim.Metersim*")
    assert pathlib.Path(str(pytester.path)).exists()
