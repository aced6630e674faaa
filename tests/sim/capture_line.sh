#!/bin/bash
# capture_line.sh METERSIM: what capture and compare say of serial lines that cannot be had,
# that nobody answers on, that are spoilt, or that go away; and what serve says of them.
set -u
meter=$1
. "$(dirname "$0")/../support/served.sh"

# capture TEXT OPTION…: it must fail so; five minutes are a hang.
capture() {
    local text=$1
    shift
    expect 2 "$text" timeout 300 "$meter" capture "$@"
    expect_text "capture $*" "$text"
}
cat >"$work/line.lua" <<'END'
for address = 1, 4 do
    local m = meter { address = address, baud = 38400 }
    grid(m, { hz = 60, volts_ll = 480 })
    load(m, { amps = 5 })
    if address == 2 then
        fault(m, "bus_bad_crc")
        fault(m, "bus_one_in", 1)
    end
    if address == 3 then fault(m, "bus_wrong_baud", 9600) end
    if address == 4 then fault(m, "bus_wrong_parity", 2) end
end
wait "1 d" -- faults end with the script
END

# What is no line.
echo >"$work/file"
mkdir "$work/folder"
capture "$work/folder: this is no serial device" --rtu "$work/folder"
capture "$work/file: this is no serial device" --rtu "$work/file"
capture "/dev/null: this is no serial device" --rtu /dev/null
capture "there is no such device; is the adapter plugged in" --rtu "$work/none"
expect 2 "compare" "$meter" compare "rtu:$work/folder/1" "rtu:$work/none/1"
expect_text "compare" "cannot reach rtu:$work/folder/1: $work/folder: this is no serial device"
expect 2 "serve" timeout 300 "$meter" serve --tcp 127.0.0.1:0 --rtu "$work/file"
expect_text "serve" "--rtu $work/file: $work/file: this is no serial device"

# Rates that the meters do not have.
rates="1200, 2400, 4800, 9600, 19200 or 38400"
for rate in 1201 0 -1 300 57600 115200; do
    capture "$rates" --rtu "$work/none" --baud $rate
done
expect 2 "a rate" "$meter" compare --baud 1201 "rtu:$work/none/1" "rtu:$work/none/2"
expect_text "a rate" "$rates"
"$meter" capture --help >"$work/help" 2>&1
grep -qF "$rates" "$work/help" || flaw "--help does not list the rates"
grep -qF "given up after four" "$work/help" || flaw "--help does not say when it gives up"

# Nobody answers, or not so that it can be read.
start --rtu pty --pcap-rtu "$work/line.pcap" "$work/line.lua"
rate=(--baud 38400 --timeout 0.5)    # where nothing comes
patient=(--baud 38400 --timeout 30) # where something comes, and may be late
size() { stat -c %s "$work/line.pcap"; }
before=$(size) began=$(date +%s%N)
capture "no meter answered as unit 9 at 38400 8N1" --rtu "$pty" --unit 9 "${rate[@]}"
took_ms=$((($(date +%s%N) - began) / 1000000))
requests=$((($(size) - before) / (16 + 12 + 8))) # headers and eight bytes each
if [ $took_ms -lt 1900 ] || [ $requests != 4 ]; then
    flaw "a silent meter was given up after $took_ms ms and $requests requests, not after 4 times 500 ms"
fi
capture "no meter answered as unit 9 at 38400 8N1" --rtu "$pty" --unit 9 --model s4100 \
    "${rate[@]}"
capture "what came as unit 2 at 38400 8N1 is no answer" --rtu "$pty" --unit 2 "${patient[@]}"
for unit in 3 4; do
    capture "as unit $unit at 38400 8N1" --rtu "$pty" --unit $unit "${rate[@]}"
    expect_text "what to do" "compare with the meter's ADDR, BAUD and PAR"
done
# A pty has no parity. When that is all that is to be changed, as after a client that was
# killed and left its settings, glibc fails: so it is not asked for.
was=$(stty -F "$pty" -g)
"$meter" capture --rtu "$pty" --unit 9 --baud 38400 --timeout 600 2>"$work/errors" &
client=$!
for _ in $(seq 6000); do
    [ "$(stty -F "$pty" -g)" != "$was" ] && break
    sleep 0.05
done
kill -9 $client
wait $client 2>/dev/null
[ "$(stty -F "$pty" -g)" != "$was" ] || flaw "a client that was killed left no settings"
stty -F "$pty" inpck # which libmodbus sets with a parity
for parity in E O; do
    expect 0 "parity $parity" "$meter" capture --timeout 30 --rtu "$pty" --parity $parity \
        --baud 38400 -o "$work/capture.lua"
done
capture "no meter answered as unit 9 at 38400 8E1" --rtu "$pty" --unit 9 --parity E "${rate[@]}"

# One program at a time.
first_pid=$pid first=$pty
start --rtu "$first"
capture "in use by another program" --rtu "$first"
expect 2 "serve twice" timeout 300 "$meter" serve --tcp 127.0.0.1:0 --rtu "$first"
expect_text "serve twice" "$first: in use by another program"
stop
pid=$first_pid pty=$first
expect 0 "it is free again" "$meter" capture --timeout 30 --rtu "$pty" -o "$work/capture.lua"

# Whoever may not: root may, so there it is another user who tries.
device=$(readlink "$pty")
chmod 000 "$device"
if [ "$(id -u)" != 0 ]; then
    capture "permission denied" --rtu "$device"
elif command -v setpriv >/dev/null && setpriv --reuid 65534 --clear-groups "$meter" \
    --version >/dev/null 2>&1; then
    expect 2 "permission" setpriv --reuid 65534 --clear-groups "$meter" capture \
        --rtu "$device"
    expect_text "permission" "permission denied; ls -lL shows the group"
fi
chmod 600 "$device"
stop

# The server is killed when a capture is under way, which the line's packets tell.
cat >"$work/slow.lua" <<'END'
grid(meter { baud = 1200 }, { hz = 60, volts_ll = 480 })
END
start --rtu pty --pcap-rtu "$work/rtu.pcap" "$work/slow.lua"
"$meter" capture --rtu "$pty" --baud 1200 --timeout 30 >"$work/out" 2>&1 &
client=$!
for _ in $(seq 6000); do
    [ "$(stat -c %s "$work/rtu.pcap")" -gt 400 ] && break
    kill -0 $client 2>/dev/null || break
    sleep 0.05
done
kill -0 $client || flaw "the capture had ended before the server was killed"
kill -9 "$pid"
wait "$pid" 2>/dev/null
wait $client
code=$?
[ $code = 2 ] || flaw "a line that went away: exit code $code instead of 2"
expect_text "a line that went away" "the line is gone"
capture "the metersim serve behind this pty has ended" --rtu "$pty"
expect 2 "compare with the dead" "$meter" compare "rtu:$pty/1" "rtu:$pty/2"
expect_text "compare with the dead" "has ended"
finish "serial lines that fail are told apart"
