#!/bin/bash
# packages_bare.sh FOLDER: installs the packages in FOLDER (deploy/package/build.sh) into a
# bare Debian 12 and does there what a user would: tour, every scenario, a scenario on the
# flashed image, serve with a client and a browser's requests, the page, the Python client,
# completion, man pages, the systemd unit with a notification socket. Removal must leave
# nothing. lintian must have no error. A long form: two minutes.
set -u
debs=$(cd "${1:?usage: packages_bare.sh FOLDER}" && pwd)
cd "$(dirname "$0")/../.." || exit 2
. tests/support/bare_debian.sh
install_packages "to check the packages" lintian || exit 2
for deb in "$debs"/*.deb; do
    lintian --fail-on error "$deb" >"$log" 2>&1 || flaw "$(cat "$log")"
done
must cp -r "$debs" "$root/debs"
# For this processor and for all.
mapfile -t installed < <(cd "$root" && printf '/%s\n' debs/*_{"$(dpkg --print-architecture)",all}.deb)
mapfile -t needed < <(depends "${installed[@]/#/$root}")
# What the packages bring, and nothing of what they depend on.
install_inside man-db bash-completion systemd curl "${needed[@]}"
files() { (cd "$root" && find etc lib opt usr var -not -path 'var/cache/*' -not -path 'var/lib/dpkg/*' \
    -not -path 'var/log/*' -not -path 'var/lib/apt/*' | sort); }
files >"$root/before"
install_inside "${installed[@]}"

says '^metersim [0-9.]+ \([0-9a-f]+\+?\)' inside metersim --version
says 'metersim run /usr/share/metersim/scenarios' inside metersim tour
says '^# [0-9]+ passed, 0 failed, 0 wrong' inside metersim run /usr/share/metersim/scenarios
tail -n 1 "$log"
says '^# 1 passed' inside metersim run --board image /usr/share/metersim/scenarios/first_reading.lua
says 'open it in a browser' inside metersim page -o /tmp/meter.html
says 'metersim-serve - live virtual meters' inside man metersim-serve
# shellcheck disable=SC2016 # it is for the shell inside
says 'junit-merge' inside bash -ic '. /usr/share/bash-completion/bash_completion
    . /usr/share/bash-completion/completions/metersim
    COMP_WORDS=(metersim ju) COMP_CWORD=1 COMP_LINE="metersim ju" COMP_POINT=11
    _metersim metersim ju metersim; echo "${COMPREPLY[@]}"'
says '^61\.' inside python3 -c 'import metersim
with metersim.Metersim() as plant:
    plant.advance("3 s")
    print(plant.meter.kw_total)'

# The plant for browsers: its page, the metrics, whether it is ready.
# shellcheck disable=SC2016 # it is for the shell inside
says '^page, ready, metrics$' inside bash -c '
    metersim serve --tcp 127.0.0.1:0 --rtu none --console none --http 127.0.0.1:0 >/tmp/serve 2>&1 &
    for _ in $(seq 1200); do grep -q "^Ctrl-C ends" /tmp/serve && break; sleep 0.05; done
    address=$(sed -n "s|^Page: \(http://[^/]*\)/#token=.*|\1|p" /tmp/serve)
    curl -fsS "$address/" | grep -q "<canvas" &&
        curl -fsS "$address/ready" >/dev/null &&
        curl -fsS "$address/metrics" | grep -q "^metersim_" && echo "page, ready, metrics"
    kill %1 && wait %1 || echo "it ended with $?"'

# The unit's own command, as systemd would start it.
mkdir -p "$root/etc/metersim"
cp "$root/usr/share/doc/metersim/examples/example.conf" "$root/etc/metersim/"
cp "$root/lib/systemd/system/metersim@.service" "$root/tmp/metersim@example.service"
says '^$' inside sh -c 'systemd-analyze verify /tmp/metersim@example.service && echo'
inside systemd-analyze security --offline=true /tmp/metersim@example.service | tail -n 1
cat >"$root/tmp/notify.py" <<'PY'
import os, signal, socket, subprocess, time
service = open("/lib/systemd/system/metersim@.service").read().splitlines()
options = open("/etc/metersim/example.conf").read().splitlines()[-1].split("=", 1)[1]
start = [line for line in service if line.startswith("ExecStart=")][0][10:]
start = start.replace("%t", "/tmp").replace("%i", "example").replace("$OPTIONS", options)
os.makedirs("/tmp/metersim/example", exist_ok=True)
listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listener.bind("/tmp/notify")
listener.settimeout(60)
server = subprocess.Popen(start.split(), cwd="/tmp/metersim/example",
                          stdout=subprocess.DEVNULL,
                          env=dict(os.environ, NOTIFY_SOCKET="/tmp/notify"))
said = listener.recv(4096).decode().strip()
print(said)
assert "READY=1" in said.split("\n"), said
subprocess.run(["metersim", "capture", "tcp:127.0.0.1:1502/1"], check=True,
               stdout=subprocess.DEVNULL)
server.send_signal(signal.SIGTERM)
began = time.monotonic()
code = server.wait(60)
print(listener.recv(4096).decode().strip())
took = time.monotonic() - began
assert took < 1, took
print("ended with %d after %.3f s" % (code, took))
PY
says '^ended with 0' inside python3 /tmp/notify.py
cat "$log"

rm -rf "$root/etc/metersim"
must inside apt-get purge -y -qq metersim metersim-processor metersim-firmware metersim-page \
    python3-metersim
files >"$root/after"
diff "$root/before" "$root/after" || flaw "removal leaves something"
finish "packages in a bare Debian 12: all as it should be, after $SECONDS s"
