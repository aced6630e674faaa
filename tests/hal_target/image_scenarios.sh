#!/bin/bash
# image_scenarios.sh BUILD: every scenario and case of at most 60 simulated seconds with one
# meter passes on the flashed image, too; the rest is skipped by rule, and how many were run
# is said.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:-build}
out=$(mktemp)
trap 'rm -f "$out"' EXIT
"$build/metersim" run scenarios --board image --at-most "60 s" --jobs "$(nproc)" \
    --time-limit 0 >"$out" 2>&1
code=$?
grep -vE '^(ok|1\.\.)' "$out"
grep '^ok.*# SKIP' "$out" | sed 's/.*# SKIP //' | sort | uniq -c
run=$(grep '^ok' "$out" | grep -vc '# SKIP')
echo "$run points were run on the image"
[ "$run" -ge 90 ] || code=1
exit $code
