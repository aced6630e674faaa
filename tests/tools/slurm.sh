#!/bin/bash
# slurm.sh BUILD [OPTION…]: deploy/slurm on a Slurm of one node that this script starts in
# a folder of its own (Debian's slurm-wlm and munge; as root), and stops again. Results
# that the shards make must be those of one local run, but for times. Options go to
# `metersim run`: with --repeat 30 the shards are long enough to be timed.
set -u
build=$(realpath "$1")
top=$(cd "$(dirname "$0")/../.." && pwd)
for tool in sbatch slurmctld slurmd munged; do
    PATH=$PATH:/usr/sbin command -v $tool >/dev/null && continue
    echo "$tool is not installed (apt-get install slurm-wlm munge)"
    exit 77
done
[ "$(id -u)" = 0 ] || { echo "must be root to start slurmd"; exit 77; }
PATH=$PATH:/usr/sbin
folder=$(mktemp -d)
pids=()
# shellcheck disable=SC2317 # it is called by a trap
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
    wait
    rm -rf "$folder"
}
trap finish EXIT
chmod 755 "$folder"
mkdir "$folder/state" "$folder/spool" "$folder/munge"
dd if=/dev/urandom of="$folder/munge/key" bs=1024 count=1 status=none
chmod 600 "$folder/munge/key"

node=$(hostname -s)
cat >"$folder/slurm.conf" <<END
ClusterName=try
SlurmctldHost=$node(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1,batch_sched_delay=0
NodeName=$node NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=1024 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
export SLURM_CONF=$folder/slurm.conf
munged --foreground --force --socket="$folder/munge/socket" --key-file="$folder/munge/key" \
    --pid-file="$folder/munge/pid" --seed-file="$folder/munge/seed" --log-file=/dev/stderr \
    >"$folder/munged.log" 2>&1 &
pids+=($!)
sleep 1
slurmctld -D -c >"$folder/slurmctld.log" 2>&1 &
pids+=($!)
slurmd -D -c >"$folder/slurmd.log" 2>&1 &
pids+=($!)
for _ in $(seq 60); do
    sinfo -h -o %t 2>/dev/null | grep -q idle && break
    sleep 0.5
done
if ! sinfo -h -o %t | grep -q idle; then
    tail -n 20 "$folder"/*.log
    exit 1
fi

cd "$top" || exit 1
export METERSIM=$build/metersim
flaws=0
local_s=$({ TIMEFORMAT=%R; time "$METERSIM" run scenarios "${@:2}" \
    --junit "$folder/local.xml" >/dev/null; } 2>&1)
# Repetitions come one after the other; a merged file has those of a scenario together.
[ $# = 1 ] || "$METERSIM" junit-merge "$folder/local.xml" -o "$folder/local.xml" || flaws=1
for shards in 1 2 4; do
    start=$(date +%s.%N)
    deploy/slurm/suite.sh $shards scenarios "$folder/results" "${@:2}" || flaws=1
    end=$(date +%s.%N)
    # sbatch --wait looks ever more seldom, every 32 s in the end: the tasks' time says more.
    task_s=$(sed -n 's/^# .* simulated in \([0-9.]*\) s$/\1/p' "$folder"/results/shard-*.log |
        sort -n | tail -n 1)
    awk -v n=$shards -v a="$start" -v b="$end" -v l="$local_s" -v t="$task_s" 'BEGIN {
        printf "%d task(s) on one node: longest %s s, %.1f s with queueing and waiting; " \
            "one local run: %s s\n", n, t, b - a, l }'
    bare() { sed 's/ time="[^"]*"//' "$1"; }
    cmp <(bare "$folder/local.xml") <(bare "$folder/results/junit.xml") || flaws=1
done
[ $flaws = 0 ] && echo "Slurm's merged results are those of one local run"
exit $flaws
