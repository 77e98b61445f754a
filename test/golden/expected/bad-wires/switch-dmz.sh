#!/usr/bin/env bash
# Switch dmz of the lab bad-wires: one vde_switch process. Needs no root.
# Use: switch-dmz.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from bad-wires.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 1fee2359cfdffc
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
run=$("$here/common.sh" folder bad-wires) || exit 1

# What the switch is told before anybody plugs in.
configuration=(
  'port/create 1'          # web NIC 2
  'port/create 30'         # wire dmz-inet
  'port/create 31'         # wire lan-dmz
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
# Who is plugged in again when the switch was started.
needs+=(--wire lan-dmz)
needs+=(--wire dmz-inet)
needs+=(--vm web)
exec "$here/common-switch.sh" "$run" "$verb" dmz "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 1c2fce2c80616d ---
#| PORTS=31                        # usable ports
#| STP='no'                        # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#= P8oTPaGZlhOe7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd372HpxBOGpDN4nNvk_L2CVvrHNoHcEPP63lgJGHN97rf8yqDCjm6TzgcCij6usX
#= L2C
