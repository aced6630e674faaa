#!/bin/bash
# man_pages.sh FOLDER METERSIM…: metersim.1 and a page for each command, gzipped, from what
# --help prints. METERSIM may be two words: the emulator of another processor, the program.
set -eu
out=$1
shift
meter=("$@")
rm -rf "$out"
mkdir -p "$out"
version=$("${meter[@]}" --version | sed 's/^metersim \([^ ]*\).*/\1/')
# page NAME SUMMARY COMMAND…: GLib heads its list of options with words of its own.
page() {
    local name=$1 summary=$2
    shift 2
    help2man --locale C.UTF-8 --no-info --section 1 --manual metersim --source "metersim $version" \
        --version-string "$version" --name "$summary" --no-discard-stderr \
        --output "$out/$name.1" "$*"
    # A command has a page of its own, whose name has no space.
    sed -i -e "1,9s/^metersim [a-z-]* \\\\-/$name \\\\-/" \
        -e "s/^\.TH .*/.TH ${name^^} 1 \"\" \"metersim $version\" \"metersim\"/" "$out/$name.1"
    gzip -9n "$out/$name.1"
}
page metersim "simulated three-phase power meters on Modbus" "${meter[@]}"
"${meter[@]}" --help | sed -n 's/^  \([a-z][a-z-]*\)  *\([^ ].*\)$/\1|\2/p' | while IFS='|' read -r command text; do
    [ "$command" = metersim ] || page "metersim-$command" "$text" "${meter[@]}" "$command"
done
