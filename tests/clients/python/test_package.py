"""The package as pip installs it, without a network, and as it is built."""
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import zipfile

import pytest

SOURCE = pathlib.Path(__file__).parents[3]
PACKAGE = SOURCE / "clients" / "python"


# The pip that Debian's venv would unpack, used as it is packed: seconds less.
PIP = sorted(pathlib.Path("/usr/share/python-wheels").glob("pip-*.whl"))[-1]


def test_pip_install_without_a_network(tmp_path):
    environment = {**os.environ, "PIP_NO_INDEX": "1",
                   "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "v"],
                   check=True)
    python = tmp_path / "v" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", PACKAGE], check=True,
                   env={**environment, "PYTHONPATH": str(PIP)})
    code = ("import metersim, sys; from importlib.metadata import entry_points, version\n"
            "assert sys.prefix in metersim.__file__, metersim.__file__\n"
            "assert [e for e in entry_points(group='pytest11') if e.name == 'metersim']\n"
            "with metersim.Metersim() as plant: assert plant.meter.kw_total > 61\n")
    subprocess.run([python, "-c", code], check=True,
                   env={**environment, "PYTHONPATH": ""})
    assert not list(PACKAGE.glob("**/*.egg-info")) and not (PACKAGE / "build").exists()


@pytest.fixture
def backend(monkeypatch):
    monkeypatch.syspath_prepend(str(PACKAGE))
    import build_backend
    return build_backend


def test_what_is_built(backend, tmp_path):
    wheel = zipfile.ZipFile(tmp_path / backend.build_wheel(str(tmp_path)))
    modules = {path.name for path in (PACKAGE / "metersim").glob("*.py")}
    names = set(wheel.namelist())
    assert {"metersim/" + name for name in modules} < names and wheel.testzip() is None
    assert "metersim = metersim.pytest_plugin" in wheel.read(
        backend.INFO + "/entry_points.txt").decode()
    first = (tmp_path / wheel.filename).read_bytes()
    assert (tmp_path / backend.build_wheel(str(tmp_path))).read_bytes() == first
    editable = zipfile.ZipFile(tmp_path / backend.build_editable(str(tmp_path)))
    assert editable.read("metersim.pth").decode().strip() == str(PACKAGE)
    with tarfile.open(tmp_path / backend.build_sdist(str(tmp_path))) as source:
        assert any(name.endswith("/build_backend.py") for name in source.getnames())


def test_one_version(backend):
    cmake = (SOURCE / "CMakeLists.txt").read_text(encoding="utf-8")
    assert re.search(r"project\(metersim VERSION ([0-9.]+)", cmake).group(
        1) == backend.VERSION
    node = (SOURCE / "clients" / "node" / "package.json").read_text(encoding="utf-8")
    assert '"version": "%s"' % backend.VERSION in node
