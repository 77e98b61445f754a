#!/usr/bin/env bash
# Switch inet of the lab pxe: one vde_switch process. Needs no root.
# Use: switch-inet.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from pxe.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 1608becf37ec75
set -u

# --- settings: yours to change ---
PORTS=31                        # usable ports
STP='no'                        # spanning tree (fstp)
PRIORITY=32768                  # the lowest becomes root of the tree
NETWORK=10.0.2.0/24             # of the uplink: DHCP and NAT without root
FORWARD=(tcp:127.0.0.1:2222-10.0.2.15:22) # host to guest
PXE_ROOT='tftp'                 # folder that TFTP serves
PXE_FILE='pxe/linux.0'          # what VMs boot, in this folder
QEMU='qemu-system-x86_64'       # the uplink is a QEMU without a machine
# --- end of settings ---

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
lab=$(cd -- "$here/.." && pwd -P) || exit 1
verb=start
for word in "$@"; do
  case $word in
    RUN_ROOT=*) export KVMLAB_RUN_ROOT=${word#*=} ;;
    PORTS=* | STP=* | PRIORITY=* | NETWORK=* | PXE_ROOT=* | PXE_FILE=* | QEMU=*) declare "$word" ;;
    *=* | -*) printf '%s\n' "${0##*/}: no setting for $word" >&2; exit 2 ;;
    *) verb=$word ;;
  esac
done
case $PXE_ROOT in
  /*) ;;
  \~/*) PXE_ROOT=$HOME/${PXE_ROOT:2} ;;
  *) PXE_ROOT=$lab/$PXE_ROOT ;;
esac
run=$("$here/common.sh" folder pxe) || exit 1

# What the switch is told before anybody plugs in.
configuration=(
  'port/create 1'          # uplink
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
forward=
for rule in "${FORWARD[@]}"; do forward+=",hostfwd=$rule"; needs+=(--forward "$rule"); done
needs+=(--pxe "$PXE_ROOT" "$PXE_FILE")
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
  -netdev "user,id=nat,net=$NETWORK,tftp=${PXE_ROOT//,/,,},bootfile=${PXE_FILE//,/,,}$forward"
  -netdev "vde,id=vde,sock=${run//,/,,}/switch-inet,port=1"
  -netdev 'hubport,id=hub1,hubid=1,netdev=nat'
  -netdev 'hubport,id=hub2,hubid=1,netdev=vde'
)
needs+=(--uplink "${uplink[@]}")
exec "$here/common-switch.sh" "$run" "$verb" inet "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 16c20672f5aff1 ---
#| PORTS=31                        # usable ports
#| STP='no'                        # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#| NETWORK=10.0.2.0/24             # of the uplink: DHCP and NAT without root
#| FORWARD=(tcp:127.0.0.1:2222-10.0.2.15:22) # host to guest
#| PXE_ROOT='tftp'                 # folder that TFTP serves
#| PXE_FILE='pxe/linux.0'          # what VMs boot, in this folder
#| QEMU='qemu-system-x86_64'       # the uplink is a QEMU without a machine
#= P8o6dqsVoDDw7VASuDL2CbuuQkrL2C34h1FlrHBCj2Ov7hUdTbkHpxBOGpDN4nNiqYgsYL9DxAvRVWlWcL2CVvrHNoa6MJGHN97rf8yqDbMA
#= GBAJIPeECI9mKNuYBP8Qg1ajKRbTy5hO04H-IA_Fz138R_xoSgkJGHUxw8RyL2C
