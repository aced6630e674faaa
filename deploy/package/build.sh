#!/bin/bash
# build.sh FOLDER [--arm64] [CMAKE OPTION…]: the Debian packages of this source, in FOLDER:
# metersim, metersim-processor, metersim-firmware, metersim-page and python3-metersim.
# Builds in build-package/ and installs what that needs. With --arm64: those two that differ
# by processor, for arm64, by Debian's cross compiler. It installs libraries for arm64 beside
# those of this machine; tests/tools/packages_arm64.sh does it in a bare Debian.
set -euo pipefail
[ $# -gt 0 ] || { sed -n '2,6s/^# //p' "$0" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
cd "$(dirname "$0")/../.."
. .ci/install.sh
build=$PWD/build-package
packages="$build_packages $page_packages help2man dpkg-dev"
targets=(metersim metersim_processor man_pages)
pack=(cpack -B "$out")
if [ "${1:-}" = --arm64 ]; then
    shift
    build+=-arm64
    set -- -DCMAKE_TOOLCHAIN_FILE="$PWD/deploy/package/arm64.cmake" "$@"
    # Libraries of arm64; tools of this machine.
    packages=$(echo "$packages $processor_packages" | sed -E 's/\b(lib[^ ]*-dev)\b/\1:arm64/g')
    packages+=" gcc-aarch64-linux-gnu qemu-user"
    dpkg --print-foreign-architectures | grep -qx arm64 || {
        dpkg --add-architecture arm64
        apt-get update -qq
    }
    export DEB_HOST_ARCH=arm64
    pack+=(-D "CPACK_COMPONENTS_ALL=metersim;processor")
else
    packages+=" $image_packages"
    targets+=(firmware)
fi
# shellcheck disable=SC2086
install_packages "to build the packages" $packages
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr \
    -DCMAKE_INSTALL_LIBDIR=lib -DMETERSIM_PAGE=ON "$@"
cmake --build "$build" --target "${targets[@]}"
(cd "$build" && "${pack[@]}")
rm -rf "$out/_CPack_Packages"
