"""A plant: the program `metersim serve`, its meters, and its time."""
import os
from collections.abc import Mapping

from . import _lua
from ._console import Console
from ._errors import MetersimError, UnknownMeter, UnknownName, hint
from ._meter import Meter
from ._process import Process
from ._program import Program
from ._vocabulary import bound, vocabulary_of

FILES = {"--pcap": "modbus.pcap", "--tape": "meter.tape"}
PICTURES_MAX = 4

# What `serve` needs unless it is given: free ports, and no pty.
USUAL = {"--tcp": "127.0.0.1:0", "--rtu": "none"}


class Meters(Mapping):
    """All meters, by number from 1 on, as on the console, and by name."""

    def __init__(self, meters):
        self._meters = meters
        self._by_name = {meter.name: meter for meter in meters}

    def __len__(self):
        return len(self._meters)

    def __iter__(self):
        return iter(self._by_name)

    def values(self):
        return list(self._meters)

    def __getitem__(self, key):
        if isinstance(key, int) and 1 <= key <= len(self._meters):
            return self._meters[key - 1]
        if key in self._by_name:
            return self._by_name[key]
        raise UnknownMeter("no meter %r%s; the plant has 1 to %d: %s" % (
            key, hint(key, self._by_name), len(self), self._names()))

    def _names(self):
        return ", ".join([*self._by_name][:10]) + (" …" if len(self) > 10 else "")


def _options(named):
    """count=3, by_address=True as options of `serve`."""
    for name, value in named.items():
        option = "--" + name.replace("_", "-")
        if value is True:
            yield option
        elif isinstance(value, (list, tuple)):
            for item in value:
                yield from (option, str(item))
        elif value is not None and value is not False:
            yield from (option, os.fspath(value) if hasattr(value, "__fspath__")
                        else str(value))


def _command(program, args, named):
    given = [os.fspath(arg) if hasattr(arg, "__fspath__") else str(arg) for arg in args]
    given.extend(_options(named))
    command = [program.path, "serve", *given]
    for option, value in USUAL.items():
        if not any(arg == option or arg.startswith(option + "=") for arg in given):
            command += [option, value]
    return command if "--hold" in command else [*command, "--hold"]


class Metersim:
    """Starts `metersim serve` with these options and ends it: `with Metersim() as plant`.

    Metersim() is one S4100 at 480 V and 80 A. Arguments are those of `serve`:
    Metersim("plant.lua"), Metersim("--count", "3") or Metersim(count=3, ct=100).

    program   the program; else $METERSIM, else `metersim` on PATH
    settle    lets that much time pass at the start, so that all has readings; None: none
    capture   keeps a capture of Modbus TCP and the tape of the only meter, for `keep`
    """

    def __init__(self, *args, program=None, settle="3 s", capture=False, **named):
        self.program = Program(program)
        self.vocabulary = vocabulary_of(self.program)
        self._kept, self._late = {}, 0
        command = _command(self.program, args, named)
        self._process = Process(command, self._files(command) if capture else ())
        ready = self._process.ready
        self.version = ready["version"]
        self.tcp, self.rtu = ready["tcp"], ready["rtu"]
        self.host, port = self.tcp[0].rsplit(":", 1)
        self.port = int(port)
        self._console = Console(ready["console"], self._process.last_words)
        self.meters = Meters([Meter(self, k, facts)
                              for k, facts in enumerate(ready["meters"], 1)])
        if settle:
            self._settle(settle)

    @staticmethod
    def _files(command):
        """A capture, and the tape where there is one meter for certain."""
        single = not any(part.endswith(".lua") or part.startswith("--count")
                         for part in command)
        return [*FILES] if single else ["--pcap"]

    def _settle(self, duration):
        try:
            self.advance(duration)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close(check=error is None)

    def __repr__(self):
        return "<metersim.Metersim %s:%d, %d meters>" % (self.host, self.port,
                                                          len(self.meters))

    def __dir__(self):
        return sorted({*object.__dir__(self), *self.vocabulary.verbs})

    def __getattr__(self, name):
        if name.startswith("_") or name == "vocabulary":
            raise AttributeError(name)
        if name in self.vocabulary.verbs:
            return bound(self.vocabulary.verbs[name], self.call, name)
        raise UnknownName("a plant has no '%s'%s; dir(plant) lists what it has"
                          % (name, hint(name, dir(self))))

    @property
    def meter(self):
        """The first meter."""
        return self.meters[1]

    @property
    def pid(self):
        return self._process.pid

    @property
    def log(self):
        """What the program has printed."""
        return self._process.log()

    @property
    def now(self):
        """Simulated seconds since the start."""
        return self.lua("now()")

    def advance(self, duration):
        """Lets that much time pass, as fast as the machine can: 60 (s), "15 min"."""
        __tracebackhide__ = True
        self.call("advance", duration)

    def go(self, speed=None):
        """Lets time go on by itself, at that speed (60, "max"), until `hold`."""
        self.call("go", *([] if speed is None else [speed]))

    def hold(self):
        """Time stands still from now on."""
        self.call("hold")

    def until(self, condition, limit="1 h", step="1 s"):
        """Advances by steps until condition() is true; returns the simulated seconds that
        it took. Fails at the limit."""
        start = self.now
        if not self._late:
            self.lua("metersim_late = 0")
        self._late += 1
        self.call("after", limit, _lua.Lua(
            "function() metersim_late = math.max(metersim_late, %d) end" % self._late))
        while not condition():
            if self.lua("metersim_late") >= self._late:
                raise AssertionError("not true within %s of simulated time (%g s)"
                                     % (limit, self.now - start))
            self.advance(step)
        return self.now - start

    def lua(self, text):
        """The value of a text of Lua in the plant's console."""
        __tracebackhide__ = True
        return self._console.run(text)

    def call(self, verb, *args, **named):
        """Calls a verb of the scenario language; named arguments are its table."""
        __tracebackhide__ = True
        return self.lua(_lua.call(verb, args, named))

    def close(self, check=True):
        """Ends the program. A scenario that has failed is an error."""
        self._console.close()
        code = self._process.end()
        if code is not None and code < 0:
            self._console.remove()  # a killed program could not
        try:
            self._keep_files()
        finally:
            self._process.drop_files()
        if check and code == 1:
            raise MetersimError("the scenario failed:\n" + self.log.strip())

    def keep(self, folder):
        """Keeps what happened in a folder: pictures of the panels now; the capture and
        the tape (Metersim(capture=True)) when the plant is closed. The paths."""
        os.makedirs(folder, exist_ok=True)
        paths = []
        for meter in self.meters.values()[:PICTURES_MAX]:
            paths.append(os.path.join(folder, meter.name + ".png"))
            meter.screenshot(paths[-1])
        self._kept = {option: os.path.join(folder, name)
                      for option, name in FILES.items()
                      if self._process.has_file(option)}
        return paths + list(self._kept.values())

    def _keep_files(self):
        for option, path in self._kept.items():
            self._process.save_file(option, path)
        self._kept = {}
