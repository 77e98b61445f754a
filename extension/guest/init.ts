/** The shell texts of the tiny guest, run by busybox ash. The first is process 1 and ends by becoming busybox init. */
export const initScript = `#!/bin/sh
# The start of the tiny guest. What to set up comes on the kernel command line, in words that begin with "lab.".
export PATH=/bin TERM=xterm-256color
mount -t devtmpfs dev /dev
mkdir /dev/pts
mount -t devpts devpts /dev/pts
mount -t proc proc /proc
mount -t sysfs sysfs /sys
[ -c /dev/ttyS0 ] && exec </dev/ttyS0 >/dev/ttyS0 2>&1
stty rows 24 cols 80
# The BIOS may not have ended its last line.
echo

# Only emergencies of the kernel may write into the shell.
echo 1 >/proc/sys/kernel/printk
# Looking for double IPv6 addresses would hold each one back for a second.
echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
echo 0 >/proc/sys/net/ipv6/conf/default/dad_transmits

name=guest nics=0 links='' gateways='' dhcp='' hosts=''
set -f
read -r line </proc/cmdline
for word in $line; do
  case $word in lab.?*=*) ;; *) continue ;; esac
  key=\${word%%=*} value=\${word#*=}
  case \${key#lab.} in
    name) name=$value ;;
    nics) nics=$value ;;
    gateway) gateways="$gateways $value" ;;
    forward)
      echo 1 >/proc/sys/net/ipv4/ip_forward
      echo 1 >/proc/sys/net/ipv6/conf/all/forwarding
      ;;
    eth*) links="$links \${key#lab.}=$value" ;;
  esac
done
set +f
hostname "$name"
echo "$name" >/etc/hostname

aliases=
for file in /sys/bus/pci/devices/*/modalias; do
  read -r alias <"$file" && aliases="$aliases $alias"
done
# shellcheck disable=SC2086
modprobe -aq virtio_pci virtio_net virtio_blk button evdev xhci_pci usb_storage sd_mod $aliases 2>/dev/null

# The last byte of a MAC is the number of its NIC. NIC n is eth(n-1), in whatever order the kernel found them.
moved=
for folder in /sys/class/net/eth*; do
  [ -e "$folder/address" ] || continue
  read -r mac <"$folder/address"
  number=$((0x\${mac##*:}))
  if [ "$number" -ge 1 ] && [ "$number" -le "$nics" ] && [ "\${folder##*/}" != "eth$((number - 1))" ]; then moved=yes; fi
done
if [ "$moved" ]; then
  for folder in /sys/class/net/eth*; do ip link set "\${folder##*/}" name "was\${folder##*/}"; done
  for folder in /sys/class/net/waseth*; do
    read -r mac <"$folder/address"
    ip link set "\${folder##*/}" name "eth$((0x\${mac##*:} - 1))"
  done
fi

ip link set lo up
for folder in /sys/class/net/eth*; do
  [ -e "$folder/address" ] && ip link set "\${folder##*/}" up
done
number=0
while [ "$number" -lt "$nics" ]; do
  [ -e "/sys/class/net/eth$number" ] || echo "NIC $((number + 1)) (eth$number): not there, or no driver for this model"
  number=$((number + 1))
done

for link in $links; do
  interface=\${link%%=*} addresses=\${link#*=}
  case $interface in
    *.*)
      ip link add link "\${interface%.*}" name "$interface" type vlan id "\${interface##*.}"
      ip link set "$interface" up
      ;;
  esac
  IFS=,
  for address in $addresses; do
    case $address in
      up) ;;
      dhcp) dhcp="$dhcp$interface " ;;
      *) ip address add "$address" dev "$interface" && hosts="$hosts\${address%/*} " ;;
    esac
  done
  unset IFS
done
for gateway in $gateways; do
  case $gateway in
    *:*) ip -6 route add default via "$gateway" ;;
    *)
      echo "$gateway" >/etc/gateway
      # With DHCP the way to the gateway may be unknown until there is a lease.
      ip route add default via "$gateway" 2>/tmp/gateway.error || [ "$dhcp" ] || cat /tmp/gateway.error
      ;;
  esac
done

{
  echo '127.0.0.1 localhost'
  echo '::1 localhost ip6-localhost'
  for address in $hosts; do echo "$address $name"; done
} >/etc/hosts
for interface in $dhcp; do
  udhcpc -f -i "$interface" -s /etc/dhcp.sh -x "hostname:$name" -t 4 -T 2 -A 5 </dev/null >>/var/log/dhcp 2>&1 &
done
echo "<!DOCTYPE html><title>$name</title><h1>$name</h1>" >/www/index.html
httpd -h /www

for folder in /sys/class/input/event*; do
  read -r device 2>/dev/null <"$folder/device/name"
  if [ "$device" = 'Power Button' ]; then
    # Nothing but its being pressed ever comes from this device.
    { dd if="/dev/input/\${folder##*/}" of=/dev/null bs=24 count=1 2>/dev/null && sh /etc/off.sh poweroff; } &
  fi
done

echo "READY $name"
# A shell of its own started in the background would ignore Ctrl-C for ever, so busybox init looks after it.
exec init
`;

/** What udhcpc calls when something happens to a lease. It writes no word to the console: somebody may be typing there. */
export const dhcpScript = `#!/bin/sh
# shellcheck disable=SC2154 # udhcpc sets interface, ip, mask, router, dns and domain.
case $1 in
  deconfig)
    ip -4 address flush dev "$interface"
    ip link set "$interface" up
    ;;
  bound | renew)
    ip address replace "$ip/\${mask:-24}" dev "$interface"
    # The gateway of the lab file has no metric and so comes before this one.
    [ -e /etc/gateway ] && read -r gateway </etc/gateway && ip route replace default via "$gateway"
    [ "$router" ] && ip route replace default via "\${router%% *}" dev "$interface" metric 100
    { [ -z "$domain" ] || echo "search $domain"; for server in $dns; do echo "nameserver $server"; done; } >/etc/resolv.conf
    echo "$interface: $ip/\${mask:-24}, gateway \${router:-none}, DNS \${dns:-none}"
    ;;
esac
`;

/** One shell on the serial console, without a login, and another when it ends (Ctrl-D). */
export const inittab = `ttyS0::respawn:-/bin/sh
::shutdown:/bin/umount -a -r
::ctrlaltdel:/bin/sh /etc/off.sh reboot
`;

/** There are no services to stop: what is to be written is written, and then it is off. */
export const offScript = `sync
umount -a -r 2>/dev/null
exec busybox "$1" -f
`;

/**
 * Read by every interactive shell. poweroff, halt and reboot are functions, because ash prefers its own applets to any file
 * in the PATH, and those would ask init, which gives every process a second to end and another to be killed. A halted
 * processor would keep the VM running for nothing, so halt switches off too. A serial line does not tell the terminal's
 * size; resize asks the terminal where its last column is.
 */
export const profile = `PS1="$(hostname):\\\\w\\\\$ "
export PS1 ENV=/etc/profile
if [ "$HOME" != /root ]; then
  export HOME=/root
  cd || :
fi
alias ll='ls -l'
poweroff() { sh /etc/off.sh poweroff; }
halt() { poweroff; }
reboot() { sh /etc/off.sh reboot; }
resize() {
  settings=$(stty -g)
  stty raw -echo min 0 time 10
  printf '\\0337\\033[999;999H\\033[6n\\0338'
  # shellcheck disable=SC3045,SC2034 # busybox has -d
  IFS='[;' read -r -d R _ rows columns
  stty "$settings"
  stty rows "\${rows:-24}" columns "\${columns:-80}"
  stty size
}
`;
