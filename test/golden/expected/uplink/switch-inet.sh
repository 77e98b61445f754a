#!/usr/bin/env bash
# Switch inet of the lab uplink: one vde_switch process. Needs no root.
# Use: switch-inet.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from uplink.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 03cb6cd3273a57
set -u

# --- settings: yours to change ---
PORTS=31                        # usable ports
STP='no'                        # spanning tree (fstp)
PRIORITY=32768                  # the lowest becomes root of the tree
NETWORK=10.9.0.0/24             # of the uplink: DHCP and NAT without root
FORWARD=(tcp:127.0.0.1:2222-10.9.0.15:22 udp:0.0.0.0:5353-10.9.0.16:53) # host to guest
QEMU='qemu-system-x86_64'       # the uplink is a QEMU without a machine
# --- end of settings ---

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
verb=start
for word in "$@"; do
  case $word in
    RUN_ROOT=*) export KVMLAB_RUN_ROOT=${word#*=} ;;
    PORTS=* | STP=* | PRIORITY=* | NETWORK=* | QEMU=*) declare "$word" ;;
    *=* | -*) printf '%s\n' "${0##*/}: no setting for $word" >&2; exit 2 ;;
    *) verb=$word ;;
  esac
done
run=$("$here/common.sh" folder uplink) || exit 1

# What the switch is told before anybody plugs in.
configuration=(
  'port/create 1'          # uplink
  'port/create 2'          # inside NIC 1
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
# Who is plugged in again when the switch was started.
needs+=(--vm inside)
forward=
for rule in "${FORWARD[@]}"; do forward+=",hostfwd=$rule"; needs+=(--forward "$rule"); done
uplink=()
# The uplink: the user-mode network of a QEMU without a machine, plugged into a port of the switch.
uplink+=(
  "$QEMU"
  -machine none
  -name switch-inet.uplink
  -nodefaults
  -no-user-config
  -display none
  -pidfile "$run/switch-inet.uplink.pid"
  -daemonize
  -netdev "user,id=nat,net=$NETWORK$forward"
  -netdev "vde,id=vde,sock=${run//,/,,}/switch-inet,port=1"
  -netdev 'hubport,id=hub1,hubid=1,netdev=nat'
  -netdev 'hubport,id=hub2,hubid=1,netdev=vde'
)
needs+=(--uplink "${uplink[@]}")
exec "$here/common-switch.sh" "$run" "$verb" inet "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 1a5c7850b09b9b ---
#| PORTS=31                        # usable ports
#| STP='no'                        # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#| NETWORK=10.9.0.0/24             # of the uplink: DHCP and NAT without root
#| FORWARD=(tcp:127.0.0.1:2222-10.9.0.15:22 udp:0.0.0.0:5353-10.9.0.16:53) # host to guest
#| QEMU='qemu-system-x86_64'       # the uplink is a QEMU without a machine
#= P8oqd_sVoB6D7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUdRcsHpxBOGpDN4nNv9sL2CVvrHNoa6Mcx1JGHN97rf8yqDCjmUjdbMAGBAeECI9m
#= KNuYBP8Qg1ajKRbTy5hO04H-IA_EbJ38R_xoSgkJGHUxw8RyL2C
