# Sourced by ./run and ./check: installs the Debian packages that are missing, and says
# what and why. Nothing happens, and nothing is printed, when all are there.

build_packages="gcc libc6-dev cmake ninja-build pkg-config libglib2.0-dev liblua5.4-dev
  libmodbus-dev libpcap-dev libjson-glib-dev libedit-dev libcmocka-dev libsdl2-dev libsdl2-ttf-dev
  libsdl2-image-dev fonts-dejavu-core"
check_packages="clang clang-format libclang-rt-14-dev mbpoll binutils git xvfb xdotool"
target_packages="gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm"

missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Abbrev}\n' "$package" 2>/dev/null | grep -q '^ii' ||
            printf '%s ' "$package"
    done
}

# install_packages WHY PACKAGE…
install_packages() {
    local why=$1 sudo='' missing
    shift
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "metersim: not a Debian system; install by hand what is needed $why: $missing" >&2
        return 1
    fi
    if [ "$(id -u)" != 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "metersim: run as root, or install by hand: apt-get install $missing" >&2
            return 1
        fi
        sudo=sudo
    fi
    echo "metersim: installing Debian packages needed $why: $missing" >&2
    local log
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    local get="$sudo apt-get -o DPkg::Lock::Timeout=300 -qq"
    # shellcheck disable=SC2086
    if ! { $get install -y --no-install-recommends $missing >"$log" 2>&1 ||
        { $get update >"$log" 2>&1 &&
            $get install -y --no-install-recommends $missing >>"$log" 2>&1; }; }; then
        cat "$log" >&2
        echo "metersim: apt-get could not install: $missing" >&2
        return 1
    fi
    rm -f "$log"
}
