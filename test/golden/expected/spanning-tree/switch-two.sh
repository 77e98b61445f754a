#!/usr/bin/env bash
# Switch two of the lab spanning-tree: one vde_switch process. Needs no root.
# Use: switch-two.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from spanning-tree.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 0c9135c9af8ab5
set -u

# --- settings: yours to change ---
PORTS=31                        # usable ports
STP='yes'                       # spanning tree (fstp)
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
run=$("$here/common.sh" folder spanning-tree) || exit 1

# What the switch is told before anybody plugs in.
configuration=(
  'port/create 29'         # wire one-two-2
  'port/create 30'         # wire two-three
  'port/create 31'         # wire one-two
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
# Who is plugged in again when the switch was started.
needs+=(--wire one-two)
needs+=(--wire two-three)
needs+=(--wire one-two-2)
exec "$here/common-switch.sh" "$run" "$verb" two "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 0cb989b8639ae5 ---
#| PORTS=31                        # usable ports
#| STP='yes'                       # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#= P8ovpLNNE1Dg7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd372HpxBOGpDN4nN2P_L2CVvrHNoDLsMLowwxJGHN97rf8yqDCjmI5-yMk8eZx28
#= L2C
