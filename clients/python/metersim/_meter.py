"""One meter of a plant."""
import base64
import math
from types import SimpleNamespace

from . import _lua
from ._errors import MetersimError, UnknownName, hint
from ._vocabulary import bound

# The number format of a register, by its name in the tables and in `read`.
FORMATS = {"SInt": "s16", "UInt": "u16", "SLong": "s32", "ULong": "u32", "Float": "f32"}


def _wrap(value):
    """Tables with names as objects: meter.lcd.top."""
    if isinstance(value, dict):
        return SimpleNamespace(**{name: _wrap(item) for name, item in value.items()})
    return value


class Meter:
    """Readings and fields are attributes: meter.kw_total, meter.lcd.top, meter.alerts.
    Verbs of scenarios that act on a meter are methods: meter.fault("ct_open", "B"),
    meter.load(amps=20, pf=0.9), meter.power("off"). dir(meter) lists them all."""

    def __init__(self, plant, number, facts):
        self._plant = plant
        self.number = number
        self.name = facts["name"]
        self.model = facts["model"]
        self.host = plant.host
        self.port = facts["port"]
        self.unit = facts["unit"]
        self.serial = facts["serial"]
        self.lua_name = "meters[%d]" % number

    def __repr__(self):
        return "<metersim.Meter %s: %s, unit %d of %s:%d>" % (
            self.name, self.model, self.unit, self.host, self.port)

    def __dir__(self):
        vocabulary = self._plant.vocabulary
        return sorted({*object.__dir__(self), *vocabulary.meter_verbs,
                       *vocabulary.methods, *vocabulary.fields,
                       *vocabulary.readings(self.model)})

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        vocabulary = self._plant.vocabulary
        if name in vocabulary.fields or name in vocabulary.readings(self.model):
            value = self._plant.lua("%s.%s" % (self.lua_name, name))
            return math.nan if value is None else _wrap(value)
        if name in vocabulary.meter_verbs:
            return bound(vocabulary.meter_verbs[name], self._plant.call, name, self)
        if name in vocabulary.methods:
            return bound(vocabulary.methods[name], self._method, name)
        raise UnknownName("meter '%s' (%s) has no '%s'%s; dir(meter) lists what it has"
                          % (self.name, self.model, name, hint(name, dir(self))))

    def _method(self, name, *args):
        __tracebackhide__ = True
        return self._plant.lua(_lua.call("%s:%s" % (self.lua_name, name), args, {}))

    def register(self, name):
        """The row of a register in the model's map, by its name."""
        rows = self._plant.vocabulary.registers(self.model)
        if name not in rows:
            raise UnknownName("model %s has no register '%s'%s; `metersim registers %s` "
                              "lists them" % (self.model, name, hint(name, rows),
                                              self.model))
        return rows[name]

    def read(self, register, form=None):
        """Registers through the firmware's Modbus server, which takes no simulated time:
        read(21) and read(21, 8) are unsigned words, read(21, "s16") is a number (s16 u16
        s32 u32 f32), read("kw_total") the number of the register of that name, as it
        stands there."""
        if isinstance(register, str):
            row = self.register(register)
            register = row["register"]
            form = form or (FORMATS[row["format"]] if row["words"] <= 2 else row["words"])
        words = self._method("read", register, *([] if form is None else [form]))
        return words[0] if form is None else words

    def write(self, register, *values):
        """Writes by function 06, or 16 for several words; a name stands for its
        register."""
        if isinstance(register, str):
            register = self.register(register)["register"]
        self._method("write", register, *values)

    def truth(self, accuracy_class=None):
        """The exact values of the simulated wave, by the names of the readings. With a
        class ("0.2S") all readings must agree with them within it."""
        if accuracy_class is not None:
            return self._plant.call("truth", self, accuracy_class)
        return self._method("truth")

    def press(self, keys, duration=None):
        """Holds a button: "+", "-", "back", "select", several at once "+ -"."""
        return self._plant.call("press", self, keys, *([duration] if duration else []))

    def screenshot(self, path, view="panel"):
        """Draws the panel ("panel", "phasors", "waves") into a PNG file."""
        picture = base64.b64decode(self._plant.call("picture", self, view))
        try:
            with open(path, "wb") as file:
                file.write(picture)
        except OSError as error:
            raise MetersimError("the picture cannot be written: %s; name a file in a "
                                "folder that exists" % error) from error
