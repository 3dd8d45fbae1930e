#!/bin/bash
# sbatch --nodes=8 slurm.sh /shared/photos /shared/faces: one Ray over all nodes of the job, on disks that they share.
# Given again with the same words after the time has run out, it goes on where it stopped.
#SBATCH --ntasks-per-node=1 --exclusive --time=04:00:00
head=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
export RAY_USAGE_STATS_ENABLED=0
srun ray symmetric-run --address "$head:6379" --min-nodes "$SLURM_JOB_NUM_NODES" -- mien batch "$1" -o "$2" --address auto
