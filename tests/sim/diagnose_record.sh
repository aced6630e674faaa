#!/bin/bash
# diagnose_record.sh METERSIM SOURCE: a waveform tells the phases of the voltages, so exchanged voltage
# inputs and exchanged CTs, which no register tells apart, are two answers.
set -u
metersim=$1 source=$2 work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
record=$source/recordings/sag_b_480v
flaws=0

# ask NAME FIRST SED: the record with other names of its channels.
ask() {
    sed -e "$3" "$record.cfg" >"$work/$1.cfg" && cp "$record.dat" "$work/$1.dat" || exit 2
    "$metersim" diagnose "$work/$1.cfg" >"$work/said" 2>&1
    grep -q "^  1\. .*  \[$2\]$" "$work/said" && [ "$(grep -c '%.*swapped_AB\]$' "$work/said")" -le 1 ] && return
    echo "$1: $2 does not stand first, alone: $(cat "$work/said")"
    flaws=1
}

ask as_it_is healthy ''
ask volts pt_swapped_AB 's/^1,Va,A,/1,Vb,B,/; s/^2,Vb,B,/2,Va,A,/'
ask amps ct_swapped_AB 's/^4,Ia,A,/4,Ib,B,/; s/^5,Ib,B,/5,Ia,A,/'
# Voltages and currents alike: the sequence is ACB, and nothing is wrong.
ask both healthy 's/^1,Va,A,/1,Vb,B,/; s/^2,Vb,B,/2,Va,A,/; s/^4,Ia,A,/4,Ib,B,/; s/^5,Ib,B,/5,Ia,A,/'
exit $flaws
