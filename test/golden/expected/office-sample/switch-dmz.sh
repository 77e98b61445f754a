#!/usr/bin/env bash
# Switch dmz of the lab office: one vde_switch process. Needs no root.
# Use: switch-dmz.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from office.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 131d245dfb6df7
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
  'port/create 1'          # edge NIC 2
  'port/create 2'          # fw NIC 1
  'port/create 3'          # web NIC 1
  'port/create 4'          # mail NIC 1
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
# Who is plugged in again when the switch was started.
needs+=(--vm edge)
needs+=(--vm fw)
needs+=(--vm web)
needs+=(--vm mail)
exec "$here/common-switch.sh" "$run" "$verb" dmz "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 03c2e318b7c8d9 ---
#| PORTS=31                        # usable ports
#| STP='no'                        # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#= P8oh-cGZlKFc7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd372HpxBOGpDN4nN3TiL2CVvrHNoN33J31q0cdT4JGHN97rf8yqDCjmOOw9Gyij6
#= -FpusXL2C
