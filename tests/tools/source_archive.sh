#!/bin/bash
# source_archive.sh FOLDER [CMAKE OPTION…]: makes the packages for this processor, in FOLDER,
# of the source as `git archive` gives it: in an empty folder, without git. The program says
# its version and the commit of the archive, and holds its page. A long form: all is built.
set -u
debs=$(mkdir -p "${1:?usage: source_archive.sh FOLDER}" && cd "$1" && pwd)
shift
cd "$(dirname "$0")/../.." || exit 2
source=$(mktemp -d)
trap 'rm -rf "$source"' EXIT
git archive HEAD | tar -x -C "$source" || exit 2
commit=$(git rev-parse --short=12 HEAD)
number=$(sed -n 's/^project(metersim VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
cd "$source" || exit 2
git rev-parse HEAD 2>/dev/null && {
    echo "$source is part of a work tree"
    exit 2
}
deploy/package/build.sh "$debs" "$@" >build.log 2>&1 || {
    tail -n 20 build.log
    exit 1
}
said=$(build-package/metersim --version)
[[ $said == "metersim $number ($commit), "* ]] || {
    echo "the program of $number ($commit) says '$said'"
    exit 1
}
build-package/metersim page -o meter.html || exit 1
echo "the archive of $commit builds alone, in $SECONDS s: $(cd "$debs" && echo ./*.deb)"
