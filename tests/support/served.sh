# shellcheck shell=bash
# served.sh is sourced by shell tests of `metersim serve` ($meter): servers, clients and
# what they must print. A test has a folder of its own, $work, which is the runtime folder
# too, so that no names of ptys are other people's. It goes in the end, as do the servers.
. "$(dirname "${BASH_SOURCE[0]}")/await_port.sh"
. "$(dirname "${BASH_SOURCE[0]}")/needs.sh"
work=$(mktemp -d)
export XDG_RUNTIME_DIR=$work
pid='' port='' pty='' console='' log='' servers=() flaws=0
: "${meter:?the program under test}"
end_all() {
    [ ${#servers[@]} = 0 ] || { kill -9 "${servers[@]}"; wait "${servers[@]}"; } 2>/dev/null
    rm -rf "$work"
}
trap end_all EXIT

flaw() {
    echo "$*"
    flaws=1
}
# finish TEXT: the test's last line.
finish() {
    [ $flaws = 0 ] && echo "$*"
    exit $flaws
}

# wait_for PATTERN: until the server's log has such a line; five minutes are a hang.
wait_for() {
    for _ in $(seq 6000); do
        grep -q -- "$1" "$log" && return
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.05
    done
    echo "the server did not print '$1':"
    cat "$log"
    exit 1
}
# start OPTION…: a server; its $pid, $port, $pty ("" with --rtu none), $console and $log.
start() {
    log=$work/log${#servers[@]}
    console=$work/console${#servers[@]}
    : >"$log"
    "$meter" serve --tcp 127.0.0.1:0 --console "$console" "$@" >"$log" 2>&1 &
    pid=$!
    servers+=("$pid")
    await_port "$log"
    wait_for '^Ctrl-C ends'
    pty=$(sed -n 's/^Modbus RTU on \([^,]*\), .*/\1/p' "$log" | head -n 1)
}
# start_at_rest SCENARIO OPTION…: and the scenario has come to its end, and says so itself.
start_at_rest() {
    local scenario=$work/at_rest${#servers[@]}.lua
    { cat "$1"
      printf '\nprint "all is at rest"\n'; } >"$scenario"
    shift
    start "$@" "$scenario"
    wait_for '^all is at rest$'
}
# hold: simulated time of the server stands still; what is read over TCP stays as it is,
# however long the host takes. (Bytes on a pty need time.)
hold() {
    "$meter" console -e 'hold()' "$console" >/dev/null || flaw "time cannot be held"
}
# stop: the server ends cleanly.
stop() {
    local code
    kill -TERM "$pid"
    wait "$pid"
    code=$?
    [ $code = 0 ] || flaw "serve ended with exit code $code"
}

# by_tcp UNIT OPTION… and by_rtu: mbpoll, once.
by_tcp() { mbpoll -m tcp -p "$port" -1 -o 10 -a "$@" 127.0.0.1 2>&1; }
by_rtu() { mbpoll -m rtu -b 38400 -P none -1 -o 10 -a "$@" "$pty" 2>&1; }

# expect CODE NAME COMMAND…: its output is kept for expect_text.
expect() {
    local code=$1 name=$2
    shift 2
    "$@" >"$work/out" 2>&1
    local got=$?
    [ $got = "$code" ] && return
    flaw "$name: exit code $got instead of $code:"
    head -n 40 "$work/out"
}
# expect_text NAME TEXT: the last command's output holds the text.
expect_text() {
    grep -qF -- "$2" "$work/out" && return
    flaw "$1: expected '$2' in:"
    head -n 20 "$work/out"
}
# shows NAME TEXT COMMAND…: its output holds the text, whatever its exit code.
shows() {
    local name=$1 text=$2
    shift 2
    "$@" >"$work/out" 2>&1
    expect_text "$name" "$text"
}

# await_seconds N COMMAND…: until N simulated seconds have gone by, by the clock of an
# S4100 (157: seconds, minutes), which begins at 0; five minutes are a hang.
await_seconds() {
    local least=$(($1 * 256)) end=$((SECONDS + 300)) word=''
    shift
    while [ $SECONDS -lt $end ]; do
        word=$("$@" -r 157 -c 1 | sed -n 's/^\[157\]:[^0-9]*\([0-9]*\).*/\1/p')
        [ "${word:-0}" -ge $least ] && return
        sleep 0.05
    done
    echo "the meter's clock did not come to $((least / 256)) s, but to '$word'"
    exit 1
}

# map_blocks MODEL: "first count" of the registers that follow one another, 125 at the
# most: the whole map.
map_blocks() {
    { "$meter" registers "$1" --csv
      [ "$1" = s4100 ] && "$meter" registers sunspec --csv; } |
        awk -F, '$1 + 0 > 0 { for (k = 0; k < $2; k++) print $1 + k }' | sort -n | uniq |
        awk 'NR > 1 && ($1 != first + n || n == 125) { print first, n; n = 0 }
            n == 0 { first = $1 } { n++ } END { print first, n }'
}
# still: "register word" without the clock (155-157), which goes on.
still() { awk '($1 < 155 || $1 > 157) { print $1, toupper($2) }' | sort -n; }
# read_map by_tcp|by_rtu UNIT <BLOCKS: "register word" of all registers.
read_map() {
    local first count
    while read -r first count; do
        "$1" "$2" -r "$first" -c "$count" -t 4:hex
    done | sed -n 's/^\[\([0-9]*\)\]:[^0]*0x\([0-9A-Fa-f]*\).*/\1 \2/p' | still
}
# is_whole MODEL FILE: a map that read_map printed is all of it, and no empty words.
is_whole() {
    local count holding logged expected=169 least=80 entries=0
    [ "$1" = s4100 ] && expected=6250 least=200 entries=5
    count=$(wc -l <"$2")
    holding=$(awk '$2 != "8000" && $2 != "0000"' "$2" | wc -l)
    logged=$(awk '$1 >= 8000 && $1 <= 13759 && $2 != "8000"' "$2" | wc -l)
    [ "$count" = $expected ] || flaw "$1: $count registers instead of $expected"
    [ "$holding" -gt $least ] || flaw "$1: only $holding registers hold something"
    [ "$logged" -ge $entries ] || flaw "$1: only $logged entries in the log"
    echo "$1: $count registers, $holding hold something, $logged log entries"
}
