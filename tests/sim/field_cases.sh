#!/bin/bash
# field_cases.sh METERSIM SOURCE: the worked examples of docs/field_cases.md print what
# stands there. Each is an indented block that begins with "$ metersim …"; the scenario
# that the first one writes passes.
set -u
metersim=$1 source=$2 work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" && ln -s "$metersim" "$work/bin/metersim" || exit 2
PATH=$work/bin:$PATH
doc=$source/docs/field_cases.md
flaws=0 examples=0

cd "$source/docs/examples/field" || exit 2
awk -v work="$work" '
    /^    \$ / { n++; print substr($0, 7) >(work "/" n ".command"); inside = 1; next }
    /^    / && inside { print substr($0, 5) >(work "/" n ".output"); next }
    { inside = 0 }' "$doc"
for command in "$work"/*.command; do
    examples=$((examples + 1))
    sed "s|/tmp/|$work/|g" "$command" | bash >"$work/now" 2>&1
    sed "s|/tmp/|$work/|g" "${command%.command}.output" | diff - "$work/now" >"$work/diff" && continue
    echo "docs/field_cases.md: $(cat "$command") prints otherwise (< the page, > now):"
    cat "$work/diff"
    flaws=1
done
[ $examples = 5 ] || { echo "$examples examples instead of 5"; flaws=1; }
metersim run "$work/feeder7.lua" >"$work/now" || { cat "$work/now"; flaws=1; }
exit $flaws
