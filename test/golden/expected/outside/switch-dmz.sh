#!/usr/bin/env bash
# Switch dmz of the lab outside: one vde_switch process. Needs no root.
# Use: switch-dmz.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from outside.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 09f3dc447751b3
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
  'vlan/create 10'
  'port/create 1'          # a NIC 2
  'port/setvlan 1 10'
  'port/create 29'         # wire dmz-tap
  'port/create 30'         # wire dmz-vxvde
  'port/create 31'         # wire dmz-udp
  'port/setvlan 31 10'
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
# Who is plugged in again when the switch was started.
needs+=(--wire dmz-udp)
needs+=(--wire dmz-vxvde)
needs+=(--wire dmz-tap)
needs+=(--vm a)
exec "$here/common-switch.sh" "$run" "$verb" dmz "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 12fbdad3f659c2 ---
#| PORTS=31                        # usable ports
#| STP='no'                        # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#= P8ovb3GZl_TJ7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd372HpxBOGpDN4nNDJLL2CVvrHNoV04X0jyHiALgIBrUWX2cTJGHN97rf8yqDCjm
#= 5B5bLEb_a2z6usXL2C
