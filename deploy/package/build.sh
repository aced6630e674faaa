#!/bin/bash
# build.sh FOLDER [CMAKE OPTION…]: the Debian packages of this source, in FOLDER: metersim,
# metersim-processor, metersim-firmware, metersim-page and python3-metersim. Builds in
# build-package/ and installs what that needs.
set -euo pipefail
[ $# -gt 0 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
shift
cd "$(dirname "$0")/../.."
. .ci/install.sh
# shellcheck disable=SC2086
install_packages "to build the packages" $build_packages $image_packages $page_packages \
    help2man dpkg-dev
build=$PWD/build-package
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_PREFIX=/usr \
    -DCMAKE_INSTALL_LIBDIR=lib -DMETERSIM_PAGE=ON "$@"
cmake --build "$build" --target metersim metersim_processor firmware man_pages
(cd "$build" && cpack -B "$out")
rm -rf "$out/_CPack_Packages"
