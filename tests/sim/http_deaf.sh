#!/bin/bash
# http_deaf.sh METERSIM: a client of `serve --http` that never reads (http_deaf.py).
set -u
meter=$1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../support/served.sh"
needs python3
start --rtu none --hold --http 127.0.0.1:0
link=$(sed -n 's/^Page: //p' "$log")
address=${link%%/#*}
timeout 300 python3 "$here/http_deaf.py" "${address##*:}" "${link##*token=}" ||
    flaw "a client that never reads"
stop
finish "serve --http: who never reads is dropped, the others are served"
