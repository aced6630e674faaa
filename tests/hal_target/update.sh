#!/bin/bash
# update.sh BUILD [ROUNDS [METERS]]: updates of the flashed image over a simulated line, with a
# power cut at a random moment of each (update_rounds.c). By default one update and an image
# that does nothing; 200 rounds, and 10 meters in turn while the others are read, by hand.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build}
"$build/update_rounds" "$build" "${2:-1}" "${3:-1}"
