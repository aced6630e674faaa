"""pytest: the fixtures `plant` and `meter`, fresh for each test. When a test fails, a
capture, the tape and pictures of the panels are kept, and the report names them.

    def test_reversed_ct(meter, plant):
        meter.fault("ct_reversed", "B")
        plant.advance("3 s")
        assert meter.kw_b < 0

    @pytest.mark.metersim(count=3, ct=100)      # arguments of metersim.Metersim
    def test_three(plant): ...
"""
import os
import re

import pytest

from ._errors import MetersimError
from ._plant import Metersim

PLANTS = pytest.StashKey()


def pytest_addoption(parser):
    group = parser.getgroup("metersim", "simulated power meters")
    group.addoption("--metersim", metavar="PROGRAM", default=None,
                    help="the program; else $METERSIM, else metersim on PATH")
    group.addoption("--metersim-keep", metavar="FOLDER", default=None,
                    help="where captures, tapes and pictures of failed tests are kept; "
                         "none: they are not; default metersim-failures")
    parser.addini("metersim_keep", "the folder of --metersim-keep",
                  default="metersim-failures")


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "metersim(*args, **named): arguments of metersim.Metersim for the "
                   "fixtures plant and meter")


def _folder(config):
    folder = config.getoption("metersim_keep") or config.getini("metersim_keep")
    return None if folder == "none" else os.path.join(str(config.rootpath), folder)


def start_plant(request, *args, **named):
    """A plant for a fixture of one's own: what a failure leaves is kept as well."""
    config = request.config
    named.setdefault("program", config.getoption("metersim"))
    named.setdefault("capture", _folder(config) is not None)
    plant = Metersim(*args, **named)
    request.node.stash.setdefault(PLANTS, []).append(plant)
    return plant


@pytest.fixture
def plant(request):
    """A plant of its own for the test: one S4100, or by @pytest.mark.metersim(…)."""
    mark = request.node.get_closest_marker("metersim")
    args, named = (mark.args, mark.kwargs) if mark else ((), {})
    with start_plant(request, *args, **named) as started:
        yield started


@pytest.fixture
def meter(plant):
    """The first meter of the plant."""
    return plant.meter


def _keep(item, plants):
    """Lines for the report."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", "_", item.nodeid).strip("_")
    for number, kept in enumerate(plants, 1):
        part = name if len(plants) == 1 else "%s.%d" % (name, number)
        try:
            yield from kept.keep(os.path.join(_folder(item.config), part))
            yield "simulated time: %.3f s" % kept.now
        except (MetersimError, OSError) as error:
            yield str(error)
        if kept.log.strip():
            yield "the program printed:\n" + kept.log.strip()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    plants = item.stash.get(PLANTS, [])
    if report.when == "call" and report.failed and plants and _folder(item.config):
        report.sections.append(("kept by metersim", "\n".join(_keep(item, plants))))
