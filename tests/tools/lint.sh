#!/bin/bash
# lint.sh BUILD [changed]: what reads the code without running it, without a finding:
# clang-tidy (.clang-tidy), cppcheck, and shellcheck for all scripts. `changed`: the files that
# differ from the last commit or the upstream branch, and these with clang's analyzer,
# too, which takes four seconds a file.
set -u
cd "$(dirname "$0")/../.." || exit 2
build=${1:?usage: lint.sh BUILD [changed]} which=${2:-all}
flaws=0

# The C files of the product that a compile command is known of.
sources() {
    if [ "$which" = changed ]; then
        local base
        base=$(git merge-base HEAD '@{upstream}' 2>/dev/null) || base=HEAD~1
        { git diff --name-only "$base"
          git ls-files --others --exclude-standard; } | sort -u
    else
        git ls-files
    fi | grep -E '^(core|waveform|hal_sim|sim|gui|page)/.*\.c$' | while read -r file; do
        [ -f "$file" ] && echo "$file"
    done
}

git ls-files -z | xargs -0 grep -lE '^#!/bin/bash|^# shellcheck shell=bash' |
    xargs shellcheck || flaws=1
mapfile -t files < <(sources)
[ ${#files[@]} -gt 0 ] || { echo "no C file has changed"; exit $flaws; }

cppcheck -q --std=c11 --error-exitcode=1 --enable=warning,performance,portability \
    --inline-suppr --suppressions-list=tests/tools/cppcheck.suppressions -j "$(nproc)" \
    -I. -D_GNU_SOURCE "${files[@]}" || flaws=1

analyzer=
# clang reads gcc's commands, and knows not all of their options.
[ "$which" = changed ] && analyzer='--checks=clang-analyzer-*,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling'
printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 4 \
    clang-tidy -p "$build" --extra-arg=-Wno-ignored-optimization-argument --quiet --warnings-as-errors='*' ${analyzer:+"$analyzer"} 2>/dev/null || flaws=1
[ $flaws = 0 ] && echo "${#files[@]} files and all scripts without a finding"
exit $flaws
