"""The program metersim: where it is, and the names that it knows."""
import json
import os
import shutil
import subprocess
from functools import lru_cache

from ._errors import MetersimError

HOW_TO_BUILD = ("Build it in the source tree with `./run version`, then set "
                "METERSIM=/path/to/build/metersim, put that folder on PATH, or pass "
                "program=\"/path/to/build/metersim\".")


def _candidate(program):
    """The name that is meant, and where it was given."""
    if program is not None:
        return os.fspath(program), "program="
    if os.environ.get("METERSIM"):
        return os.environ["METERSIM"], "$METERSIM"
    return "metersim", "PATH ($METERSIM is not set)"


class Program:
    """The program by `program`, else $METERSIM, else PATH; Program.names are its tables."""

    def __init__(self, program=None):
        name, source = _candidate(program)
        self.path = shutil.which(name)
        if not self.path:
            raise MetersimError("the program '%s', by %s, is not there or cannot be "
                                "executed. %s" % (name, source, HOW_TO_BUILD))

    def __hash__(self):
        return hash(self.path)

    def __eq__(self, other):
        return isinstance(other, Program) and self.path == other.path

    def names(self, *command):
        """A table of the program, as a list of dictionaries: names("faults"),
        names("verbs"), names("registers", "s4000r")."""
        return _names(self.path, command)


@lru_cache(maxsize=None)
def _names(path, command):
    arguments = [path, command[0], "--json", *command[1:]]
    result = subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, check=False)
    if result.returncode:
        raise MetersimError(
            "`%s` failed with exit code %d: %s. Is the program older than this package?"
            % (" ".join(arguments), result.returncode,
               result.stderr.decode("utf-8", "replace").strip()))
    return json.loads(result.stdout)
