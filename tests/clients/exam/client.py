"""A small recorder of meter readings, right in all that `metersim exam` asks for; and the
same with one mistake, for the test that finds each of them.

client.py HOST PORT UNITS [--step] [--bug NAME]: prints CSV, time,unit,name,value; to a
file with --csv FILE, as a page for Prometheus with --metrics PORT.
"""
import argparse
import http.server
import math
import socket
import struct
import sys
import threading
import time

TIMEOUT_S = 2.0
NONE16, NONE32 = 0x8000, 0x80008000

# first register, count: blocks that end where the list has gaps
BLOCKS = [(1, 42), (43, 69), (129, 29)]
SCALES = {"A": 138, "V": 139, "W": 140, "E": 141, "PF": 1e-4, "HZ": 1e-2, "N": 1}
# name, register, type, scale
POINTS = [
    ("kwh_net", 1, "s32", "E"),
    ("kwh_import", 3, "u32", "E"),
    ("kwh_export", 5, "u32", "E"),
    ("kvarh_q1", 7, "u32", "E"),
    ("kvah_import", 17, "u32", "E"),
    ("kw_total", 21, "s16", "W"),
    ("kvar_total", 22, "s16", "W"),
    ("kva_total", 23, "s16", "W"),
    ("pf_total", 24, "s16", "PF"),
    ("vll_avg", 25, "s16", "V"),
    ("vln_avg", 26, "s16", "V"),
    ("i_avg", 27, "s16", "A"),
    ("freq", 28, "s16", "HZ"),
    ("kwh_import_a", 43, "u32", "E"),
    ("kw_a", 91, "s16", "W"),
    ("kw_b", 92, "s16", "W"),
    ("kw_c", 93, "s16", "W"),
    ("pf_a", 100, "s16", "PF"),
    ("v_an", 106, "s16", "V"),
    ("v_cn", 108, "s16", "V"),
    ("i_a", 109, "s16", "A"),
    ("i_c", 111, "s16", "A"),
]


class NoAnswer(Exception):
    """No sound answer: the poll of this unit is without a result."""


class Refused(Exception):
    """An exception of Modbus, by its code."""


class Connection:
    def __init__(self, host, port, bug):
        self.place, self.bug = (host, port), bug
        self.socket, self.transaction, self.silences = None, 0, 0

    def close(self):
        if self.socket:
            self.socket.close()
        self.socket = None

    def open(self):
        if not self.socket:
            self.socket = socket.create_connection(self.place, TIMEOUT_S)

    def receive(self, count, until):
        data = b""
        while len(data) < count:
            self.socket.settimeout(max(until - time.monotonic(), 0.001))
            more = self.socket.recv(count - len(data))
            if not more:
                raise ConnectionError("closed")
            data += more
        return data

    def frame(self, until):
        transaction, _, length, unit = struct.unpack(">HHHB", self.receive(7, until))
        return transaction, unit, self.receive(length - 1, until)

    def is_answer(self, transaction, unit, asked, pdu, function):
        if self.bug == "transaction":
            return True
        if transaction != self.transaction or pdu[0] & 0x7F != function:
            return False
        return unit == asked or self.bug == "unit"

    def exchange(self, unit, request):
        self.transaction = (self.transaction + 1) & 0xFFFF
        header = struct.pack(">HHHB", self.transaction, 0, len(request) + 1, unit)
        self.socket.sendall(header + request)
        until = time.monotonic() + TIMEOUT_S
        while True:
            transaction, answered, pdu = self.frame(until)
            if self.is_answer(transaction, answered, unit, pdu, request[0]):
                self.silences = 0
                return pdu

    def once(self, unit, request):
        try:
            self.open()
            return self.exchange(unit, request)
        except socket.timeout as wrong:
            # What comes too late must not be taken for the next answer.
            self.silences += 1
            if self.bug != "reconnect" and (self.bug != "transaction" or self.silences > 2):
                self.close()
            raise NoAnswer from wrong

    def ask(self, unit, request):
        """A connection that turns out to be closed is opened once more."""
        for last in (False, True):
            try:
                return self.once(unit, request)
            except OSError as wrong:
                if self.bug == "reconnect":
                    raise NoAnswer from wrong
                self.close()
                if last:
                    raise NoAnswer from wrong

    def read(self, unit, reg, count):
        function = 1 if self.bug == "function" else 3
        pdu = self.ask(unit, struct.pack(">BHH", function, reg - 1, count))
        if pdu[0] & 0x80:
            raise Refused(pdu[1])
        words = struct.unpack(f">{(len(pdu) - 2) // 2}H", pdu[2:])
        if self.bug != "transaction" and len(words) != count:
            raise NoAnswer
        return {reg + k: word for k, word in enumerate(words)}


class Meter:
    """One unit: what it has been asked, and what is believed of it."""

    def __init__(self, connection, unit, bug):
        self.connection, self.unit, self.bug = connection, unit, bug
        self.scales, self.clock, self.before = None, None, {}
        self.fallen, self.skip, self.misses = {}, 0, 0

    def blocks(self):
        if self.bug == "unlisted":
            return [(1, 125), (126, 60)]
        if self.bug == "long":
            return [(1, 200)]
        if self.bug == "transaction":
            return [(1, 20), (21, 8), (43, 2), (91, 21), (129, 29)]
        return BLOCKS

    def poll(self):
        words = {}
        for reg, count in self.blocks():
            words.update(self.connection.read(self.unit, reg, count))
        if self.bug == "torn":
            for name, reg, kind, _ in POINTS:
                if kind[1:] == "32":
                    words.update(self.connection.read(self.unit, reg, 1))
                    words.update(self.connection.read(self.unit, reg + 1, 1))
        return words

    def number(self, words, reg, kind):
        """None: the meter has no reading."""
        if reg not in words: # the answer was shorter than it should be
            return None
        first, second = words[reg], words.get(reg + 1, 0)
        if self.bug == "swap":
            first, second = second, first
        if self.bug == "base":
            first, second = words.get(reg + 1, 0), words.get(reg + 2, 0)
        long = first << 16 | second
        value = long if kind[1:] == "32" else words[reg + (self.bug == "base")]
        bits = int(kind[1:])
        if value == (NONE32 if bits == 32 else NONE16) and self.bug != "qnan":
            return None
        signed = kind[0] == "s" and self.bug != "unsigned"
        return value - (1 << bits) if signed and value >> (bits - 1) else value

    def scale(self, words, how):
        if isinstance(SCALES[how], float) or SCALES[how] == 1:
            return SCALES[how]
        if self.bug != "scale" or self.scales is None:
            self.scales = {reg: words.get(reg, 0) for reg in range(138, 142)}
        exponent = self.scales[SCALES[how]]
        exponent -= (exponent & 0x8000) << 1
        return 10.0 ** max(-200, min(exponent, 200)) # another register's words may be any

    def is_stale(self, words):
        """The meter's clock goes on by itself."""
        clock = [words.get(reg) for reg in (155, 156, 157)]
        same = clock == self.clock
        self.clock = clock
        return same and self.bug != "stale"

    def is_glitch(self, name, value):
        """A counter that falls is believed when the next answer says the same."""
        before = self.before.get(name)
        if self.bug == "zeros" or before is None or value >= before:
            self.fallen.pop(name, None)
            return False
        if name in self.fallen and value >= self.fallen[name]:
            return False
        self.fallen[name] = value
        return True

    def values(self):
        words = self.poll()
        if self.is_stale(words):
            return {}
        values = {}
        for name, reg, kind, how in POINTS:
            count = self.number(words, reg, kind)
            value = None if count is None else count * self.scale(words, how)
            if value is not None and "h_" in name and name != "kwh_net":
                if self.is_glitch(name, value):
                    continue
                self.before[name] = value
            values[name] = value
        return values


def print_record(unit, name, text):
    print(f"{time.time():.3f},{unit},{name},{text}", flush=True)


def csv_to(path):
    file = open(path, "a", encoding="ascii")
    return lambda unit, name, text: print(
        f"{time.time():.3f},{unit},{name},{text}", file=file, flush=True)


def page_on(port):
    """The last values, at any path."""
    last = {}

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            for (unit, name), text in list(last.items()):
                self.wfile.write(f'{name}{{unit="{unit}"}} {text or "NaN"}\n'.encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return lambda unit, name, text: last.__setitem__((unit, name), text)


def record(meter, write):
    if meter.skip:
        meter.skip -= 1
        return
    try:
        values = meter.values()
        meter.misses = 0
    except Refused as code:
        values = {}
        if meter.bug == "exception":
            values = {name: code.args[0] for name, *_ in POINTS}
        meter.misses += 1
    except NoAnswer:
        values = {}
        meter.misses += 1
    # A meter that does not answer holds up all others: it is asked less often.
    late = min(meter.misses, 4) - 1 if meter.misses > 1 else 0
    meter.skip = 0 if meter.bug == "starve" else late
    for name, value in values.items():
        write(meter.unit, name, "" if value is None or math.isnan(value) else f"{value:.6f}")


def run(meters, step, write=print_record):
    """For ever, once a second; with step: whenever standard input says `poll`."""
    while True:
        if step and sys.stdin.readline() != "poll\n":
            break
        start = time.monotonic()
        for meter in meters:
            record(meter, write)
        if step:
            print("done", flush=True)
        else:
            time.sleep(max(1.0 - (time.monotonic() - start), 0.05))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("units")
    parser.add_argument("--step", action="store_true")
    parser.add_argument("--bug", default="")
    parser.add_argument("--csv")
    parser.add_argument("--metrics", type=int)
    options = parser.parse_args()
    connection = Connection(options.host, options.port, options.bug)
    units = [int(unit) for unit in options.units.split(",")]
    write = print_record
    if options.csv:
        write = csv_to(options.csv)
    if options.metrics:
        write = page_on(options.metrics)
    run([Meter(connection, unit, options.bug) for unit in units], options.step, write)


if __name__ == "__main__":
    main()
