"""Keywords for Robot Framework, made from `metersim verbs`: a library of its dynamic kind.

    *** Settings ***
    Library    metersim.robot.MetersimLibrary

    *** Test Cases ***
    A Reversed CT
        Start Plant
        Fault    meter1    ct_reversed    B
        Advance    3 s
        ${kw} =    Reading    meter1    kw_b
        Should Be True    ${kw} < 0
        [Teardown]    Stop Plant
"""
import re

from ._errors import MetersimError, UnknownName, hint
from ._plant import Metersim
from ._program import Program
from ._vocabulary import vocabulary_of

NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?$")

# Keywords that are no verbs: name → arguments.
OWN = {
    "Start Plant": ["*options"],
    "Stop Plant": [],
    "Reading": ["meter", "name"],
    "Truth Of": ["meter", "name"],
    "Read Register": ["meter", "register", "format=u16"],
    "Write Register": ["meter", "register", "*values"],
    "Display": ["meter"],
    "Run Lua": ["text"],
}


def _title(verb):
    return verb.replace("_", " ").title()


class MetersimLibrary:
    ROBOT_LIBRARY_SCOPE = "SUITE"

    def __init__(self, program=None):
        self._program = Program(program)
        self._verbs = {_title(name): row for name, row in
                       vocabulary_of(self._program).verbs.items()}
        self._plant = None

    def get_keyword_names(self):
        return sorted({*OWN, *self._verbs})

    def get_keyword_arguments(self, name):
        return OWN[name] if name in OWN else ["*arguments", "**named"]

    def get_keyword_documentation(self, name):
        if name in OWN:
            return getattr(self, self._own(name)).__doc__
        row = self._verbs.get(name)
        return "%s. Arguments: %s" % (row["text"], row["arguments"]) if row else __doc__

    def run_keyword(self, name, arguments, named=None):
        if name in OWN:
            return getattr(self, self._own(name))(*arguments)
        if name not in self._verbs:
            raise UnknownName("there is no keyword '%s'%s; `metersim verbs` lists them"
                              % (name, hint(name, self.get_keyword_names())))
        row, plant = self._verbs[name], self._started()
        first = 1 if re.match("meter(,|$| )", row["arguments"]) else 0
        arguments = [*map(self._meter, arguments[:first]),
                     *map(self._value, arguments[first:])]
        return plant.call(row["name"], *arguments, **{
            key: self._value(value) for key, value in (named or {}).items()})

    @staticmethod
    def _own(name):
        return "_" + name.lower().replace(" ", "_")

    def _started(self):
        if not self._plant:
            raise MetersimError("no plant runs; begin with the keyword Start Plant")
        return self._plant

    def _meter(self, key):
        return self._started().meters[int(key) if str(key).isdigit() else key]

    def _value(self, text):
        """Texts of Robot that are numbers, or names of meters."""
        if not isinstance(text, str):
            return text
        if NUMBER.match(text):
            return float(text) if re.search("[.eE]", text) else int(text)
        if self._plant and text in self._plant.meters:
            return self._plant.meters[text]
        return text

    def _start_plant(self, *options):
        """Starts `metersim serve` with these options; time is held."""
        self._stop_plant()
        self._plant = Metersim(*options, program=self._program.path)

    def _stop_plant(self):
        """Ends the plant."""
        plant, self._plant = self._plant, None
        if plant:
            plant.close()

    def _reading(self, meter, name):
        """A reading or a field of a meter, such as kw_total or alerts."""
        return getattr(self._meter(meter), name)

    def _truth_of(self, meter, name):
        """The exact value of a reading."""
        return self._meter(meter).truth()[name]

    def _read_register(self, meter, register, form="u16"):
        """The number in a register, by its number and format (s16 u16 s32 u32 f32) or
        its name."""
        register = self._value(register)
        return self._meter(meter).read(register, *([form] if isinstance(register, int)
                                                   else []))

    def _write_register(self, meter, register, *values):
        """Writes values into registers, by number or name."""
        self._meter(meter).write(self._value(register), *map(self._value, values))

    def _display(self, meter):
        """The display: .top, .bottom, .icons."""
        return self._meter(meter).lcd

    def _run_lua(self, text):
        """The value of a text of Lua in the plant's console."""
        return self._started().lua(text)
