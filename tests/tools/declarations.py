#!/usr/bin/env python3
"""declarations.py BUILD: nothing is declared in another file's header. Each function that
an object of the product offers to others (nm) is declared in the header of its own file's
name, or by the row of a table (.def) that names it; otherwise it is static. Exceptions stand in
declarations.allowed with their reasons."""
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
ALLOWED = TOP / "tests/tools/declarations.allowed"
FOLDERS = ("core", "waveform", "hal_sim", "gui", "page", "sim")


def functions(build):
    """(source, function) of all objects whose source is still there."""
    newest = {}  # a source that went to another library has left an object in the old one
    for folder in FOLDERS:
        for path in build.glob(f"CMakeFiles/*.dir/{folder}/**/*.o"):
            source = path.relative_to(build / path.relative_to(build).parts[0] /
                                      path.relative_to(build).parts[1]).with_suffix("")
            old = newest.get(source)
            if (TOP / source).exists() and (not old or path.stat().st_mtime > old.stat().st_mtime):
                newest[source] = path
    for source, path in sorted(newest.items()):
        for line in subprocess.check_output(["nm", "--defined-only", path],
                                            text=True).splitlines():
            _, kind, name = line.split()
            if kind == "T" and "." not in name:
                yield source, name


def allowed():
    """[(pattern of the source, pattern of the function)] with reasons behind '#'."""
    rows = []
    for line in ALLOWED.read_text().splitlines():
        words = line.split("#")[0].split()
        if words:
            rows.append(tuple(re.compile(w + r"\Z") for w in words))
    return rows


def main(build):
    rows, flaws, used, count = allowed(), [], set(), 0
    for source, name in functions(build):
        count += 1
        header = (TOP / source).with_suffix(".h")
        if header.exists() and re.search(rf"\b{name}\(", header.read_text()):
            continue
        if any(re.search(rf"\b{name}\)$", table.read_text(), re.M)
               for table in header.parent.glob("*.def")):
            continue  # a row of a table that declares what it names
        hits = [r for r in rows if r[0].match(str(source)) and r[1].match(name)]
        used.update(hits[:1])
        if not hits:
            flaws.append(f"{source}: {name} is not declared in {header.relative_to(TOP)}")
    flaws += [f"{ALLOWED.name}: nothing is excepted by {r[0].pattern} {r[1].pattern}"
              for r in rows if r not in used]
    print("\n".join(flaws) or f"{count} functions are declared in their files' headers, but "
          f"for {len(rows)} exceptions")
    return 1 if flaws else 0


sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
