#!/bin/bash
# xvfb.sh METERSIM: the panel's window on a display of its own. xdotool clicks its buttons
# and types; what that does is read off the glass through the console. Simulated time is
# held and advanced by the test, so that a slow host neither loses a click nor lets the
# menu go back to its first screen. Then the window is left alone and the pictures that it
# draws are counted.
set -u
meter=$1
. "$(dirname "$0")/../support/needs.sh"
needs Xvfb xdotool
folder=$(mktemp -d)
x_server='' server=''
clean() {
    [ -z "$server" ] || kill "$server" 2>/dev/null
    [ -z "$x_server" ] || kill "$x_server" 2>/dev/null
    wait 2>/dev/null
    rm -rf "$folder"
}
trap clean EXIT

Xvfb -displayfd 3 -screen 0 1280x900x24 -nolisten tcp 3>"$folder/display" 2>"$folder/xvfb.log" &
x_server=$!
for _ in $(seq 1200); do
    [ -s "$folder/display" ] && break
    sleep 0.1
done
[ -s "$folder/display" ] || { echo "Xvfb does not start:"; cat "$folder/xvfb.log"; exit 1; }
DISPLAY=:$(cat "$folder/display")
export DISPLAY
unset WAYLAND_DISPLAY SDL_VIDEODRIVER

console=$folder/console
SDL_RENDER_DRIVER=software "$meter" serve --count 2 --panel --console "$console" --tcp 127.0.0.1:0 \
    --rtu none --metrics 127.0.0.1:0 >"$folder/log" 2>&1 &
server=$!
# SDL opens windows to try the display; one that is gone before xdotool looks ends it.
for _ in $(seq 100); do
    window=$(timeout 120 xdotool search --sync --onlyvisible --class metersim 2>>"$folder/xvfb.log" | head -1)
    [ -n "$window" ] && break
done
[ -n "$window" ] || { echo "there is no window:"; cat "$folder/xvfb.log" "$folder/log"; exit 1; }
for _ in $(seq 6000); do
    metrics=$(sed -n 's|^Metrics on http://127.0.0.1:\([0-9]*\)/metrics$|\1|p' "$folder/log")
    [ -n "$metrics" ] && break
    sleep 0.05
done
eval "$(xdotool getwindowgeometry --shell "$window")" # X, Y, WIDTH, HEIGHT
xdotool windowfocus "$window"

flaws=0
ask() {
    "$meter" console -e "$1" "$console" 2>&1
}

# let_pass TIME: the window, which looks every 50 ms for what the hand did, has done so;
# then simulated time goes on for a press, a release, and their debouncing.
let_pass() {
    sleep 0.1
    ask 'now()' >/dev/null
    ask "advance '$1'" >/dev/null
}

# expect LUA VALUE WHAT: when the X server is late, so is the press.
expect() {
    local seen
    for _ in $(seq 100); do
        seen=$(ask "$1")
        [ "$seen" = "$2" ] && return
        let_pass "200 ms"
    done
    echo "after $3: $1 is $seen, not $2"
    flaws=$((flaws + 1))
}

# click X Y: in units of the drawing, 900 x 600.
click() {
    xdotool mousemove --window "$window" $(($1 * WIDTH / 900)) $(($2 * HEIGHT / 600)) \
        mousedown 1 mouseup 1
    let_pass "200 ms"
}
minus() { click 252 408; }
plus() { click 322 408; }
left() { click 392 408; }
right() { click 462 408; }
key() {
    xdotool keydown "$1" keyup "$1"
    let_pass "200 ms"
}
top='meters[1].lcd.top'

for _ in $(seq 600); do # the meter's first readings
    [ "$(ask 'now() > 3')" = true ] && break
    sleep 0.1
done
ask 'hold()'

minus
expect "$top" "ENRGY" "a click on −"
plus
expect "$top" "3PHAS" "a click on +"
right
expect "$top" "3 A" "a click on →"
right
expect "$top" "3 VLL" "a second click on →"
expect 'meters[1].lcd.bottom' "480.00" "it"
left
expect "$top" "3 A" "a click on ←"
left
expect "$top" "3PHAS" "a second click on ←"
key minus
expect "$top" "ENRGY" "the key −"
key plus
expect "$top" "3PHAS" "the key +"
key Right
expect "$top" "3 A" "the key →"
key Left
expect "$top" "3PHAS" "the key ←"
click 300 160 # the housing
key Tab
expect "$top" "3PHAS" "what is no button"
key Next
key minus
expect 'meters[2].lcd.top' "ENRGY" "PageDown and −"
expect "$top" "3PHAS" "keys of the other meter"
key Prior
key minus
expect "$top" "ENRGY" "PageUp and −"

# The buttons are where they are drawn at any size.
xdotool windowsize --sync "$window" 1200 800
WIDTH=1200 HEIGHT=800
let_pass "1 s"
plus
expect "$top" "3PHAS" "+ in a larger window"
key Tab
key Tab

# metric NAME: of the server.
metric() {
    local number
    exec 4<>"/dev/tcp/127.0.0.1/$metrics"
    printf 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n' >&4
    number=$(sed -n "s/^metersim_$1 //p" <&4)
    exec 4>&-
    echo "${number%.*}"
}
# rest: the window has looked forty times at the meter, for each line of the console goes
# through the loop that it looks in, and has looked again 50 ms later; a picture is
# followed by a second at most without one.
rest() {
    for _ in $(seq 40); do
        sleep 0.06
        ask 'now()' >/dev/null
    done
}

# A window is drawn when something in it changes: never while time stands, and a few times
# a simulated second while it goes on, by no more than the readings, the clock, the glass
# and the lamps change. No host changes these counts.
rest
before=$(metric panel_pictures_total)
[ "$before" -gt 20 ] || { echo "$before pictures by now"; flaws=$((flaws + 1)); }
rest
held=$(($(metric panel_pictures_total) - before))
[ $held = 0 ] || { echo "$held pictures were drawn while nothing changed"; flaws=$((flaws + 1)); }
ask 'go(1)'
began=$(metric simulated_seconds_total) before=$(metric panel_pictures_total)
rest
rest
drawn=$(($(metric panel_pictures_total) - before))
seconds=$(($(metric simulated_seconds_total) - began + 1))
echo "a window that is left alone draws $drawn pictures in $seconds simulated seconds"
if [ $drawn = 0 ] || [ $drawn -gt $((5 * seconds)) ]; then
    echo "that is none, or more than five a second"
    flaws=$((flaws + 1))
fi

xdotool key --window "$window" q # no key of the window's
kill -TERM "$server"
wait "$server"
code=$?
server=''
[ $code = 0 ] || { echo "serve ends with $code:"; cat "$folder/log"; flaws=$((flaws + 1)); }
[ $flaws = 0 ] && echo "buttons and keys of the window walk the menu"
[ $flaws = 0 ]
