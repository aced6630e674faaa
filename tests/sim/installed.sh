#!/bin/bash
# installed.sh METERSIM: the program installed elsewhere (cmake --install, DESTDIR) finds
# its data beside it, and nothing of the folder that it was built from.
set -u
meter=$(realpath "$1")
build=$(dirname "$meter")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flaws=0
flaw() {
    echo "$*"
    flaws=1
}
DESTDIR=$work/first cmake --install "$build" --prefix /usr --component metersim >"$work/log" 2>&1 ||
    flaw "$(tail -n 5 "$work/log")"
mv "$work/first" "$work/moved" # where it was installed does not matter, either
usr=$work/moved/usr
cd "$work" || exit 2
"$usr/bin/metersim" tour | grep -qF "metersim run $usr/share/metersim/scenarios" ||
    flaw "the tour does not name the installed scenarios"
"$usr/bin/metersim" run "$usr/share/metersim/scenarios/recorded_sag.lua" >"$work/log" 2>&1 ||
    flaw "$(cat "$work/log")"
"$usr/bin/metersim" scenarios | grep -q "phase_loss_b" || flaw "metersim scenarios finds none"
# Without its data it says where they should be, not where they were built.
rm -r "$usr/share/metersim"
"$usr/bin/metersim" scenarios >"$work/log" 2>&1 && flaw "scenarios without data"
grep -qF "$usr" "$work/log" || flaw "$(cat "$work/log")"
for file in lib/systemd/system/metersim@.service \
    share/bash-completion/completions/metersim share/doc/metersim/copyright; do
    [ -e "$usr/$file" ] || flaw "no $file"
done
exit $flaws
