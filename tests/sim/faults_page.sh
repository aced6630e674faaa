#!/bin/bash
# faults_page.sh METERSIM [write]: docs/faults.md holds the tables that the program prints;
# `write` makes them anew.
page=$(dirname "$0")/../../docs/faults.md
if [ "${2:-}" = write ]; then
    text=$(sed '/^## /,$d' "$page") || exit 1
    { printf '%s\n\n' "$text" && "$1" faults; } >"$page"
elif ! diff <("$1" faults) <(sed -n '/^## /,$p' "$page"); then
    echo "docs/faults.md is not what metersim faults prints: faults_page.sh METERSIM write"
    exit 1
fi
