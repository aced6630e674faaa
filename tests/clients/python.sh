#!/bin/bash
# python.sh METERSIM [PYTEST ARGUMENT…]: the tests of clients/python, and the recipes of
# docs/recipes.md, with Debian's pytest, on two processes. All that they leave in the
# file system would be in a folder of this script's own.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/support/needs.sh
METERSIM=$(realpath "$1") PYTHONPATH=$PWD/clients/python PYTHONDONTWRITEBYTECODE=1
export METERSIM PYTHONPATH PYTHONDONTWRITEBYTECODE
shift
/usr/bin/python3 -c 'import pytest, xdist' 2>/dev/null || missing python3-pytest-xdist
tests/tools/recipes.py || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tmp" "$work/run"
export TMPDIR=$work/tmp XDG_RUNTIME_DIR=$work/run
[ $# -gt 0 ] || set -- tests/clients/python tests/clients/recipes
/usr/bin/python3 -m pytest -q -n 2 -p no:cacheprovider -p metersim.pytest_plugin --basetemp "$work/pytest" \
    --metersim-keep "$work/kept" "$@" || exit 1
left=$(find "$work/tmp" "$work/run" -mindepth 1 ! -path "$work/run/metersim")
[ -z "$left" ] || { echo "left behind: $left"; exit 1; }
