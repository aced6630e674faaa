#!/bin/bash
# Every C file is as clang-format 14 (Debian 12's) would write it, and no file has a name
# that only a slip of a shell makes.
cd "$(dirname "$0")/../.." || exit 2
if git ls-files | grep '[^A-Za-z0-9._/-]'; then
    echo "format: a file's name has letters, digits, and . _ - alone" >&2
    exit 1
fi
git ls-files '*.c' '*.h' | xargs clang-format --dry-run -Werror && echo "all formatted"
