#!/bin/bash
# killed.sh METERSIM LIBRARY [MOMENTS]: a run that is killed by -9, at moments counted by
# what it does to files (kill_at_write.c), leaves no half file that passes for a whole
# one: each result is the one of before, or the new one, whole; a record that is not
# whole says so. Without LIBRARY (-): MOMENTS kills at random times.
set -u
meter=$(realpath "$1") library=$2 moments=${3:-40}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
flaws=0
complain() {
    echo "kill $at: $*"
    flaws=1
}
cat >all.lua <<'LUA'
local m = meter {}
grid { volts = 480 }
load { amps = 50 }
wait "2 s"
screenshot "panel.png"
m:read(1, 10)
case "more" (function()
    load { amps = 60 }
    wait "1 s"
    expect(m.i_a, near(60, "1 A"))
end)
expect(m.i_a, near(50, "1 A"))
LUA
hook=()
# run FOLDER SEED: all outputs there.
run() {
    env "${hook[@]}" "$meter" run all.lua --seed "$2" --tape "$1/tape" --junit "$1/junit" \
        --report "$1/report" --save "$1/save" --record "$1/record"
}
outcome() { # FOLDER: everything that stays the same from run to run
    (cd "$1" && find tape tape.case1 save record -type f | sort | xargs sha256sum)
}
mkdir old new again
run old 1 >/dev/null && run new 2 >/dev/null && run again 2 >/dev/null || exit 1
cmp <(outcome new) <(outcome again) || { echo "two runs differ"; exit 1; }
rm -r again

# one_of FILE: that of before, or the new one.
one_of() {
    cmp -s "now/$1" "old/$1" || cmp -s "now/$1" "new/$1" || complain "$1 is half a file"
}
check() {
    local leftover
    local record=record/all inner=record/all/cases/1-more
    one_of tape && one_of tape.case1 && one_of save
    "$meter" junit-merge now/junit -o /dev/null 2>/dev/null || complain "junit is cut"
    grep -q "</html>" <(tail -n 1 now/report) || complain "report is cut"
    if [ ! -e now/$record/metersim-record.txt ]; then
        leftover=$(find now/record -type f ! -name '*.part')
        [ -z "$leftover" ] || complain "a record without a note: $leftover"
    fi
    # A case writes a record of its own, and may be killed without its scenario.
    whole "$record" --exclude=cases
    whole "$inner"
}
# whole RECORD [OPTION]: what says that it is complete is that of before, or the new one.
whole() {
    local record=$1
    shift
    grep -qs "^complete" "now/$record/metersim-record.txt" || return
    # The note of the new one may stand beside, not yet in its place.
    diff -r --exclude='*.part' "$@" "now/$record" "old/$record" >/dev/null ||
        diff -r "$@" "now/$record" "new/$record" ||
        complain "$record is said to be complete"
}
# killed COMMAND…: until nothing of it runs; the pipe ends with the last process.
killed() {
    rm -rf now
    cp -r old now
    { "$@" 2>&1; } | cat >log
}
if [ "$library" = - ]; then
    for at in $(seq "$moments"); do
        killed timeout -s KILL "0.$(printf %03d $((RANDOM % 250)))" "$meter" run all.lua \
            --seed 2 --tape now/tape --junit now/junit --report now/report \
            --save now/save --record now/record
        check
    done
else
    export ASAN_OPTIONS=verify_asan_link_order=0
    hook=(KILL_COUNT=count LD_PRELOAD="$library")
    run new 2 >/dev/null || exit 1
    total=$(cat count)
    [ "$total" -gt $((2 * moments)) ] || { echo "only $total calls counted"; exit 1; }
    # The first ones, where the record of before goes; evenly; and most of the last ones,
    # where files get names.
    half=$((moments / 2)) died=0
    for at in $(seq 2 $half) $(seq 1 $((total / half)) "$total") \
        $(seq $((total - half)) "$total"); do
        hook=(KILL_AT="$at" LD_PRELOAD="$library")
        killed run now 2
        grep -q "^1\.\." log || died=$((died + 1))
        check
    done
    [ $died -ge "$half" ] || { echo "only $died of $moments runs were killed"; exit 1; }
fi
at=last hook=()
run now 2 >log || complain "what a killed run leaves is in the way: $(cat log)"
cmp <(outcome now) <(outcome new) || complain "the run after differs"
[ $flaws = 0 ] && echo "no half file passes for a whole one"
exit $flaws
