#!/bin/bash
# clients_collectd.sh tcp PORT UNIT FUNCTION: as the other clients, with collectd's modbus
# plugin: a block of standard input is one value of 16 bits for each register, and a
# request for each. Exit code 3: collectd has ended before all that it read was written (its
# writers are threads that it does not wait for). Used by clients_gateway.sh.
set -u
port=$2 unit=$3 function=$4
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
command=ReadHolding
[ "$function" = 3 ] || command=ReadInput
registers=()
while read -r first count; do
    for ((k = 0; k < count; k++)); do registers+=($((first + k))); done
done
{
    printf 'Hostname "metersim"\nFQDNLookup false\nBaseDir "%s"\nInterval 3600\n' "$folder"
    printf 'TypesDB "/usr/share/collectd/types.db"\nLoadPlugin csv\nLoadPlugin modbus\n'
    printf '<Plugin csv>\nDataDir "%s"\nStoreRates false\n</Plugin>\n<Plugin modbus>\n' "$folder"
    for register in "${registers[@]}"; do
        printf '<Data "r%d">\nRegisterBase %d\nRegisterType Uint16\nRegisterCmd %s\nType gauge\nInstance "%d"\n</Data>\n' \
            "$register" $((register - 1)) "$command" "$register"
    done
    printf '<Host "meter">\nAddress "127.0.0.1"\nPort "%d"\nInterval 3600\n<Slave %d>\nInstance "m"\n' "$port" "$unit"
    for register in "${registers[@]}"; do printf 'Collect "r%d"\n' "$register"; done
    printf '</Slave>\n</Host>\n</Plugin>\n'
} >"$folder/collectd.conf"
collectd -T -C "$folder/collectd.conf" >&2 || exit 1
for register in "${registers[@]}"; do
    value=$(tail -q -n 1 "$folder"/meter/modbus-m/gauge-"$register"-* 2>/dev/null | cut -d, -f2)
    [ -n "$value" ] || exit 3
    printf '%d %04x\n' "$register" "${value%.*}"
done
