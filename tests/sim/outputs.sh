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
    timeout 20 "$meter" "$@" "$option" "$path" >out 2>err </dev/null
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
for option in --pcap --pcap-rtu; do
    files $option serve --console none --rtu none --tcp 127.0.0.1:0 good.lua
done

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
timeout 20 cat pipe >piped &
timeout 20 "$meter" run good.lua --junit pipe >/dev/null || complain "a pipe was refused"
wait
[ -p pipe ] && grep -q "<testsuite" piped || complain "a pipe was not written to"
"$meter" run good.lua --junit /dev/null >/dev/null || complain "/dev/null was refused"
[ -c /dev/null ] || complain "/dev/null is no device any more"

# The record's own folder is made, and what it takes on the way is written.
"$meter" run good.lua --record rec >/dev/null && [ -s rec/good/events.csv ] ||
    complain "a record in a new folder"
[ $flaws = 0 ] && echo "what cannot be written is told before it runs"
exit $flaws
