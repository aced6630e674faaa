"""Builds the package for pip (PEP 517 and 660) with nothing but the standard library, so
that `pip install` needs no network. What the package is called and holds stands in
pyproject.toml; a wheel is a zip file with three texts about itself."""
import base64
import hashlib
import io
import os
import re
import tarfile
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = ("pyproject.toml", "build_backend.py", "README.md")
EPOCH = (2020, 1, 1, 0, 0, 0)


def _read(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return file.read()


def _field(name):
    """A text of pyproject.toml; Python 3.9 has no parser of TOML."""
    return re.search(r'^%s = "([^"]*)"$' % re.escape(name), _read("pyproject.toml"),
                     re.MULTILINE).group(1)


NAME, VERSION = _field("name"), _field("version")
INFO = "%s-%s.dist-info" % (NAME, VERSION)


def _texts():
    """The texts of the wheel about itself, by name."""
    yield INFO + "/METADATA", (
        "Metadata-Version: 2.1\nName: %s\nVersion: %s\nSummary: %s\n"
        "Requires-Python: %s\nDescription-Content-Type: text/markdown\n\n%s"
        % (NAME, VERSION, _field("description"), _field("requires-python"),
           _read("README.md")))
    yield INFO + "/WHEEL", ("Wheel-Version: 1.0\nGenerator: build_backend\n"
                            "Root-Is-Purelib: true\nTag: py3-none-any\n")
    yield INFO + "/entry_points.txt", "[pytest11]\n%s = %s\n" % (NAME, _field(NAME))


def _modules():
    folder = os.path.join(HERE, NAME)
    for name in sorted(os.listdir(folder)):
        if name.endswith(".py"):
            yield "%s/%s" % (NAME, name), _read(os.path.join(NAME, name))


def _write_wheel(folder, files):
    name = "%s-%s-py3-none-any.whl" % (NAME, VERSION)
    record = []
    with zipfile.ZipFile(os.path.join(folder, name), "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, text in files:
            data = text.encode("utf-8")
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest())
            record.append("%s,sha256=%s,%d\n"
                          % (path, digest.rstrip(b"=").decode(), len(data)))
            wheel.writestr(zipfile.ZipInfo(path, EPOCH), data)
        record.append(INFO + "/RECORD,,\n")
        wheel.writestr(zipfile.ZipInfo(INFO + "/RECORD", EPOCH), "".join(record))
    return name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    return _write_wheel(wheel_directory, list(_modules()) + list(_texts()))


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    return _write_wheel(wheel_directory, [(NAME + ".pth", HERE + "\n")] + list(_texts()))


def build_sdist(sdist_directory, config_settings=None):
    base = "%s-%s" % (NAME, VERSION)
    with tarfile.open(os.path.join(sdist_directory, base + ".tar.gz"), "w:gz") as archive:
        files = [(name, _read(name)) for name in SOURCES] + list(_modules())
        files.append(("PKG-INFO", dict(_texts())[INFO + "/METADATA"]))
        for path, text in files:
            data = text.encode("utf-8")
            item = tarfile.TarInfo("%s/%s" % (base, path))
            item.size = len(data)
            archive.addfile(item, io.BytesIO(data))
    return base + ".tar.gz"
