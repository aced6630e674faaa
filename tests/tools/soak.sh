#!/bin/bash
# soak.sh BUILD [SECONDS [METERS [CONNECTIONS]]]: a plant as users run it, polled and
# checked answer by answer (soak_client.c). Fails when an answer is wrong, simulated time
# was ever more than 50 ms behind, or memory grew by more than 1 % after the first quarter.
set -u
build=$1 seconds=${2:-600} meters=${3:-1000} connections=${4:-200}
port=${SOAK_PORT:-15020}
log=$(mktemp)
"$build/metersim" serve --count "$meters" --load-seed 1 --tcp "127.0.0.1:$port" \
    --metrics "127.0.0.1:$((port - 1))" >"$log" 2>&1 &
pid=$!
trap 'kill $pid 2>/dev/null; rm -f "$log"' EXIT
for _ in $(seq 200); do
    grep -q Ctrl-C "$log" && break
    sleep 0.05
done
grep -q Ctrl-C "$log" || { cat "$log"; exit 1; }

memory() { awk '/^VmRSS/ { print $2 }' "/proc/$pid/status"; }
cpu() { cat /proc/$pid/task/*/schedstat | awk '{ ns += $1 } END { printf "%.0f", ns }'; }
metric() {
    exec 3<>"/dev/tcp/127.0.0.1/$((port - 1))"
    printf 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n' >&3
    sed -n "s/^$1 //p" <&3
    exec 3>&-
}

cpu_before=$(cpu)
"$build/tests/soak_client" --port "$port" --count "$meters" \
    --connections "$connections" --seconds "$seconds" &
client=$!
sleep $((seconds / 4 + 3))
early=$(memory)
wait $client
code=$?
late=$(memory) lag=$(metric metersim_lag_worst_seconds)
awk -v c="$(($(cpu) - cpu_before))" -v s="$seconds" -v early="$early" -v late="$late" \
    -v lag="$lag" -v meters="$meters" 'BEGIN {
    printf "server: %.1f %% of a core, %d KiB (%.1f a meter), %d KiB after a quarter; ",
        c / (s + 3) / 1e7, late, late / meters, early
    printf "worst lag %.1f ms\n", lag * 1000
    exit !(lag <= 0.05 && late <= early * 1.01)
}' || { echo "soak: lag beyond 50 ms, or memory that grows"; code=1; }
[ $code = 0 ] && echo "soak: passed"
exit $code
