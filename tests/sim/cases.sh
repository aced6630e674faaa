#!/bin/bash
# cases.sh METERSIM: cases are the same bytes for any --jobs, and so are their tapes and
# records; --filter chooses them without a difference to what they do; with jobs to spare
# they run beside one another.
set -u
meter=$1
script=$(cd "$(dirname "$0")" && pwd)/cases.lua
source=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
cp "$script" cases.lua
flaws=0
complain() {
    echo "$*"
    flaws=1
}
plain() { sed 's/, [0-9]* ms)$//; s/simulated in .*//; s/^\(not \)\?ok [0-9]*/\1ok/' "$1"; }

for jobs in 1 2 8; do
    "$meter" run cases.lua cases.lua --jobs $jobs --record rec$jobs >out$jobs
    [ $? = 1 ] || complain "--jobs $jobs: three cases fail, so the exit code is 1"
    "$meter" run cases.lua --jobs $jobs --tape t.tape >tapes$jobs
    cat t.tape t.tape.case* | sha256sum >sum$jobs
    ls t.tape* >names$jobs
    rm t.tape*
done
grep -q "^1..18$" out1 || complain "not 18 points: $(cat out1)"
for jobs in 2 8; do
    cmp <(plain out1 | sed "s/rec1/rec/") <(plain out$jobs | sed "s/rec$jobs/rec/") ||
        complain "--jobs $jobs prints something else"
    cmp <(plain tapes1) <(plain tapes$jobs) || complain "--jobs $jobs: other tapes"
    cmp sum1 sum$jobs && cmp names1 names$jobs || complain "--jobs $jobs: other files"
    diff -r rec1 rec$jobs >/dev/null || complain "--jobs $jobs: other records"
done

# A case of a case has the tape of its way, and it replays.
"$meter" run cases.lua --jobs 4 --tape t.tape >/dev/null
for name in t.tape t.tape.case2 t.tape.case2.case1; do
    "$meter" replay $name >out || complain "$name does not replay: $(cat out)"
done
grep -q "83.000 s simulated" out || complain "t.tape.case2.case1 is too short: $(cat out)"

# The record of a case: what it began with, its meters, its outcome.
events=rec1/cases/cases/2-50_A/cases/2-less/events.csv
grep -q '^53.000,script,,19,"case ""less"""$' $events && grep -q ',failed,' $events ||
    complain "events of a case: $(cat $events)"
[ "$(sed 1d rec1/cases/cases/2-50_A/meter1/readings.csv | wc -l)" = 51 ] || # with the second at which it begins
    complain "readings of a case of 50 s: $(cut -c1-12 rec1/cases/cases/2-50_A/meter1/readings.csv)"
grep -q "131,CT,200" rec1/cases/cases/2-50_A/meter1/registers.csv ||
    complain "what is watched is not in the record of a case"
"$meter" run cases.lua --record rec1 --filter "cases: 10 A: more" >/dev/null
[ "$(ls rec1/cases/cases)" = 1-10_A ] || complain "an earlier record was not replaced"

# filtered FILTER NAMES: these points and no others, as without the filter.
filtered() {
    "$meter" run cases.lua --filter "$1" --jobs 2 >out 2>err
    plain out | sed -n 's/^\(not \)\?ok - \(.*\) (.*/\2/p' | paste -sd, >got
    [ "$(cat got)" = "$2" ] || complain "--filter '$1' gives $(cat got)"
    while read -r line; do
        plain out1 | grep -qFx -- "$line" || complain "--filter '$1' changes: $line"
    done < <(plain out | grep -v '^1\.\.\|^# [0-9]')
}
filtered "cases: 50 A" "cases: 50 A,cases: 50 A: more,cases: 50 A: less"
filtered "cases: 50 A: less" "cases: 50 A: less"
filtered "ase: 0 A: m" "cases: 10 A: more,cases: 50 A: more,cases: 80 A: more"
filtered ": 80" "cases: 80 A,cases: 80 A: more,cases: 80 A: less"
"$meter" run cases.lua --filter "cases: 51 A" >out 2>err
[ $? = 2 ] && grep -q "^metersim run: --filter 'cases: 51 A' matches no case" err || complain "no case: $(cat err)"
"$meter" run cases.lua --filter "casas: 50 A" >out 2>err
[ $? = 2 ] && grep -q "^metersim run: --filter 'casas: 50 A' matches no scenario" err ||
    complain "no scenario: $(cat err)"

# What help and manual show as an example is there.
examples=0
while read -r name; do
    examples=$((examples + 1))
    "$meter" run "$source/scenarios" --filter "$name" >out 2>&1 && grep -q '^ok 1 -' out ||
        complain "the example --filter '$name': $(cat out)"
done < <({ "$meter" run --help; cat "$source/docs/scenarios.md"; } |
    sed -n 's/.*run scenarios --filter "\([^"]*\)".*/\1/p')
[ $examples = 2 ] || complain "$examples examples of --filter instead of 2"

# Cases without end: eight are one in the other, then it is told where; those that only
# begin others stop at the time limit; who kills the runner kills them all.
cat >deep.lua <<'LUA'
local function f(n)
    case("c" .. n) (function()
        f(n + 1)
    end)
end
f(1)
LUA
for jobs in 1 8; do
    timeout 900 "$meter" run deep.lua --time-limit 300 --jobs $jobs >out
    [ $? = 2 ] || complain "endless cases: not exit code 2"
    grep -qF 'deep: c1: c2: c3: c4: c5: c6: c7: c8 (' out &&
        grep -q "deep.lua:2: case: at most 8 cases, one in the other" out ||
        complain "endless cases: $(cat out)"
    [ "$(grep -c '^not ok' out)" = 1 ] || complain "more than one is wrong: $(cat out)"
done
cat >broad.lua <<'LUA'
local function f()
    for k = 1, 10000 do
        case("c" .. k) (f)
    end
end
f()
LUA
timeout 300 "$meter" run broad.lua --time-limit 1 --jobs 2 >out
[ $? = 2 ] && grep -q "broad.lua:3: stopped by the time limit" out ||
    complain "endlessly many cases: $(cat out)"
# The processes of a program that no other test runs.
# shellcheck disable=SC2012 # links and where they lead
copies() { ls -l /proc/[0-9]*/exe 2>/dev/null | sed -n "s|.*/proc/\([0-9]*\)/exe -> $work/copy$|\1|p"; }
# await_copies COUNT: as many run at a time; false when the first has ended before, or hangs.
await_copies() {
    for _ in $(seq 3000); do
        [ "$(copies | wc -l)" -ge "$1" ] && return
        kill -0 $runner 2>/dev/null || return 1
        sleep 0.02
    done
    return 1
}
cp "$meter" copy
./copy run broad.lua --jobs 4 >out &
runner=$!
await_copies 3 || complain "no cases ran to be killed"
kill -9 $runner
wait $runner 2>/dev/null
for _ in $(seq 1000); do
    left=$(copies | wc -l)
    [ "$left" = 0 ] && break
    sleep 0.1
done
[ "$left" = 0 ] || complain "$left processes outlive the runner"

# A scenario that is stuck, with a case in a case: the runner kills all of them.
cat >stuck.lua <<'LUA'
case "a" (function()
    case "b" (function()
        while true do end
    end)
end)
LUA
# On a host where they are not all there before the time limit, it is given more time.
for limit in 3 30 300; do
    ./copy run stuck.lua --time-limit $limit --steps 1000000000000 >out &
    runner=$!
    await_copies 4 && break
    wait $runner
done
stopped=$(copies | grep -vx $runner)
[ "$(echo "$stopped" | wc -l)" = 3 ] || complain "not a worker and two cases: $stopped"
# shellcheck disable=SC2086
kill -STOP $stopped
wait $runner
[ $? = 2 ] && grep -q "killed: stuck in one call beyond the time limit of $limit s" out ||
    complain "a stuck scenario: $(cat out)"
[ -z "$(copies)" ] || complain "a stuck scenario leaves processes: $(copies)"

# A storm of cases is not stuck: a machine that is too busy to end them at once keeps what
# they have to say.
cat >storm.lua <<'LUA'
for k = 1, 200 do meter { name = "m" .. k } end
wait "0.1 s"
for k = 1, 120 do
    case("nr " .. k) (function() wait "100 h" end)
end
LUA
for limit in 1 10 100; do # on a host where no case has begun before it: more time
    "$meter" run storm.lua --time-limit $limit --jobs 120 >out
    grep -q "killed" out && complain "a storm of cases was killed: $(cat out)"
    stopped=$(grep -c "stopped by the time limit" out)
    [ "$stopped" -ge 2 ] && break
done
[ "$stopped" -ge 2 ] || complain "a storm: $(cat out)"

# Paced, cases sleep most of the time: beside one another they take as long as one, for
# with jobs to spare all six run at a time, besides the runner and their scenario.
cat >paced.lua <<'LUA'
meter {}
for k = 1, 6 do
    case("nr " .. k) (function() wait "50 s" expect(now() == 50) end)
end
LUA
for jobs in 1 8; do
    "$meter" run paced.lua --speed 100 --jobs $jobs >/dev/null || complain "paced cases fail"
done
./copy run paced.lua --speed 0.1 --jobs 8 >/dev/null &
runner=$!
await_copies 8 || complain "six paced cases do not run beside one another"
kill -9 $runner
wait $runner 2>/dev/null
[ $flaws = 0 ] && echo "cases are the same for any --jobs, and run beside one another"
exit $flaws
