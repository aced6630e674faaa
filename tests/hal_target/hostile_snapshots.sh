#!/bin/bash
# hostile_snapshots.sh BUILD [ELF [TIMES [SEED]]]: a snapshot of a device that runs the
# flashed image comes from outside. What no image could have left is refused, and what is
# not refused runs on (hostile_snapshots.c); with a BUILD under ASan and UBSan, without a
# report. By hand 20000 times, each SEED in its own way.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build} elf=${2:-} times=${3:-100} seed=${4:-1}
UBSAN_OPTIONS=halt_on_error=1 "$build/hostile_snapshots" "${elf:-$build/firmware/meter.elf}" \
    "$times" "$seed" || exit 1
