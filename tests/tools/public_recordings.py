#!/usr/bin/env python3
"""public_recordings.py METERSIM FOLDER [--write]: plays the public COMTRADE files of
tests/data/public_recordings.csv and compares with what it says of each: plays, or why it
is refused. FOLDER holds the repositories as OWNER/NAME; one that is not there is cloned
from GitHub, at the list's commit. A file that has changed since, or has no data file
there, is counted and not judged. --write makes the list anew of all headers in FOLDER:
each content once, the first repository by name has it. Prints docs/recordings.md's table."""
import csv
import hashlib
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
LIST = HERE.parent / "data" / "public_recordings.csv"
FIELDS = ["repository", "commit", "path", "sha256", "outcome", "reason"]
PLAYS, REFUSED, NO_DATA, CHANGED = "plays", "refused", "no data", "changed"


def data_file(header):
    """The header's data: itself for .cff; else FILE.dat in letters of any case."""
    if header.suffix.lower() == ".cff":
        return header
    names = {p.name.lower(): p for p in header.parent.iterdir()}
    return names.get(header.stem.lower() + ".dat")


def content(header):
    """The hash of a header and its data; None without data."""
    data = data_file(header)
    if data is None:
        return None
    return hashlib.sha256(header.read_bytes() + data.read_bytes()).hexdigest()


def play(meter, header):
    """(outcome, reason): what the program makes of a file with its defaults."""
    done = subprocess.run([meter, "comtrade", str(header), "--csv"], timeout=600,
                          capture_output=True, text=True, errors="replace", check=False)
    if done.returncode == 0:
        return PLAYS, ""
    if done.returncode != 2:
        sys.exit(f"{header}: exit code {done.returncode}")
    said = [line for line in done.stderr.splitlines() if line.startswith("metersim")]
    reason = (said or [""])[-1].replace(str(header.parent) + "/", "")
    return REFUSED, reason.removeprefix("metersim comtrade: ").split(";")[0][:120]


def fetch(folder, repository, commit):
    """The repository's files at that commit; None when they cannot be had."""
    place = folder / repository
    if not place.is_dir():
        url = f"https://github.com/{repository}"
        if subprocess.run(["git", "clone", "-q", url, place], check=False).returncode:
            return None
        subprocess.run(["git", "-C", place, "checkout", "-q", commit], check=True)
    return place


def commit_of(place):
    """Of a clone; of a plain folder what the list has for it."""
    if (place / ".git").exists():
        return subprocess.run(["git", "-C", place, "rev-parse", "HEAD"], check=True,
                              capture_output=True, text=True).stdout.strip()
    name = f"{place.parent.name}/{place.name}"
    return next((r["commit"] for r in rows_of_list() if r["repository"] == name), "")


def found(folder):
    """Rows of all headers in the folder, each content once; without outcome."""
    seen = set()
    for header in sorted(folder.rglob("*")):
        if header.suffix.lower() not in (".cfg", ".cff") or not header.is_file():
            continue
        digest = content(header)
        key = digest or hashlib.sha256(header.read_bytes()).hexdigest()
        if key in seen:
            continue
        seen.add(key)
        owner, name, *rest = header.relative_to(folder).parts
        repository = f"{owner}/{name}"
        yield {"repository": repository, "commit": commit_of(folder / repository),
               "path": "/".join(rest), "sha256": digest or "", "outcome": "", "reason": ""}


def rows_of_list():
    if not LIST.exists():
        return []
    with open(LIST, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def judge(meter, folder, row):
    """(outcome, reason) of a row now."""
    place = fetch(folder, row["repository"], row["commit"])
    header = place / row["path"] if place else None
    if header is None or not header.exists() or data_file(header) is None:
        return NO_DATA, ""
    if row["sha256"] and content(header) != row["sha256"]:
        return CHANGED, ""
    return play(meter, header)


def print_table(rows):
    counts = {}
    for row in rows:
        counts.setdefault(row["repository"], []).append(row["outcome"])
    print("| repository | files | play | refused | no data |\n|---|---|---|---|---|")
    order = sorted(counts.items(), key=lambda item: (-len(item[1]), item[0]))
    order.append(("all", [row["outcome"] for row in rows]))
    for name, outcomes in order:
        print(f"| {name} | {len(outcomes)} | {outcomes.count(PLAYS)} | "
              f"{outcomes.count(REFUSED)} | {outcomes.count(NO_DATA)} |")


def main(meter, folder, write):
    rows, wrong = [], 0
    for row in found(folder) if write else rows_of_list():
        outcome, reason = judge(meter, folder, row)
        expected = row["outcome"]
        if not write and outcome in (PLAYS, REFUSED) and expected != NO_DATA and \
                (outcome, reason) != (expected, row["reason"]):
            print(f"{row['repository']} {row['path']}: {outcome} {reason}; "
                  f"the list has {expected} {row['reason']}")
            wrong += 1
        rows.append({**row, "outcome": outcome, "reason": reason})
    print_table(rows)
    if write:
        with open(LIST, "w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, FIELDS, lineterminator="\n")
            out.writeheader()
            out.writerows(rows)
    return wrong


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2]).resolve(),
                  "--write" in sys.argv[3:]) != 0)
