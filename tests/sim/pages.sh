#!/bin/bash
# pages.sh METERSIM [write]: the pages of docs/ that the program prints are what it prints;
# `write` makes them anew. A page's own text ends before the first line of the tables.
docs=$(dirname "$0")/../../docs
meter=$1 mode=${2:-compare}
flaws=0

# page FILE COMMAND BEGINNING: of the first line that the command prints
page() {
    local page=$docs/$1 command=$2 text
    text=$(sed "/^$3/,\$d" "$page")
    # shellcheck disable=SC2086
    if [ "$mode" = write ]; then
        { printf '%s\n\n' "$text" && "$meter" $command; } >"$page"
    elif ! diff <("$meter" $command) <(sed -n "/^$3/,\$p" "$page"); then
        echo "docs/$1 is not what metersim $command prints: pages.sh METERSIM write"
        flaws=1
    fi
}
page faults.md faults '## '
page gateway.md gateways '## Kinds'
page symptoms.md scenarios '| what one sees'
page exam.md 'exam --list' '## Situations'
page registers.md 'registers s4100' '## '
exit $flaws
