#!/usr/bin/env bash
# Switch hall of the lab campus: one vde_switch process. Needs no root.
# Use: switch-hall.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from campus.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 1a340dc85e5cf6
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
  'port/create 1'          # router NIC 1
  'port/create 2'          # seat-1 NIC 1
  'port/create 3'          # seat-2 NIC 1
  'port/create 4'          # seat-3 NIC 1
  'port/create 5'          # seat-4 NIC 1
  'port/create 6'          # seat-5 NIC 1
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
# Who is plugged in again when the switch was started.
needs+=(--vm router)
needs+=(--vm seat-1)
needs+=(--vm seat-2)
needs+=(--vm seat-3)
needs+=(--vm seat-4)
needs+=(--vm seat-5)
exec "$here/common-switch.sh" "$run" "$verb" hall "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 12a525b3a02cbd ---
#| PORTS=31                        # usable ports
#| STP='no'                        # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#= P8oJ91whaHUb7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd372HpxBOGpDN4nNzCWL2CVvrHNooB5-3ia2j5EuZmjtd4JGHN97rf8yqDCjmW5i
#= VCHOpemuYk0Y4IemcWL2C
