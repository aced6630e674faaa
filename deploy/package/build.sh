#!/bin/bash
# build.sh FOLDER [--arm64] [CMAKE OPTION…]: the Debian packages of this source, in FOLDER:
# metersim, metersim-processor, metersim-firmware, metersim-page and python3-metersim.
# Builds in build-package/ and installs what that needs. With --arm64: those two that differ
# by processor, for arm64, by Debian's cross compiler. It installs libraries for arm64 beside
# those of this machine; tests/tools/packages_arm64.sh does it in a bare Debian.
set -euo pipefail
[ $# -gt 0 ] || { sed -n '2,6s/^# //p' "$0" >&2; exit 2; }
# libsoup-3.0-dev depends on libsysprof-capture-4-dev, which Debian 12 cannot install for a
# second processor (gobject-introspection:arm64 wants a python3:arm64). Nothing of it is
# linked: an empty package stands for it, with the .pc file that libsoup's names.
sysprof_for_arm64() {
    local name=metersim-sysprof-for-arm64 folder
    [ -z "$(missing_packages $name)" ] && return
    folder=$(mktemp -d)
    mkdir -p "$folder/DEBIAN" "$folder/usr/lib/aarch64-linux-gnu/pkgconfig"
    cat >"$folder/DEBIAN/control" <<END
Package: $name
Version: 1
Architecture: arm64
Multi-Arch: same
Provides: libsysprof-capture-4-dev
Maintainer: metersim developers <metersim@localhost.localdomain>
Description: stands for libsysprof-capture-4-dev, to build metersim for arm64
END
    printf 'Name: none\nDescription: none\nVersion: 0\n' \
        >"$folder/usr/lib/aarch64-linux-gnu/pkgconfig/sysprof-capture-4.pc"
    chmod -R go=rX "$folder"
    dpkg-deb --root-owner-group -b "$folder" "$folder.deb" >/dev/null
    dpkg -i "$folder.deb" >/dev/null
    rm -r "$folder" "$folder.deb"
}
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
cd "$(dirname "$0")/../.."
. .ci/install.sh
build=$PWD/build-package
packages="$build_packages $page_packages help2man dpkg-dev file"
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
    sysprof_for_arm64
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
