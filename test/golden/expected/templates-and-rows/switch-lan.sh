#!/usr/bin/env bash
# Switch lan of the lab templates-and-rows: one vde_switch process. Needs no root.
# Use: switch-lan.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from templates-and-rows.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 0af9e5f1c3e05c
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
run=$("$here/common.sh" folder templates-and-rows) || exit 1

# What the switch is told before anybody plugs in.
configuration=(
  'port/create 1'          # pc-1 NIC 1
  'port/create 2'          # pc-2 NIC 1
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
# Who is plugged in again when the switch was started.
needs+=(--vm pc-1)
needs+=(--vm pc-2)
exec "$here/common-switch.sh" "$run" "$verb" lan "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 1e89e3c23162ac ---
#| PORTS=31                        # usable ports
#| STP='no'                        # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#= P8oEdnKWirdw7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd372HpxBOGpDN4nNfYgL2CVvrHNosyaFeyJGHN97rf8yqDCjmULsOW5637L2C
