#!/usr/bin/env bash
# Switch inet of the lab bad-wires: one vde_switch process. Needs no root.
# Use: switch-inet.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from bad-wires.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 0d503cf911db9b
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
  'port/create 1'          # web NIC 3
  'port/create 30'         # wire lan-inet
  'port/create 31'         # wire dmz-inet
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
# Who is plugged in again when the switch was started.
needs+=(--wire dmz-inet)
needs+=(--wire lan-inet)
needs+=(--vm web)
exec "$here/common-switch.sh" "$run" "$verb" inet "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 0ea57b0e6a3b2f ---
#| PORTS=31                        # usable ports
#| STP='no'                        # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#= P8olMisVohOe7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd372HpxBOGpDN4nNvk_L2CVvrHNoHpTDIe05MJGHN97rf8yqDCjmgcC1asij68Ry
#= L2C
