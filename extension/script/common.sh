#!/usr/bin/env bash
# What all scripts of a lab share: locks, pid files, switches on demand, messages. The other scripts call it;
# "common.sh VERB" by hand is never needed. Exit codes: 0 done, 1 failed, 2 wrong use, 3 already so or refused by a lock.
# Made by KVM Lab; it is the same for every lab.
# kvmlab: generated 0
set -u
shopt -s nullglob
# A reader of our output may go away (a closed window): that must not end a start half way.
trap '' PIPE
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# --- the run-time folder: pid files, sockets, locks and logs of what runs ---

# That of the lab; whoever takes this in says it.
run=

run_root() {
  if [[ -n ${KVMLAB_RUN_ROOT-} ]]; then say "$KVMLAB_RUN_ROOT"
  elif [[ $EUID = 0 && -n ${SUDO_UID-} && -d /run/user/$SUDO_UID ]]; then say "/run/user/$SUDO_UID/kvmlab"
  elif [[ $EUID = 0 && -n ${SUDO_UID-} ]]; then say "/tmp/kvmlab-$SUDO_UID"
  elif [[ -n ${XDG_RUNTIME_DIR-} && -d $XDG_RUNTIME_DIR ]]; then say "$XDG_RUNTIME_DIR/kvmlab"
  else say "/tmp/kvmlab-$UID"; fi
}

# Prints the folder of a lab and makes it. Somebody else's folder in /tmp is refused.
folder() {
  local root owner=$EUID
  [[ $EUID = 0 ]] && owner=${SUDO_UID:-0}
  root=$(run_root)
  mkdir -p -- "${root%/*}" 2>/dev/null
  mkdir -m 0700 -- "$root" 2>/dev/null || [[ -d $root ]] || fail "The run-time folder $root cannot be made."
  [[ ! -L $root && $(stat -c %u -- "$root") =~ ^($owner|$EUID)$ ]] ||
    fail "$root belongs to somebody else. Remove it, or set KVMLAB_RUN_ROOT to a folder of yours."
  mkdir -m 0700 -- "$root/$1" 2>/dev/null || [[ -d $root/$1 ]] || fail "$root/$1 cannot be made."
  [[ $EUID = 0 && $owner != 0 ]] && chown -- "$owner" "$root" "$root/$1"
  say "$root/$1"
}

# Two labs of the same name must not share a folder while one of them runs.
claim() {
  local owner=
  exec 7>>"$run/folder.lock" && flock -w 20 7
  [[ -r $run/folder ]] && owner=$(<"$run/folder")
  if [[ $owner != "$here" ]]; then
    if [[ -n $owner && -d $owner ]] && something_runs; then
      fail "Another lab of this name runs from $owner. Stop it first, or give one of them another name."
    fi
    printf '%s\n' "$here" >"$run/folder.new" && mv -f -- "$run/folder.new" "$run/folder"
  fi
  exec 7>&-
}

# All verbs but start leave the other lab alone. A folder that is gone was moved: then it is ours.
foreign() {
  local owner
  [[ -r $run/folder ]] && owner=$(<"$run/folder") && [[ $owner != "$here" && -d $owner ]] || return 1
  say "$1 does not run here; another lab of this name runs from $owner."
}

something_runs() {
  local file pid
  for file in "$run"/*.pid; do
    pid=$(pid_of "$file") && [[ -n $pid ]] && return 0
  done
  return 1
}

# --- processes ---

# Prints the pid of the live process that was started with this pid file. Pids are used again and pid files outlive
# their process, so the process must carry the very path of the pid file on its command line.
pid_of() {
  local pid='' entry
  [[ -r $1 ]] && read -r pid <"$1"
  if [[ $pid =~ ^[0-9]+$ ]] && carries "$pid" "$1"; then say "$pid"; return 0; fi
  # The pid file may be lost while the process lives: look at all of them, once, if there is a trace of it.
  [[ -e $1 || -e ${1%.pid}.qmp || -e ${1%.pid}.mgmt || -e ${1%.pid} ]] || return 1
  for entry in /proc/[0-9]*; do
    if carries "${entry#/proc/}" "$1"; then say "${entry#/proc/}"; return 0; fi
  done
  return 1
}

carries() {
  local word words=()
  mapfile -d '' -t words 2>/dev/null <"/proc/$1/cmdline" || return 1
  [[ ${words[0]-} =~ (^|/)(qemu-system-[a-z0-9_]+|kvm|vde_switch|vde_plug|wirefilter|kvmlab-wire)$ ]] || return 1
  for word in "${words[@]}"; do [[ $word = "$2" ]] && return 0; done
  return 1
}

# Waits until a process is gone: gone PID SECONDS
gone() {
  local end=$((SECONDS + $2))
  while lives "$1"; do
    ((SECONDS >= end)) && return 1
    sleep 0.05
  done
  return 0
}

# While any thread is left: the first one may have ended, which makes the process a zombie, but until the last one
# has, it keeps its ports, and its locks on images.
lives() {
  local threads=("/proc/$1/task/"*/status)
  ((${#threads[@]})) && grep -hs '^State:' -- "${threads[@]}" | grep -qv '^State:[[:space:]]*[ZX]'
}

# One of our scripts at a time works on one thing. Programs that stay must not inherit the lock: start them with 9>&-.
lock() {
  exec 9>>"$run/$1.lock" || fail "The lock $run/$1.lock cannot be opened."
  flock -w "${2:-120}" 9 && return
  say "$1: another start or stop is at work on it. Try again when it is done." >&2
  exit 3
}

unlock() { exec 9>&-; }

# --- questions to switches and VMs, through unixcmd of the package vde2 ---

need() {
  local program
  for program in "$@"; do
    command -v -- "$program" >/dev/null || fail "The program $program is missing. On Debian: sudo apt-get install qemu-system-x86 qemu-utils vde2"
  done
}

# Prints the data of an answer: ask SOCKET COMMAND. The switch takes one command per write; its data ends with a dot.
ask() {
  unixcmd -s "$1" -f <(cat <<'DIALOGUE'
TIMEOUT 2000
1 IN '$ ' 100
2 SEND '$*\n'
3 THROW
4 IN '\n' 100
5 IF '0000 DATA END WITH \'.\'' 8
6 IF '1000' 20
7 GOTO 100
8 THROW
9 IN '\n' 100
10 IF '.\n' 3
11 COPY
12 GOTO 8
20 EXIT 0
100 EXIT 1
DIALOGUE
  ) "$2" 2>/dev/null 9>&- | tr -d '\0'
  return "${PIPESTATUS[0]}"
}

# What a port of a switch holds: "free", "no such port", or who is plugged in. port_state SWITCH PORT
port_state() {
  local table plug state=free
  table=$(ask "$run/switch-$1.mgmt" port/allprint) || return 1
  while IFS= read -r plug; do
    is_gone "$plug" || state=$plug
  done < <(awk -v port="$2" 'BEGIN {state = "no such port"}
    / untagged_vlan=/ {for (i = 1; i < NF; i++) if ($i == "Port") here = ($(i + 1) + 0 == port); if (here) state = ""}
    /endpoint ID/ && here {sub(/.* : /, ""); print}
    END {if (state != "") print state}' <<<"$table")
  say "$state"
}

# vde_switch 2.3.2 forgets whose connection it was if somebody hung up while a plug was connecting (its remove_fd leaves
# the place of the last connection off by one), and keeps the plug for ever. Nobody uses it, so it is in nobody's way.
is_gone() { [[ $1 =~ ^(QEMU|wire-|kvmlab\ ).*\ pid=([0-9]+)$ && ! -e /proc/${BASH_REMATCH[2]} ]]; }

# Whether plugs have sockets in these ports. Who waits for them looks here first, as asking the switch may make it lose
# one that is connecting (see is_gone): bound SWITCH PORT …
bound() {
  local at sockets
  for ((at = 1; at < $#; at += 2)); do
    sockets=("$run/switch-${*:at:1}/$(printf %03d "${*:at+1:1}")".*)
    [[ -S ${sockets[0]-} ]] || return 1
  done
}

# A plug into a port that is not there would hang QEMU for ever; one that is taken would be shared like a hub.
# A busy switch may not have seen yet that somebody pulled out: port_free WHO SWITCH PORT
port_free() {
  local state try
  for ((try = 0; try < 60; try++)); do
    state=$(port_state "$2" "$3") || fail "$1 did not start: switch $2 does not answer on $run/switch-$2.mgmt."
    [[ $state = free ]] && return
    [[ $state = 'no such port' ]] && break
    sleep 0.05
  done
  fail "$1 did not start: port $3 of switch $2 is not free ($state)."
}

# One command of QEMU's monitor, through QMP; prints what it answers as JSON: monitor SOCKET COMMAND
monitor() {
  unixcmd -s "$1" -f <(cat <<'DIALOGUE'
TIMEOUT 5000
1 IN '"oob"]}}' 100
2 SEND '{"execute":"qmp_capabilities"}\n'
3 IN '{"return": {}}' 100
4 SEND '{"execute":"human-monitor-command","arguments":{"command-line":"$*"}}\n'
5 THROW
6 IN '"return": "' 100
7 IN '}' 100
8 COPY
9 EXIT 0
100 EXIT 1
DIALOGUE
  ) "$2" 2>/dev/null 9>&- | tr -d '\0'
  return "${PIPESTATUS[0]}"
}

# --- wires with faults: vde_plug = wirefilter = vde_plug, three processes that end together ---

# Prints the orders for wirefilter, one a line, and refuses what it would misread: it checks nothing itself, and takes
# "loss abc" for no loss. fault_lines WHOSE ORDER…
fault_lines() {
  local order words word number='[0-9]+(\.[0-9]+)?[KMG]?'
  for order in "${@:2}"; do
    read -ra words <<<"$order"
    case ${words[0]-} in
      reorder) [[ ${words[1]-} = yes ]] && say 'fifo 0' ;;
      markov-* | setedge | fifo) say "$order" ;;
      delay | loss | lostburst | dup | bandwidth | speed | noise | mtu | chanbufsize)
        for word in "${words[@]:1}"; do
          [[ $word =~ ^(LR|RL)?$number(\+$number)?[UN]?(\[[0-9]+\])?$ ]] ||
            fail "$1 did not start: ${words[0]} '$word' is nothing that wirefilter understands. Write a number, such as 20, 20+5N or LR20 RL5."
          [[ ${words[0]} = dup && $word =~ ^(LR|RL)?0*[1-9][0-9]{2} ]] && fail "$1 did not start: dup '$word' would copy packets for ever. It is below 100."
          [[ ${words[0]} = noise && $word =~ ([0-9]{4}|[6-9][0-9]{2}|5[1-9][0-9]|50[1-9]|[KMG]|\+) ]] && fail "$1 did not start: noise '$word' could keep wirefilter busy for ever. It is at most 500."
          [[ $word = 0 ]] || say "${words[0]} $word"
        done
        ;;
      *) fail "$1 did not start: '$order' is no order for wirefilter." ;;
    esac
  done
  return 0
}

# Writes the orders with which wirefilter begins: write_orders BASE WHOSE ORDER…
write_orders() {
  local lines
  lines=$(fault_lines "${@:2}") || exit 1
  printf '%s\n' "$lines" >"$1.rc.new" && mv -f -- "$1.rc.new" "$1.rc"
}

# The words that join two plugs through wirefilter: chain_words BASE LEFT RIGHT. Who watches traffic makes BASE.blink.
# A plug loses what wirefilter does not take in time (dd leaves its pipe so), as they would wait for each other for ever.
chain_words() {
  local lossy=(bash -c 'dd if=/dev/null oflag=nonblock 2>/dev/null; exec vde_plug "$@"' - -D "${1##*/}")
  words=(dpipe -d "${lossy[@]}" "$2" '=' wirefilter -M "$1.mgmt" -f "$1.rc" --pidfile "$1.pid"
    --blink "$1.blink" --blinkid "${2#"$run/"}=${3#"$run/"}" '=' "${lossy[@]}" "$3")
}

# Takes seconds at most, and the ports have to be free. Prints the pid: chain_up BASE LEFT RIGHT SWITCH PORT …
chain_up() {
  local base=$1 words pid try at
  need dpipe wirefilter vde_plug
  # VDE cuts longer paths of sockets silently; in the folder of a NIC each plug has one.
  ((${#base} <= 107 - 14)) || { say "The path $base is too long for a socket. Shorten the names of the lab and what is in it." >&2; return 1; }
  chain_words "$1" "$2" "$3"
  shift 3
  # A start of wirefilter would fail at a management socket that is there, and remove it even if another one lives on it.
  ask "$base.mgmt" showinfo >/dev/null && { say "Another wirefilter answers on $base.mgmt. End it first." >&2; return 1; }
  rm -f -- "$base.mgmt" "$base.pid"
  for ((at = 1; at <= $#; at += 2)); do comes_free "${@:at:2}" || return 1; done
  timeout 20 "${words[@]}" </dev/null >/dev/null 2>&1 9>&-
  for ((try = 0; try < 100; try++)); do
    pid=$(pid_of "$base.pid") && bound "$@" && ask "$base.mgmt" showinfo >/dev/null && hangs_on "${base##*/}" "$@" &&
      { say "$pid"; return; }
    sleep 0.05
  done
  pid=$(pid_of "$base.pid") && end_wire "$pid" TERM
  return 1
}

# Who has just been unplugged may still be there for a moment: comes_free SWITCH PORT
comes_free() {
  local state try
  for ((try = 0; try < 60; try++)); do
    state=$(port_state "$1" "$2") || { say "Switch $1 does not answer on $run/switch-$1.mgmt." >&2; return 1; }
    [[ $state = free ]] && return
    sleep 0.05
  done
  say "Port $2 of switch $1 is not free ($state)." >&2
  return 1
}

# Whether plugs of this name are in all the ports: hangs_on NAME SWITCH PORT …
hangs_on() {
  local at
  for ((at = 2; at <= $#; at += 2)); do [[ $(port_state "${@:at:2}") = "$1 "* ]] || return 1; done
}

is_filter() {
  local program
  read -r -d '' program 2>/dev/null <"/proc/$1/cmdline" && [[ ${program##*/} = wirefilter ]]
}

# Ends a wire: its one vde_plug, or wirefilter, whose plugs end with it. end_wire PID SIGNAL
end_wire() {
  local parent
  parent=$(awk '/^PPid:/ {print $2}' "/proc/$1/status" 2>/dev/null)
  kill -"$2" "$1" 2>/dev/null
  gone "$1" 5 || kill -KILL "$1"
  [[ -n $parent && $(cat "/proc/$parent/comm" 2>/dev/null) = dpipe ]] && gone "$parent" 5
  return 0
}

# --- acceleration ---

# A /dev/kvm that opens proves nothing: on some hosts no Linux boots under it. So "auto" uses KVM only where a kernel
# has been seen to start, and remembers the answer for this host, kernel and QEMU.
# accel WANTED QEMU VERB [KERNEL]: only a start tries; the other verbs take what is remembered.
accel() {
  case $1 in
    kvm | tcg) say "$1"; return ;;
    auto) ;;
    *) fail "ACCEL is '$1'. It can be auto, kvm or tcg." ;;
  esac
  [[ -r /dev/kvm && -w /dev/kvm ]] || { say tcg; return; }
  local memory=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/kvmlab/accel host known='' kernel
  host="$(uname -nr) $(stat -Lc '%Y %s' -- "$(command -v -- "$2")" 2>/dev/null)"
  recall && return
  kernel=$(probe_kernel "${4-}")
  if [[ $3 != start || -z $kernel ]]; then say tcg; return; fi
  mkdir -p -- "${memory%/*}" && exec 8>>"$memory.lock" && flock -w 60 8
  recall && return
  say "Trying once whether Linux starts under KVM here (at most 20 seconds) …" >&2
  known=tcg
  kvm_starts "$2" "$kernel" && known=kvm
  printf '%s = %s\n' "$host" "$known" >>"$memory"
  say "$known"
}

recall() {
  known=$(grep -sF -m 1 -- "$host = " "$memory") && say "${known##* = }"
}

probe_kernel() {
  local file
  for file in "$1" "$(tiny_guest "$here/..")/vmlinuz" "/boot/vmlinuz-$(uname -r)"; do
    if [[ -n $file && -f $file && -r $file ]]; then say "$file"; return; fi
  done
}

kvm_starts() {
  timeout 20 "$1" -accel kvm -cpu host -m 256 -nodefaults -display none -no-reboot -serial stdio \
    -kernel "$2" -append 'console=ttyS0 panic=-1' </dev/null 2>/dev/null 8>&- | grep -q -m 1 'Linux version'
}

# Prints the folder of the tiny guest: beside the lab file, else the user's own. tiny_guest LAB_FOLDER
tiny_guest() {
  local own=${XDG_DATA_HOME:-${HOME:-/nonexistent}/.local/share}/kvmlab/guest
  if [[ -e $1/guest/vmlinuz ]]; then say "$1/guest"; else say "$own"; fi
}

# --- hosts ---

# Prints the name of this host in its lab; nothing: it is the one of the lab file. Scripts that were copied to another
# host have its name beside them.
host_name() { say "${KVMLAB_HOST-$(cat -- "$here/host" 2>/dev/null)}"; }

# Refuses what is to begin on another host of the lab, unless it runs here: belongs_to HOST PID_FILE WHAT [COMMAND]
belongs_to() {
  local at
  at=$(host_name)
  if [[ $at = "$1" ]] || pid_of "$2" >/dev/null; then return; fi
  fail "$3 belongs to ${1:-the host of the lab file}, and this is ${at:-the host of the lab file}. Start it there${4:+: $4}"
}

# --- entry ---

# The other shared scripts take what stands above.
[[ ${BASH_SOURCE[0]} = "$0" ]] || return 0

verb=${1-}
(($#)) && shift
case $verb in
  folder | accel | tiny_guest | host_name | belongs_to) "$verb" "$@" ;;
  *) say "common.sh is called by the other scripts of this folder; run one of those." >&2; exit 2 ;;
esac
