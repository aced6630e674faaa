#!/bin/bash
# container.sh FOLDER: builds the image of deploy/Containerfile from the packages in FOLDER
# and runs it, as nobody and with nothing that it may write: version, a scenario, the same
# on the flashed image, and a plant that answers Modbus and HTTP outside of the container.
# A bare Debian 12 stands for debian:bookworm-slim, so no registry is needed. A long form.
set -u
debs=$(cd "${1:?usage: container.sh FOLDER}" && pwd)
cd "$(dirname "$0")/../.." || exit 2
. tests/support/bare_debian.sh
install_packages "to build and run an image" buildah podman runc curl mbpoll || exit 2
# A store of its own: the images of this machine are left alone.
store=(--root "$root/store/images" --runroot "$root/store/run" --storage-driver vfs)
limits=(--read-only --cap-drop all --security-opt no-new-privileges --pids-limit -1
    --ulimit nofile=1024:1024 --ulimit nproc=1024:1024)
podman() { command podman "${store[@]}" --runtime /usr/sbin/runc "$@"; }
# shellcheck disable=SC2317 # must and says call it
run() { podman run --rm "${limits[@]}" "$@"; }
mkdir "$root/store"
tar -C "$root" --one-file-system --exclude ./store -c . | podman import - debian:bookworm-slim >"$log" 2>&1
must buildah "${store[@]}" bud --isolation chroot -t metersim -f deploy/Containerfile "$debs"
podman images

says '^metersim [0-9.]+ \([0-9a-f]+\+?\)' run metersim --version
cat "$log"
says '^# 1 passed' run metersim run scenarios/first_reading.lua
says '^# 1 passed' run metersim run --board image scenarios/first_reading.lua
must run --detach --name plant -p 127.0.0.1::1502 -p 127.0.0.1::8080 metersim serve --rtu none \
    --console none --tcp 0.0.0.0:1502 --http 0.0.0.0:8080
port() { podman port plant "$1" | cut -d: -f2; }
for _ in $(seq 1200); do
    curl -fsS "http://127.0.0.1:$(port 8080)/ready" >"$log" 2>&1 && break
    sleep 0.05
done
says '^ready: 1 meter' curl -fsS "http://127.0.0.1:$(port 8080)/ready"
says '<canvas' curl -fsS "http://127.0.0.1:$(port 8080)/"
says '^\[1\]:' mbpoll -m tcp -p "$(port 1502)" -a 1 -r 1 -c 2 -1 127.0.0.1
must podman stop --time 5 plant
finish "the container: image, scenarios and plant as they should be, after $SECONDS s"
