#!/usr/bin/env python3
"""manifests.py FOLDER: the Kubernetes manifests without a cluster. YAML, the fields that
the API demands of each kind, names that refer to one another, and what this project knows:
shards as many as completions, a port for every 247 meters. It is no schema check."""
import pathlib
import re
import sys

try:
    import yaml
except ImportError:
    print("python3-yaml is not installed")
    sys.exit(77)

API = {"Job": "batch/v1", "StatefulSet": "apps/v1", "Service": "v1",
       "PersistentVolumeClaim": "v1", "NetworkPolicy": "networking.k8s.io/v1"}
NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
flaws = []


def want(condition, where, what):
    if not condition:
        flaws.append(f"{where}: {what}")


def check_pod(where, pod, claims):
    volumes = {v["name"]: v for v in pod.get("volumes", [])}
    for v in volumes.values():
        claim = v.get("persistentVolumeClaim", {}).get("claimName")
        want(claim is None or claim in claims, where, f"no claim {claim}")
    want(pod.get("securityContext", {}).get("runAsNonRoot") is True, where, "runs as root")
    want(pod.get("containers"), where, "no containers")
    for c in pod.get("containers", []):
        want(NAME.match(c.get("name", "")), where, "a container without a name")
        want("image" in c, where, "no image")
        want("memory" in c.get("resources", {}).get("limits", {}), where, "no memory limit")
        for m in c.get("volumeMounts", []):
            want(m.get("name") in volumes, where, f"no volume {m.get('name')}")
            want(m.get("mountPath", "").startswith("/"), where, "no mountPath")
        ports = {p.get("name") for p in c.get("ports", [])}
        for probe in ("readinessProbe", "livenessProbe"):
            for how in c.get(probe, {}).values():
                if isinstance(how, dict):
                    want(how.get("port") in ports, where, f"{probe} of no port")


def check_job(where, spec, claims):
    pod = spec["template"]["spec"]
    want(pod.get("restartPolicy") in ("Never", "OnFailure"), where, "restartPolicy")
    check_pod(where, pod, claims)
    if spec.get("completionMode") == "Indexed":
        text = " ".join(pod["containers"][0]["args"])
        shards = re.search(r"--shard \$k/(\d+)", text)
        want(shards and int(shards[1]) == spec.get("completions"), where,
             "shards are not as many as completions")


def check_set(where, spec, services):
    labels = spec["template"]["metadata"]["labels"]
    want(spec["selector"]["matchLabels"].items() <= labels.items(), where, "selector")
    service = services.get(spec.get("serviceName"))
    want(service is not None, where, "serviceName names no Service")
    check_pod(where, spec["template"]["spec"], set())
    c = spec["template"]["spec"]["containers"][0]
    meters = int(re.search(r"--count (\d+)", " ".join(c["args"]))[1])
    first = int(re.search(r"--tcp [\d.]+:(\d+)", " ".join(c["args"]))[1])
    ports = {p["containerPort"] for p in c["ports"]}
    want(set(range(first, first + -(-meters // 247))) <= ports, where,
         "not a port for every 247 meters")
    if service:
        want(service["selector"].items() <= labels.items(), where, "the Service's selector")
        want(service.get("clusterIP") == "None", where, "the Service is not headless")
        want({p["port"] for p in service["ports"]} == ports, where, "the Service's ports")


documents = []
for path in sorted(pathlib.Path(sys.argv[1]).glob("*.yaml")):
    for d in yaml.safe_load_all(path.read_text(encoding="utf-8")):
        documents.append((f"{path.name}: {d.get('kind')} {d['metadata']['name']}", d))
claims = {d["metadata"]["name"] for _, d in documents if d["kind"] == "PersistentVolumeClaim"}
services = {d["metadata"]["name"]: d["spec"] for _, d in documents if d["kind"] == "Service"}
for where, d in documents:
    want(API.get(d["kind"]) == d.get("apiVersion"), where, "apiVersion")
    want(NAME.match(d["metadata"]["name"]), where, "name")
    if d["kind"] == "Job":
        check_job(where, d["spec"], claims)
    if d["kind"] == "StatefulSet":
        check_set(where, d["spec"], services)
want({"Job", "StatefulSet"} <= {d["kind"] for _, d in documents}, sys.argv[1], "kinds missing")
print("\n".join(flaws) or f"{len(documents)} objects agree with one another")
sys.exit(1 if flaws else 0)
