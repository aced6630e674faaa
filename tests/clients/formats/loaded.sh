#!/bin/bash
# loaded.sh METERSIM PROGRAM: that program loads what `metersim registers --format` prints for
# it, and reads a live meter of each model by it. Node-RED is no part of ./check: npm needs
# minutes and 115 MB for it. By hand, with METERSIM_NODE_RED the folder where npm has
# installed tests/clients/node-red/package.json (docs/testing.md).
set -u
cd "$(dirname "$0")/../../.." || exit 2
. tests/support/needs.sh
METERSIM=$(realpath "$1") PYTHONPATH=$PWD/clients/python PYTHONDONTWRITEBYTECODE=1
export METERSIM PYTHONPATH PYTHONDONTWRITEBYTECODE
case $2 in
collectd) needs collectd ;;
zabbix-agent2) PATH=$PATH:/usr/sbin needs zabbix_agent2 ;;
prometheus) needs prometheus promtool ;;
node-red) [ -d "${METERSIM_NODE_RED:-}/node_modules/node-red" ] || missing 'node-red (METERSIM_NODE_RED)' ;;
*) exit 2 ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/tmp" "$work/run"
export TMPDIR=$work/tmp XDG_RUNTIME_DIR=$work/run
/usr/bin/python3 tests/clients/formats/loaded.py "$2"
