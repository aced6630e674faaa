"""Whatever becomes of the test's process, no process, socket or file is left."""
import functools
import os
import signal
import subprocess
import sys
import time

import metersim
import pytest

# Starts a plant, says where it is, and then does what a test asks for.
SCRIPT = """
import os, sys, time, metersim
plant = metersim.Metersim(capture=True)
print(plant.pid, plant._console.path, flush=True)
%s
"""


def run(tmp_path, then):
    """A script in a process of its own, with folders of its own: it, the plant's process
    and the console's socket."""
    environment = {**os.environ, "TMPDIR": str(tmp_path / "tmp"),
                   "XDG_RUNTIME_DIR": str(tmp_path / "run")}
    for folder in ("tmp", "run"):
        (tmp_path / folder).mkdir()
    # In the background of a shell SIGINT is ignored, and so it would be in the script.
    heed = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    script = subprocess.Popen([sys.executable, "-c", SCRIPT % then], preexec_fn=heed,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              env=environment, text=True)
    pid, socket = script.stdout.readline().split()
    return script, int(pid), socket


def runs(pid):
    """A process that has ended may wait for init, which may be slow to collect it."""
    try:
        with open("/proc/%d/stat" % pid, encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def assert_nothing_is_left(tmp_path, pid, socket):
    end = time.monotonic() + 300
    while runs(pid):
        assert time.monotonic() < end, "the program outlived its parent"
        time.sleep(0.01)
    assert not os.path.exists(socket)
    assert not os.listdir(tmp_path / "tmp")
    assert not os.listdir(tmp_path / "run" / "metersim")


@pytest.mark.parametrize("then", [
    "plant.close()",
    "pass",
    "sys.exit(3)",
    "raise KeyboardInterrupt",
    "os._exit(1)",
    "os.kill(os.getpid(), 9)",
    "plant.go(60); plant.lua('bad'); time.sleep(60)",
    # a child that was forked, and lives on, holds nothing of it
    "os.fork() or time.sleep(3); os._exit(0)",
])
def test_nothing_is_left(tmp_path, then):
    script, pid, socket = run(tmp_path, then)
    script.wait()
    script.stdout.close()
    assert_nothing_is_left(tmp_path, pid, socket)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_signals_while_time_advances(tmp_path, number):
    script, pid, socket = run(tmp_path, "plant.advance('1000 h')")
    script.send_signal(number)
    script.wait()
    script.stdout.close()
    assert_nothing_is_left(tmp_path, pid, socket)


def test_a_killed_program_leaves_no_socket(plant):
    path = plant._console.path
    os.kill(plant.pid, signal.SIGKILL)
    plant.close()
    assert not os.path.exists(path)


def test_a_fork_leaves_the_plant_to_its_parent(plant):
    child = os.fork()
    if child == 0:
        plant.close()
        os._exit(0)
    os.waitpid(child, 0)
    assert plant.now == 3


def test_a_start_that_fails_leaves_nothing(children):
    before, files = children(), len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with pytest.raises(metersim.MetersimError):
            metersim.Metersim("--nonsense", capture=True)
    assert children() == before and len(os.listdir("/proc/self/fd")) == files
    with pytest.raises(metersim.MetersimError, match="unknown unit .apples"):
        metersim.Metersim(settle="3 apples")
    assert children() == before and len(os.listdir("/proc/self/fd")) == files


def test_many_plants_leave_nothing(children):
    before, files = children(), len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        with metersim.Metersim(capture=True) as plant:
            plant.meter.kw_total
    assert children() == before and len(os.listdir("/proc/self/fd")) == files
