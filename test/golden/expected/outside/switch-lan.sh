#!/usr/bin/env bash
# Switch lan of the lab outside: one vde_switch process. Needs no root.
# Use: switch-lan.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from outside.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 06802340d6a711
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
run=$("$here/common.sh" folder outside) || exit 1

# What the switch is told before anybody plugs in.
configuration=(
  'vlan/create 20'
  'port/create 1'          # a NIC 1
  'vlan/addport 20 1'
  'port/create 30'         # wire lan-other-2
  'port/create 31'         # wire lan-other
  'vlan/addport 20 31'
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
# Who is plugged in again when the switch was started.
needs+=(--wire lan-other)
needs+=(--wire lan-other-2)
needs+=(--vm a)
exec "$here/common-switch.sh" "$run" "$verb" lan "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 17601d62a88609 ---
#| PORTS=31                        # usable ports
#| STP='no'                        # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#= P8ow1EKWi_TJ7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd372HpxBOGpDN4nNDJLL2CVvrHNoecoXMqaeHWFt3BN2geJGHN97rf8yqDCjmz82
#= ESj2z6637L2C
