#!/usr/bin/env python3
"""circles.py BUILD: who calls whom and who includes whom, computed from the objects (nm)
and the sources. No circle among core's files, by calls or by headers, none between the folders of
sim, and none among the files of a folder of sim, but for those that circles.allowed names with their reasons; one that is
named there and is gone is an error, too."""
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
ALLOWED = TOP / "tests/tools/circles.allowed"


def objects(build, library, folder):
    """Objects of the build whose source is still there, as {source: object}."""
    root = build / "CMakeFiles" / f"{library}.dir"
    found = {p.relative_to(root).with_suffix(""): p for p in root.glob(f"{folder}/**/*.o")}
    return {source: path for source, path in found.items() if (TOP / source).exists()}


def symbols(path):
    """Functions and tables that an object defines and those that it wants."""
    defined, wanted = set(), set()
    for line in subprocess.check_output(["nm", path], text=True).splitlines():
        *_, kind, name = line.split()
        name = name.split(".")[0]  # of what the compiler split or cloned
        if kind == "U":
            wanted.add(name)
        elif kind in "TRDBViWG":
            defined.add(name)
    return defined, wanted


def calls(found, node_of):
    """{node: {nodes that it calls}}."""
    home, wants = {}, {}
    for source, path in found.items():
        defined, wanted = symbols(path)
        home.update((name, node_of(source)) for name in defined)
        wants.setdefault(node_of(source), set()).update(wanted)
    return {node: {home[w] for w in names if w in home} - {node} for node, names in wants.items()}


def includes(files, node_of):
    """{node: {nodes whose headers it includes}}."""
    graph = {}
    for file in files:
        node = node_of(file.relative_to(TOP))
        names = re.findall(r'^#include "(.*?)"', file.read_text(), re.M)
        nodes = {node_of(pathlib.Path(name)) for name in names if (TOP / name).exists()}
        graph.setdefault(node, set()).update(nodes - {node})
    return graph


def circles(graph):
    """Sets of nodes that reach one another."""
    def reached(start):
        seen, open_ = set(), [start]
        while open_:
            for node in graph.get(open_.pop(), ()):
                if node not in seen:
                    seen.add(node)
                    open_.append(node)
        return seen

    reach = {node: reached(node) for node in graph}
    return {frozenset(n for n in graph if n in reach[node] and node in reach[n])
            for node in graph if node in reach[node]}


def allowed():
    """{(kind, nodes): reason} of lines "kind: node node…: reason"."""
    rows = {}
    for line in ALLOWED.read_text().splitlines():
        if line and not line.startswith("#"):
            kind, nodes, reason = (part.strip() for part in line.split(":", 2))
            rows[kind, frozenset(nodes.split())] = reason
    return rows


def main(build):
    core, sim = objects(build, "core", "core"), objects(build, "sim", "sim")
    if not core or not sim:
        sys.exit(f"{build}: no objects of core and sim")
    sources = [p for ext in ("c", "h") for p in TOP.glob(f"sim/*/*.{ext}")]
    graphs = {
        "core calls": calls(core, lambda p: p.stem),
        "core includes": includes(TOP.glob("core/*.h"), lambda p: p.stem),
        "sim calls": calls(sim, lambda p: p.parent.name),
        "sim includes": includes(sources, lambda p: p.parent.name
                                 if p.parts[0] == "sim" else p.parts[0]),
    }
    for folder in sorted({p.parent.name for p in sim}):
        files = {p: path for p, path in sim.items() if p.parent.name == folder}
        graphs[f"sim/{folder} calls"] = calls(files, lambda p: p.stem)
    left = allowed()
    flaws = []
    for kind, graph in graphs.items():
        for circle in sorted(circles(graph), key=sorted):
            reason = left.pop((kind, circle), None)
            text = f"{kind}: {' '.join(sorted(circle))}"
            if reason is None:
                flaws.append(f"a circle: {text}")
                flaws += [f"    {n} -> {' '.join(sorted(graph[n] & circle))}"
                          for n in sorted(circle)]
            else:
                print(f"left: {text}: {reason}")
    flaws += [f"{ALLOWED.name}: there is no such circle: {kind}: {' '.join(sorted(nodes))}"
              for kind, nodes in left]
    print("\n".join(flaws) or f"no other circle among {len(graphs['core calls'])} files of "
          f"core, {len(sim)} files and {len(graphs['sim calls'])} folders of sim")
    return 1 if flaws else 0


sys.exit(main(pathlib.Path(sys.argv[1]).resolve()))
