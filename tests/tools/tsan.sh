#!/bin/bash
# tsan.sh BUILD [SECONDS]: the program's threads under ThreadSanitizer (preset tsan;
# targets metersim, gateway_load, gateway_hostile, hostile_doors, tsan_glib): `serve
# --workers 4` under load, hostile clients on all doors and of the web, and a console,
# whose lines compute while others are served; `run --jobs 4` of all scenarios; `bench`.
# Fails with any report. GLib is not instrumented: tsan_glib.c tells what its locks order.
set -u
build=$(cd "$1" && pwd) seconds=${2:-60}
cd "$(dirname "$0")/../.." || exit 2
work=$(mktemp -d)
meter=$work/metersim
cat >"$meter" <<SH
#!/bin/bash
# No library without instrumentation races for what is ours.
export TSAN_OPTIONS="ignore_noninstrumented_modules=1 log_path=$work/report exitcode=66"
exec setarch -R env LD_PRELOAD="$build/tests/libtsan_glib.so" "$build/metersim" "\$@"
SH
chmod +x "$meter"
flaws=0
flaw() {
    echo "$*"
    flaws=1
}
reports() { cat "$work"/report.* 2>/dev/null | grep -c 'WARNING: ThreadSanitizer'; }
part() { echo "$1: $(reports) reports so far"; }

# Reports are seen: without the shim the pool of workers has some.
serve=(serve --count 64 --workers 4 --speed 200 --rtu none)
TSAN_OPTIONS="ignore_noninstrumented_modules=1 log_path=$work/control" timeout 10 \
    setarch -R "$build/metersim" "${serve[@]}" --tcp 127.0.0.1:0 --console none >/dev/null 2>&1
cat "$work"/control.* 2>/dev/null | grep -q 'WARNING: ThreadSanitizer' ||
    flaw "without the shim nothing is reported: is this a build under ThreadSanitizer?"

. tests/support/await_port.sh
"$meter" "${serve[@]}" --tcp 127.0.0.1:0 --metrics 127.0.0.1:0 --http 127.0.0.1:0 --console "$work/console" >"$work/log" 2>&1 &
pid=$!
trap 'kill -9 $pid 2>/dev/null; rm -rf "$work"' EXIT
await_port "$work/log"
"$build/tests/gateway_hostile" "$port" "$seconds" >"$work/hostile" 2>&1 &
hostile=$!
metrics=$(sed -n 's/^Metrics on http:..127.0.0.1:\([0-9]*\).*/\1/p' "$work/log")
"$build/tests/hostile_doors" "$port" /dev/null "$work/console" "$metrics" "$seconds" \
    >"$work/doors" 2>&1 &
doors=$!
link=$(sed -n 's/^Page: http:..127.0.0.1://p' "$work/log")
python3 tests/tools/hostile_web.py "${link%%/*}" "${link##*token=}" "$seconds" >"$work/web" 2>&1 &
web=$!
end=$((SECONDS + seconds))
while [ $SECONDS -lt $end ]; do
    "$build/tests/gateway_load" -p "$port" -c 20 -n 2000 --seconds 600 >"$work/load" 2>&1 ||
        flaw "wrong or missing answers: $(cat "$work/load")"
    "$meter" console -e "recording('recordings/sag_b_480v.cfg')" "$work/console" >/dev/null
    "$meter" console -e "add_load('profile', { file = 'scenarios/profile_day.csv' })" \
        "$work/console" >/dev/null
    "$meter" console -e 'fault(meters[2], "ct_reversed", "B") clear() clear_loads()' \
        "$work/console" >/dev/null
done
wait $hostile || flaw "the hostile clients did nothing: $(cat "$work/hostile")"
wait $doors || flaw "the hostile clients did nothing: $(cat "$work/doors")"
wait $web || flaw "the hostile clients of the web did nothing: $(cat "$work/web")"
kill -TERM $pid
wait $pid || flaw "serve ended with exit code $?"
part "serve --workers 4"
"$meter" run scenarios --jobs 4 --time-limit 3600 >"$work/run" 2>&1 || flaw "run: $(grep '^not ok' "$work/run")"
part "run --jobs 4"
"$meter" bench --runs 1 >"$work/bench" 2>&1 || flaw "bench: $(tail -n 3 "$work/bench")"
part "bench"
cat "$work"/report.* 2>/dev/null
[ "$(reports)" = 0 ] || flaw "ThreadSanitizer has reported"
[ $flaws = 0 ] && echo "no race"
exit $flaws
