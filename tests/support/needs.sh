# shellcheck shell=bash
# To be sourced. needs TOOL…: a test without its tools is skipped (77), but fails in CI,
# which installs them all.
missing() {
    echo "$1 is not installed"
    [ "${CI:-}" = true ] && exit 1
    exit 77
}
needs() {
    local tool
    for tool in "$@"; do
        command -v "$tool" >/dev/null || missing "$tool"
    done
}
