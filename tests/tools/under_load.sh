#!/bin/bash
# under_load.sh BUILD [-l LOOPS] [-n TIMES] [CTEST OPTION…|COMMAND…]: tests beside busy
# loops. What a test says may not depend on the host's speed, so each chosen test must
# pass TIMES times (20) with LOOPS loops (12) that take the processors away from it.
# Without options for ctest: the tests with the label `live`, which have a socket, a pty
# or a window. A command (tests/hal_target/power_cuts.sh BUILD) is repeated in the same way.
# Prints how often each passed, and its longest time.
set -u
build=${1:?usage: under_load.sh BUILD [-l LOOPS] [-n TIMES] [CTEST OPTION…|COMMAND…]}
shift
loops=12 times=20
while [[ ${1:-} == -[ln] ]]; do
    [ "$1" = -l ] && loops=$2 || times=$2
    shift 2
done
[ $# -gt 0 ] || set -- -L live
command=$1
[[ $1 == -* ]] && command=ctest
work=$(mktemp -d)
pids=()
# shellcheck disable=SC2317 # it is called by a trap
finish() {
    [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM
for _ in $(seq "$loops"); do
    # shellcheck disable=SC2217 # it is to be busy
    (while :; do :; done) </dev/null >/dev/null 2>&1 &
    pids+=($!)
done

# once: one round of the tests, as lines "name outcome seconds" on $work/all.
once() {
    if [ "$command" = ctest ]; then
        CI=true ctest --test-dir "$build" --no-tests=error --output-on-failure "$@" \
            >"$work/log" 2>&1
        local result=$?
        sed -n 's/^ *[0-9]*\/[0-9]* Test *#[0-9]*: \([^ ]*\) \.* *\**\([A-Za-z]*\) .* \([0-9.]*\) sec.*/\1 \2 \3/p' \
            "$work/log" >>"$work/all"
        return $result
    fi
    local began=$SECONDS
    "$@" >"$work/log" 2>&1 && echo "$1 Passed $((SECONDS - began))" >>"$work/all" && return
    echo "$1 Failed $((SECONDS - began))" >>"$work/all"
    return 1
}

code=0
for _ in $(seq "$times"); do
    once "$@" || {
        code=1
        tail -n 100 "$work/log"
    }
done
awk '{ runs[$1]++; passed[$1] += $2 == "Passed"; if ($3 > worst[$1]) worst[$1] = $3 }
    END { for (t in runs) printf "%-32s %d of %d passed, %.1f s at the longest\n",
        t, passed[t], runs[t], worst[t] }' "$work/all" | sort
echo "beside $loops busy loops: $([ $code = 0 ] && echo "all passed" || echo "some failed")"
exit $code
