#!/usr/bin/env bash
# VM router of the lab guest-shells: one QEMU process. Needs no root.
# Use: router.sh [start|stop|status|kill|ready|command|plug|lock|migrate] [VAR=value …]
# Made by KVM Lab from guest-shells.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 1ed98eb5795cbf
set -u

# --- settings: yours to change ---
ID=92                           # consoles: serial 10000+ID, monitor 20000+ID, display 30000+ID
RAM=96M
CPUS=1
ACCEL='auto'                    # auto, kvm, or tcg (software emulation)
QEMU='qemu-system-x86_64'
DISK1='router.qcow2'
CDROM=
BOOT=                           # c disk, d CD, n network; empty: as QEMU does
GUEST=                          # tiny: kernel and initrd are the tiny guest
KERNEL=
INITRD=
APPEND=
VNC='no'
EXTRA=()                        # more arguments for QEMU
# --- end of settings ---

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
lab=$(cd -- "$here/.." && pwd -P) || exit 1
ACCEL=${KVMLAB_ACCEL:-$ACCEL}
verb=start given=()
while (($#)); do
  case $1 in
    RUN_ROOT=*) export KVMLAB_RUN_ROOT=${1#*=} ;;
    ID=* | RAM=* | CPUS=* | ACCEL=* | QEMU=* | DISK1=* | CDROM=* | BOOT=* | GUEST=* | KERNEL=* | INITRD=* | APPEND=* | VNC=*) declare "$1" ;;
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
for file in DISK1 CDROM KERNEL INITRD; do
  case ${!file} in
    '' | /*) ;;
    \~/*) printf -v "$file" '%s/%s' "$HOME" "${!file:2}" ;;
    *) printf -v "$file" '%s/%s' "$lab" "${!file}" ;;
  esac
done
run=$("$here/common.sh" folder guest-shells) || exit 1
accel=$("$here/common.sh" accel "$ACCEL" "$QEMU" "$verb" "$KERNEL") || exit 1
cpu=max
[[ $accel = kvm ]] && cpu=host

qemu=()
qemu+=("$QEMU" -name 'router,process=router')
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
  -chardev "socket,id=serial,host=127.0.0.1,port=$serial,server=on,wait=off,telnet=on,logfile=${run//,/,,}/router.console.log,logappend=on"
  -serial chardev:serial
)
# QEMU's monitor by telnet, and QMP: one socket for short commands, one for a watcher.
qemu+=(
  -chardev "socket,id=monitor,host=127.0.0.1,port=$monitor,server=on,wait=off,telnet=on"
  -mon 'chardev=monitor,mode=readline'
  -qmp "unix:${run//,/,,}/router.qmp,server=on,wait=off"
  -qmp "unix:${run//,/,,}/router.watch.qmp,server=on,wait=off"
  -pidfile "$run/router.pid"
  -daemonize
)
[[ -z $DISK1 ]] || qemu+=(-drive "file=${DISK1//,/,,},if=virtio,id=disk1,format=qcow2")
[[ -z $CDROM ]] || qemu+=(-drive "file=${CDROM//,/,,},format=raw,readonly=on,if=ide,media=cdrom,id=cdrom")
[[ -z $BOOT ]] || qemu+=(-boot "order=$BOOT")
[[ -z $KERNEL ]] || qemu+=(-kernel "$KERNEL")
[[ -z $INITRD ]] || qemu+=(-initrd "$INITRD")
[[ -z $APPEND ]] || qemu+=(-append "$APPEND")
qemu+=("${EXTRA[@]}")

if [[ $verb = command ]]; then
  printf '%q ' "${qemu[@]}"
  echo
  exit
fi
needs=()
exec "$here/common-vm.sh" "$run" "$accel" "$verb" router "$ID" "${needs[@]}" --given ${#given[@]} "${given[@]}" -- "${qemu[@]}"

# --- as generated, for "kvmlab renew" to compare with: 1e55ec72b31d9f ---
#| ID=92                           # consoles: serial 10000+ID, monitor 20000+ID, display 30000+ID
#| RAM=96M
#| CPUS=1
#| ACCEL='auto'                    # auto, kvm, or tcg (software emulation)
#| QEMU='qemu-system-x86_64'
#| DISK1='router.qcow2'
#| CDROM=
#| BOOT=                           # c disk, d CD, n network; empty: as QEMU does
#| GUEST=                          # tiny: kernel and initrd are the tiny guest
#| KERNEL=
#| INITRD=
#| APPEND=
#| VNC='no'
#| EXTRA=()                        # more arguments for QEMU
#= P8ooEqnOrwHj7VASuDL2CbuuQkrL2C34h1Fl6LzcPZES4SOkiA7Tbp1aSmZJZLOpDNszo4nNL2CCP7GfwTZx5apsnYA8Rrn5YX733d1cp2ZL
#= pDN4nNU5zRAch_AXiVL2Co29THZUEowLZWS-Ns6vdQP95jy_axYJGHEza2ztF1JMT30IBKRbTy5hO0JGHzc9EzaojULJGJGHhsoEza0l7nSV
#= gwLBHLhU5IA_JGH4FavwBkyImQDCaxKh5x6SL2CGrxu4V4s5WdssnYN97-xfL2C
