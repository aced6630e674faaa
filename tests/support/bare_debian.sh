# shellcheck shell=bash
# Sourced by the long forms that try packages, from the top of the source: a bare Debian 12
# in $root (debootstrap, as root, needs a mirror), which is removed at the end; commands run
# in it, and what they must print.
. .ci/install.sh
install_packages "to try packages in a bare Debian" debootstrap || exit 2
root=$(mktemp -d)
chmod 755 "$root" # apt fetches as a user of its own
log=$root.log flaws=0
# shellcheck disable=SC2317 # it is called by a trap
remove_root() {
    umount "$root/proc" "$root/dev" 2>/dev/null
    rm -rf --one-file-system "$root" "$log"
}
trap remove_root EXIT

flaw() {
    echo "FLAW: $*"
    flaws=1
}
# finish TEXT: the last line.
finish() {
    [ $flaws = 0 ] && echo "$*"
    exit $flaws
}
# must COMMAND…: nothing goes on without it.
must() {
    "$@" >"$log" 2>&1 && return
    flaw "$*: $(tail -n 20 "$log")"
    exit 1
}
inside() { chroot "$root" env LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
# says PATTERN COMMAND…: a line of its output, which stays in $log.
says() {
    local words=$1
    shift
    "$@" >"$log" 2>&1
    grep -qE -- "$words" "$log" || flaw "$*: $(tail -n 5 "$log")"
}
# depends DEB…: names of the packages that these depend on.
depends() {
    local deb
    for deb in "$@"; do dpkg-deb -f "$deb" Depends; done |
        tr ',' '\n' | sed -n 's/ *\([^ ]\+\).*/\1/p' | sort -u
}
install_inside() { must inside apt-get install -y -qq --no-install-recommends "$@"; }

must debootstrap --variant=minbase bookworm "$root"
mount --bind /proc "$root/proc"
mount --bind /dev "$root/dev"
must inside apt-get update -qq
