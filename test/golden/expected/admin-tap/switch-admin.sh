#!/usr/bin/env bash
# Switch admin of the lab admin-tap: one vde_switch process. Making its tap needs root.
# Use: switch-admin.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from admin-tap.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 0ab2262972e471
set -u

# --- settings: yours to change ---
PORTS=31                        # usable ports
STP='no'                        # spanning tree (fstp)
PRIORITY=32768                  # the lowest becomes root of the tree
TAP='kvmadm0'                   # the host joins in; making it needs root
TAP_ADDRESS=192.168.99.1/24
TAP_GROUP='kvm'
# --- end of settings ---

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
verb=start
for word in "$@"; do
  case $word in
    RUN_ROOT=*) export KVMLAB_RUN_ROOT=${word#*=} ;;
    PORTS=* | STP=* | PRIORITY=* | TAP=* | TAP_ADDRESS=* | TAP_GROUP=*) declare "$word" ;;
    *=* | -*) printf '%s\n' "${0##*/}: no setting for $word" >&2; exit 2 ;;
    *) verb=$word ;;
  esac
done
run=$("$here/common.sh" folder admin-tap) || exit 1

# What the switch is told before anybody plugs in.
configuration=(
  'port/create 2'          # server NIC 1
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
needs+=(--tap "$TAP" "$TAP_ADDRESS" "$TAP_GROUP")
# Who is plugged in again when the switch was started.
needs+=(--vm server)
exec "$here/common.sh" switch "$run" - "$verb" admin "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 17dc2e46eb1a5e ---
#| PORTS=31                        # usable ports
#| STP='no'                        # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#| TAP='kvmadm0'                   # the host joins in; making it needs root
#| TAP_ADDRESS=192.168.99.1/24
#| TAP_GROUP='kvm'
#= P8o99kim6vQg7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUdSqbHpxBOGpDN4nNVQ1L2CVvrHNo59VJGHN97rf8yqDDvmCjmqr0mRyL2C
