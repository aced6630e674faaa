"""Values of Python as text of Lua, which the console of the program reads."""
from collections.abc import Mapping
from datetime import timedelta
from numbers import Integral, Real


class Lua(str):
    """Text that is Lua already, such as a function for `every`."""


def _quote(text):
    escaped = "".join(
        "\\" + c if c in '"\\' else "\\%03d" % ord(c) if ord(c) < 32 else c for c in text)
    return '"%s"' % escaped


def _number(value):
    if value != value:
        return "(0/0)"
    if value in (float("inf"), float("-inf")):
        return "math.huge" if value > 0 else "-math.huge"
    return repr(float(value))


def _table(value):
    if isinstance(value, Mapping):
        return "{ %s }" % ", ".join(
            "[%s] = %s" % (literal(k), literal(v)) for k, v in value.items())
    return "{ %s }" % ", ".join(literal(v) for v in value)


def _simple(value):
    """Of a value without parts, or None."""
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real):
        return _number(value)
    if isinstance(value, timedelta):
        return _number(value.total_seconds())
    return None


def literal(value):
    """The value as Lua writes it."""
    simple = _simple(value)
    if simple is not None:
        return simple
    if isinstance(value, Lua):
        return str(value)
    if isinstance(value, str):
        return _quote(value)
    if hasattr(value, "lua_name"):  # a meter
        return value.lua_name
    if isinstance(value, (Mapping, list, tuple)):
        return _table(value)
    raise TypeError(
        "%r cannot be passed to metersim: it accepts numbers, texts such as \"15 min\", "
        "lists, dictionaries, meters and metersim.Lua(\"…\")" % (value,))


def call(name, args, named):
    """A call of a function; named arguments are a table, the last argument."""
    parts = [literal(value) for value in args]
    if named:
        parts.append(_table(named))
    return "%s(%s)" % (name, ", ".join(parts))
