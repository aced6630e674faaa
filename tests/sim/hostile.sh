#!/bin/bash
# hostile.sh METERSIM TOOLS REQUESTS: 100 clients poll a served meter while four others
# misbehave (tests/tools/gateway_hostile.c). All their answers must be right and come;
# p99.9 is printed, and judged only with LIMIT_US, as on a machine of one's own.
set -u
. "$(dirname "$0")/../support/await_port.sh"
meter=$1 tools=$2 requests=$3
log=$(mktemp)
trap 'kill $pid $hostile 2>/dev/null; rm -f "$log"' EXIT
pid='' hostile=''
"$meter" serve --tcp 127.0.0.1:0 >"$log" 2>&1 &
pid=$!
await_port "$log"
poll() { # the ten registers from 130 on are settings: all answers hold the same
    "$tools/gateway_load" -p "$port" -c 100 -n "$requests" --pause 50 --first 130 --same
}
quiet=$(poll) || { echo "wrong or missing answers without hostile clients"; exit 1; }
# 100 clients every 50 ms: so long the hostile ones must last.
"$tools/gateway_hostile" "$port" $((requests / 2000 + 2)) &
hostile=$!
loud=$(poll) || { echo "wrong or missing answers: $loud"; exit 1; }
wait $hostile || { echo "the hostile clients were not heard"; exit 1; }
kill -TERM $pid
wait $pid || { echo "serve ended with exit code $?"; exit 1; }
figure() { sed -n 's/.*p99.9 *\([0-9]*\).*/\1/p' <<<"$1"; }
echo "p99.9 of 100 clients: $(figure "$quiet") µs alone, $(figure "$loud") µs beside hostile ones"
[ -z "${LIMIT_US:-}" ] || [ "$(figure "$loud")" -le "$LIMIT_US" ]
