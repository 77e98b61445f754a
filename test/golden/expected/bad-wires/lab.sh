#!/usr/bin/env bash
# The whole lab bad-wires: calls the other scripts of this folder.
# Use: lab.sh [start|stop|status|kill] [VM …]   (with VMs: only those; their switches start on demand)
# Made by KVM Lab from bad-wires.lab.yaml.
# kvmlab: generated 113ecf1ac44223
set -u
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
switches=(switch-lan switch-dmz switch-inet)
wires=(wire-lan-dmz wire-dmz-inet wire-lan-inet)
vms=(web)

verb=${1-start}
(($#)) && shift
if (($#)); then
  for vm in "$@"; do
    [[ " ${vms[*]} " = *" $vm "* ]] || { printf '%s\n' "This lab has no VM $vm. It has: ${vms[*]}" >&2; exit 2; }
  done
  vms=("$@")
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

case $verb in
  start) each "${switches[@]}"; each "${wires[@]}"; each "${vms[@]}" ;;
  status) each "${switches[@]}"; each "${wires[@]}"; each "${vms[@]}" ;;
  stop | kill) each "${vms[@]}"; each "${wires[@]}"; each "${switches[@]}" ;;
  *) echo 'Use: lab.sh [start|stop|status|kill] [VM …]' >&2; exit 2 ;;
esac
((failed)) && exit 1
((done == 0 && already > 0)) && exit 3
exit 0

# --- as generated, for "kvmlab renew" to compare with: 037cca28548920 ---
#= P8oGTSvKXb3L7VASuD34h56l3pmjiZL2CA5IwDJudoyYGlQZMVo9iLuctsnYL2Ck2MDahdT_MEkDrGDh1aqyxrWMVof27HarL2C883-9GGyQ
#= g3uFzbfujsUhpDNHarL2CXjc2L9KEIaK_-MKRVWYhjL8aHoSL2C
