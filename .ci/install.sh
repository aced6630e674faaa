# shellcheck shell=bash disable=SC2034 # the lists are for those who source it
# Sourced by ./run, ./check and deploy/package/build.sh: which packages are needed for what,
# and functions that install those that are missing and say what and why. Nothing happens,
# and nothing is printed, when all are there.

build_packages="gcc libc6-dev cmake ninja-build pkg-config libglib2.0-dev liblua5.4-dev
  libmodbus-dev libpcap-dev libjson-glib-dev libsoup-3.0-dev libedit-dev libcmocka-dev libsdl2-dev libfreetype-dev
  libsdl2-image-dev fonts-dejavu-core"
check_packages="clang clang-format clang-tidy cppcheck shellcheck pmccabe libclang-rt-14-dev mbpoll
  binutils git xvfb xdotool python3-yaml python3-pytest python3-pytest-xdist python3-venv"
# The processor of --board image, and the flashed image.
processor_packages="libunicorn-dev"
image_packages="gcc-arm-none-eabi libnewlib-arm-none-eabi $processor_packages"
target_packages="$image_packages qemu-system-arm"
# The meter as a page; emscripten brings node where there is none.
page_packages="emscripten"
# Foreign clients and a browser: some 500 MB, installed in CI only. Without them their
# tests are skipped.
client_packages="tshark python3-pymodbus python3-serial python3-serial-asyncio collectd-core zabbix-agent2
  prometheus chromium"

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

# install_node_packages FOLDER: what tests run on node, as the lock file in FOLDER pins it,
# into build-node/. node and npm are used as they are found; Debian's are installed only
# where node is missing (that of NodeSource conflicts with Debian's npm).
install_node_packages() {
    local folder=$1
    command -v node >/dev/null || install_packages "to run clients on node" nodejs npm || return 1
    cmp -s "$folder/package-lock.json" build-node/package-lock.json &&
        [ -d build-node/node_modules ] && return 0
    mkdir -p build-node
    cp "$folder/package.json" "$folder/package-lock.json" build-node/ || return 1
    if ! (cd build-node && npm ci --no-audit --no-fund) >build-node/log 2>&1; then
        cat build-node/log >&2
        rm -f build-node/package-lock.json
        echo "metersim: npm could not install what $folder/package-lock.json lists" >&2
        return 1
    fi
}
