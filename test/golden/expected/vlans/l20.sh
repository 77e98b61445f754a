#!/usr/bin/env bash
# VM l20 of the lab vlans: one QEMU process. Needs no root.
# Use: l20.sh [start|stop|status|kill|ready|command|plug|lock|migrate] [VAR=value …]
# Made by KVM Lab from vlans.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 083e31e0939ee7
set -u

# --- settings: yours to change ---
ID=82                           # consoles: serial 10000+ID, monitor 20000+ID, display 30000+ID
RAM=256M
CPUS=1
ACCEL='auto'                    # auto, kvm, or tcg (software emulation)
QEMU='qemu-system-x86_64'
CDROM=
BOOT=                           # c disk, d CD, n network; empty: as QEMU does
GUEST=                          # tiny: kernel and initrd are the tiny guest
KERNEL=
INITRD=
APPEND=
VNC='no'
NIC1='left'
NIC1_PORT=2
NIC1_MAC=52:54:00:00:52:01
NIC1_MODEL='virtio-net-pci'
EXTRA=()                        # more arguments for QEMU
# --- end of settings ---

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
lab=$(cd -- "$here/.." && pwd -P) || exit 1
ACCEL=${KVMLAB_ACCEL:-$ACCEL}
verb=start given=()
while (($#)); do
  case $1 in
    RUN_ROOT=*) export KVMLAB_RUN_ROOT=${1#*=} ;;
    ID=* | RAM=* | CPUS=* | ACCEL=* | QEMU=* | CDROM=* | BOOT=* | GUEST=* | KERNEL=* | INITRD=* | APPEND=* | VNC=* | NIC1=* | NIC1_PORT=* | NIC1_MAC=* | NIC1_MODEL=*) declare "$1" ;;
    --*) given=("$@"); break ;;
    *=* | -*) printf '%s\n' "${0##*/}: no setting for $1" >&2; exit 2 ;;
    *) if [[ $verb = lock ]]; then verb+=-$1; else verb=$1; fi ;;
  esac
  shift
done

((ID >= 1 && ID <= 9999)) || { echo "ID is $ID; it must be 1 to 9999." >&2; exit 2; }
serial=$((10000 + ID)) monitor=$((20000 + ID)) display=$((24100 + ID))
if [[ $GUEST = tiny ]]; then
  guest=$("$here/common.sh" tiny_guest "$lab") KERNEL=$guest/vmlinuz INITRD=$guest/initrd
fi
# Relative paths start at the folder of the lab file.
for file in CDROM KERNEL INITRD; do
  case ${!file} in
    '' | /*) ;;
    \~/*) printf -v "$file" '%s/%s' "$HOME" "${!file:2}" ;;
    *) printf -v "$file" '%s/%s' "$lab" "${!file}" ;;
  esac
done
run=$("$here/common.sh" folder vlans) || exit 1
accel=$("$here/common.sh" accel "$ACCEL" "$QEMU" "$verb" "$KERNEL") || exit 1
cpu=max
[[ $accel = kvm ]] && cpu=host
# The boot ROM of a NIC is there only for VMs that boot from the network.
rom=,romfile=
[[ $BOOT = *n* ]] && rom=

qemu=()
qemu+=("$QEMU" -name 'l20,process=l20')
# The machine; without a display the firmware speaks on the serial console.
[[ $VNC != no ]] || qemu+=(-machine 'pc,graphics=off')
[[ $VNC != yes ]] || qemu+=(-machine pc -vga std -usb -device usb-tablet -vnc "127.0.0.1:$display")
# The clipboard of the display, for guests that run spice-vdagent.
[[ $VNC != yes ]] || qemu+=(
  -device virtio-serial-pci
  -chardev 'qemu-vdagent,id=vdagent,name=vdagent,clipboard=on'
  -device 'virtserialport,chardev=vdagent,name=com.redhat.spice.0'
)
qemu+=(
  -accel "$accel"
  -cpu "$cpu"
  -m "$RAM"
  -smp "$CPUS"
  -nodefaults
  -no-user-config
  -display none
)
# Serial console by telnet; the log keeps what is printed while nobody looks.
qemu+=(
  -chardev "socket,id=serial,host=127.0.0.1,port=$serial,server=on,wait=off,telnet=on,logfile=${run//,/,,}/l20.console.log,logappend=on"
  -serial chardev:serial
)
# QEMU's monitor by telnet, and QMP: one socket for short commands, one for a watcher.
qemu+=(
  -chardev "socket,id=monitor,host=127.0.0.1,port=$monitor,server=on,wait=off,telnet=on"
  -mon 'chardev=monitor,mode=readline'
  -qmp "unix:${run//,/,,}/l20.qmp,server=on,wait=off"
  -qmp "unix:${run//,/,,}/l20.watch.qmp,server=on,wait=off"
  -pidfile "$run/l20.pid"
  -daemonize
)
[[ -z $CDROM ]] || qemu+=(-drive "file=${CDROM//,/,,},format=raw,readonly=on,if=ide,media=cdrom,id=cdrom")
[[ -z $BOOT ]] || qemu+=(-boot "order=$BOOT")
[[ -z $KERNEL ]] || qemu+=(-kernel "$KERNEL")
[[ -z $INITRD ]] || qemu+=(-initrd "$INITRD")
[[ -z $APPEND ]] || qemu+=(-append "$APPEND")
# NIC 1; the hub between it and the switch lets the plug be moved while the VM runs.
qemu+=(
  -netdev 'hubport,id=nic1,hubid=1'
  -device "$NIC1_MODEL,netdev=nic1,id=card1,mac=$NIC1_MAC$rom"
  -netdev "vde,id=vde1,sock=${run//,/,,}/switch-$NIC1,port=$NIC1_PORT"
  -netdev 'hubport,id=plug1,hubid=1,netdev=vde1'
)
qemu+=("${EXTRA[@]}")

if [[ $verb = command ]]; then
  printf '%q ' "${qemu[@]}"
  echo
  exit
fi
needs=()
needs+=(--nic "$NIC1" "$NIC1_PORT" 1)
exec "$here/common-vm.sh" "$run" "$accel" "$verb" l20 "$ID" "${needs[@]}" --given ${#given[@]} "${given[@]}" -- "${qemu[@]}"

# --- as generated, for "kvmlab renew" to compare with: 1451bca09125aa ---
#| ID=82                           # consoles: serial 10000+ID, monitor 20000+ID, display 30000+ID
#| RAM=256M
#| CPUS=1
#| ACCEL='auto'                    # auto, kvm, or tcg (software emulation)
#| QEMU='qemu-system-x86_64'
#| CDROM=
#| BOOT=                           # c disk, d CD, n network; empty: as QEMU does
#| GUEST=                          # tiny: kernel and initrd are the tiny guest
#| KERNEL=
#| INITRD=
#| APPEND=
#| VNC='no'
#| NIC1='left'
#| NIC1_PORT=2
#| NIC1_MAC=52:54:00:00:52:01
#| NIC1_MODEL='virtio-net-pci'
#| EXTRA=()                        # more arguments for QEMU
#= P8oDORC13lk57VASuDL2CbuuQkrL2C34h1Fl6LzcPZES4SOkiA7hgf1aSmZJZLOpDNszo4nNL2CCP7GfwTZx5apsnYA8R6XhYX733d1cp2ZL
#= pDN4nNdlORAch_AXiVxF7wwXVAbL2Co29sVlUEowLZWS-Ns6vdQP95jy_axYJGHEza2ztF1JMT30IBKRbTy5hO0JGHzc9EzabeuLJGJGHhso
#= Eza0l7nSV9MnDI_we9IA_JGHvwBkyImQDCaxKh5u8FEzaJjE1bGYEyExtJGHx6SL2CGrxu4V4s5WdssnYN97nQLe_lL2C
