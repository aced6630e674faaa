#!/bin/bash
# outputs.sh METERSIM SOURCE: what cannot be written is told before anything runs, by
# every option that names a file or a folder; asking leaves nothing behind and changes
# nothing that is there.
set -u
meter=$1 source=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
flaws=0
complain() {
    echo "$*"
    flaws=1
}
mkdir folder
echo kept >file
cat >marks.lua <<'LUA'
local m = meter {}
wait "2 s"
print "it ran"
expect(m.seconds_are_not_known == nil, "never reached")
LUA
cat >good.lua <<'LUA'
local m = meter {}
wait "2 s"
print "it ran"
expect(now() == 2)
LUA

# refused OPTION PATH WHY COMMAND…: exit 2, the option, the path and why; nothing ran.
refused() {
    local option=$1 path=$2 why=$3
    shift 3
    timeout 300 "$meter" "$@" "$option" "$path" >out 2>err </dev/null
    local code=$?
    [ $code = 2 ] || complain "$1 $option $path: exit code $code instead of 2"
    grep -q "^metersim $1: $option: '$path' cannot be written: $why" err ||
        complain "$1 $option $path is told so: $(cat err)"
    [ -s out ] && complain "$1 $option $path: something ran: $(cat out)"
    [ -e nowhere ] && complain "$1 $option $path made 'nowhere'" && rm -rf nowhere
    [ "$(cat file)" = kept ] || complain "$1 $option $path changed the file"
}
no_folder="No such file or directory"
files() {
    local option=$1
    shift
    refused "$option" nowhere/x "$no_folder" "$@"
    refused "$option" folder "Is a directory" "$@"
    refused "$option" file/x "Not a directory" "$@"
    refused "$option" "$(printf 'x%.0s' $(seq 300))" "File name too long" "$@"
}
for option in --junit --report --save --tape; do
    files $option run good.lua
done
for option in --record --screenshots; do
    refused $option nowhere/x "$no_folder" run good.lua
    refused $option file "Not a directory" run good.lua
    refused $option file/x "Not a directory" run good.lua
done
"$meter" run good.lua --junit one.xml >/dev/null || complain "no results to merge"
files --output junit-merge one.xml
files --csv accuracy "$source/tests/data/accuracy/cases.csv"
files --output capture --tcp 127.0.0.1:1
files --screenshot panel good.lua
log=$source/tests/data/history/04_spanish.csv
files --write history "$log"
refused --record nowhere/x "$no_folder" history "$log"
refused --record file "Not a directory" history "$log"
files --pcap serve --console none --rtu none --tcp 127.0.0.1:0 good.lua
files --pcap-rtu serve --console none --rtu pty --tcp 127.0.0.1:0 good.lua

# said WHAT PATTERN COMMAND…: exit 2, that on stderr, nothing ran and nothing is new.
said() {
    local what=$1 pattern=$2 before after
    shift 2
    before=$(ls -A)
    timeout 300 "$meter" "$@" >"$work.out" 2>"$work.err" </dev/null
    local code=$?
    [ $code = 2 ] || complain "$what: exit code $code instead of 2"
    grep -q "^metersim run: $pattern" "$work.err" || complain "$what: $(cat "$work.err")"
    [ -s "$work.out" ] && complain "$what: something ran: $(cat "$work.out")"
    after=$(ls -A)
    [ "$before" = "$after" ] || complain "$what: left behind: $after"
    rm -f "$work.out" "$work.err"
}

# No result takes the place of another one, of a scenario or of the snapshot.
cp good.lua self.lua
ln good.lua hard.lua
ln -s good.lua soft.lua
ln -s future dangling
"$meter" run good.lua --save warm >/dev/null || complain "no snapshot"
sums=$(sha256sum good.lua self.lua warm)
for option in --junit --report --save --tape; do
    for path in self.lua ./self.lua "$work/self.lua" folder/../self.lua; do
        said "$option $path" "$option '$path' would overwrite the scenario 'self.lua'" \
            run self.lua $option "$path"
    done
    for path in hard.lua soft.lua; do
        said "$option $path" "$option '$path' would overwrite the scenario 'good.lua'" \
            run good.lua $option $path
    done
    said "$option of a list" "$option 'self.lua' would overwrite" run good.lua self.lua \
        --filter good $option self.lua
done
for option in --junit --report --save; do
    said "$option of --from" "$option './warm' would overwrite the snapshot 'warm'" \
        run good.lua --from warm $option ./warm
    said "$option and --tape" "--tape 'x' and $option './x' are one file" \
        run good.lua --tape x $option ./x
    said "$option and a case's tape" "--tape 'x' and $option 'x.case2' are one file" \
        run good.lua --tape x $option x.case2
    said "$option and --record" "$option 'x' and --record 'x/' are one file" \
        run good.lua $option x --record x/
done
said "--report and --junit" "--junit 'x' and --report 'x' are one file" \
    run good.lua --report x --junit x
said "a link to nothing yet" "--junit 'future' and --save 'dangling' are one file" \
    run good.lua --junit future --save dangling
[ "$sums" = "$(sha256sum good.lua self.lua warm)" ] || complain "something was overwritten"
echo "wait '2 s' expect(now() == 4)" >warm.lua
"$meter" run warm.lua --junit /dev/null --report /dev/null --save new --from warm \
    --record both --screenshots both >/dev/null || complain "different outputs were refused"
rm -r both new warm.lua

# '-' is the tape's hash alone; of the others it is refused.
for option in --junit --report --save --record --screenshots; do
    said "$option -" "$option: '-' is no name here; write /dev/stdout" run good.lua $option -
done
"$meter" run good.lua --tape - >/dev/null || complain "--tape -"
cp good.lua better.lua
"$meter" run good.lua better.lua good.lua --tape - | grep -c '^tape - sha256 [0-9a-f]*, [a-z]*.lua$' |
    grep -q '^3$' || complain "--tape - of three scenarios has not three hashes"
rm better.lua
"$meter" run good.lua --junit /dev/stdout | grep -q "<testsuite" || complain "/dev/stdout"

# A picture of a scenario with cases is of the scenario; it goes on as if no case had been.
cat >pictured.lua <<'LUA'
local m = meter {}
load { amps = 0 }
wait "2 s"
case "other" (function() load { amps = 50 } wait "2 s" expect(m.i_a, 1) end)
wait "2 s"
expect(m.i_a, 0)
LUA
"$meter" panel pictured.lua --screenshot pictured.png >out 2>&1 && [ -s pictured.png ] ||
    complain "panel of a scenario with cases: $(cat out)"
rm -f pictured.*

# A snapshot that cannot be read is told once.
echo "no snapshot" >bad
said "--from nowhere" "--from: .*nowhere" run good.lua self.lua --from nowhere
said "--from bad" "--from: bad is no snapshot" run good.lua self.lua --from bad

# A case that fails spares the snapshot, too; one that passes does not.
for amps in 1 0; do
    cat >cases.lua <<LUA
local m = meter {}
wait "2 s"
case "outer" (function()
    case "inner" (function() expect(m.i_a, $amps) end)
end)
LUA
    rm -f cases.snap
    "$meter" run cases.lua --save cases.snap >/dev/null
    code=$?
    case $amps in
    1) [ $code = 1 ] && [ ! -e cases.snap ] || complain "saved although a case failed" ;;
    0) [ $code = 0 ] && [ -s cases.snap ] || complain "not saved although all passed" ;;
    esac
done

# Names with a dash before them, pipes, and names of two lines.
cp good.lua ./-dash.lua
"$meter" run -- -dash.lua >out || complain "run -- -dash.lua: $(cat out)"
"$meter" run --quiet -- good.lua -dash.lua >out || complain "run -- good.lua -dash.lua"
"$meter" run --quiet -- good.lua >out || complain "run -- good.lua"
said "-- alone" "no scenario; see" run --
said "a file that is called --" "--: no such file" run -- --
"$meter" junit-merge -- -dash.lua 2>&1 | grep -q "dash.lua" || complain "junit-merge --"
mkfifo fifo.lua
said "a pipe" "fifo.lua: no regular file" run fifo.lua
said "a pipe in a folder" "./fifo.lua: no regular file" run .
rm fifo.lua
two=$(printf 'two\nlines.lua')
cp good.lua "$two"
said "two lines" "'two.nlines.lua' has a control character" run "$two"
said "two lines in a folder" "'./two.nlines.lua' has a control character" run .
rm "$two"

# '#' in names is no directive of TAP; what was printed can be pasted.
cat >'todo # TODO.lua' <<'LUA'
local m = meter {}
wait "2 s"
case "works # TODO later" (function() expect(m.i_a, 1) end)
case "a\\b # SKIP" (function() expect(m.i_a, 0) end)
LUA
"$meter" run 'todo # TODO.lua' >out
grep -qF 'not ok 1 - todo \# TODO: works \# TODO later (' out &&
    grep -qF 'ok 2 - todo \# TODO: a\\b \# SKIP (' out || complain "TAP: $(cat out)"
! command -v prove >/dev/null || ! prove -e cat out >proved || complain "prove: $(cat proved)"
for name in 'todo \# TODO: a\\b \# SKIP' 'todo # TODO: a\b # SKIP'; do
    "$meter" run . --filter "$name" >out && grep -q '^1..1$' out ||
        complain "--filter '$name': $(cat out)"
done
rm -f -- -dash.lua self.lua hard.lua soft.lua cases.lua todo* cases.snap bad warm dangling

# Nothing is left behind by a run that ends early, nor by asking.
rm one.xml
before=$(ls)
"$meter" run wrong.lua --junit a --report b --save c --record d --screenshots e >/dev/null 2>&1
"$meter" run good.lua --junit a --report b --save c --jobs 0 >/dev/null 2>&1
"$meter" capture --tcp 127.0.0.1:1 -o a >/dev/null 2>&1
[ "$(ls)" = "$before" ] || complain "left behind: $(ls)"
echo "meter {" >wrong.lua
"$meter" run wrong.lua --save c --tape d --screenshots e >/dev/null 2>&1
rm wrong.lua
[ "$(ls)" = "$before" ] || complain "left behind by a wrong script: $(ls)"

# Links stay links, also those that lead to nothing yet; devices and pipes are written to.
ln -s target link
"$meter" run marks.lua --junit link >/dev/null
[ -L link ] && grep -q "<testsuite" target || complain "a link was replaced"
rm target
"$meter" run good.lua --jobs 0 --junit link >/dev/null 2>&1
[ -L link ] && [ ! -e target ] || complain "a link was taken away"
mkfifo pipe
timeout 300 cat pipe >piped &
timeout 300 "$meter" run good.lua --junit pipe >/dev/null || complain "a pipe was refused"
wait
[ -p pipe ] && grep -q "<testsuite" piped || complain "a pipe was not written to"
"$meter" run good.lua --junit /dev/null >/dev/null || complain "/dev/null was refused"
[ -c /dev/null ] || complain "/dev/null is no device any more"

# The record's own folder is made, and what it takes on the way is written.
"$meter" run good.lua --record rec >/dev/null && [ -s rec/good/events.csv ] ||
    complain "a record in a new folder"

# A disk that is full while a run goes on: that file is named, and there is neither a hash
# nor a file that passes for whole. (A limit of the file's size does what a full disk does.)
trap '' XFSZ
# full BLOCKS OPTION PATH PATTERN
full() {
    (ulimit -f "$1"; "$meter" run marks.lua --seed 3 "$2" "$3" >out 2>&1)
    local code=$?
    [ $code = 2 ] || complain "$2 on a full disk: exit code $code"
    grep -q "$4: File too large" out || complain "$2 on a full disk: $(cat out)"
    grep -q sha256 out && complain "$2 on a full disk has a hash"
    return 0
}
echo before >kept
full 16 --tape kept "tape .*kept"
full 16 --report kept kept
[ "$(cat kept)" = before ] || complain "a file was lost to a full disk"
full 16 --record rec "rec/marks/meter1/waves.dat"
grep -q "^incomplete" rec/marks/metersim-record.txt || complain "half a record is complete"
parts=$(find . -maxdepth 1 -name '*part')
[ -z "$parts" ] || complain "parts are left: $parts"
[ $flaws = 0 ] && echo "what cannot be written is told before it runs"
exit $flaws
