#!/usr/bin/env python3
"""workflows.py METERSIM FILE…: workflow files without their service. YAML, the fields that
it demands, steps that run or use one thing, scripts that bash parses, files of this project
that exist, and options that metersim has. It is no schema check."""
import pathlib
import re
import subprocess
import sys

try:
    import yaml
except ImportError:
    print("python3-yaml is not installed")
    sys.exit(77)

flaws = []


def want(condition, where, what):
    if not condition:
        flaws.append(f"{where}: {what}")


def check_script(where, script, metersim):
    parsed = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True)
    want(parsed.returncode == 0, where, parsed.stderr.strip())
    for path in re.findall(r"(?m)^(\.[\w./]+|deploy/[\w./]+)", script):
        want(pathlib.Path(path).exists(), where, f"there is no {path}")
    for command, options in re.findall(r"(?m)^metersim ([a-z-]+)(.*)$", script):
        told = subprocess.run([metersim, command, "--help"], text=True, capture_output=True)
        for option in re.findall(r"--[a-z-]+", options):
            want(option in told.stdout, where, f"metersim {command} has no {option}")


def check_step(where, step, metersim):
    want(("run" in step) != ("uses" in step), where, "a step runs or uses one thing")
    want(not set(step) - {"name", "run", "uses", "with", "if", "env"}, where, "unknown field")
    want(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step.get("uses", "a/b@v1")), where,
         f"no version: {step.get('uses')}")
    check_script(where, step.get("run", ""), metersim)


def check(path, metersim):
    flow = yaml.safe_load(path.read_text())
    # YAML 1.1 reads the word `on` as true.
    want(set(flow) <= {"name", True, "permissions", "env", "jobs"}, path, "unknown field")
    want(flow.get(True), path, "nothing starts it")
    want(flow.get("jobs"), path, "no jobs")
    for name, job in flow.get("jobs", {}).items():
        where = f"{path}: {name}"
        want("runs-on" in job and "timeout-minutes" in job, where, "no runs-on or no limit")
        for k, step in enumerate(job.get("steps", [])):
            check_step(f"{where}, step {k + 1}", step, metersim)


for file in sys.argv[2:]:
    check(pathlib.Path(file), sys.argv[1])
for flaw in flaws:
    print(flaw)
print(f"{len(sys.argv) - 2} workflow files, {len(flaws)} flaws")
sys.exit(1 if flaws or len(sys.argv) < 3 else 0)
