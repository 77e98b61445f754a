#!/usr/bin/env bash
# Switch staff of the lab office: one vde_switch process. Needs no root.
# Use: switch-staff.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from office.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 074a6200091f17
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
run=$("$here/common.sh" folder office) || exit 1

# What the switch is told before anybody plugs in.
configuration=(
  'port/create 1'          # fw NIC 2
  'port/create 2'          # ann NIC 1
  'port/create 3'          # ben NIC 1
  'port/create 4'          # cleo NIC 1
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
# Who is plugged in again when the switch was started.
needs+=(--vm fw)
needs+=(--vm ann)
needs+=(--vm ben)
needs+=(--vm cleo)
exec "$here/common-switch.sh" "$run" "$verb" staff "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 18f6894a16a749 ---
#| PORTS=31                        # usable ports
#| STP='no'                        # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#= P8ovJmQlSKFc7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd372HpxBOGpDN4nN3TiL2CVvrHNo0Dx56OBtL0egJGHN97rf8yqDCjm9GyF5Rfk5
#= y2aXdzL2C
