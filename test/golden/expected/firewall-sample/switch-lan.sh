#!/usr/bin/env bash
# Switch lan of the lab firewall: one vde_switch process. Needs no root.
# Use: switch-lan.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from firewall.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 1bbae1177382b5
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
run=$("$here/common.sh" folder firewall) || exit 1

# What the switch is told before anybody plugs in.
configuration=(
  'port/create 1'          # fw NIC 1
  'port/create 2'          # pc NIC 1
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
# Who is plugged in again when the switch was started.
needs+=(--vm fw)
needs+=(--vm pc)
exec "$here/common-switch.sh" "$run" "$verb" lan "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 0d309a207d6276 ---
#| PORTS=31                        # usable ports
#| STP='no'                        # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#= P8o0b5KWiHJU7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd372HpxBOGpDN4nN_CLL2CVvrHNo0LcAn2JGHN97rf8yqDCjm9GyNAi637L2C
