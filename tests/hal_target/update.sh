#!/bin/bash
# update.sh BUILD [all]: updates of the flashed image over a simulated line (update_rounds.c):
# power cut at random moments, wrong bits in the stored image, several meters in turn, an
# image that does nothing. By hand, with "all": 200 cuts, 1000 wrong bits, ten meters: some
# minutes of two cores.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build} cuts=10 bits=25 meters=
[ "${2:-}" != all ] || cuts=200 bits=1000 meters=10
flaws=0
for what in "cuts $cuts" "bits $bits" ${meters:+"turn $meters"} "dead 1"; do
    # shellcheck disable=SC2086 # two words
    "$build/update_rounds" "$build" $what || flaws=1
done
exit $flaws
