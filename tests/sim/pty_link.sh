#!/bin/bash
# pty_link.sh METERSIM: the stable name of a served pty: it outlives a server that is killed
# and is then taken over, also when the number of its pty has come to be another's; a live
# server's name, and what others made, stay as they are; it goes in the end.
set -u
meter=$1
. "$(dirname "$0")/../support/served.sh"

# refused NAME TEXT: the name's path is as it was.
refused() {
    local was now
    was=$(ls -ld --time-style=full-iso "$name")
    expect 2 "$1" timeout 300 "$meter" serve --console none --rtu pty --tcp "$where:$number"
    expect_text "$1" "$2"
    expect_text "$1 is named" "$name"
    now=$(ls -ld --time-style=full-iso "$name")
    [ "$was" = "$now" ] || flaw "$1: $was has become $now"
}
answers() { expect 0 "$1" "$meter" capture --timeout 30 --rtu "$pty" -o "$work/capture.lua"; }
# end_hard: the server is killed, and its name stays.
end_hard() {
    kill -9 "$pid"
    wait "$pid" 2>/dev/null
    [ -L "$name" ] || flaw "the name went with a killed server"
    expect 2 "a killed server" "$meter" capture --rtu "$name"
    expect_text "a killed server" "the metersim serve behind this pty has ended"
}

start --rtu pty
number=$port name=$pty
answers "the first server"
where=127.0.0.2 refused "a live server's name" "another metersim serve, which is running"
answers "the first server, still"

end_hard
start --rtu pty --tcp 127.0.0.1:"$number"
[ "$pty" = "$name" ] || flaw "the name is $pty, not $name"
answers "the server after a killed one"

# The number of the dead pty is that of another server's by now.
end_hard
start --rtu pty
other=$pty other_pid=$pid
ln -sfn "$(readlink "$other")" "$name"
readlink -n "$name" >"$name.lock"
expect 2 "another's pty" "$meter" capture --rtu "$name"
expect_text "another's pty" "has ended"
start --rtu pty --tcp 127.0.0.1:"$number"
[ "$pty" = "$name" ] || flaw "the name is $pty, not $name"
[ "$(readlink "$name")" != "$(readlink "$other")" ] || flaw "$name leads to another's pty"
answers "the server that took the name over"
stop
[ -e "$name" ] || [ -L "$name" ] || [ -e "$name.lock" ] && flaw "$name is still there"

# What is not metersim's, or not known to be.
where=127.0.0.1
foreign="no link of an ended metersim serve"
ln -s "$(readlink "$other")" "$name" && refused "a link to somebody's pty" "$foreign"
ln -sfn /etc/hostname "$name" && refused "a link to a file" "$foreign"
ln -sfn "$work/nothing" "$name" && refused "a link to nothing" "$foreign"
rm "$name" && echo mine >"$name" && refused "a file" "$foreign"
[ "$(cat "$name")" = mine ] || flaw "the file was written to"
rm "$name" && mkdir "$name" && refused "a folder" "$foreign"
rmdir "$name"
[ -e "$name.lock" ] && flaw "a server that was refused left $name.lock"

# A link without a lock file that leads nowhere was made by an older metersim.
ln -s /dev/pts/999999 "$name"
start --rtu pty --tcp 127.0.0.1:"$number"
answers "a server in the place of an old link"
stop
pid=$other_pid
stop
finish "names of ptys are taken over from the dead alone"
