"""The words of the program, by what they belong to. All come from its own tables."""
from functools import cached_property, lru_cache


class Vocabulary:
    def __init__(self, program):
        self._program = program
        self._registers = {}
        self._readings = {}

    def _rows(self, *kinds):
        return {row["name"]: row for row in self._program.names("verbs")
                if row["kind"] in kinds}

    @cached_property
    def verbs(self):
        return self._rows("verb", "console")

    @cached_property
    def meter_verbs(self):
        """Verbs whose first argument is a meter, or may be one."""
        return {name: row for name, row in self.verbs.items()
                if row["arguments"].startswith(("meter", "[meter"))}

    @cached_property
    def methods(self):
        return self._rows("meter method")

    @cached_property
    def fields(self):
        return self._rows("meter field")

    @cached_property
    def faults(self):
        return {row["name"]: row for row in self._program.names("faults")}

    def registers(self, model):
        if model not in self._registers:
            self._registers[model] = {
                row["name"]: row for row in self._program.names("registers", model)}
        return self._registers[model]

    def readings(self, model):
        """By the common names, and by the model's own."""
        if model not in self._readings:
            own = {name: row for name, row in self.registers(model).items()
                   if row["reading"]}
            self._readings[model] = {**self._rows("meter reading"), **own}
        return self._readings[model]


@lru_cache(maxsize=None)
def vocabulary_of(program):
    """Read once for each program, however many plants it runs."""
    return Vocabulary(program)


def bound(row, function, *first):
    """The function with its first arguments, and the row's text as its help."""
    def method(*args, **named):
        __tracebackhide__ = True
        return function(*first, *args, **named)
    method.__name__ = row["name"]
    method.__doc__ = "%s(%s): %s" % (row["name"], row["arguments"], row["text"])
    return method
