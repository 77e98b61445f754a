#!/usr/bin/env bash
# Switch admin of the lab admin-tap: one vde_switch process. Making its tap needs root.
# Use: switch-admin.sh [start|stop|restart|status|kill|command] [VAR=value …]
# For the host: switch-admin.sh [host-up|host-down|host-status|host-hints|nat-on|nat-off|proxy-on|proxy-off|dns-on|dns-off|bridge-check|bridge-up|bridge-confirm|bridge-down]
# Made by KVM Lab from admin-tap.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 00f408273cb849
set -u

# --- settings: yours to change ---
PORTS=31                        # usable ports
STP='no'                        # spanning tree (fstp)
PRIORITY=32768                  # the lowest becomes root of the tree
TAP='kvmadm0'                   # the host joins in; making it needs root
TAP_ADDRESS=192.168.99.1/24
TAP_GROUP='kvm'
TAP_NAT='no'                    # whether VMs get out through the host
TAP_PROXY=                      # web proxy that VMs find at TAP_ADDRESS
TAP_DNS=                        # name server that VMs find at TAP_ADDRESS
TAP_BRIDGE=                     # bridge of the host that the tap is in
TAP_LAN=                        # interface of the host that bridge-up puts into it
TAP_CONFIRM=60                  # seconds until bridge-up is undone unless confirmed
# --- end of settings ---

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
verb=start
for word in "$@"; do
  case $word in
    RUN_ROOT=*) export KVMLAB_RUN_ROOT=${word#*=} ;;
    PORTS=* | STP=* | PRIORITY=* | TAP=* | TAP_ADDRESS=* | TAP_GROUP=* | TAP_NAT=* | TAP_PROXY=* | TAP_DNS=* | TAP_BRIDGE=* | TAP_LAN=* | TAP_CONFIRM=*) declare "$word" ;;
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
needs+=(--tap "$TAP" "$TAP_ADDRESS" "$TAP_GROUP" "$TAP_NAT" "$TAP_PROXY" "$TAP_DNS" "$TAP_BRIDGE" "$TAP_LAN" "$TAP_CONFIRM")
# Who is plugged in again when the switch was started.
needs+=(--vm server)
exec "$here/common-switch.sh" "$run" "$verb" admin "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 181959b831f3f4 ---
#| PORTS=31                        # usable ports
#| STP='no'                        # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#| TAP='kvmadm0'                   # the host joins in; making it needs root
#| TAP_ADDRESS=192.168.99.1/24
#| TAP_GROUP='kvm'
#| TAP_NAT='no'                    # whether VMs get out through the host
#| TAP_PROXY=                      # web proxy that VMs find at TAP_ADDRESS
#| TAP_DNS=                        # name server that VMs find at TAP_ADDRESS
#| TAP_BRIDGE=                     # bridge of the host that the tap is in
#| TAP_LAN=                        # interface of the host that bridge-up puts into it
#| TAP_CONFIRM=60                  # seconds until bridge-up is undone unless confirmed
#= P8o99kim6apwvQg7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUdsENHpxBOGpDN4nNVQ1L2CVvrHNo59VJGHN97rf8yqDeuqCjmqr0e3fL2C
