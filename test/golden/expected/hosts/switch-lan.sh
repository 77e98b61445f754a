#!/usr/bin/env bash
# Switch lan of the lab spread: one vde_switch process. Needs no root.
# Use: switch-lan.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from hosts.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 0097d956443ef4
set -u

# --- settings: yours to change ---
PORTS=31                        # usable ports
STP='no'                        # spanning tree (fstp)
PRIORITY=32768                  # the lowest becomes root of the tree
# --- end of settings ---

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
verb=start
for word in "$@"; do
  case $word in
    RUN_ROOT=*) export KVMLAB_RUN_ROOT=${word#*=} ;;
    PORTS=* | STP=* | PRIORITY=*) declare "$word" ;;
    *=* | -*) printf '%s\n' "${0##*/}: no setting for $word" >&2; exit 2 ;;
    *) verb=$word ;;
  esac
done
run=$("$here/common.sh" folder spread) || exit 1

# What the switch is told before anybody plugs in.
configuration=(
  'port/create 1'          # a NIC 1
  'port/create 2'          # b NIC 1
  'port/create 30'         # wire lan@right
  'port/create 31'         # wire lan@left
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
# Who is plugged in again when the switch was started.
needs+=(--wire lan@left)
needs+=(--wire lan@right)
needs+=(--vm a)
needs+=(--vm b)
exec "$here/common-switch.sh" "$run" "$verb" lan "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 1b0b2ab49635d7 ---
#| PORTS=31                        # usable ports
#| STP='no'                        # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#= P8oL7VKWiFek7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd372HpxBOGpDN4nNz5xL2CVvrHNoXMqV_iqt-sj8JGHN97rf8yqDCjmV65kVI2z6
#= NFJ637L2C
