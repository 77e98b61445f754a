#!/usr/bin/env bash
# VM fw of the lab office: one QEMU process. Needs no root.
# Use: fw.sh [start|stop|status|kill|ready|command|plug|lock|migrate] [VAR=value …]
# Made by KVM Lab from office.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 1927c56a9ae37e
set -u

# --- settings: yours to change ---
ID=52                           # consoles: serial 10000+ID, monitor 20000+ID, display 30000+ID
RAM=96M
CPUS=1
ACCEL='auto'                    # auto, kvm, or tcg (software emulation)
QEMU='qemu-system-x86_64'
CDROM=
BOOT=                           # c disk, d CD, n network; empty: as QEMU does
GUEST='tiny'                    # tiny: kernel and initrd are the tiny guest
KERNEL=
INITRD=
APPEND='console=ttyS0 quiet no_timer_check lab.name=fw lab.nics=3 lab.eth0=10.20.0.2/24 lab.eth1=10.20.1.1/24 lab.eth2=10.20.2.1/24 lab.gateway=10.20.0.1 lab.forward=1'
VNC='no'
NIC1='dmz'                      # 10.20.0.2/24
NIC1_PORT=2
NIC1_MAC=52:54:00:00:34:01
NIC1_MODEL='virtio-net-pci'
NIC2='staff'                    # 10.20.1.1/24
NIC2_PORT=1
NIC2_MAC=52:54:00:00:34:02
NIC2_MODEL='virtio-net-pci'
NIC3='servers'                  # 10.20.2.1/24
NIC3_PORT=1
NIC3_MAC=52:54:00:00:34:03
NIC3_MODEL='virtio-net-pci'
EXTRA=()                        # more arguments for QEMU
# --- end of settings ---

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
lab=$(cd -- "$here/.." && pwd -P) || exit 1
ACCEL=${KVMLAB_ACCEL:-$ACCEL}
verb=start given=()
while (($#)); do
  case $1 in
    RUN_ROOT=*) export KVMLAB_RUN_ROOT=${1#*=} ;;
    ID=* | RAM=* | CPUS=* | ACCEL=* | QEMU=* | CDROM=* | BOOT=* | GUEST=* | KERNEL=* | INITRD=* | APPEND=* | VNC=* | NIC1=* | NIC1_PORT=* | NIC1_MAC=* | NIC1_MODEL=* | NIC2=* | NIC2_PORT=* | NIC2_MAC=* | NIC2_MODEL=* | NIC3=* | NIC3_PORT=* | NIC3_MAC=* | NIC3_MODEL=*) declare "$1" ;;
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
run=$("$here/common.sh" folder office) || exit 1
accel=$("$here/common.sh" accel "$ACCEL" "$QEMU" "$verb" "$KERNEL") || exit 1
cpu=max
[[ $accel = kvm ]] && cpu=host
# The boot ROM of a NIC is there only for VMs that boot from the network.
rom=,romfile=
[[ $BOOT = *n* ]] && rom=

qemu=()
qemu+=("$QEMU" -name 'fw,process=fw')
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
  -chardev "socket,id=serial,host=127.0.0.1,port=$serial,server=on,wait=off,telnet=on,logfile=${run//,/,,}/fw.console.log,logappend=on"
  -serial chardev:serial
)
# QEMU's monitor by telnet, and QMP: one socket for short commands, one for a watcher.
qemu+=(
  -chardev "socket,id=monitor,host=127.0.0.1,port=$monitor,server=on,wait=off,telnet=on"
  -mon 'chardev=monitor,mode=readline'
  -qmp "unix:${run//,/,,}/fw.qmp,server=on,wait=off"
  -qmp "unix:${run//,/,,}/fw.watch.qmp,server=on,wait=off"
  -pidfile "$run/fw.pid"
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
# NIC 2; the hub between it and the switch lets the plug be moved while the VM runs.
qemu+=(
  -netdev 'hubport,id=nic2,hubid=2'
  -device "$NIC2_MODEL,netdev=nic2,id=card2,mac=$NIC2_MAC$rom"
  -netdev "vde,id=vde2,sock=${run//,/,,}/switch-$NIC2,port=$NIC2_PORT"
  -netdev 'hubport,id=plug2,hubid=2,netdev=vde2'
)
# NIC 3; the hub between it and the switch lets the plug be moved while the VM runs.
qemu+=(
  -netdev 'hubport,id=nic3,hubid=3'
  -device "$NIC3_MODEL,netdev=nic3,id=card3,mac=$NIC3_MAC$rom"
  -netdev "vde,id=vde3,sock=${run//,/,,}/switch-$NIC3,port=$NIC3_PORT"
  -netdev 'hubport,id=plug3,hubid=3,netdev=vde3'
)
qemu+=("${EXTRA[@]}")

if [[ $verb = command ]]; then
  printf '%q ' "${qemu[@]}"
  echo
  exit
fi
needs=()
needs+=(--nic "$NIC1" "$NIC1_PORT" 1)
needs+=(--nic "$NIC2" "$NIC2_PORT" 2)
needs+=(--nic "$NIC3" "$NIC3_PORT" 3)
# What shows that it is ready, and in how many seconds.
needs+=(--within 180 --ready text 'READY fw')
exec "$here/common-vm.sh" "$run" "$accel" "$verb" fw "$ID" "${needs[@]}" --given ${#given[@]} "${given[@]}" -- "${qemu[@]}"

# --- as generated, for "kvmlab renew" to compare with: 0e32157ec2db0d ---
#| ID=52                           # consoles: serial 10000+ID, monitor 20000+ID, display 30000+ID
#| RAM=96M
#| CPUS=1
#| ACCEL='auto'                    # auto, kvm, or tcg (software emulation)
#| QEMU='qemu-system-x86_64'
#| CDROM=
#| BOOT=                           # c disk, d CD, n network; empty: as QEMU does
#| GUEST='tiny'                    # tiny: kernel and initrd are the tiny guest
#| KERNEL=
#| INITRD=
#| APPEND='console=ttyS0 quiet no_timer_check lab.name=fw lab.nics=3 lab.eth0=10.20.0.2/24 lab.eth1=10.20.1.1/24 lab.eth2=10.20.2.1/24 lab.gateway=10.20.0.1 lab.forward=1'
#| VNC='no'
#| NIC1='dmz'                      # 10.20.0.2/24
#| NIC1_PORT=2
#| NIC1_MAC=52:54:00:00:34:01
#| NIC1_MODEL='virtio-net-pci'
#| NIC2='staff'                    # 10.20.1.1/24
#| NIC2_PORT=1
#| NIC2_MAC=52:54:00:00:34:02
#| NIC2_MODEL='virtio-net-pci'
#| NIC3='servers'                  # 10.20.2.1/24
#| NIC3_PORT=1
#| NIC3_MAC=52:54:00:00:34:03
#| NIC3_MODEL='virtio-net-pci'
#| EXTRA=()                        # more arguments for QEMU
#= P8or9ayrFKFc7VASuDL2CbuuQkrL2C34h1Fl6LzcPZES4SOkiA7VKr1aSmZJZLOpDNszo4nNL2CCP7GfwTZx5apsnYA8R6XhYX733d1cp2ZL
#= pDN4nN3TiRAch_AXiVxF7wwXVAbL2Co29AwTUEowLZWS-Ns6vdQP95jy_axYJGHEza2ztF1JMT30IBKRbTy5hO0JGHzc9EzaPsPLJGJGHhso
#= Eza0l7nSVsvYpGoyREIA_JGHvwBkyImQDCaxKh5u8FEzaJjE1bGYEyExtJGH-tHEzaoX5PaWjsgJ3lJGHC7ZEzaAavbjB62WVAyJGHx6SL2C
#= Grxu4V4s5WdssnYN97nQLv_oTGz6Q0fS_f7bL2C
