# shellcheck shell=bash
# To be sourced. await_port LOG: waits until `metersim serve` has
# printed into the log where it listens on 127.0.0.1, and sets port to that. When nothing
# comes, the test ends with the log.
await_port() {
    for _ in $(seq 6000); do # five minutes: a hang
        port=$(sed -n 's/.*127\.0\.0\.1:\([0-9]*\), [0-9]* meter.*/\1/p' "$1" | head -n 1)
        [ -n "$port" ] && return
        sleep 0.05
    done
    echo "no port was printed:"
    cat "$1"
    exit 1
}
