#!/bin/bash
# pages.sh METERSIM: the pages of docs/ that the program prints are what it prints. Each
# page's own part ends before the first line that begins as the third argument does.
docs=$(dirname "$0")/../../docs
flaws=0
check() {
    local page=$docs/$1 command=$2 begins=$3
    # shellcheck disable=SC2086
    if ! diff <("$meter" $command) <(sed -n "/^$begins/,\$p" "$page"); then
        echo "docs/$1 is not what metersim $command prints: make it anew"
        flaws=1
    fi
}
meter=$1
check faults.md faults '## '
check symptoms.md scenarios '| what one sees'
check registers.md 'registers s4100' '## '
exit $flaws
