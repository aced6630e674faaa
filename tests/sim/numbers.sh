#!/bin/bash
# shellcheck disable=SC2086 # commands are lists of words
# numbers.sh METERSIM SOURCE: every option that takes a number refuses what is none, what
# is empty, and what is out of its range: exit 2, with the command, the option and the
# value; bounds themselves are taken.
set -u
meter=$1
cd "$2" || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flaws=0 tried=0
complain() {
    echo "$*"
    flaws=1
}

# refused OPTION VALUE COMMAND…
refused() {
    local option=$1 value=$2
    shift 2
    timeout 300 "$meter" "$@" "--$option=$value" >/dev/null 2>"$work/err" </dev/null
    local code=$?
    tried=$((tried + 1))
    [ $code = 2 ] || complain "$1 --$option='$value': exit code $code instead of 2"
    grep -q "^metersim $1: .*$option" "$work/err" ||
        complain "$1 --$option='$value' is told so: $(cat "$work/err")"
    [ "$(wc -l <"$work/err")" = 1 ] || complain "$1 --$option='$value': more than a line"
}
# none_of OPTION "VALUES OUT OF RANGE" COMMAND…
none_of() {
    local option=$1 values=$2
    shift 2
    for value in $values 99999999999999999999 text "" nan inf 1e400; do
        refused "$option" "$value" "$@"
    done
}

scenario=scenarios/open_ct.lua
none_of jobs "0 -1 257 1.5" run $scenario
none_of repeat "0 -1 100001" run $scenario
none_of seed "-1" run $scenario
none_of steps "0 -1" run $scenario
none_of speed "0 -1" run $scenario
none_of time-limit "-1" run $scenario
none_of simulated-limit "-1" run $scenario
none_of shard "0 -1 2/1" run $scenario
none_of record-seconds "0 -1 5:2" run $scenario --record "$work/record"
serve="serve --console none --rtu none --tcp 127.0.0.1:0"
none_of count "0 -1 15809" $serve
none_of workers "0 -1 257" $serve
none_of load-seed "-1" $serve
none_of type "0 -1 13" $serve
none_of ct "0 -1 32001" $serve
none_of ct "19" $serve --model s4000r
none_of volts "0 -1 81 661" $serve
none_of hz "0 -1 0.9 1001" $serve
none_of amps "-1 40001" $serve
none_of pf "-1.1 1.1" $serve
none_of address "0 -1 248" $serve
none_of baud "0 -1 115201" $serve
none_of parity "0 -1 X NE" $serve
none_of fill-word "-1 65536" $serve
none_of speed "0 -1" $serve
for option in $("$meter" serve --help | sed -n 's/^ *--\([a-z-]*\)=[SN] .* to .*/\1/p'); do
    case $option in count | workers | address) ;; *) none_of "$option" "-1" $serve ;; esac
done
none_of runs "0 -1 26" bench --only e
none_of starts "0 -1 361" accuracy tests/data/accuracy/cases.csv
comtrade="comtrade recordings/sag_b_480v.cfg"
none_of scale-v "0" $comtrade
none_of scale-i "0" $comtrade
none_of hz "-1 9 101" $comtrade
none_of before "-1 3601" $comtrade
none_of after "-1 3601" $comtrade
none_of ct "-1 32001" $comtrade
none_of volts "-1 81 32001" $comtrade
none_of pt "-1 321" $comtrade
none_of type "0 -1 13" $comtrade
capture="capture --tcp 127.0.0.1:1"
none_of unit "-1 256" $capture
none_of baud "0 -1 115201" $capture
none_of parity "0 -1 X NE" $capture
none_of timeout "0 -1 3601" $capture
none_of baud "0 -1 115201" compare a b
none_of parity "0 -1 X NE" compare a b
none_of timeout "0 -1 3601" compare a b
none_of tolerance "-1% 101%" compare a b
log="history tests/data/history/04_spanish.csv"
none_of ct "-1 32001" $log
none_of volts "-1 81 32001" $log
none_of pt "-1 321" $log
none_of hz "-1 44 66" $log
none_of type "-1 13" $log
none_of pf "0 1.1 -1" $log
none_of tolerance "-1% 101%" $log
none_of unit "0 256" traffic tests/data/traffic/tcp.pcap
none_of at "-2 1e10" traffic tests/data/traffic/tcp.pcap
none_of tolerance "-1% 101%" traffic tests/data/traffic/tcp.pcap
panel="panel $scenario --screenshot $work/x.png"
none_of at "0 -1" $panel
none_of size "0 -1 299x300 8001x300" $panel

# taken OPTION VALUE COMMAND…: until the port is printed, or to the end
taken() {
    local option=$1 value=$2
    shift 2
    : >"$work/out" # or the one before would have said it
    timeout 300 "$meter" "$@" "--$option=$value" >>"$work/out" 2>"$work/err" </dev/null &
    local pid=$!
    while :; do
        grep -q "Ctrl-C" "$work/out" && kill -TERM $pid 2>/dev/null && break
        kill -0 $pid 2>/dev/null || break
        sleep 0.02
    done
    wait $pid || complain "$1 --$option=$value was refused: $(cat "$work/err")"
}
taken hz 1000 $serve
taken hz 1 $serve
taken workers 1 $serve
taken load-seed 0 $serve
taken volts 82 $serve
taken address 247 $serve
taken fill-word 65535 $serve
taken jobs 256 run $scenario
taken seed 9223372036854775807 run $scenario

# What stands in no option.
"$meter" serve "$work/nofile.lua" 2>"$work/err" >/dev/null
[ $? = 2 ] && grep -q "^metersim serve: .*nofile.lua.*No such file" "$work/err" ||
    complain "serve nofile.lua: $(cat "$work/err")"
"$meter" run "$work/nofile.lua" 2>"$work/err" >/dev/null
[ $? = 2 ] && grep -q "^metersim run: .*nofile.lua: no such file" "$work/err" ||
    complain "run nofile.lua: $(cat "$work/err")"
[ $flaws = 0 ] && echo "$tried wrong numbers refused"
exit $flaws
