#!/usr/bin/env bash
# The whole lab spread: calls the other scripts of this folder.
# Use: lab.sh [start|stop|status|kill] [VM …]   (with VMs: only those; their switches start on demand)
# Made by KVM Lab from hosts.lab.yaml.
# kvmlab: generated 16997764ac91e7
set -u
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
# HOST=NAME tells which host of the lab this is, RUN_ROOT=DIR where its run-time folders are.
words=()
for word in "$@"; do
  case $word in
    HOST=*) export KVMLAB_HOST=${word#*=} ;;
    RUN_ROOT=*) export KVMLAB_RUN_ROOT=${word#*=} ;;
    *) words+=("$word") ;;
  esac
done
set -- "${words[@]}"
verb=${1-start}
(($#)) && shift

host=$("$here/common.sh" host_name) || exit 1
# What belongs to each host.
case $host in
  '')
    switches=()
    wires=()
    vms=()
    ;;
  left)
    switches=(switch-lan)
    wires=(wire-lan@left)
    vms=(a)
    ;;
  right)
    switches=(switch-lan)
    wires=()
    vms=(b)
    ;;
  *) printf '%s\n' "This lab has no host $host. It has: left right" >&2; exit 2 ;;
esac
run=$("$here/common.sh" folder spread) || exit 1
# What runs here and belongs to another host has come from there: it is stopped here too.
visitors() {
  local -n list=$1
  local one
  [[ $verb != start ]] || return
  for one in "${@:2}"; do [[ ! -e $run/$one.pid || " ${list[*]} " = *" $one "* ]] || list+=("$one"); done
}
visitors switches switch-lan
visitors wires wire-lan@left wire-lan@right
visitors vms a b

if (($#)); then
  for vm in "$@"; do
    [[ " ${vms[*]} " = *" $vm "* ]] || { printf '%s\n' "This host has no VM $vm. It has: ${vms[*]}" >&2; exit 2; }
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

# --- as generated, for "kvmlab renew" to compare with: 1e71aef06d1c97 ---
#= P8owsCvKXmQ27VASuD34ho70kGUCj2Ov7Gp9hUdp6UpDN4nNyv2A5IwDJL2Cwj99RB-hjujjtcFAc5bSfYv56hUu3oWlyyd6Yv5buxu3oAc5
#= URIYv5XovRVWz5xEfJbCyOGkIYbUfuy9qHarBpeJxTCRVL2CudoyYGwrpMVo9iLuctsnYL2Ck2MDahdT_MEkDrGDh1aqyxrWMVof27HarL2C
#= 883-9GGyQg3uFzbfujsUhpDNHarL2CXjc2L9KEIaK_-MKRVWYhjL8aHoSL2C
