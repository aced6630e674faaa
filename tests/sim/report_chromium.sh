#!/bin/bash
# report_chromium.sh METERSIM: a report in a real browser. Its console must stay empty, and
# its cursor must show the values at the place where the pointer is.
set -u
meter=$1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../support/needs.sh"
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    missing chromium
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/fails.lua" <<'LUA'
local m = meter { system_type = 40, ct_primary = 200, system_voltage = 480, name = "a <b> 'c'" }
grid { hz = 60, volts_ll = 480 }
load { amps = 80, pf = 0.92 }
watch(m, 21, "s16", "kW \"x\" </script>")
wait "4 s"
fault(m, "phase_loss", "B")
wait "4 s"
expect(m.v_bn, near(277, "1 V"))
LUA
"$meter" run "$folder/fails.lua" "$here/../../scenarios/phase_loss_b.lua" \
    --report "$folder/report.html" >/dev/null
[ $? = 1 ] || { echo "one scenario should fail"; exit 1; }

open() {
    "$browser" --headless --no-sandbox --disable-gpu --enable-logging=stderr --user-data-dir="$folder/profile" \
        --virtual-time-budget=2000 --dump-dom "file://$1" 2>"$folder/log" >"$folder/dom"
}
flaws=0
open "$folder/report.html" || { echo "chromium fails:"; tail -5 "$folder/log"; exit 1; }
if grep CONSOLE "$folder/log"; then
    echo "the console is not empty"
    flaws=1
fi
[ "$(grep -c '<section' "$folder/dom")" -ge 1 ] || { echo "no sections"; flaws=1; }

# The pointer at 7 s of 8 s over the first plot: phase B is lost, the last value too.
sed 's|</body>|<script>{\
const f = document.querySelectorAll("figure.plot")[1], s = f.querySelector("svg");\
const box = s.getBoundingClientRect(), x = (150 + 938 * 2 / 8) / 1100;\
s.dispatchEvent(new PointerEvent("pointermove", { clientX: box.left + x * box.width, clientY: box.top + 9 }));\
document.title = Array.from(f.querySelectorAll(".key b")).map(b => b.textContent).join(" ");\
}</script></body>|' "$folder/report.html" >"$folder/hover.html"
open "$folder/hover.html"
if ! grep -q '<title>277.128 277.128 277.128</title>' "$folder/dom"; then
    echo "at 2 s the cursor should show 277.128 V three times; the title is:"
    grep -o '<title>[^<]*' "$folder/dom"
    flaws=1
fi

# A page with a mistake: would it be seen?
sed 's|</body>|<script>nothing.at.all()</script></body>|' "$folder/report.html" >"$folder/bad.html"
open "$folder/bad.html"
grep -q CONSOLE "$folder/log" || { echo "mistakes in the console are not seen"; flaws=1; }
[ $flaws = 0 ] && echo "chromium shows the report without a word in its console"
exit $flaws
