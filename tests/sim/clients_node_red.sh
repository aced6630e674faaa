#!/bin/bash
# clients_node_red.sh tcp PORT UNIT FUNCTION: as the other clients, with Node-RED and
# node-red-contrib-modbus: a flow that reads each block of standard input once, one after
# the other, and prints the words to its log. METERSIM_NODE_RED is where they are installed
# (docs/testing.md). Used by clients_gateway.sh.
set -u
folder=$(mktemp -d)
pid=''
trap '[ -z "$pid" ] || kill "$pid"; wait; rm -rf "$folder"' EXIT
touch "$folder/log"
cat >"$folder/blocks"
node "$(dirname "$0")/clients_node_red.js" "$2" "$3" "$4" <"$folder/blocks" >"$folder/flows.json" || exit 1
cp "$METERSIM_NODE_RED/package.json" "$folder"
ln -s "$METERSIM_NODE_RED/node_modules" "$folder/node_modules"
echo 'module.exports = { httpAdminRoot: false, httpNodeRoot: false, flowFile: "flows.json", uiPort: 0, uiHost: "127.0.0.1" };' >"$folder/settings.js"
node "$METERSIM_NODE_RED/node_modules/node-red/red.js" -u "$folder" -s "$folder/settings.js" >"$folder/log" 2>&1 &
pid=$!
read_words() { sed -n 's/.*\] words \([0-9]\)/\1/p' "$folder/log"; }
for _ in $(seq 3000); do # five minutes are a hang
    [ "$(read_words | wc -l)" = "$(wc -l <"$folder/blocks")" ] && break
    kill -0 $pid 2>/dev/null || break
    sleep 0.1
done
read_words | awk '{ for (k = 2; k <= NF; k++) printf "%d %04x\n", $1 + k - 2, $k }'
[ "$(read_words | wc -l)" = "$(wc -l <"$folder/blocks")" ] || { cat "$folder/log" >&2; exit 1; }
