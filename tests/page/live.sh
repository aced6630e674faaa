#!/bin/bash
# live.sh METERSIM: the page before a live plant, in two browsers (live.mjs).
set -u
meter=$1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../support/served.sh"
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    missing chromium
needs node mbpoll
"$meter" page -o "$work/meter.html" >"$work/said" 2>&1 || missing emscripten
start --rtu none --count 3 --hold --http 127.0.0.1:0
"$meter" console -e 'advance "5 s"' "$console" >/dev/null || flaw "time does not go on"
timeout 900 node "$here/live.mjs" "$browser" "$(sed -n 's/^Page: //p' "$log")" "$port" || flaw "the page"
stop
finish "the live page"
