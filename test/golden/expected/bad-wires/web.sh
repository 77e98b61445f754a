#!/usr/bin/env bash
# VM web of the lab bad-wires: one QEMU process. Needs no root.
# Use: web.sh [start|stop|status|kill|ready|command|plug|lock|migrate] [VAR=value …]
# Made by KVM Lab from bad-wires.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 085139f8663e86
set -u

# --- settings: yours to change ---
ID=31                           # consoles: serial 10000+ID, monitor 20000+ID, display 30000+ID
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
NIC1='lan'
NIC1_PORT=1
NIC1_MAC=52:54:00:00:1f:01
NIC1_MODEL='virtio-net-pci'
NIC1_DELAY='40+5N'              # ms; 20+5N: jitter of 5 ms, normal; LR20 RL5: there, back
NIC1_LOSS=2                     # %
NIC1_BURST=0                    # packets that get lost in a row
NIC1_DUPLICATE=0                # %
NIC1_BANDWIDTH=0                # bytes a second
NIC1_SPEED=0                    # bytes a second
NIC1_BUFFER=0                   # bytes
NIC1_NOISE=0                    # damaged bits a megabyte
NIC1_MTU=0                      # bytes of a frame with its header, and two more
NIC1_REORDER='no'               # whether packets overtake each other
NIC1_STATES=()                  # more orders for wirefilter(1)
NIC2='dmz'
NIC2_PORT=1
NIC2_MAC=52:54:00:00:1f:02
NIC2_MODEL='virtio-net-pci'
NIC3='inet'
NIC3_PORT=1
NIC3_MAC=52:54:00:00:1f:03
NIC3_MODEL='virtio-net-pci'
NIC3_DELAY='10+2U'              # ms; 20+5N: jitter of 5 ms, normal; LR20 RL5: there, back
NIC3_LOSS=0.05                  # %
NIC3_BURST=0                    # packets that get lost in a row
NIC3_DUPLICATE=0                # %
NIC3_BANDWIDTH='LR1250000 RL6250000' # bytes a second
NIC3_SPEED=0                    # bytes a second
NIC3_BUFFER=0                   # bytes
NIC3_NOISE=0                    # damaged bits a megabyte
NIC3_MTU=1416                   # bytes of a frame with its header, and two more
NIC3_REORDER='no'               # whether packets overtake each other
NIC3_STATES=()                  # more orders for wirefilter(1)
EXTRA=()                        # more arguments for QEMU
# --- end of settings ---

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
lab=$(cd -- "$here/.." && pwd -P) || exit 1
ACCEL=${KVMLAB_ACCEL:-$ACCEL}
verb=start given=()
while (($#)); do
  case $1 in
    RUN_ROOT=*) export KVMLAB_RUN_ROOT=${1#*=} ;;
    ID=* | RAM=* | CPUS=* | ACCEL=* | QEMU=* | CDROM=* | BOOT=* | GUEST=* | KERNEL=* | INITRD=* | APPEND=* | VNC=* | NIC1=* | NIC1_PORT=* | NIC1_MAC=* | NIC1_MODEL=* | NIC1_DELAY=* | NIC1_LOSS=* | NIC1_BURST=* | NIC1_DUPLICATE=* | NIC1_BANDWIDTH=* | NIC1_SPEED=* | NIC1_BUFFER=* | NIC1_NOISE=* | NIC1_MTU=* | NIC1_REORDER=* | NIC2=* | NIC2_PORT=* | NIC2_MAC=* | NIC2_MODEL=* | NIC3=* | NIC3_PORT=* | NIC3_MAC=* | NIC3_MODEL=* | NIC3_DELAY=* | NIC3_LOSS=* | NIC3_BURST=* | NIC3_DUPLICATE=* | NIC3_BANDWIDTH=* | NIC3_SPEED=* | NIC3_BUFFER=* | NIC3_NOISE=* | NIC3_MTU=* | NIC3_REORDER=*) declare "$1" ;;
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
run=$("$here/common.sh" folder bad-wires) || exit 1
accel=$("$here/common.sh" accel "$ACCEL" "$QEMU" "$verb" "$KERNEL") || exit 1
cpu=max
[[ $accel = kvm ]] && cpu=host
# The boot ROM of a NIC is there only for VMs that boot from the network.
rom=,romfile=
[[ $BOOT = *n* ]] && rom=

qemu=()
qemu+=("$QEMU" -name 'web,process=web')
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
  -chardev "socket,id=serial,host=127.0.0.1,port=$serial,server=on,wait=off,telnet=on,logfile=${run//,/,,}/web.console.log,logappend=on"
  -serial chardev:serial
)
# QEMU's monitor by telnet, and QMP: one socket for short commands, one for a watcher.
qemu+=(
  -chardev "socket,id=monitor,host=127.0.0.1,port=$monitor,server=on,wait=off,telnet=on"
  -mon 'chardev=monitor,mode=readline'
  -qmp "unix:${run//,/,,}/web.qmp,server=on,wait=off"
  -qmp "unix:${run//,/,,}/web.watch.qmp,server=on,wait=off"
  -pidfile "$run/web.pid"
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
  -netdev "vde,id=vde1,sock=multi://${run//,/,,}/wire-web+1"
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
  -netdev "vde,id=vde3,sock=multi://${run//,/,,}/wire-web+3"
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
for order in "delay $NIC1_DELAY" "loss $NIC1_LOSS" "lostburst $NIC1_BURST" "dup $NIC1_DUPLICATE" "bandwidth $NIC1_BANDWIDTH" "speed $NIC1_SPEED" "chanbufsize $NIC1_BUFFER" "noise $NIC1_NOISE" "mtu $NIC1_MTU" "reorder $NIC1_REORDER" "${NIC1_STATES[@]}"; do
  needs+=(--fault 1 "$order")
done
needs+=(--nic "$NIC2" "$NIC2_PORT" 2)
needs+=(--nic "$NIC3" "$NIC3_PORT" 3)
for order in "delay $NIC3_DELAY" "loss $NIC3_LOSS" "lostburst $NIC3_BURST" "dup $NIC3_DUPLICATE" "bandwidth $NIC3_BANDWIDTH" "speed $NIC3_SPEED" "chanbufsize $NIC3_BUFFER" "noise $NIC3_NOISE" "mtu $NIC3_MTU" "reorder $NIC3_REORDER" "${NIC3_STATES[@]}"; do
  needs+=(--fault 3 "$order")
done
exec "$here/common-vm.sh" "$run" "$accel" "$verb" web "$ID" "${needs[@]}" --given ${#given[@]} "${given[@]}" -- "${qemu[@]}"

# --- as generated, for "kvmlab renew" to compare with: 150862b71e5352 ---
#| ID=31                           # consoles: serial 10000+ID, monitor 20000+ID, display 30000+ID
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
#| NIC1='lan'
#| NIC1_PORT=1
#| NIC1_MAC=52:54:00:00:1f:01
#| NIC1_MODEL='virtio-net-pci'
#| NIC1_DELAY='40+5N'              # ms; 20+5N: jitter of 5 ms, normal; LR20 RL5: there, back
#| NIC1_LOSS=2                     # %
#| NIC1_BURST=0                    # packets that get lost in a row
#| NIC1_DUPLICATE=0                # %
#| NIC1_BANDWIDTH=0                # bytes a second
#| NIC1_SPEED=0                    # bytes a second
#| NIC1_BUFFER=0                   # bytes
#| NIC1_NOISE=0                    # damaged bits a megabyte
#| NIC1_MTU=0                      # bytes of a frame with its header, and two more
#| NIC1_REORDER='no'               # whether packets overtake each other
#| NIC1_STATES=()                  # more orders for wirefilter(1)
#| NIC2='dmz'
#| NIC2_PORT=1
#| NIC2_MAC=52:54:00:00:1f:02
#| NIC2_MODEL='virtio-net-pci'
#| NIC3='inet'
#| NIC3_PORT=1
#| NIC3_MAC=52:54:00:00:1f:03
#| NIC3_MODEL='virtio-net-pci'
#| NIC3_DELAY='10+2U'              # ms; 20+5N: jitter of 5 ms, normal; LR20 RL5: there, back
#| NIC3_LOSS=0.05                  # %
#| NIC3_BURST=0                    # packets that get lost in a row
#| NIC3_DUPLICATE=0                # %
#| NIC3_BANDWIDTH='LR1250000 RL6250000' # bytes a second
#| NIC3_SPEED=0                    # bytes a second
#| NIC3_BUFFER=0                   # bytes
#| NIC3_NOISE=0                    # damaged bits a megabyte
#| NIC3_MTU=1416                   # bytes of a frame with its header, and two more
#| NIC3_REORDER='no'               # whether packets overtake each other
#| NIC3_STATES=()                  # more orders for wirefilter(1)
#| EXTRA=()                        # more arguments for QEMU
#= P8oHYu2A5hOe7VASuDL2CbuuQkrL2C34h1Fl6LzcPZES4SOkiA742B1aSmZJZLOpDNszo4nNL2CCP7GfwTZx5apsnYA8R6XhYX733d1cp2ZL
#= pDN4nNvk_RAch_AXiVxF7wwXVAbL2Co29BEBUEowLZWS-Ns6vdQP95jy_axYJGHEza2ztF1JMT30IBKRbTy5hO0JGHzc9EzaH2zLJGJGHhso
#= Eza0l7nSVh6ZYR4tCUIA_JGHvwBkyImQDCaxKh5u8FEzaJjE1bGcRmExtJGH-tHEzaoX5PaWjsgJ3lJGHC7ZEzaAavbjB2z7VAyJGHx6SL2C
#= Grxu4V4s5WdssnYN97nQLM4cQDv4nNv_oTGz7v6gFc4nNRlHL2C
