#!/usr/bin/env bash
# Switch dmz of the lab templates-and-rows: one vde_switch process. Needs no root.
# Use: switch-dmz.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from templates-and-rows.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 01e1d2ca5c0eb5
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
run=$("$here/common.sh" folder templates-and-rows) || exit 1

# What the switch is told before anybody plugs in.
configuration=(
  'vlan/create 7'
  'port/create 1'          # web-1 NIC 1
  'port/create 2'          # web-2 NIC 1
  'port/create 3'          # web-3 NIC 1
  'port/create 4'          # db NIC 1
  'port/setvlan 4 7'
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
# Who is plugged in again when the switch was started.
needs+=(--vm web-1)
needs+=(--vm web-2)
needs+=(--vm web-3)
needs+=(--vm db)
exec "$here/common-switch.sh" "$run" "$verb" dmz "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 1e235fcc727057 ---
#| PORTS=31                        # usable ports
#| STP='yes'                       # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#= P8oZNUGZlrdw7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd372HpxBOGpDN4nNfYgL2CVvrHNoX_mrG6_uiHSrxyNmSxJGHN97rf8yqDCjm_lg
#= BkEpjBUv9usXL2C
