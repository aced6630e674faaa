#!/bin/bash
# hostile_hour.sh BUILD [SECONDS]: a plant of 16 meters while clients misbehave on all its
# doors at once: Modbus TCP, pty, console and metrics (gateway_hostile.c, and at random
# hostile_doors.c). BUILD is the one under ASan (preset asan) or any other. Beside them 20
# clients poll, and every answer is compared; once a minute the metrics and the console
# are asked. Fails with a wrong or missing answer, a sanitizer's report, a server that
# ended, or memory of which the last quarter has 2 % and 8 MiB more at its peak than the
# first. Prints p99.9 of each minute; judged only with LIMIT_US, as on a machine of one's
# own: p99.9 of all answers. On a machine that is not, put `chrt -r 5` before it:
# then nothing else delays the clients, the server's thread that serves, what the server
# computes, and the clients that misbehave, in this order (they are the last, as what the
# server computes holds a lock that its other thread waits for).
set -u
build=$(cd "$1" && pwd) seconds=${2:-3600}
meter=$build/metersim
cd "$(dirname "$0")/../.." || exit 2
. tests/support/served.sh
# Freed memory waits in ASan's quarantine; less of it shows sooner what grows.
export ASAN_OPTIONS=quarantine_size_mb=8:malloc_context_size=8:exitcode=99
round=60 rounds=$(((seconds + 59) / 60)) clients=20 limit=${LIMIT_US:-5000} late=0 answers=0 minutes=0
[ "$seconds" -lt $round ] && round=$seconds
start --count 16 --metrics 127.0.0.1:0 --ready "$work/ready" --max-connections 500
metrics=$(sed -n 's/^Metrics on http:..127.0.0.1:\([0-9]*\).*/\1/p' "$log")
hostile=()
priority=$(chrt -p $$ | sed -n 's/.*SCHED_RR$/RR/p; s/.*priority: //p' | paste -sd ' ')
if [[ $priority =~ ^RR\ ([0-9]+)$ ]]; then
    hostile=(chrt -r $((BASH_REMATCH[1] - 2)))
    "$meter" console -e 'return 1' "$console" >/dev/null # its thread begins
    chrt -r -p $((BASH_REMATCH[1] - 1)) "$pid"
fi
# The greatest since the last call.
memory() {
    awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null || echo 0
    echo 5 2>/dev/null >"/proc/$pid/clear_refs"
}
greater() { [ "$1" -gt "$2" ] && echo "$1" || echo "$2"; }
load() { cut -d' ' -f1 /proc/loadavg; }

ask_metrics() {
    timeout 60 bash -c "exec 3<>/dev/tcp/127.0.0.1/$metrics
        printf 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n' >&3
        cat <&3" 2>/dev/null
}
# polite ROUND: what the others see. Registers 130 to 139 of meter 1 are settings.
polite() {
    local figure
    "$build/tests/gateway_load" -p "$port" -c $clients -n $((clients * (round - 4) * 20)) \
        --pause 50 --first 130 --same --seconds $((round * 20)) --limit "$limit" \
        >"$work/polite" 2>&1 ||
        flaw "minute $1: wrong or missing answers: $(cat "$work/polite")"
    ask_metrics | grep -q '^metersim_meters 16' ||
        flaw "minute $1: the metrics do not answer"
    figure=$(timeout 60 "$meter" console -e 'return 40 + 2' "$console" 2>&1)
    [ "$figure" = 42 ] || flaw "minute $1: the console answers '$figure'"
    peak=$(memory)
    figure=$(sed -n 's/.*p99.9 *\([0-9]*\).*/\1/p' "$work/polite")
    [ "${figure:-999999}" -le "$limit" ] || minutes=$((minutes + 1))
    late=$((late + $(sed -n 's/.*late \([0-9]*\)$/\1/p' "$work/polite")))
    answers=$((answers + $(awk '{ print $3; exit }' "$work/polite")))
    echo "minute $1: p99.9 ${figure:-?} µs, late in all $late of $answers answers, $peak KiB, load $(load)"
}
early=0 late_memory=0
for n in $(seq $rounds); do
    "${hostile[@]}" "$build/tests/gateway_hostile" "$port" "$round" >"$work/first" 2>&1 &
    first=$!
    "${hostile[@]}" "$build/tests/hostile_doors" "$port" "$pty" "$console" "$metrics" "$round" "$n" \
        >"$work/second" 2>&1 &
    second=$!
    polite "$n"
    wait $first || flaw "minute $n: $(cat "$work/first")"
    wait $second || flaw "minute $n: $(cat "$work/second")"
    kill -0 "$pid" 2>/dev/null || { flaw "the server ended"; break; }
    [ "$n" -gt $(((rounds + 3) / 4)) ] || early=$(greater "$early" "$peak")
    [ "$n" -le $((rounds - (rounds + 3) / 4)) ] || late_memory=$(greater "$late_memory" "$peak")
done
cat "$work/first" "$work/second"
stop
grep -E 'runtime error|Sanitizer' -A 12 "$log" && flaw "a sanitizer has reported"
echo "memory at its peak: $early KiB in the first quarter, $late_memory KiB in the last"
echo "above $limit µs: $late of $answers answers; p99.9 of $minutes of $rounds minutes"
[ "$late_memory" -le $((early + early / 50 + 8192)) ] || flaw "memory grows"
[ -z "${LIMIT_US:-}" ] || [ $((1000 * late)) -le "$answers" ] || flaw "p99.9 is above $limit µs"
finish "hostile clients on all doors for $((rounds * round)) s: no report"
