#!/bin/bash
# power_cuts.sh BUILD [TIMES [SEED]]: the power of the flashed image goes at random instructions,
# on the models of its chips, instructions taking time: energies and power-ups never run
# back, no answered setting is lost, and a save at POWER_GOOD loses at most 20 ms of
# energy (power_cuts.c). The same seed gives the same cuts on every host. By hand 1000.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build} times=${2:-150} seed=${3:-4100}
"$build/power_cuts" "$build/firmware/meter.elf" "$times" "$seed" || exit 1
echo "energies never ran back, settings are intact"
