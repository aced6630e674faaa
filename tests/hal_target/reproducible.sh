#!/bin/bash
# reproducible.sh BUILD: a second build of the firmware, of the same sources in another
# folder, gives the same bytes of every product. The first is brought up to date before:
# whether a file is changed stands in the git id.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
other=$work/a-folder-of-another-name
{
    cmake --build "$build" --target firmware && git clone -q --shared . "$other" &&
        git diff --binary HEAD >"$work/changes" &&
        { [ ! -s "$work/changes" ] || git -C "$other" apply "$work/changes"; } &&
        git ls-files -z --others --exclude-standard | xargs -0r cp --parents -t "$other" &&
        cmake -S "$other" -B "$work/b" -G Ninja -DCMAKE_BUILD_TYPE=Release &&
        cmake --build "$work/b" --target firmware
} >"$work/text" 2>&1 || { cat "$work/text"; exit 1; }
if ! diff "$build/firmware/SHA256SUMS" "$work/b/firmware/SHA256SUMS"; then
    echo "the same sources gave other bytes in another folder"
    exit 1
fi
echo "$(wc -l <"$build/firmware/SHA256SUMS") products, the same bytes from two folders"
