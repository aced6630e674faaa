"""What goes wrong: each message says what, where, and what to do about it."""
import difflib


class MetersimError(Exception):
    """The program could not be started, or refused what it was asked for."""


class UnknownName(MetersimError, AttributeError):
    """A name that the program does not know."""


class UnknownMeter(MetersimError, KeyError):
    """A meter that the plant does not have."""
    __str__ = Exception.__str__  # KeyError's own puts the message in quotes


def hint(name, known):
    """'; did you mean …?', or nothing when no known name is near."""
    near = difflib.get_close_matches(str(name).lower(), sorted(known), 1, 0.6)
    return "; did you mean '%s'?" % near[0] if near else ""
