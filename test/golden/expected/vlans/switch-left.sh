#!/usr/bin/env bash
# Switch left of the lab vlans: one vde_switch process. Needs no root.
# Use: switch-left.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from vlans.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 025e0d40654813
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
run=$("$here/common.sh" folder vlans) || exit 1

# What the switch is told before anybody plugs in.
configuration=(
  'vlan/create 10'
  'vlan/create 20'
  'vlan/create 30'
  'port/create 1'          # l10 NIC 1
  'port/setvlan 1 10'
  'port/create 2'          # l20 NIC 1
  'port/setvlan 2 20'
  'port/create 31'         # wire left-right
  'vlan/addport 10 31'
  'vlan/addport 20 31'
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
# Who is plugged in again when the switch was started.
needs+=(--wire left-right)
needs+=(--vm l10)
needs+=(--vm l20)
exec "$here/common-switch.sh" "$run" "$verb" left "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 1e143b3e4f9055 ---
#| PORTS=31                        # usable ports
#| STP='no'                        # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#= P8ojwtgOGlk57VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd372HpxBOGpDN4nNdlOL2CVvrHNoV04ecodytH0ByHiin5SKYX4BBSD2geJGHN97
#= rf8yqDCjmfzMmh3ZIDPbBL2C
