"""The tests of clients/python. They need $METERSIM, and clients/python on PYTHONPATH."""
import os

import pytest

pytest_plugins = ["pytester"]  # metersim.pytest_plugin is given by python.sh


@pytest.fixture
def children():
    """The processes that this one has started and that still run."""
    def running():
        with open("/proc/self/task/%d/children" % os.getpid(), encoding="ascii") as file:
            return set(file.read().split())
    return running
