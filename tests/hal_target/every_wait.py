#!/usr/bin/env python3
"""every_wait.py CORE IMAGE: compares what two boards held at the end of each wait
(every_wait.lua). Points that were not run on the image are left out."""
import re
import struct
import sys

FLOATS = 257  # registers from here on are pairs of words, a float each
KW = 277  # of all phases
CYCLES_H = 2 / 60 / 3600


def read(path):
    points, name = {}, None
    for line in open(path, encoding="utf-8"):
        point = re.match(r"(?:not )?ok \d+ - (\S+)( \([^)]*case[^)]*\))?", line)
        if point:
            name = None if "# SKIP" in line else re.sub(r" \([\d.]+ s sim.*", "", line.split(" - ", 1)[1]).strip()
            points.setdefault(name, {})
            continue
        dump = re.match(r"#   @\t(\d+)\t(\d+)\t(.*)", line)
        if dump and name:
            points[name][int(dump[1]), int(dump[2])] = dump[3].split()
    points.pop(None, None)
    return points


def number(words, at):
    return struct.unpack(">f", struct.pack(">HH", int(words[at]), int(words[at + 1])))[0]


def near(first, at, core, image, kw):
    """One step, or a pair of words one step apart. A float: a thousandth, far less than a
    step of the register that shows the same, and the kWh of two line cycles that one of them
    has and the other has not yet, or lost when metering began anew."""
    if first >= FLOATS:
        at -= at % 2
        a, b = number(core, at), number(image, at)
        return a == b or abs(a - b) <= max(1e-6 * abs(a), 1e-3 + abs(kw) * CYCLES_H)
    if abs(int(core[at]) - int(image[at])) in (1, 0xFFFF):
        return True
    pairs = [(k, k + 1) for k in (at - 1, at) if 0 <= k < len(core) - 1]
    value = lambda words, pair: int(words[pair[0]]) << 16 | int(words[pair[1]])
    return any(abs(value(core, p) - value(image, p)) == 1 for p in pairs)


def main():
    core, image = read(sys.argv[1]), read(sys.argv[2])
    words = waits = steps = flaws = 0
    for name, dumps in image.items():
        other = core.get(name, {})
        if set(dumps) != set(other):
            print(f"{name}: {len(other)} and {len(dumps)} readings of registers")
            flaws += 1
            continue
        told = False
        for (wait, first), held in sorted(dumps.items()):
            expected = other[wait, first]
            waits += first == 1
            words += len(held)
            if len(held) != len(expected):
                print(f"{name}, wait {wait}, register {first}: {expected[0]} and {held[0]}")
                flaws += 1
                continue
            kw = number(other[wait, FLOATS], KW - FLOATS) if len(other[wait, FLOATS]) > KW - FLOATS else 0
            for k, word in enumerate(held):
                if word == expected[k]:
                    continue
                steps += 1
                if near(first, k, expected, held, kw if kw == kw else 0):
                    continue
                flaws += 1
                if not told:
                    print(f"{name}, wait {wait}, register {first + k}: {expected[k]} from the core, {word} from the image")
                told = True
    print(f"{len(image)} points, {waits} waits, {words} words, {steps} of them not the same, {flaws} flaws")
    return flaws > 0 or words < 1000


sys.exit(main())
