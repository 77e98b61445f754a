#!/usr/bin/env bash
# Switch backbone of the lab campus: one vde_switch process. Needs no root.
# Use: switch-backbone.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from campus.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 04637957d73ef2
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
run=$("$here/common.sh" folder campus) || exit 1

# What the switch is told before anybody plugs in.
configuration=(
  'port/create 1'          # router NIC 2
  'port/create 2'          # server NIC 1
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
# Who is plugged in again when the switch was started.
needs+=(--vm router)
needs+=(--vm server)
exec "$here/common-switch.sh" "$run" "$verb" backbone "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 07bb0770f60507 ---
#| PORTS=31                        # usable ports
#| STP='no'                        # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#= P8oSda8wEHUb7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd372HpxBOGpDN4nNzCWL2CVvrHNooTw59VJGHN97rf8yqDCjmW5iqr0FMUL2C
