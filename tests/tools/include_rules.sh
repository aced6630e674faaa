#!/bin/bash
# Which folder may include which: the table of the architecture, checked by grep.
set -u
cd "$(dirname "$0")/../.." || exit 2
flaws=0

# allow FOLDER REGEX: every quoted include of FOLDER must match; system headers too.
allow() {
    local folder=$1 pattern=$2 bad
    bad=$(grep -nHE '^#include' "$folder"/*.[ch] 2>/dev/null |
        grep -vE "#include ($pattern)")
    if [ -n "$bad" ]; then
        echo "$folder/ includes what it may not:"
        echo "$bad"
        flaws=1
    fi
}

libc='<(assert|ctype|stdalign|errno|fcntl|float|inttypes|limits|locale|math|setjmp|signal|stdarg|stdbool|stddef|stdint|stdio|stdlib|string|strings|time|unistd|sys/[a-z]+)\.h>'
allow core '"core/[a-z0-9_]+\.(h|def)"|<(stdbool|stddef|stdint|limits|string)\.h>'
allow core/x86 '"core/(x86/)?[a-z0-9_]+\.h"|<(immintrin|stdint)\.h>'
allow waveform/base "\"waveform/base/[a-z0-9_]+\.h\"|$libc"
allow waveform/x86 '"waveform/(x86/|base/)?[a-z0-9_]+\.h"|<(immintrin|string)\.h>'
allow hal_sim/x86 '"(hal_sim/(x86/)?|waveform/base/)[a-z0-9_]+\.h"|<(immintrin|string)\.h>'
allow waveform "\"waveform/[a-z0-9_/]+\.(h|def)\"|$libc"
allow hal_sim "\"(core|waveform|waveform/base|hal_sim)/[a-z0-9_]+\.(h|def)\"|$libc"
# Chips know the signals that they carry, and neither firmware nor simulator.
allow hal_sim/chips "\"(hal_sim/chips|waveform/base)/[a-z0-9_]+\.(h|def)\"|$libc"
allow hal_sim/image "\"(core|waveform/base|hal_sim|hal_sim/chips|hal_sim/image)/[a-z0-9_]+\.(h|def)\"|<unicorn/unicorn\.h>|$libc"
allow gui "\"(core|waveform|waveform/base|hal_sim|gui)/[a-z0-9_]+\.(h|def)\"|<SDL(_image)?\.h>|$libc"
allow page "\"(core|waveform|waveform/base|hal_sim|gui|page)/[a-z0-9_]+\.(h|def)\"|$libc"
allow page/tables '"sim/field/register_list\.h"|<stdio\.h>'
if grep -lE '\bSDL_|<SDL' gui/*.[ch] | grep -vE '^gui/panel(_screenshot)?\.c$'; then
    echo "gui/ draws without SDL: only panel.c (window) and panel_screenshot.c (files) have it"
    flaws=1
fi
# The emulated board shares the tape's format with the simulator, and nothing else of it.
hal_target='"core/[a-z0-9_]+\.(h|def)"|"hal_sim/tape(_reader)?\.h"|"hal_target/[a-z0-9_/]+\.h"'
for folder in hal_target/*/; do
    allow "${folder%/}" "$hal_target|<(stdbool|stddef|stdint|limits|string)\.h>"
done
if grep -nE '#include "(hal_target|gui|page)/' sim/*/*.[ch] | grep -v '"gui/panel[a-z_]*\.h"'; then
    echo "sim/ may see gui/ only through gui/panel*.h, and hal_target/ not at all"
    flaws=1
fi

# A meter is reached through unit.h: what holds its state is core's and hal_sim's alone.
state='acquire|candidate|clock|cycle|demand|edit|energy|fundamental|log|menu|meter|metering|nvm'
state="core/($state|persist|pulse|second|window)\.h|hal_sim/device_core\.h"
# bench_kernels.c measures core's loops by themselves, without a meter.
if grep -nE "#include \"($state)\"" sim/*/*.[ch] gui/*.[ch] page/*.[ch] |
    grep -v '^sim/bench/bench_kernels.c:'; then
    echo "sim/, gui/ and page/ see a meter's state only through hal_sim/unit.h"
    flaws=1
fi

# Inside sim/ a folder sees itself and those before it.
seen=
for layer in program plant 'gateway|line' bridge field flash record lua site script report run bisect \
    history diagnose traffic console web serve exam factory bench command; do
    seen=${seen:+$seen|}$layer
    for folder in ${layer//|/ }; do
        if grep -nHE '#include "sim/' sim/"$folder"/*.[ch] | grep -vE "\"sim/($seen)/"; then
            echo "sim/$folder/ sees a folder that comes after it"
            flaws=1
        fi
    done
done
# The language without meters, the plant without the language. Who is served while a
# script computes is a matter of both, and has no meters either.
if grep -nHE '#include "' sim/lua/*.[ch] | grep -vE '"(sim/lua/|waveform/|sim/plant/others\.h)'; then
    echo "sim/lua/ knows no meters: it sees itself, waveform/ and sim/plant/others.h"
    flaws=1
fi
if grep -nHE '#include ("sim/lua/|<(lua|lauxlib|lualib)\.h)' sim/site/*.[ch]; then
    echo "sim/site/ knows no language"
    flaws=1
fi
[ $flaws = 0 ] && echo "include rules hold"
exit $flaws
