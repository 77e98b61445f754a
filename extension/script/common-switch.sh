#!/usr/bin/env bash
# What the scripts of switches share. They call it.
# Exit codes: 0 done, 1 failed, 2 wrong use, 3 already so or refused by a lock.
# Made by KVM Lab; it is the same for every lab.
# kvmlab: generated 0
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

# common-switch.sh RUN VERB NAME PORTS [--line CONFIGURATION]… [--option VDE_SWITCH_OPTION]…
#        [--tap INTERFACE ADDRESS GROUP NAT PROXY DNS BRIDGE LAN SECONDS]
#        [--wire NAME]… [--vm NAME]… [--forward RULE]… [--pxe ROOT FILE] [--uplink QEMU …]

switch() {
  local verb=$1 name=$2 ports=$3 lines=() options=() wires=() vms=() forwards=() pxe=() uplink=() tap=() socket=$run/switch-$2
  shift 3
  while (($#)); do
    case $1 in
      --line) lines+=("$2"); shift 2 ;;
      --option) options+=("$2"); shift 2 ;;
      --tap) tap=("${@:2:9}"); shift 10 ;;
      --wire) wires+=("$2"); shift 2 ;;
      --vm) vms+=("$2"); shift 2 ;;
      --forward) forwards+=("$2"); shift 2 ;;
      --pxe) pxe=("$2" "$3"); shift 3 ;;
      --uplink) shift; uplink=("$@"); break ;;
      *) fail "common-switch.sh: unknown word $1" ;;
    esac
  done
  case $verb in
    start | stop | status | kill | restart | command) "switch_$verb" ;;
    host-* | nat-* | proxy-* | dns-* | bridge-*) host "$verb" ;;
    *) say "Use: switch-$name.sh [start|stop|restart|status|kill|command] [VAR=value …]" >&2; exit 2 ;;
  esac
}

# -n counts port 0, which nobody can use.
switch_words() {
  words=(vde_switch -s "$socket" -M "$socket.mgmt" -p "$socket.pid" -n "$((ports + 1))" -f "$socket.rc" -d "${options[@]}")
  ((${#tap[@]})) && words+=(-t "${tap[0]}")
  [[ -n ${tap[2]-} ]] && words+=(-m 0660 --dirmode 2750 -g "${tap[2]}")
  return 0
}

switch_command() {
  local words
  switch_words
  printf '%q ' "${words[@]}"
  printf '\n'
}

switch_start() {
  need vde_switch unixcmd flock timeout
  claim
  lock "switch-$name"
  switch_up
  local code=$?
  unlock
  ((code == 0)) && plug_all
  exit "$code"
}

switch_up() {
  local pid words started
  if pid=$(pid_of "$socket.pid") && add_ports && uplink_up; then
    say "Switch $name runs already: process $pid."
    return 3
  fi
  if [[ -z ${pid-} ]]; then
    uplink_down
    uplink_possible
    clear_switch
    ((${#tap[@]})) && tap_up
    open_door
    # A MAC that appears at another port (a VM that was moved) moves at once; with 0 it would not before the next second.
    printf '%s\n' 'hash/setminper -1' "${lines[@]}" >"$socket.rc"
    switch_words
    started=$(as_owner timeout 20 "${words[@]}" 2>&1 </dev/null 9>&-)
    pid=$(answers) || fail "Switch $name did not start. vde_switch says: ${started:-nothing; see the system log}"
    has_tap || no_tap "$pid"
  fi
  uplink_up || { uplink_possible && uplink_start; }
  say "Switch $name runs: process $pid, $ports ports."
}

# Makes the ports that came into the lab since the switch was started, with their VLANs. The others stay as they are.
add_ports() {
  local table line words added=' '
  table=$(ask "$socket.mgmt" port/allprint | awk '/ untagged_vlan=/ {printf " %d ", $2}')
  for line in "${lines[@]}"; do
    read -ra words <<<"$line"
    case $line in
      port/create*) [[ $table = *" ${words[1]} "* ]] || { ask "$socket.mgmt" "$line" && added+="${words[1]} "; } ;;
      port/setvlan*) [[ $added = *" ${words[1]} "* ]] && add_vlan "${words[2]}" && ask "$socket.mgmt" "$line" ;;
      vlan/addport*) [[ $added = *" ${words[2]} "* ]] && add_vlan "${words[1]}" && ask "$socket.mgmt" "$line" ;;
    esac
  done >/dev/null
  return 0
}

# The switch refuses to make a VLAN that it has, which is as good.
add_vlan() { ask "$socket.mgmt" "vlan/create $1"; return 0; }

# The exit code of vde_switch proves nothing: it runs when its management socket names the process of its pid file.
answers() {
  local pid='' try said
  for ((try = 0; try < 100; try++)); do
    pid=$(pid_of "$socket.pid") && said=$(ask "$socket.mgmt" showinfo) && grep -q "pid $pid " <<<"$said" && { say "$pid"; return; }
    sleep 0.05
  done
  return 1
}

plug_all() {
  local other
  for other in "${wires[@]}"; do "$here/wire-$other.sh" plug; done
  for other in "${vms[@]}"; do "$here/$other.sh" plug; done
  return 0
}

# Stale files of a switch that was killed: a stale pid file alone would keep the new one from starting.
clear_switch() {
  rm -f -- "$socket.pid" "$socket.mgmt"
  [[ -L $socket ]] && as_user rm -rf -- "$(readlink -- "$socket")"
  rm -rf -- "$socket"
}

# Members of the tap's group plug in too. As the run-time folder is nobody else's, the sockets lie where they can go.
open_door() {
  local door=/tmp/kvmlab-tap-${tap[0]-} group=${tap[2]-}
  [[ -n $group ]] || return 0
  ! grep -qsF " $door/ctl" /proc/net/unix || fail "Switch $name did not start: another switch has $door. End that first."
  as_user rm -rf -- "$door" 2>/dev/null
  as_user mkdir -m 0700 -- "$door" 2>/dev/null ||
    fail "Switch $name did not start: $door, where members of $group would plug in, is somebody else's. Remove it."
  ln -s -- "$door" "$socket"
}

uplink_up() { ((${#uplink[@]} == 0)) || pid_of "$socket.uplink.pid" >/dev/null; }

# What would keep the uplink from starting is said before anything starts.
uplink_possible() {
  local rule holder
  ((${#uplink[@]})) || return 0
  need "${uplink[0]}"
  if ((${#pxe[@]})); then
    [[ -d ${pxe[0]} ]] || fail "Switch $name did not start: the folder ${pxe[0]}, from which VMs boot, is not there."
    [[ -f ${pxe[0]}/${pxe[1]} ]] || fail "Switch $name did not start: ${pxe[0]}/${pxe[1]}, which VMs boot, is not there."
  fi
  for rule in "${forwards[@]}"; do
    [[ $rule =~ ^(tcp|udp):([0-9.]*):([0-9]+)-(.*)$ ]] || fail "Switch $name: FORWARD has '$rule'. It takes tcp:127.0.0.1:2222-10.0.2.15:22."
    holder=$(port_holder "${BASH_REMATCH[@]:1:3}") || continue
    fail "Switch $name did not start: port ${BASH_REMATCH[3]} of ${BASH_REMATCH[2]:-0.0.0.0}, which leads to ${BASH_REMATCH[4]}, is taken by $holder. End that, or forward another port."
  done
}

# Who listens on a port of the host: port_holder tcp|udp ADDRESS PORT. What is bound to IPv6 alone is in nobody's way.
port_holder() {
  local line
  line=$(ss -Hlnp "--$1" "sport = :$3" 2>/dev/null 9>&- | awk -v wanted="${2:-0.0.0.0}" '
    {at = $4; sub(/:[0-9]+$/, "", at); sub(/%.*/, "", at); gsub(/[][]/, "", at); sub(/^::ffff:/, "", at)}
    at == wanted || at == "*" || at == "0.0.0.0" || (wanted == "0.0.0.0" && at !~ /:/) {print; exit}')
  [[ -n $line ]] || return 1
  if [[ $line =~ \(\(\"([^\"]*)\",pid=([0-9]+) ]]; then say "process ${BASH_REMATCH[2]} (${BASH_REMATCH[1]})"
  else say 'a process of another user'; fi
}

uplink_start() {
  local said
  rm -f -- "$socket.uplink.pid"
  said=$(timeout 30 "${uplink[@]}" 2>&1 </dev/null 9>&-) && return
  fail "The uplink of switch $name did not start. QEMU says: $said"
}

uplink_down() {
  local pid
  pid=$(pid_of "$socket.uplink.pid") || return 0
  kill -TERM "$pid"
  gone "$pid" 5 || kill -KILL "$pid"
}

# What concerns the host beyond the switch itself: common-host.sh VERB …
host() {
  ((${#tap[@]})) || fail "Switch $name has no tap, so the host is not on it."
  "$here/common-host.sh" "$1" "$run" "$name" "${tap[@]}" 9>&-
}

# The tap belongs to the user who called sudo, and so does the switch: root is needed only to make and remove the tap.
tap_up() {
  if [[ $EUID = 0 ]]; then
    host host-up || fail "Switch $name did not start: its tap ${tap[0]} is not ready (see above)."
  else
    ip link show dev "${tap[0]}" >/dev/null 2>&1 ||
      fail "Switch $name has the tap ${tap[0]}, which needs root. Run: sudo $(printf '%q' "$here/switch-$name.sh") start RUN_ROOT=$(printf '%q' "${run%/*}")"
  fi
}

# vde_switch runs on without a tap that it may not open, and says nothing.
has_tap() { ((${#tap[@]} == 0)) || ask "$socket.mgmt" port/print | grep -q "module tuntap *: ${tap[0]}$"; }

as_owner() {
  [[ $EUID = 0 && -n ${SUDO_UID-} && $SUDO_UID != 0 ]] && chown -- "$SUDO_UID" "$socket.rc" "$run/switch-$name.lock"
  as_user "$@"
}

as_user() {
  if [[ $EUID = 0 && -n ${SUDO_UID-} && $SUDO_UID != 0 ]]; then
    setpriv --reuid "$SUDO_UID" --regid "${SUDO_GID:-$SUDO_UID}" --init-groups -- "$@"
  else
    "$@"
  fi
}

switch_down() {
  local pid
  lock "switch-$name"
  uplink_down
  pid=$(pid_of "$socket.pid") || { clear_switch; tap_down; return 3; }
  kill -"$1" "$pid"
  gone "$pid" 5 || kill -KILL "$pid"
  gone "$pid" 5 || fail "Switch $name: process $pid cannot be ended."
  clear_switch
  tap_down
}

no_tap() {
  kill -TERM "$1"
  gone "$1" 5
  clear_switch
  [[ -w /dev/net/tun ]] || fail "Switch $name did not start: you may not open /dev/net/tun, which its tap needs. Run: sudo chmod 0666 /dev/net/tun"
  fail "Switch $name did not start: it may not open its tap ${tap[0]}, which belongs to somebody else. Run: sudo $(printf '%q' "$here/switch-$name.sh") host-down RUN_ROOT=$(printf '%q' "${run%/*}")"
}

tap_down() {
  ((${#tap[@]})) || return 0
  if [[ $EUID = 0 ]]; then host host-down
  elif ip link show dev "${tap[0]}" >/dev/null 2>&1; then
    say "The tap ${tap[0]} stays. To remove it: sudo $(printf '%q' "$here/switch-$name.sh") host-down RUN_ROOT=$(printf '%q' "${run%/*}")"
  fi
  return 0
}

switch_stop() {
  if switch_down "${1:-TERM}"; then say "Switch $name is stopped."; else say "Switch $name does not run."; exit 3; fi
}

switch_kill() { switch_stop KILL; }

switch_restart() {
  switch_down TERM
  unlock
  switch_start
}

switch_status() {
  local pid
  pid=$(pid_of "$socket.pid") || { say "switch $name stopped"; exit 3; }
  say "switch $name running, process $pid, sockets in $socket"
  [[ -z ${tap[2]-} ]] || say "members of the group ${tap[2]} plug in at $(readlink -- "$socket")"
  ((${#uplink[@]} == 0)) || uplink_status
}

uplink_status() {
  local pid rule
  pid=$(pid_of "$socket.uplink.pid") || { say "its uplink does not run; start brings it back"; return; }
  say "its uplink runs, process $pid"
  for rule in "${forwards[@]}"; do say "its uplink forwards ${rule/-/ to }"; done
}

run=$1
shift
[[ $1 =~ ^(start|command)$ ]] || { foreign "$2" && exit 3; }
switch "$@"
