#!/bin/bash
# Every C file is as clang-format 14 (Debian 12's) would write it.
cd "$(dirname "$0")/../.." || exit 2
git ls-files '*.c' '*.h' | xargs clang-format --dry-run -Werror && echo "all formatted"
