#!/bin/bash
# shards.sh METERSIM SCENARIOS: shards hold each scenario once, merge to what one run
# gives, and mistakes are said.
set -u
meter=$1 scenarios=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
flaws=0
complain() { echo "$*"; flaws=1; }

cp -r "$scenarios" "$folder/s"
cp -r "$scenarios/../recordings" "$folder/recordings"
printf 'meter {}\nexpect(1, 2)\n' >"$folder/s/fails <&>.lua"
cd "$folder" || exit 1
"$meter" run s --allow recordings --time-limit 1800 --junit whole.xml >/dev/null
[ $? = 1 ] || complain "one scenario should fail"
grep -q '<testcase classname="s/fails &lt;&amp;&gt;" .* assertions="1"' whole.xml ||
    complain "class name or assertions of a failure"
grep -q '<property name="command" value="metersim run --seed 1 ' whole.xml || complain "no command"
for k in 1 2 3 4; do
    "$meter" run s --allow recordings --time-limit 1800 --shard $k/4 --junit $k.xml >/dev/null
done
"$meter" junit-merge 3.xml 1.xml 4.xml 2.xml -o merged.xml 2>count.txt
[ $? = 1 ] || complain "a merge with a failure should exit 1"
bare() { sed 's/ time="[^"]*"//' "$1"; }
cmp <(bare whole.xml) <(bare merged.xml) || complain "merged results differ"
"$meter" junit-merge 1.xml 1.xml 2>error.txt
[ $? = 2 ] && grep -q 'twice' error.txt || complain "a shard given twice was taken"
head -c 300 1.xml >cut.xml
"$meter" junit-merge cut.xml 2>error.txt
[ $? = 2 ] && grep -q '^metersim junit-merge: cut.xml: ' error.txt ||
    complain "a file that is cut was taken: $(cat error.txt)"
for wrong in 0/2 3/2 1 x/2 1/2/3 -1/2; do
    "$meter" run s --shard $wrong >/dev/null 2>error.txt
    [ $? = 2 ] && grep -q 'shard is K/N' error.txt || complain "--shard $wrong was taken"
done
"$meter" run "s/fails <&>.lua" --shard 2/2 --junit none.xml >/dev/null ||
    complain "an empty shard should pass"
"$meter" junit-merge none.xml >/dev/null 2>&1 || complain "an empty file should merge"
[ $flaws = 0 ] && echo "shards and merge agree with one run: $(cat count.txt)"
exit $flaws
