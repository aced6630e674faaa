"""Simulated power meters, driven from Python.

    with metersim.Metersim() as plant:
        plant.meter.fault("ct_reversed", "B")
        plant.advance("3 s")
        assert plant.meter.kw_b < 0

Metersim starts the program `metersim serve` and ends it. Time is the plant's: it stands
until `advance` or `go`. See docs/clients.md.
"""
from ._errors import MetersimError, UnknownMeter, UnknownName
from ._lua import Lua
from ._meter import Meter
from ._plant import Metersim
from ._program import Program

__all__ = ["Lua", "Meter", "Metersim", "MetersimError", "Program", "UnknownMeter",
           "UnknownName"]
