#!/bin/bash
# bench_rows.sh METERSIM: each letter of --only prints its own rows and no others, and
# --help names them all. (f and g take long; they go through the same table.)
set -u
meter=$1
flaws=0
complain() {
    echo "$*"
    flaws=1
}
for letter in a b c d e h j k; do
    got=$("$meter" bench --only $letter --runs 1 --json |
        sed -n 's/.*"id": "\([a-z]\).*/\1/p' | sort -u | tr -d '\n')
    [ "$got" = $letter ] || complain "--only $letter printed rows of '$got'"
done
listed=$("$meter" bench --help | sed -n 's/^  \([a-z]\)  .*/\1/p' | tr -d '\n')
[ "$listed" = abcdefghijk ] || complain "--help lists '$listed'"
for wrong in z A a,b "" "a b"; do
    "$meter" bench --only "$wrong" >/dev/null 2>&1
    [ $? = 2 ] || complain "--only '$wrong' was taken"
done
[ $flaws = 0 ] && echo "rows a to k by their letters"
exit $flaws
