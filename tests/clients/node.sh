#!/bin/bash
# node.sh METERSIM: the tests of clients/node, with node's own test runner.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/support/needs.sh
needs node
METERSIM=$(realpath "$1")
export METERSIM
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tmp" "$work/run"
export TMPDIR=$work/tmp XDG_RUNTIME_DIR=$work/run
node --test tests/clients/node/ || exit 1
left=$(find "$work/tmp" "$work/run" -mindepth 1 ! -path "$work/run/metersim")
[ -z "$left" ] || { echo "left behind: $left"; exit 1; }
