#!/bin/bash
# suite.sh N SCENARIOS RESULTS [OPTION…]: runs the suite on the cluster in N shards, each
# with these options of `metersim run`, waits, and merges the results into
# RESULTS/junit.xml. Exit code as of `metersim run`: 0 all passed, 1 an expectation
# failed, 2 something is wrong or missing.
set -u
if [ $# -lt 3 ]; then
    echo "usage: suite.sh N SCENARIOS RESULTS [OPTION…]" >&2
    exit 2
fi
count=$1 scenarios=$2 results=$3
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$results"
rm -f "$results"/shard-*.xml "$results/junit.xml"
# A task that fails an expectation fails the job; the merge tells what it was.
sbatch --quiet --wait --array="1-$count" --output="$results/shard-%a.log" \
    "$here/array.sbatch" "$scenarios" "$results" "${@:4}"
for k in $(seq "$count"); do
    if [ ! -f "$results/shard-$k.xml" ]; then
        echo "suite.sh: shard $k of $count left no result; see $results/shard-$k.log" >&2
        exit 2
    fi
done
"${METERSIM:-metersim}" junit-merge "$results"/shard-*.xml -o "$results/junit.xml"
