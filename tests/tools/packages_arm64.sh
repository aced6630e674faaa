#!/bin/bash
# packages_arm64.sh FOLDER: adds the packages for arm64 to FOLDER, which has those for amd64
# of the same commit (deploy/package/build.sh). In a bare Debian 12 it unpacks the source as
# `git archive` gives it, builds there without git, by Debian's cross compiler, installs the
# packages, and runs them under qemu-user: version, the tapes of scenarios (their hashes must
# be those of the program for amd64), the flashed image, a manual page, the page. A long
# form: ten minutes at most.
set -u
debs=$(cd "${1:?usage: packages_arm64.sh FOLDER}" && pwd)
cd "$(dirname "$0")/../.." || exit 2
compgen -G "$debs/metersim_*_amd64.deb" >/dev/null || {
    echo "packages_arm64.sh: no package for amd64 in $debs" >&2
    exit 2
}
. tests/support/bare_debian.sh
mkdir "$root/src" "$root/debs"
git archive HEAD | tar -x -C "$root/src"
must inside /src/deploy/package/build.sh /debs --arm64
cp "$root"/debs/*_arm64.deb "$debs"
echo "built after $SECONDS s: $(cd "$root/debs" && echo ./*_arm64.deb)"

# Both programs in one root: the one for amd64 is unpacked only, with what it depends on.
must cp "$debs"/*.deb "$root/debs"
mapfile -t needed < <(depends "$debs"/metersim_*_amd64.deb)
install_inside man-db file "${needed[@]}"
must inside sh -c 'dpkg-deb -x /debs/metersim_*_amd64.deb /amd64'
must inside sh -c 'apt-get install -y -qq --no-install-recommends /debs/metersim*_arm64.deb \
    /debs/metersim-firmware_*.deb'
here() { inside /amd64/usr/bin/metersim "$@"; }
there() { inside qemu-aarch64 /usr/bin/metersim "$@"; }
says "^metersim [0-9.]+ \($(git rev-parse --short=12 HEAD)\)" there --version
[ "$(here --version)" = "$(there --version)" ] || flaw "two versions"
says 'ARM aarch64' inside file -b /usr/bin/metersim
says '^# 1 passed' there run --board image /usr/share/metersim/scenarios/first_reading.lua
says 'metersim-serve - live virtual meters' inside man metersim-serve
says 'open it in a browser' there page -o /tmp/meter.html

compared=0
for scenario in "$root"/usr/share/metersim/scenarios/*.lua; do
    name=/usr/share/metersim/scenarios/$(basename "$scenario")
    hashes() { "$@" 2>&1 | grep -oE 'sha256 [0-9a-f]+'; }
    # Each by its own data: a script may read what lies in its program's folder alone.
    wanted=$(hashes here run --tape - "/amd64$name")
    [ -n "$wanted" ] || continue
    [ "$(hashes there run --tape - "$name")" = "$wanted" ] || flaw "$name: another tape on arm64"
    compared=$((compared + 1))
done
[ $compared -gt 0 ] || flaw "no tape was compared"
finish "packages for arm64: $compared tapes as on amd64, after $SECONDS s"
