#!/usr/bin/env bash
# Switch boot of the lab pxe: one vde_switch process. Needs no root.
# Use: switch-boot.sh [start|stop|restart|status|kill|command] [VAR=value …]
# Made by KVM Lab from pxe.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 0b2f9ba05ca128
set -u

# --- settings: yours to change ---
PORTS=31                        # usable ports
STP='no'                        # spanning tree (fstp)
PRIORITY=32768                  # the lowest becomes root of the tree
NETWORK=10.9.1.0/24             # of the boot server: DHCP and TFTP
FORWARD=()                      # host to guest
PXE_ROOT='tftp, all'            # folder that TFTP serves
PXE_FILE='boot.ipxe'            # what VMs boot, in this folder
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
  'port/create 2'          # thin NIC 1
)
needs=()
for line in "${configuration[@]}"; do needs+=(--line "$line"); done
[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")
# Who is plugged in again when the switch was started.
needs+=(--vm thin)
forward=
for rule in "${FORWARD[@]}"; do forward+=",hostfwd=$rule"; needs+=(--forward "$rule"); done
needs+=(--pxe "$PXE_ROOT" "$PXE_FILE")
uplink=()
# The uplink: the user-mode network of a QEMU without a machine, plugged into a port of the switch.
uplink+=(
  "$QEMU"
  -machine none
  -name switch-boot.uplink
  -nodefaults
  -no-user-config
  -display none
  -pidfile "$run/switch-boot.uplink.pid"
  -daemonize
  -netdev "user,id=nat,net=$NETWORK,restrict=on,tftp=${PXE_ROOT//,/,,},bootfile=${PXE_FILE//,/,,}$forward"
  -netdev "vde,id=vde,sock=${run//,/,,}/switch-boot,port=1"
  -netdev 'hubport,id=hub1,hubid=1,netdev=nat'
  -netdev 'hubport,id=hub2,hubid=1,netdev=vde'
)
needs+=(--uplink "${uplink[@]}")
exec "$here/common-switch.sh" "$run" "$verb" boot "$PORTS" "${needs[@]}"

# --- as generated, for "kvmlab renew" to compare with: 156ca695e8712b ---
#| PORTS=31                        # usable ports
#| STP='no'                        # spanning tree (fstp)
#| PRIORITY=32768                  # the lowest becomes root of the tree
#| NETWORK=10.9.1.0/24             # of the boot server: DHCP and TFTP
#| FORWARD=()                      # host to guest
#| PXE_ROOT='tftp, all'            # folder that TFTP serves
#| PXE_FILE='boot.ipxe'            # what VMs boot, in this folder
#| QEMU='qemu-system-x86_64'       # the uplink is a QEMU without a machine
#= P8oNDwkM7DDw7VASuDL2CbuuQkrL2C34h1FlrHBCj2Ov7hUdTbkHpxBOGpDN4nNiqYgsYL9DxAvRVWlWcL2CVvrHNoa6MuH9JGHN97rf8yqD
#= CjmajcbMAGBAJIPeECI9mKNuYBP8QgGV_KRbTy5hO0_x3IA_fsMxQ1_xoSgkJGHUxwgrVL2C
