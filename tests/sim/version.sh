#!/bin/bash
# version.sh METERSIM SOURCES: the version stands in one place, the program says it
# with its commit, and an archive of git's says the same commit without git.
set -u
meter=$1 sources=$2
number=$(sed -n 's/^project(metersim VERSION \([0-9.]*\).*/\1/p' "$sources/CMakeLists.txt")
said=$("$meter" --version)
if ! [[ $said =~ ^metersim\ $number\ \(([0-9a-f]{12}\+?|unknown)\),\ firmware\ V[0-9]{2}\.[0-9]{3}$ ]]; then
    echo "metersim --version says '$said'"
    exit 1
fi
if ! git -C "$sources" rev-parse HEAD >/dev/null 2>&1; then
    # Sources without git: the archive's note, else nothing, is what there is to say.
    commit=$(grep -oE '^[0-9a-f]{12}' "$sources/sim/program/commit.txt" || echo unknown)
    [[ $said == *"($commit),"* ]] && exec echo "without git the program says $commit"
    echo "metersim --version says '$said', and commit.txt $commit"
    exit 1
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
git -C "$sources" archive HEAD sim/program .gitattributes | tar -x -C "$folder"
cmake -DSOURCE="$folder" -DVERSION=1.2.3 -DOUTPUT="$folder/version.c" \
    -P "$folder/sim/program/version.cmake"
commit=$(git -C "$sources" rev-parse HEAD | cut -c1-12)
grep -qF "version_text[] = \"1.2.3 ($commit)\"" "$folder/version.c" || {
    echo "an archive's version.c does not say $commit:"
    cat "$folder/version.c"
    exit 1
}
write() {
    cmake -DSOURCE="$sources" -DVERSION="$number" -DOUTPUT="$folder/twice.c" \
        -P "$sources/sim/program/version.cmake"
    stat -c %y "$folder/twice.c"
}
[ "$(write)" = "$(write)" ] || {
    echo "version.c is written anew although nothing has changed"
    exit 1
}
