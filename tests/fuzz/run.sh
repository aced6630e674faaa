#!/bin/bash
# tests/fuzz/run.sh BUILD LIMIT [TARGET…]: runs the fuzz targets over their kept corpus.
# LIMIT is a time for each ("20s") or a number of executions ("100000000"). What new
# inputs were found stays in BUILD/fuzz/TARGET; a finding is left there, too, and ends
# with 1. Two targets run at a time. LIMIT "keep" runs nothing: it adds to the kept
# corpus what new code the inputs of BUILD reach.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
[ $# -ge 2 ] || {
    sed -n '2,7s/^# //p' "$0" >&2
    exit 2
}
build=$(cd "$1" && pwd) limit=$2
shift 2
[ $# -gt 0 ] || set -- pdu rtu mbap nvm comtrade tape csv image profile lua console snapshot metrics web junit history traffic dump
case $limit in
*s) bound=-max_total_time=${limit%s} ;;
*) bound=-runs=$limit ;;
esac

fuzz_one() {
    local name=$1 work=$build/fuzz/$1 most=300
    [ "$name" = comtrade ] && most=2000
    [ "$name" = mbap ] && most=4096
    [ "$name" = tape ] && most=8192
    [ "$name" = history ] && most=600
    [ "$name" = traffic ] && most=2000
    mkdir -p "$work/corpus"
    (cd "$work" && nice -n 5 "$build/tests/fuzz/fuzz_$name" "$bound" -max_len=$most \
        -timeout=10 -entropic=0 -print_final_stats=1 corpus "$top/tests/fuzz/corpus/$name") >"$work/log" 2>&1
    local code=$?
    local runs
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")
    [ $code = 0 ] && [ -n "$runs" ] || {
        echo "FINDING in fuzz_$name; see $work/log:"
        tail -n 30 "$work/log"
        return 1
    }
    echo "fuzz_$name: $runs executions, $(find "$work/corpus" "$top/tests/fuzz/corpus/$name" -type f | wc -l) inputs, no finding"
}

# An input that crashes while it is merged is a finding, too.
keep() {
    (cd "$build/fuzz/$1" && "$build/tests/fuzz/fuzz_$1" -merge=1 -use_counters=0 \
        "$top/tests/fuzz/corpus/$1" corpus) >"$build/fuzz/$1/keep.log" 2>&1
    local code=$?
    grep 'MERGE-OUTER.*new files\|ERROR' "$build/fuzz/$1/keep.log"
    return $code
}

if [ "$limit" = keep ]; then
    code=0
    for name in "$@"; do
        keep "$name" || code=1
    done
    exit $code
fi
export -f fuzz_one
export build bound top
printf '%s\n' "$@" | xargs -P 2 -I{} bash -c 'fuzz_one {}'
