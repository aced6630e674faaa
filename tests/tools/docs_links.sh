#!/bin/bash
# docs_links.sh METERSIM: every relative link in a document leads to a file, and to a heading
# where it names one; every `metersim COMMAND --option`, every `folder/file` and, in
# architecture.md, every `function` exists; comments cite documents, and sections of
# docs/decisions.md, that are there.
set -u
metersim=$1
cd "$(dirname "$0")/../.." || exit 2
faults=$(mktemp) && helps=$(mktemp -d) || exit 2
trap 'rm -rf "$faults" "$helps"' EXIT

# Headings as anchors: lower case, blanks to dashes, other signs dropped.
anchors() {
    sed -n 's/^##* //p' "$1" | tr '[:upper:] ' '[:lower:]-' | sed 's/[^[:alnum:]_-]//g'
}

check_link() { # FILE LINK
    local file=${2%%#*} anchor=
    [[ $2 == *#* ]] && anchor=${2#*#}
    if [ -n "$file" ]; then file=$(dirname "$1")/$file; else file=$1; fi
    if [ ! -e "$file" ]; then
        echo "$1: link to $2: there is no $file"
    elif [ -n "$anchor" ] && ! anchors "$file" | grep -qxF -- "$anchor"; then
        echo "$1: link to $2: no such heading"
    fi
}

# Files of the project between backticks, in lower case: NAME and * stand for others.
# shellcheck disable=SC2016
check_files() { # FILE
    grep -oE '`(core|waveform|hal_sim|hal_target|sim|gui|page|tests|scenarios|recordings|deploy|docs)/[a-z0-9_./-]+`' "$1" |
        tr -d '`' | sort -u | while read -r path; do
        [ -e "$path" ] || [ -e "$path.c" ] || echo "$1: there is no $path"
    done
}

# A folder's README names files of the folder without their path.
# shellcheck disable=SC2016
check_local_files() { # FILE
    grep -oE '`[a-z0-9_]+\.(c|h|def|lua|sh|css|js|py|mjs|cfg)`' "$1" | tr -d '`' | sort -u | while read -r file; do
        find . -name "$file" -not -path "./build*" | grep -q . || echo "$1: there is no $file"
    done
}

# Names with an underscore between backticks are those of functions or files.
# shellcheck disable=SC2016
check_names() { # FILE
    grep -oE '`[a-z0-9]+(_[a-z0-9]+)+`' "$1" | tr -d '`' | sort -u | while read -r name; do
        grep -rqw --include='*.[ch]' --include='*.def' -- "$name" core waveform hal_sim hal_target sim gui page ||
            ls {core,waveform,hal_sim,gui,page,sim/*}/"$name".[ch] >/dev/null 2>&1 ||
            echo "$1: there is no $name in the sources"
    done
}

# What a document types at a prompt, in an indented line or between backticks: COMMAND REST.
# shellcheck disable=SC2016
commands_in() {
    grep -E '^    |^\$|`' "$1" |
        grep -oE '(^ +|\$ |`)(build[a-z-]*/)?(metersim|\./run) [a-z][^`|#;&>]*' |
        sed -E 's/^.*(metersim|\.\/run) //'
}

# The line from "metersim COMMAND" on, up to what ends a command.
check_command() { # FILE COMMAND REST
    local help=$helps/$2 option
    if [ ! -s "$help" ]; then
        echo "$1: metersim $2: there is no such command"
        return
    fi
    while read -r option; do
        grep -qE -- "^ .*$option([= ]|\$)" "$help" || echo "$1: metersim $2 has no $option"
    done < <(grep -oE -- '(^| )--[a-z][a-z-]+' <<<"$3")
}

for command in $("$metersim" --help | sed -n 's/^  \([a-z][a-z-]*\)  *[a-z].*/\1/p'); do
    "$metersim" "$command" --help >"$helps/$command" 2>/dev/null
done
[ -s "$helps/run" ] || { echo "docs_links: $metersim --help lists no commands"; exit 1; }

documents=$(find . -name '*.md' -not -path './build*' -not -path './.*' | sort)
for document in $documents; do
    check_files "$document"
    [[ $document == ./*/README.md ]] && check_local_files "$document"
    while read -r link; do
        check_link "$document" "$link"
    done < <(grep -oE '\]\([^)[:space:]]+\)' "$document" | sed 's/^](//; s/)$//' | grep -vE '^[a-z]+:')
    while read -r command rest; do
        check_command "$document" "$command" "$rest"
    done < <(commands_in "$document")
done >"$faults"

# shellcheck disable=SC2129
check_names docs/architecture.md >>"$faults"

while IFS=: read -r file _ cited; do
    [ -e "docs/$cited" ] || echo "$file cites docs/$cited, which is not there"
done < <(grep -rnoE 'docs/[a-z_]+\.md' --include='*.[ch]' --include='*.def' --include='*.sh' \
    core waveform hal_sim hal_target sim gui page tests | sed 's/:docs\//:/') >>"$faults"
while IFS=: read -r file section; do
    anchor=$(tr '[:upper:] ' '[:lower:]-' <<<"$section")
    anchors docs/decisions.md | grep -qxF -- "$anchor" ||
        echo "$file cites the section $section of docs/decisions.md, which is not there"
done < <(grep -rzoE 'docs/decisions\.md,(\s|\*)+[A-Z][A-Za-z]+( types)?' \
    core waveform hal_sim hal_target sim gui page tests --include='*.[ch]' --include='*.def' |
    tr '\0\n' '\n ' | sed -E 's/^ *([^:]+):docs\/decisions\.md,[ *]+/\1:/') >>"$faults"

if [ -s "$faults" ]; then
    cat "$faults"
    exit 1
fi
echo "docs_links: links and commands of $(wc -w <<<"$documents") documents resolve"
