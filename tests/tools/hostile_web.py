"""hostile_web.py PORT TOKEN SECONDS: clients of `serve --http` that misbehave, each kind in a
process of its own, at once and again and again: half frames, floods of what is small and
of what is large, lines of 1 MB, requests whose answers cost much, answers of 900 kB,
nobody who reads. Prints how often each kind has come in; exit code 1: one never did."""
import multiprocessing
import os
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from websocket import frame, handshake  # noqa: E402

port, token, seconds = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
end = time.monotonic() + seconds
OWN = frame(('{"token":"%s"}' % token).encode())
LINE = frame(b"return string.rep('x', 900000)")
LIST = frame(b'{"meters":""}')


def watch(topic, view="waves"):
    return frame(b'{"watch":"%s","view":"%s"}' % (topic.encode(), view.encode()))


def nested(count):
    return frame(b'{"id":[' + b",".join([b"1"] * count) + b'],"meters":""}')


# What is sent, how often, and whether the answers are read.
KINDS = {
    "half frames": ([LIST[:7]], 1, False),
    "lines of 1 MB": ([frame(b"x" * (1 << 20))], 1, False),
    "floods of requests": ([LIST * 100], 100, False),
    "lists, read": ([LIST], 2000, True),
    "floods of pings": ([frame(b"x" * 100, opcode=9) * 500], 100, False),
    "floods of empty pings": ([frame(b"", opcode=9) * 5000], 100, False),
    "fragments without end": ([frame(b"{", final=False), frame(b"", opcode=0, final=False) * 5000], 50, False),
    "one byte at a time": ([bytes([b]) for b in LIST] * 100, 1, True),
    "JSON of 60 kB": ([nested(30000)], 20, True),
    "words of 60 kB": ([frame('{"meters":"%s"}'.encode() % ("Ä" * 30000).encode())], 20, True),
    "panels, read": ([watch("panel"), watch("events"), watch("traffic"), watch("time")], 50, True),
    "panels, not read": ([watch("panel"), watch("events"), watch("traffic"), watch("time")], 50, False),
    "900 kB, read": ([OWN, LINE], 20, True),
    "900 kB, not read": ([OWN] + [LINE] * 30, 1, False),
}


def read_some(s):
    try:
        while s.recv(1 << 20, socket.MSG_DONTWAIT):
            pass
    except BlockingIOError:
        pass


def talk(name, counts, pieces, times, reads):
    s, _ = handshake(port)
    s.settimeout(5)
    counts[name] += 1
    try:
        for _ in range(times):
            for piece in pieces:
                s.sendall(piece)
                if reads:
                    read_some(s)
            if time.monotonic() >= end:
                break
        time.sleep(0.2)
    finally:
        s.close()


def misbehave(name, counts):
    while time.monotonic() < end:
        try:
            talk(name, counts, *KINDS[name])
        except OSError:
            time.sleep(0.02)  # it was dropped


def ask_pages(name, counts):
    """Connections that ask for a page, and never read it."""
    while time.monotonic() < end:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as s:
                s.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
                counts[name] += 1
        except OSError:
            time.sleep(0.02)


def main():
    names = [*KINDS, "pages, not read"]
    counts = multiprocessing.Manager().dict({name: 0 for name in names})
    processes = [multiprocessing.Process(target=misbehave if name in KINDS else ask_pages, args=(name, counts))
                 for name in names]
    for process in processes:
        process.start()
    for process in processes:
        process.join(max(0, end - time.monotonic()))
        process.kill()  # it may wait for a server that has no time for it
    print(", ".join(f"{count} {name}" for name, count in counts.items()))
    return min(counts.values()) == 0


if __name__ == "__main__":
    sys.exit(main())
