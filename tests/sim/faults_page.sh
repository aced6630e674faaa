#!/bin/bash
# faults_page.sh METERSIM: docs/faults.md holds the tables that the program prints.
page=$(dirname "$0")/../../docs/faults.md
if ! diff <("$1" faults) <(sed -n '/^## /,$p' "$page"); then
    echo "docs/faults.md is not what metersim faults prints: make it anew"
    exit 1
fi
