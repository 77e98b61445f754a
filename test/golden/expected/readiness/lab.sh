#!/usr/bin/env bash
# The whole lab readiness: calls the other scripts of this folder.
# Use: lab.sh [start|stop|status|kill] [VM …]   (with VMs: only those; their switches start on demand)
# Made by KVM Lab from readiness.lab.yaml.
# kvmlab: generated 19428f192412a4
set -u
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
switches=(switch-lan)
wires=()
vms=(db log web client)
# Those that are to be ready before a VM starts.
declare -A after=(
  [web]=db
  [client]='web log'
) job=() ended=()

verb=${1-start}
(($#)) && shift
if (($#)); then
  for vm in "$@"; do
    [[ " ${vms[*]} " = *" $vm "* ]] || { printf '%s\n' "This lab has no VM $vm. It has: ${vms[*]}" >&2; exit 2; }
  done
  all=("${vms[@]}") vms=()
  for vm in "${all[@]}"; do [[ " $* " = *" $vm "* ]] && vms+=("$vm"); done
  switches=() wires=()
fi

done=0 already=0 failed=0
# Runs the verb of several scripts at once, but not of hundreds, and counts how they ended.
each() {
  local one pids=()
  for one in "$@"; do
    "$here/$one.sh" "$verb" &
    pids+=("$!")
    ((${#pids[@]} >= 8)) && { collect "${pids[0]}"; pids=("${pids[@]:1}"); }
  done
  for one in "${pids[@]}"; do collect "$one"; done
}

collect() {
  wait "$1"
  code=$?
  case $code in
    0) done=$((done + 1)) ;;
    3) already=$((already + 1)) ;;
    *) failed=$((failed + 1)) ;;
  esac
}

# Starts the VMs in their order, several at once. Those that come after others are held back until these are ready.
start_vms() {
  local vm other
  for vm in "${vms[@]}"; do
    for other in ${after[$vm]-}; do over "$other"; done
    while (($(jobs -rp | wc -l) >= 8)); do sleep 0.1; done
    held_back "$vm" &
    job[$vm]=$!
  done
  for vm in "${vms[@]}"; do over "$vm"; done
}

# Waits until the start of a VM is over, and counts it: once, and only if it is one of those that are started.
over() {
  [[ -n ${job[$1]-} && -z ${ended[$1]-} ]] || return 0
  collect "${job[$1]}"
  ended[$1]=$code
}

# What does not run and is not started now is not waited for.
held_back() {
  local other
  for other in ${after[$1]-}; do
    if [[ -n ${ended[$other]-} ]]; then
      [[ ${ended[$other]} = [03] ]] || { echo "$1 was not started: it comes after $other, which does not run (see above)." >&2; exit 1; }
    else
      "$here/$other.sh" status >/dev/null || continue
    fi
    "$here/$other.sh" ready >/dev/null || { echo "$1 was not started: it comes after $other, which is not ready (see above)." >&2; exit 1; }
  done
  exec "$here/$1.sh" start
}

case $verb in
  start) each "${switches[@]}"; each "${wires[@]}"; start_vms ;;
  status) each "${switches[@]}"; each "${wires[@]}"; each "${vms[@]}" ;;
  stop | kill) each "${vms[@]}"; each "${wires[@]}"; each "${switches[@]}" ;;
  *) echo 'Use: lab.sh [start|stop|status|kill] [VM …]' >&2; exit 2 ;;
esac
((failed)) && exit 1
((done == 0 && already > 0)) && exit 3
exit 0

# --- as generated, for "kvmlab renew" to compare with: 01430c512e431f ---
#= P8oKgZvKXmec7VASuD34hq5BX7v5URqWwkb6A_HLm2nq8L2CA5IwDJudoyYGlQZMVon6Cwu7uctsnYL2Ck2MDahdT_MEkDrGDh1aqyxrWMVo
#= f27HarL2C883-9GGyQg3uFzbfujsUhpDNHarL2CmkO2hvCTKNHe7u3uCHCZl4vkMVoP7QHarL2CBwnAwJ8enuyHG9CHarL2COO4Q33qTQkmz
#= UJXEqdyApuLX2_1TcNMVoxJ-HarL2CXjcPM-KEIaK_-MKRVWYhjL8aHoSL2C
