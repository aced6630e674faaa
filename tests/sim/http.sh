#!/bin/bash
# http.sh METERSIM: `serve --http`, by clients that do as they should and clients that do not
# (http.py), the console by it (http_console.py), and the RS-485 line (http_line.py).
set -u
meter=$1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../support/served.sh"
needs python3
start --rtu none --count 3 --hold --http 127.0.0.1:0 --http-name plant.example --ready "$work/ready"
link=$(sed -n 's/^Page: //p' "$log")
address=${link%%/#*}
timeout 600 python3 "$here/http.py" "${address##*:}" "${link##*token=}" "$port" "$work/ready" ||
    flaw "a client of HTTP"
timeout 600 python3 "$here/http_console.py" "${address##*:}" "${link##*token=}" "$console" ||
    flaw "the console by a WebSocket"
[ "$(grep -c "${link##*token=}" "$log")" = 1 ] || flaw "the token stands not once in the log"
stop
# No console of its own, no page in the program: the rest is served all the same.
# line OPTION…: what crosses the RS-485 line is shown (http_line.py).
line() {
    start --http :0 "$@"
    grep -q '^Page: http://127.0.0.1:' "$log" || flaw "without a host it is loopback"
    address=$(sed -n 's/^Page: \(.*\)\/#.*/\1/p' "$log")
    timeout 600 python3 "$here/http_line.py" "${address##*:}" "$port" ${pty:+"$pty"} ||
        flaw "the traffic of the line, with '$*'"
    stop
}
line
line --rtu none --gateway
shows "a bad address" "no HOST:PORT" "$meter" serve --tcp 127.0.0.1:0 --rtu none --console none --http here:there
finish "serve --http: pages, programs and hostile clients"
