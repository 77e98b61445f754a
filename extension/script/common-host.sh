#!/usr/bin/env bash
# What a switch with a tap does to this host, step by step; each step has one that takes it back, and each can be
# repeated. The script of the switch calls it; most verbs need root. What is on is asked of the kernel, never remembered.
# Made by KVM Lab; it is the same for every lab.
# kvmlab: generated 0
set -u
# Where ordinary users have no path to it.
PATH=$PATH:/usr/sbin:/sbin
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# common-host.sh VERB RUN SWITCH TAP ADDRESS GROUP NAT PROXY DNS BRIDGE LAN SECONDS
main() {
  (($# == 12)) || fail 'common-host.sh is called by the script of a switch with a tap; run that one.'
  local verb=$1
  run=$2 name=$3 tap=$4 address=$5 group=$6 nat=$7 proxy=$8 dns=$9
  shift 9
  bridge=$1 lan=$2 seconds=$3
  table=kvmlab-$tap
  state=$run/switch-$name.bridge
  owner=${SUDO_UID:-$EUID}
  command -v ip >/dev/null || fail 'The program ip is missing. On Debian: sudo apt-get install iproute2'
  [[ $verb != bridge-* || -n $bridge ]] || fail "Switch $name has no bridge. Give its tap one in the lab file: bridge: br0."
  case $verb in
    host-status) host_status ;;
    host-hints) host_hints ;;
    bridge-check) bridge_check ;;
    host-up | host-down | nat-on | nat-off | proxy-on | proxy-off | dns-on | dns-off | bridge-up | bridge-confirm | bridge-down | roll-back)
      [[ $EUID = 0 ]] || fail "$verb of switch $name needs root. Run: $(as_root "$verb")"
      by_root "$verb"
      ;;
    *) say "Use: switch-$name.sh [host-up|host-down|host-status|host-hints|nat-on|nat-off|proxy-on|proxy-off|dns-on|dns-off|bridge-check|bridge-up|bridge-confirm|bridge-down]" >&2; exit 2 ;;
  esac
}

by_root() {
  case $1 in
    host-up) host_up ;;
    host-down) host_down ;;
    *-on) step_on "${1%-on}" ;;
    *-off) step_off "${1%-off}" ;;
    bridge-up) bridge_up ;;
    bridge-confirm) bridge_confirm ;;
    bridge-down) bridge_down ;;
    roll-back) roll_back ;;
  esac
}

# The command line for a step of this switch: as_root VERB
as_root() { printf 'sudo %q %s RUN_ROOT=%q' "$here/switch-$name.sh" "$1" "${run%/*}"; }

there() { [[ -n $(ip -o link show dev "$1" 2>/dev/null) ]]; }

# --- the tap ---

# Prints the user ID that may use the tap; fails for an interface that is no tap.
tap_owner() {
  local line
  line=$(ip tuntap list 2>/dev/null | grep -F -- "$tap: tap ") || return 1
  [[ $line =~ \ user\ ([0-9]+) ]] && say "${BASH_REMATCH[1]}"
  return 0
}

host_up() {
  local has made=
  if there "$tap"; then
    has=$(tap_owner) || fail "$tap is an interface of this host and no tap. Name another one for switch $name."
    [[ $has = "$owner" ]] || fail "The tap $tap belongs to user ${has:-?}, not to $owner. Remove it: sudo ip tuntap del dev $tap mode tap"
  else
    ip tuntap add dev "$tap" mode tap user "$owner" ${group:+group "$group"} || fail "The tap $tap cannot be made (see above)."
    made=' is made'
  fi
  if [[ -n $bridge ]]; then
    there "$bridge" || fail "The bridge $bridge is not there. What making it means: $here/switch-$name.sh bridge-check"
    ip link set dev "$tap" master "$bridge" || fail "$tap cannot be put into $bridge (see above)."
  fi
  [[ -z $address ]] || ip address replace "$address" dev "$tap" || fail "The address $address cannot be given to $tap."
  ip link set dev "$tap" up || fail "$tap cannot be set up (see above)."
  say "The host is on switch $name: $tap${made:- was there}${address:+, $address}${bridge:+, in $bridge}."
  [[ $nat = yes ]] && step_on nat
  [[ -n $proxy ]] && step_on proxy
  [[ -n $dns ]] && step_on dns
  return 0
}

host_down() {
  remove_rules
  there "$tap" || { say "The tap $tap is gone already."; return 3; }
  tap_owner >/dev/null || fail "$tap is an interface of this host and no tap. It stays."
  ip tuntap del dev "$tap" mode tap || fail "The tap $tap cannot be removed (see above)."
  say "The tap $tap is removed."
}

host_status() {
  local has addresses master on
  has=$(tap_owner) || { say "tap $tap of switch $name is not there"; return 3; }
  addresses=$(ip -o address show dev "$tap" scope global | awk '{printf " %s", $4}')
  master=$(ip -o link show dev "$tap" | sed -n 's/.* master \([^ ]*\) .*/\1/p')
  say "tap $tap of switch $name: user $has, ${addresses:- no address}${master:+, in $master}"
  [[ $EUID = 0 ]] || return 0
  on=$(steps_on | tr '\n' ' ')
  say "rules: ${on:-none }; IP forwarding: $(<"$forwarding")"
}

host_hints() {
  [[ -n $address ]] || fail "The tap of switch $name has no address, so there is nothing that a guest could use."
  say "In a guest on switch $name:"
  [[ $nat = yes ]] && say "  ip route replace default via ${address%/*}"
  [[ -n $proxy ]] && say "  export http_proxy=http://${address%/*}:${proxy##*:} https_proxy=http://${address%/*}:${proxy##*:}"
  [[ -n $dns ]] && say "  echo nameserver ${address%/*} >/etc/resolv.conf"
  [[ $nat = yes || -n $proxy$dns ]] || say "  nothing: this host hands nothing on. The lab file can say nat, proxy and dns."
  return 0
}

# --- rules: NAT, a web proxy, a name server. One table of nftables for each tap, always written whole ---

forwarding=/proc/sys/net/ipv4/ip_forward

rules_can_be() {
  [[ $address = *.*/* ]] || fail "$1 of switch $name needs an IPv4 address on its tap. Give it one in the lab file: address: 192.168.99.1/24."
  [[ $1 != proxy || -n $proxy ]] || fail "Switch $name has no proxy. Name it in the lab file: proxy: 10.1.2.3:3128."
  [[ $1 != dns || -n $dns ]] || fail "Switch $name has no name server. Name it in the lab file: dns: 10.1.2.3."
}

# The steps whose rules are there, one a line: each has its name as the comment of its rules.
steps_on() {
  command -v nft >/dev/null && nft list table ip "$table" 2>/dev/null | sed -n 's/.* comment "\([a-z]*\)"$/\1/p' | sort -u
}

step_on() {
  rules_can_be "$1"
  there "$tap" || fail "$1 of switch $name needs its tap $tap, which is not there. Run: $(as_root host-up)"
  command -v nft >/dev/null || fail "The program nft is missing. On Debian: sudo apt-get install nftables"
  local on=()
  exec 8<"$forwarding" && flock -w 20 8
  mapfile -t on < <(steps_on)
  # Written again in any case: address or target may be others now.
  write_rules "${on[@]}" "$1" || fail "The rules of $1 cannot be made (nft says why above)."
  forwarding_on
  exec 8<&-
  if [[ " ${on[*]} " = *" $1 "* ]]; then say "$1 of switch $name was on."; else say "$1 of switch $name is on."; fi
}

step_off() {
  local on=() left=() one
  exec 8<"$forwarding" && flock -w 20 8
  mapfile -t on < <(steps_on)
  if [[ " ${on[*]} " != *" $1 "* ]]; then say "$1 of switch $name was off."; return 3; fi
  for one in "${on[@]}"; do [[ $one = "$1" ]] || left+=("$one"); done
  if ((${#left[@]})); then
    write_rules "${left[@]}" || fail "The rules of ${left[*]} cannot be written (nft says why above)."
  else
    drop_table
  fi
  exec 8<&-
  say "$1 of switch $name is off."
}

remove_rules() {
  command -v nft >/dev/null || return 0
  exec 8<"$forwarding" && flock -w 20 8
  drop_table
  exec 8<&-
}

drop_table() {
  nft list table ip "$table" >/dev/null 2>&1 && nft delete table ip "$table"
  forwarding_off
}

# Replaces the table in one transaction, so that there is never a half one. Only what a step asks for gets out of the
# lab, and only answers get in: write_rules STEP…
write_rules() {
  local steps=" $* " way=drop
  [[ $steps = *' nat '* ]] && way=accept
  {
    say "table ip $table"
    say "delete table ip $table"
    say "table ip $table {"
    say "  chain prerouting { type nat hook prerouting priority dstnat; policy accept;"
    [[ $steps = *' proxy '* ]] && say "    $(to_tap) tcp dport ${proxy##*:} dnat to $proxy comment \"proxy\""
    [[ $steps = *' dns '* ]] && say "    $(to_tap) udp dport 53 dnat to $dns comment \"dns\"" && say "    $(to_tap) tcp dport 53 dnat to $dns comment \"dns\""
    say "  }"
    say "  chain forward { type filter hook forward priority filter; policy accept;"
    say "    iifname \"$tap\" ip saddr != $address drop"
    say "    iifname \"$tap\" ct status dnat accept"
    say "    iifname \"$tap\" $way"
    say "    oifname \"$tap\" ct state established,related accept"
    say "    oifname \"$tap\" drop"
    say "  }"
    say "  chain postrouting { type nat hook postrouting priority srcnat; policy accept;"
    say "    ip saddr $address ct status dnat masquerade"
    [[ $steps = *' nat '* ]] && say "    ip saddr $address oifname != \"$tap\" masquerade comment \"nat\""
    say "  }"
    say "}"
  } | nft -f -
}

to_tap() { printf 'iifname "%s" ip daddr %s' "$tap" "${address%/*}"; }

# That it was off is remembered where it ends with this boot, as forwarding does: an empty table of the kernel. It is
# there before forwarding is switched on, and goes after it was switched off, with the last tap that needs it.
forwarding_on() {
  [[ $(<"$forwarding") = 1 ]] && return
  nft add table ip kvmlab_forwarding && echo 1 >"$forwarding"
}

forwarding_off() {
  local tables
  tables=$(nft list tables ip) || return 0
  [[ $tables = *'table ip kvmlab_forwarding'* ]] || return 0
  [[ $tables = *'table ip kvmlab-'* ]] && return 0
  echo 0 >"$forwarding"
  nft delete table ip kvmlab_forwarding
}

# --- a bridge with an interface of the host, so that VMs stand in its LAN ---

bridge_check() {
  lan_can_be
  explain
  say "To do it: $(as_root bridge-up)"
}

# Refuses what would not work, before anything is touched.
lan_can_be() {
  [[ -n $lan ]] || fail "Switch $name does not say which interface goes into $bridge. Name it in the lab file: lan: eth0."
  there "$lan" || fail "This host has no interface $lan. It has: $(ip -o link show | awk -F': ' '{printf "%s ", $2}')"
  [[ ! -e /sys/class/net/$lan/phy80211 && ! -e /sys/class/net/$lan/wireless ]] ||
    fail "$lan is wireless, and Wi-Fi lets no other station through it: VMs would stay alone. Use nat instead."
  local master
  master=$(ip -o link show dev "$lan" | sed -n 's/.* master \([^ ]*\) .*/\1/p')
  [[ -z $master || $master = "$bridge" ]] || fail "$lan is in $master already. Name that one in the lab file: bridge: $master."
  [[ $master != "$bridge" ]] || { say "$lan is in $bridge already."; exit 3; }
  if there "$bridge" && ! ip -o link show dev "$bridge" type bridge | grep -q .; then
    fail "$bridge is an interface of this host and no bridge. Name another one in the lab file."
  fi
}

explain() {
  local peers
  say "$lan goes into the bridge $bridge, so that what is on switch $name stands in the LAN of $lan:"
  addresses_of "$lan" | sed "s/.*/  - & moves from $lan to $bridge/"
  routes_of "$lan" | sed "s/.*/  - the route \"&\" moves from $lan to $bridge/"
  ip -4 route show default dev "$lan" | grep -q . && say "  - this host's default route goes through $lan: all its connections pause for a moment"
  peers=$(ssh_peers)
  [[ -z $peers ]] || say "  - ATTENTION: SSH sessions come in through $lan, from $peers"
  ip -o address show dev "$lan" | grep -q ' dynamic ' && say "  - $lan has a leased address: whoever renews the lease (DHCP) has to be told of $bridge, or it ends"
  say "If it is not confirmed within $seconds seconds, all of it is put back by itself. It ends with the next boot; to keep"
  say "it, write the bridge into the network configuration of this host."
}

addresses_of() { ip -o address show dev "$1" scope global | awk '!/ temporary | mngtmpaddr /{print $4}'; }

# Those that do not come by themselves with an address or from a router.
routes_of() {
  { ip -4 route show dev "$1"; ip -6 route show dev "$1"; } | grep -vE 'proto (kernel|ra)|^fe80|^ff00' | sed -E 's/ (linkdown|dead|pervasive)//g; s/ +$//'
}

ssh_peers() {
  local own
  own=$(addresses_of "$lan" | sed 's#/.*##')
  ss -Htn state established '( sport = :22 )' 2>/dev/null |
    awk -v own="$own" 'BEGIN {n = split(own, list, "\n")} {for (i = 1; i <= n; i++) if (index($3, list[i] ":") == 1) print $4}' | tr '\n' ' '
}

bridge_up() {
  lan_can_be
  explain
  lock_bridge
  write_state
  start_timer
  if ! to_bridge; then
    say "That failed (see above); everything is put back." >&2
    stop_timer
    put_back
    exit 1
  fi
  say "$lan is in $bridge. Look whether your connection holds, then say so within $seconds seconds: $(as_root bridge-confirm)"
}

lock_bridge() {
  exec 9>>"$state.lock" || fail "The lock $state.lock cannot be opened."
  flock -w 20 9 || fail "Another bridge-up or bridge-down of switch $name is at work. Try again when it is done."
}

write_state() {
  local made=yes
  there "$bridge" && made=no
  if ! { say "made $made"; addresses_of "$lan" | sed 's/^/address /'; routes_of "$lan" | sed 's/^/route /'; } >"$state.new" ||
    ! mv -f -- "$state.new" "$state"; then
    fail "$state cannot be written. Nothing was changed."
  fi
}

# Addresses come to the bridge before they leave the interface.
to_bridge() {
  local mac kind rest words
  mac=$(ip -o link show dev "$lan" | sed -n 's/.*link\/ether \([^ ]*\) .*/\1/p')
  if ! there "$bridge"; then
    ip link add name "$bridge" ${mac:+address "$mac"} type bridge stp_state 0 forward_delay 0 || return 1
    ip link set dev "$bridge" alias 'made by KVM Lab' || return 1
  fi
  ip link set dev "$bridge" up || return 1
  ip link set dev "$lan" master "$bridge" || return 1
  while read -r kind rest; do
    [[ $kind = address ]] || continue
    add_address "$rest" "$bridge" || return 1
    ip address del "$rest" dev "$lan" || return 1
  done <"$state"
  while read -r kind rest; do
    [[ $kind = route ]] || continue
    read -ra words <<<"$rest"
    ip route replace "${words[@]}" dev "$bridge" || return 1
  done <"$state"
}

# IPv6 knows no broadcast address: add_address ADDRESS INTERFACE
add_address() { ip address replace "$1" brd + dev "$2" 2>/dev/null || ip address replace "$1" dev "$2"; }

# Also after half of to_bridge: what is on the bridge now, and what was on the interface before.
put_back() {
  local addresses routes one words made=
  there "$bridge" || { rm -f -- "$state"; return 0; }
  addresses=$(addresses_of "$bridge"; sed -n 's/^address //p' "$state" 2>/dev/null)
  routes=$(routes_of "$bridge"; sed -n 's/^route //p' "$state" 2>/dev/null)
  # The alias stays when the state is gone, but comes a moment after the bridge.
  { grep -qsx 'made yes' "$state" || ip -o link show dev "$bridge" | grep -q 'alias made by KVM Lab'; } && made=yes
  ip link set dev "$lan" nomaster
  while read -r one; do
    [[ -n $one ]] || continue
    add_address "$one" "$lan"
    ip address del "$one" dev "$bridge" 2>/dev/null
  done <<<"$(sort -u <<<"$addresses")"
  [[ -n $made ]] && ip link del dev "$bridge"
  while read -r one; do
    read -ra words <<<"$one"
    ((${#words[@]} == 0)) || ip route replace "${words[@]}" dev "$lan"
  done <<<"$(sort -u <<<"$routes")"
  rm -f -- "$state"
}

bridge_down() {
  [[ -n $lan ]] || fail "Switch $name does not say which interface is in $bridge, so KVM Lab did not make it and leaves it alone."
  stop_timer
  lock_bridge
  if ! ip -o link show dev "$lan" master "$bridge" 2>/dev/null | grep -q . && [[ ! -e $state ]]; then
    say "$lan is not in $bridge."
    return 3
  fi
  put_back
  say "$lan is out of $bridge and has its addresses and routes back."
}

bridge_confirm() {
  timer >/dev/null || { say "Nothing of switch $name waits to be confirmed."; return 3; }
  stop_timer
  rm -f -- "$state"
  say "$bridge stays. To take it back: $(as_root bridge-down)"
}

# The timer is a process of its own and there before anything is changed, so that it puts everything back whatever
# becomes of us and of the terminal.
start_timer() {
  local try
  stop_timer
  setsid -f "$here/common-host.sh" roll-back "$run" "$name" "$tap" "$address" "$group" "$nat" "$proxy" "$dns" "$bridge" "$lan" "$seconds" \
    </dev/null >"$state.log" 2>&1 9>&-
  for ((try = 0; try < 200; try++)); do
    timer >/dev/null && return
    sleep 0.05
  done
  rm -f -- "$state"
  fail "The timer that would put everything back did not start, so nothing was changed. It says: $(<"$state.log")"
}

# Prints the pid of the timer, if it runs.
timer() {
  local pid='' words=()
  [[ -r $state.pid ]] && read -r pid <"$state.pid"
  [[ $pid =~ ^[0-9]+$ ]] && mapfile -d '' -t words 2>/dev/null <"/proc/$pid/cmdline" || return 1
  [[ " ${words[*]} " = *" roll-back $run $name "* ]] && say "$pid"
}

stop_timer() {
  local pid try
  pid=$(timer) || { rm -f -- "$state.pid"; return 0; }
  kill -TERM "$pid"
  for ((try = 0; try < 200; try++)); do
    timer >/dev/null || break
    sleep 0.05
  done
  rm -f -- "$state.pid" "$state.log"
}

roll_back() {
  trap '' HUP PIPE
  trap 'kill "$sleeper"; exit 0' TERM
  sleep "$seconds" &
  sleeper=$!
  say "$$" >"$state.pid"
  wait "$sleeper"
  # From here on nobody calls it off.
  trap '' TERM
  exec 9>>"$state.lock"
  flock 9
  put_back
  rm -f -- "$state.pid"
  say "Not confirmed within $seconds seconds: $lan is out of $bridge again."
}

main "$@"
exit $?
