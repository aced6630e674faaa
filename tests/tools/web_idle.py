"""web_idle.py METERSIM [METERS PAGES SECONDS]: what `serve --http` costs at rest: the processor's
time of the program, in percent of a core, without a page and with PAGES that watch a panel
each, time and all events, and ask for a meter's world each second and for the list each
fifth, as the page does; with time held, and with time running. Processor time, so that a
busy machine measures the same, as long as the program keeps up. Exit code 1: held, with
pages, it is more than 5 %."""
import itertools
import json
import os
import re
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from websocket import Client  # noqa: E402

METERS, PAGES, SECONDS = (int(n) for n in (sys.argv[2:] + ["1000", "50", "10"][len(sys.argv) - 2:]))


def processor_s(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def percent(pid):
    begin, was = time.monotonic(), processor_s(pid)
    time.sleep(SECONDS)
    return 100 * (processor_s(pid) - was) / (time.monotonic() - begin)


def drain(client):
    try:
        while client.socket.recv(1 << 16):
            pass
    except OSError:
        pass


def ask_as_a_page(client, meter):
    try:
        for second in itertools.count():
            client.send(json.dumps({"world": meter}))
            if second % 5 == 0:
                client.send(json.dumps({"meters": "", "count": 50}))
            time.sleep(1)
    except OSError:
        pass


def measure(*options):
    server = subprocess.Popen([sys.argv[1], "serve", "--tcp", "127.0.0.1:0", "--rtu", "none", "--console", "none", "--http",
                               "127.0.0.1:0", "--count", str(METERS), *options], stdout=subprocess.PIPE, text=True)
    try:
        port = next(int(found[1]) for line in server.stdout if (found := re.match(r"Page: .*:(\d+)/", line)))
        time.sleep(3)
        alone = percent(server.pid)
        for k in range(PAGES):
            client, meter = Client(port), k % METERS + 1
            client.ask(watch="panel", meter=meter)
            client.ask(watch="time")
            client.ask(watch="events")
            threading.Thread(target=drain, args=(client,), daemon=True).start()
            threading.Thread(target=ask_as_a_page, args=(client, meter), daemon=True).start()
        time.sleep(3)
        return alone, percent(server.pid)
    finally:
        server.kill()
        server.wait()


held, running = measure("--hold"), measure()
for name, (alone, pages) in (("held", held), ("running", running)):
    print(f"time {name}: {METERS} meters {alone:.1f} %, with {PAGES} pages {pages:.1f} % of a core")
sys.exit(held[1] > 5)
