#!/bin/bash
# serve_nvm.sh METERSIM: `serve --nvm` is killed (-9) ten times at any moment, also while a
# setting is written: energies never run back, what was answered is there, nothing is
# reported lost. Foreign, cut and used files are refused and stay as they are.
set -u
. "$(dirname "$0")/../support/await_port.sh"
. "$(dirname "$0")/../support/needs.sh"
meter=$1
folder=$(mktemp -d)
pid=
trap 'kill -9 $pid 2>/dev/null; rm -rf "$folder"' EXIT
needs mbpoll
file=$folder/meter.nvm
log=$folder/log
one_write=256 # bytes
flaws=0
flaw() {
    echo "$*"
    flaws=1
}

start() {
    : >"$log" # or the port of the one before would be found in it
    "$meter" serve --nvm "$file" --tcp 127.0.0.1:0 --console none --speed 200 "$@" >"$log" 2>&1 &
    pid=$!
    await_port "$log"
}
# get REGISTER [TYPE]: its value, unit $unit.
get() {
    mbpoll -m tcp -p "$port" -a "$unit" -1 -o 10 -r "$1" -c 1 -t "${2:-4}" -B 127.0.0.1 2>&1 |
        sed -n 's/^\[[0-9]*\]:[ \t]*\([-0-9.e+]*\).*/\1/p'
}
put() { mbpoll -m tcp -p "$port" -a "$unit" -o 10 -r "$1" 127.0.0.1 "$2" >"$folder/put" 2>&1; }
end() {
    kill -9 $pid
    wait $pid 2>/dev/null
}

unit=1
energy=0
answered="10 10" # what register 142 may read
first=
for round in $(seq 10); do
    start
    value=$(get 142)
    [[ " $answered " == *" $value "* ]] || flaw "round $round: 142 reads $value, not $answered"
    now=$(get 3 4:int)
    [ "$now" -ge "$energy" ] || flaw "round $round: energy ran back from $energy to $now"
    [ "$(get 131)" = 200 ] || flaw "round $round: 131 is lost"
    [ "$(get 152)" = "$round" ] || flaw "round $round: 152 reads $(get 152)"
    [ "$(get 146)" = 0 ] || flaw "round $round: alerts $(get 146)"
    put 142 $((20 + round)) || flaw "round $round: not written: $(cat "$folder/put")"
    put 142 $((40 + round)) &
    writer=$!
    sleep "0.00$((RANDOM % 10))"
    energy=$(get 3 4:int)
    first=${first:-$energy}
    sleep "0.0$((RANDOM % 10))"
    end
    if wait $writer; then answered=$((40 + round)); else
        answered="$((20 + round)) $((40 + round))"
    fi
done
[ "$energy" -gt "$first" ] || flaw "no energy was counted: $first to $energy"
size=$(stat -c %s "$file")
[ "$size" = $((4096 + 262144)) ] || flaw "the file has $size bytes"

# two meters: the file grows, each has its own slot
start --count 2
put 142 77
unit=2
put 142 88
end
start --count 2
[ "$(get 142)" = 88 ] || flaw "the second meter's setting is lost"
unit=1
[ "$(get 142)" = 77 ] || flaw "the first meter's setting is lost"

# refused NAME TEXT: the file is an error of misuse, and stays.
refused() {
    local sum
    sum=$(sha256sum <"$1")
    timeout 300 "$meter" serve --nvm "$1" --tcp 127.0.0.1:0 >"$log" 2>&1
    [ $? = 2 ] || flaw "$1: not refused"
    grep -qF "$2" "$log" || flaw "$1: '$2' is not in: $(cat "$log")"
    [ "$sum" = "$(sha256sum <"$1")" ] || flaw "$1 was changed"
}
cp "$file" "$folder/cut.nvm"
end
truncate -s -1 "$folder/cut.nvm"
refused "$folder/cut.nvm" "its size is not"
seq 100000 >"$folder/foreign"
refused "$folder/foreign" "no NVM file of metersim"
: >"$folder/empty"
refused "$folder/empty" "no NVM file of metersim"
start
"$meter" serve --nvm "$file" --tcp 127.0.0.1:0 >"$folder/second" 2>&1
[ $? = 2 ] || flaw "two processes may use one file"
grep -q "another process uses" "$folder/second" || flaw "$(cat "$folder/second")"
end

# A file that has lost whole meters is refused, and so are meters that have swapped places.
file=$folder/two.nvm
start --count 2
end
cp "$file" "$folder/fewer.nvm"
truncate -s $((4096 + 262144)) "$folder/fewer.nvm"
refused "$folder/fewer.nvm" "it holds 1 of 2 meters"
{ head -c 4096 "$file"; tail -c 262144 "$file"; tail -c +4097 "$file" | head -c 262144; } \
    >"$folder/swapped.nvm"
refused "$folder/swapped.nvm" "place 1 holds the memory of the meter with serial number 1001"

# lost NAME WHAT COMMAND: the file is changed by somebody else while it is in use. The
# server says so and goes on; what it has in memory is in a new file, also after kill -9;
# what somebody has put there stays, but for one write that may be under way (the system
# can't compare and write in one).
lost() {
    local name=$1 what=$2 before sum
    shift 2
    file=$folder/lost-$name.nvm
    unit=1
    start
    put 142 55
    before=$(get 3 4:int)
    "$@" "$file" || flaw "$name: $*"
    cp "$file" "$folder/theirs"
    for _ in $(seq 3000); do
        grep -q "the NVM file is lost" "$log" && break
        sleep 0.1
    done
    grep -qE "$file: the NVM file is lost while it is in use: ($what)" "$log" ||
        flaw "$name: $(cat "$log")"
    grep -qF "is in $file.1 from now on" "$log" || flaw "$name: $(cat "$log")"
    sum=$(sha256sum <"$file")
    put 142 56
    [ "$(get 3 4:int)" -ge "$before" ] || flaw "$name: energy ran back"
    [ "$(get 142)" = 56 ] || flaw "$name: a setting is lost"
    end
    [ "$sum" = "$(sha256sum <"$file")" ] || flaw "$name: somebody's file was written to"
    [ "$(cmp -l "$folder/theirs" "$file" 2>&1 | wc -l)" -le $one_write ] ||
        flaw "$name: somebody's file was changed"
    file=$file.1
    start
    [ "$(get 142)" = 56 ] && [ "$(get 3 4:int)" -ge "$before" ] && [ "$(get 146)" = 0 ] ||
        flaw "$name: the new file has not all: 142 $(get 142), 146 $(get 146)"
    kill -TERM $pid
    wait $pid || flaw "$name: exit code $?"
}
lost cut "it was cut" truncate -s 0
# cp cuts a file before it writes: either may be seen.
lost overwritten "it was (overwritten|cut)" cp "$folder/two.nvm"
# shellcheck disable=SC2317  # lost calls it
replace() { cp "$folder/two.nvm" "$1.new" && mv "$1.new" "$1"; }
lost replaced "it was removed or replaced" replace
# In the middle of writing, with the file still open: nothing goes between.
# shellcheck disable=SC2317  # lost calls it
half() {
    exec 9<>"$1"
    dd bs=200000 count=1 <&9 >/dev/null 2>&1
    printf X >&9
}
lost unfinished "it was overwritten" half
exec 9>&-

# Who only opens the file, or writes the same, is nobody to be afraid of.
file=$folder/same.nvm
start
touch "$file"
: >>"$file"
cp "$file" "$folder/backup.nvm"
put 142 57
await=$(get 3 4:int)
for _ in $(seq 300); do # some looks at the file
    [ "$(get 3 4:int)" -ge $((await + 100)) ] && break
    sleep 0.1
done
grep "lost" "$log" && flaw "a file that was only touched is lost"
end
[ $flaws = 0 ] && echo "ten times killed: energy from $first to $energy, nothing lost"
exit $flaws
