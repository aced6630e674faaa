#!/bin/bash
# tests/sim/diagnose_causes.sh METERSIM: sites with causes of the supply, of settings and of sensors,
# made by the core (diagnose_causes.lua): each cause stands first, or is named as what reads the
# same; the scenario that is written of it passes.
set -u
metersim=$(realpath "$1") here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT && cd "$work" || exit 2
"$metersim" run "$here/diagnose_causes.lua" >out 2>&1 || {
    tail -n 5 out
    exit 1
}
sed -n 's/^#* *D \(first\|second\|same\) /\1 /p' out | awk '{
    file = $1 "." $2 "." $3 ".csv"
    if ($4 == 3) print "time,register,word" > file
    for (n = 5; n <= NF; n++) { split($n, word, ":"); print $4 "," word[1] "," word[2] > file }
}'
printf '%s\n' *.csv | xargs "$metersim" diagnose --json >answers || exit 1
# The scenario that is written passes: one site of each cause.
written=0
for dump in first.*.csv; do
    cause=${dump#first.} && cause=${cause%%.*}
    [ -e "$cause.lua" ] && continue
    "$metersim" diagnose "$dump" --write "$cause.lua" >/dev/null && "$metersim" run "$cause.lua" >said || {
        echo "$dump: its scenario does not pass:"
        tail -n 3 said
        exit 1
    }
    written=$((written + 1))
done
[ $written -ge 17 ] || { echo "$written scenarios"; exit 1; }
python3 - answers <<'PYTHON'
import json, sys
bad = asked = 0
for line in open(sys.argv[1]):
    answer = json.loads(line)
    what, cause = answer["file"].split(".")[:2]
    ids = [c["id"] for c in answer["causes"]] + ["none"] * 2
    said = ids[0] == cause if what == "first" else ids[1] == cause and ids[0] == "healthy" if what == "second" \
        else any(cause in c["same"] for c in answer["causes"])
    asked += 1
    if not said:
        bad += 1
        print(answer["file"], "is taken for", ids)
print(asked, "sites,", bad, "not told")
sys.exit(bad > 0 or asked < 60)
PYTHON
