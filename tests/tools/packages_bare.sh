#!/bin/bash
# packages_bare.sh FOLDER: installs the packages in FOLDER (deploy/package/build.sh) into a
# bare Debian 12 (debootstrap, as root, needs a mirror) and does there what a user would:
# tour, every scenario, a scenario on the flashed image, serve with a client, the page, the
# Python client, completion, man pages, the systemd unit with a notification socket.
# Removal must leave nothing. lintian must have no error. A long form: two minutes.
set -u
debs=$(cd "${1:?usage: packages_bare.sh FOLDER}" && pwd)
cd "$(dirname "$0")/../.." || exit 2
. .ci/install.sh
install_packages "to try the packages" debootstrap lintian || exit 2
root=$(mktemp -d)
flaws=0
flaw() {
    echo "FLAW: $*"
    flaws=1
}
# shellcheck disable=SC2317 # it is called by a trap
finish() {
    umount "$root/proc" "$root/dev" 2>/dev/null
    rm -rf --one-file-system "$root"
}
trap finish EXIT
for deb in "$debs"/*.deb; do
    lintian --fail-on error "$deb" >"$root.lintian" 2>&1 || flaw "$(cat "$root.lintian")"
done
rm -f "$root.lintian"
debootstrap --variant=minbase bookworm "$root" >"$root.log" 2>&1 || {
    tail -n 5 "$root.log"
    exit 2
}
rm -f "$root.log"
mount --bind /proc "$root/proc"
mount --bind /dev "$root/dev"
mkdir "$root/debs"
cp "$debs"/*.deb "$root/debs"
inside() { chroot "$root" env LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
quietly() { inside "$@" >"$root/log" 2>&1 || flaw "$*: $(tail -n 5 "$root/log")"; }
# What the packages bring, and nothing of what they depend on.
quietly apt-get update -qq
# shellcheck disable=SC2016 # it is for the shell inside
quietly sh -c 'apt-get install -y -qq --no-install-recommends man-db bash-completion systemd \
    $(for deb in /debs/*.deb; do dpkg-deb -f $deb Depends; done | tr "," "\n" |
    sed "s/ *\([^ ]*\).*/\1/" | sort -u)'
files() { (cd "$root" && find etc lib opt usr var -not -path 'var/cache/*' -not -path 'var/lib/dpkg/*' \
    -not -path 'var/log/*' -not -path 'var/lib/apt/*' | sort); }
files >"$root/before"
quietly sh -c 'apt-get install -y -qq --no-install-recommends /debs/*.deb'

says() {
    local words=$1
    shift
    inside "$@" >"$root/log" 2>&1
    grep -qE -- "$words" "$root/log" || flaw "$*: $(tail -n 5 "$root/log")"
}
says '^metersim [0-9.]+ \([0-9a-f]+\+?\)' metersim --version
says 'metersim run /usr/share/metersim/scenarios' metersim tour
says '^# [0-9]+ passed, 0 failed, 0 wrong' metersim run /usr/share/metersim/scenarios
says '^# 1 passed' metersim run --board image /usr/share/metersim/scenarios/first_reading.lua
says 'open it in a browser' metersim page -o /tmp/meter.html
says 'metersim-serve - live virtual meters' man metersim-serve
# shellcheck disable=SC2016 # it is for the shell inside
says 'junit-merge' bash -ic '. /usr/share/bash-completion/bash_completion
    . /usr/share/bash-completion/completions/metersim
    COMP_WORDS=(metersim ju) COMP_CWORD=1 COMP_LINE="metersim ju" COMP_POINT=11
    _metersim metersim ju metersim; echo "${COMPREPLY[@]}"'
says '^61\.' python3 -c 'import metersim
with metersim.Metersim() as plant:
    plant.advance("3 s")
    print(plant.meter.kw_total)'

# The unit's own command, as systemd would start it.
mkdir -p "$root/etc/metersim"
cp "$root/usr/share/doc/metersim/examples/example.conf" "$root/etc/metersim/"
cp "$root/lib/systemd/system/metersim@.service" "$root/tmp/metersim@example.service"
says '^$' sh -c 'systemd-analyze verify /tmp/metersim@example.service && echo'
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
print(listener.recv(4096).decode().strip())
subprocess.run(["metersim", "capture", "tcp:127.0.0.1:1502/1"], check=True,
               stdout=subprocess.DEVNULL)
server.send_signal(signal.SIGTERM)
began = time.monotonic()
code = server.wait(60)
print(listener.recv(4096).decode().strip())
print("ended with %d after %.3f s" % (code, time.monotonic() - began))
PY
says '^ended with 0' python3 /tmp/notify.py
cat "$root/log"

quietly sh -c 'rm -rf /etc/metersim; apt-get purge -y -qq metersim metersim-processor \
    metersim-firmware metersim-page python3-metersim'
files >"$root/after"
diff "$root/before" "$root/after" || flaw "removal leaves something"
[ $flaws = 0 ] && echo "packages in a bare Debian 12: all as it should be"
exit $flaws
