#!/bin/bash
# update.sh BUILD [all]: updates of the flashed image over a simulated line (update_rounds.c):
# power cut at random moments, wrong bits in the stored image, several meters in turn, an
# image that does nothing. By hand, with "all": 200 cuts, 1000 wrong bits, ten meters: some
# minutes of two cores.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build} cuts=10 bits=25 meters=
[ "${2:-}" != all ] || cuts=200 bits=1000 meters=10
run() { "$build/update_rounds" "$build" "$@"; }
flaws=0
# One process beside that of the cuts, which has one more.
{ run bits $bits && run dead 1 && { [ -z "$meters" ] || run turn $meters; }; } &
others=$!
run cuts $cuts || flaws=1
wait $others || flaws=1
exit $flaws
