#!/bin/bash
# hostile_web.sh BUILD [SECONDS]: a plant of 16 meters with `serve --http` while clients of
# the web misbehave, 15 kinds at once (hostile_web.py). Beside them 20 clients poll by
# Modbus TCP, and every answer is compared. Prints how many were late (LIMIT_US, 5000);
# fails with a wrong or missing answer, a kind of client that never came in, or a server
# that ended; judged by p99.9 only under `chrt -r 7`, as hostile_hour.sh is: then nothing
# delays the clients, the server, and the clients that misbehave, in this order.
set -u
build=$(cd "$1" && pwd) seconds=${2:-60}
meter=$build/metersim
cd "$(dirname "$0")/../.." || exit 2
. tests/support/served.sh
limit=${LIMIT_US:-5000} clients=20 hostile=()
start --rtu none --count 16 --http 127.0.0.1:0 --max-connections 500
link=$(sed -n 's/^Page: //p' "$log")
address=${link%%/#*}
priority=$(chrt -p $$ | sed -n 's/.*SCHED_RR$/RR/p; s/.*priority: //p' | paste -sd ' ')
if [[ $priority =~ ^RR\ ([0-9]+)$ ]]; then
    hostile=(chrt -r $((BASH_REMATCH[1] - 2)))
    chrt -r -p $((BASH_REMATCH[1] - 1)) "$pid"
fi
"${hostile[@]}" python3 tests/tools/hostile_web.py "${address##*:}" "${link##*token=}" "$seconds" \
    >"$work/hostile" 2>&1 &
attack=$!
"$build/tests/gateway_load" -p "$port" -c $clients -n $((clients * (seconds - 2) * 20)) --pause 50 \
    --first 130 --same --seconds $((seconds * 20)) --limit "$limit" >"$work/polite" 2>&1 ||
    flaw "wrong or missing answers"
wait $attack || flaw "a kind of client never came in"
cat "$work/polite" "$work/hostile"
kill -0 "$pid" 2>/dev/null || flaw "the server ended"
stop
late=$(sed -n 's/.*late \([0-9]*\)$/\1/p' "$work/polite") answers=$(awk '{ print $3; exit }' "$work/polite")
echo "above $limit µs: $late of $answers answers"
[ ${#hostile[@]} = 0 ] || [ $((1000 * late)) -le "$answers" ] || flaw "p99.9 is above $limit µs"
finish "hostile clients of the web for $seconds s: every answer as it should be"
