#!/bin/bash
# faults_page.sh METERSIM: docs/faults.md holds the table that the program prints.
diff <("$1" faults) <(sed -n '/^| fault/,$p' "$(dirname "$0")/../../docs/faults.md") && exit 0
echo "docs/faults.md is not what metersim faults prints: make it anew"
exit 1
