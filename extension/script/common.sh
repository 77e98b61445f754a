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
  while [[ -d /proc/$1 ]] && ! grep -q '^State:[[:space:]]*Z' "/proc/$1/status" 2>/dev/null; do
    ((SECONDS >= end)) && return 1
    sleep 0.05
  done
  return 0
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
  local table
  table=$(ask "$run/switch-$1.mgmt" port/allprint) || return 1
  awk -v port="$2" 'BEGIN {state = "no such port"}
    / untagged_vlan=/ {for (i = 1; i < NF; i++) if ($i == "Port") here = ($(i + 1) + 0 == port); if (here) state = "free"}
    /endpoint ID/ && here {sub(/.* : /, ""); state = $0}
    END {print state}' <<<"$table"
}

# A plug into a port that is not there would hang QEMU for ever; one that is taken would be shared like a hub.
# port_free WHO SWITCH PORT
port_free() {
  local state
  state=$(port_state "$2" "$3") || fail "$1 did not start: switch $2 does not answer on $run/switch-$2.mgmt."
  [[ $state = free ]] || fail "$1 did not start: port $3 of switch $2 is not free ($state)."
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
chain_words() {
  words=(dpipe -d vde_plug -D "${1##*/}" "$2" '=' wirefilter -M "$1.mgmt" -f "$1.rc" --pidfile "$1.pid"
    --blink "$1.blink" --blinkid "${2#"$run/"}=${3#"$run/"}" '=' vde_plug -D "${1##*/}" "$3")
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
    pid=$(pid_of "$base.pid") && ask "$base.mgmt" showinfo >/dev/null && hangs_on "${base##*/}" "$@" && { say "$pid"; return; }
    sleep 0.05
  done
  pid=$(pid_of "$base.pid") && end_wire "$pid" TERM
  return 1
}

# Who has just been unplugged may still be there for a moment: comes_free SWITCH PORT
comes_free() {
  local try
  for ((try = 0; try < 60; try++)); do
    [[ $(port_state "$1" "$2") = free ]] && return
    sleep 0.05
  done
  say "Port $2 of switch $1 is not free ($(port_state "$1" "$2"))." >&2
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

accelerated() {
  if [[ $accel = kvm ]]; then say 'with KVM'
  elif [[ ! -e /dev/kvm ]]; then say 'software emulation (this host has no /dev/kvm)'
  elif [[ ! -r /dev/kvm || ! -w /dev/kvm ]]; then say "software emulation (you may not open /dev/kvm: sudo adduser ${USER:-NAME} kvm, then log in again)"
  else say 'software emulation'; fi
}

# Prints the folder of the tiny guest: beside the lab file, else the user's own. tiny_guest LAB_FOLDER
tiny_guest() {
  local own=${XDG_DATA_HOME:-${HOME:-/nonexistent}/.local/share}/kvmlab/guest
  if [[ -e $1/guest/vmlinuz ]]; then say "$1/guest"; else say "$own"; fi
}

# --- verbs of a VM ---
# vm VERB NAME ID [--overlay FILE IMAGE SHA256 FORMAT SIZE LAB_FILE] [--seed FILE LAB_FILE]
#   [--image FILE SIZE FORMAT]… [--nic SWITCH PORT NUMBER]… [--fault NUMBER ORDER]… -- QEMU …

vm() {
  local verb=$1 name=$2 id=$3 overlay=() seed=() images=() nics=() faults=() qemu=()
  shift 3
  while (($#)); do
    case $1 in
      --overlay) overlay=("${@:2:6}"); shift 7 ;;
      --seed) seed=("$2" "$3"); shift 3 ;;
      --image) images+=("$2" "$3" "$4"); shift 4 ;;
      --nic) nics+=("$2" "$3" "$4"); shift 4 ;;
      --fault) faults+=("$2" "$3"); shift 3 ;;
      --) shift; qemu=("$@"); break ;;
      *) fail "common.sh vm: unknown word $1" ;;
    esac
  done
  case $verb in
    start | stop | status | kill | plug) "vm_$verb" ;;
    filter-[1-9]*) vm_filter "${verb#filter-}" ;;
    *) say "Use: $name.sh [start|stop|status|kill|command|plug] [VAR=value …]" >&2; exit 2 ;;
  esac
}

vm_start() {
  local pid at
  need "${qemu[0]}" flock timeout
  claim
  lock "$name"
  if pid=$(pid_of "$run/$name.pid"); then
    wires_up
    say "$name runs already: process $pid, serial console localhost:$((10000 + id))."
    exit 3
  fi
  vm_clear
  for ((at = 1; at < ${#qemu[@]}; at++)); do
    [[ ${qemu[at - 1]} =~ ^-(kernel|initrd)$ && ! -e ${qemu[at]} ]] && no_kernel "${qemu[at]}"
  done
  ((${#overlay[@]} == 0)) || make_overlay "${overlay[@]}"
  ((${#seed[@]} == 0)) || [[ -e ${seed[0]} ]] ||
    fail "$name did not start: ${seed[0]}, which its cloud-init reads, is not there. Make it with: kvmlab script ${seed[1]}"
  for ((at = 0; at < ${#images[@]}; at += 3)); do make_image "${images[@]:at:3}"; done
  for ((at = 0; at < ${#nics[@]}; at += 3)); do
    switch_for "${nics[at]}"
    port_free "$name" "${nics[at]}" "${nics[at + 1]}"
    orders_of "${nics[at + 2]}"
    ((${#orders[@]} == 0)) || write_orders "$run/wire-$name+${nics[at + 2]}" "$name" "${orders[@]}"
  done
  launch
  wires_up || fail "$name runs, but not all of its NICs are plugged in (see above). Try again with: $name.sh plug"
}

orders_of() {
  local at
  orders=()
  for ((at = 0; at < ${#faults[@]}; at += 2)); do [[ ${faults[at]} != "$1" ]] || orders+=("${faults[at + 1]}"); done
}

# Plugs in the NICs that go through a wirefilter and have none: QEMU listens for it in a folder. They are what they were.
wires_up() {
  local at base pid code=0
  for ((at = 0; at < ${#nics[@]}; at += 3)); do
    base=$run/wire-$name+${nics[at + 2]}
    [[ -d $base ]] || continue
    if pid=$(pid_of "$base.pid"); then
      hangs_on "${base##*/}" "${nics[@]:at:2}" && continue
      end_wire "$pid" TERM
    fi
    nic_chain "${nics[@]:at:3}" || code=1
  done
  return "$code"
}

# nic_chain SWITCH PORT NUMBER
nic_chain() {
  local base=$run/wire-$name+$3 pid orders
  if [[ ! -e $base.rc ]]; then
    orders_of "$3"
    write_orders "$base" "$name" "${orders[@]}"
  fi
  pid=$(chain_up "$base" "$base" "$run/switch-$1[$2]" "$1" "$2") &&
    say "$name: NIC $3 is plugged into port $2 of $1 through wirefilter: process $pid." && return
  say "$name: NIC $3 could not be plugged into port $2 of $1 through wirefilter." >&2
  return 1
}

# Puts a wirefilter between a NIC and its switch while the VM runs. The guest keeps its NIC.
vm_filter() {
  local at pid base=$run/wire-$name+$1
  lock "$name"
  pid_of "$run/$name.pid" >/dev/null || fail "$name does not run."
  for ((at = 0; at < ${#nics[@]}; at += 3)); do
    [[ ${nics[at + 2]} = "$1" ]] || continue
    if pid=$(pid_of "$base.pid"); then
      hangs_on "${base##*/}" "${nics[@]:at:2}" && { say "$name: NIC $1 has a wirefilter already: process $pid."; exit 3; }
      end_wire "$pid" TERM
    fi
    [[ -d $base ]] || put_plug "$1" "multi://$base" || fail "$name: NIC $1 could not be unplugged."
    nic_chain "${nics[@]:at:3}" || exit 1
    exit 0
  done
  fail "$name has no NIC $1."
}

no_kernel() {
  [[ $1 != */guest/* ]] || fail "$name did not start: $1 is not there. Make the tiny guest with: kvmlab guest"
  fail "$name did not start: $1 is not there."
}

make_image() {
  [[ -e $1 ]] && return
  need qemu-img
  say "Making the image $1 ($2, $3)."
  mkdir -p -- "$(dirname -- "$1")"
  if ! { qemu-img create -q -f "$3" -- "$1.new" "$2" 9>&- && mv -- "$1.new" "$1"; }; then
    fail "$name did not start: the image $1 cannot be made (see above)."
  fi
}

# The image is only read; what the VM writes goes into the overlay, which stays: make_overlay FILE IMAGE SHA256 FORMAT SIZE LAB_FILE
make_overlay() {
  local image=$2 base facts
  [[ $image = *://* ]] && image=$(fetched_image "$3" "$4")
  # So that the folder of the lab can be moved.
  base=$image
  [[ $image = "${6%/*}"/* ]] && base=$(realpath -m -s --relative-to="${1%/*}" -- "$image")
  if [[ -e $1 ]]; then
    need qemu-img
    facts=$(qemu-img info -U -f qcow2 -- "$1" 9>&-) || fail "$name did not start: its disk $1 cannot be read (see above)."
    # One without a base has been made to stand alone.
    [[ $facts = *$'\n''backing file: '* ]] || return 0
    if [[ $facts$'\n' != *$'\n'"backing file: $base"[$'\n'\ ]* ]]; then
      say "$name goes on with its disk $1, which was made from another image than the lab names. Remove it to begin anew." >&2
      return 0
    fi
  fi
  [[ -e $image ]] || no_image "$2" "$6"
  [[ ! -e $1 ]] || return 0
  need qemu-img
  [[ $2 = *://* || -z $3 ]] || has_sum "$image" "$3"
  say "Making the disk $1 over $image."
  mkdir -p -- "${1%/*}"
  if ! { qemu-img create -q -f qcow2 -b "$base" -F "$4" -- "$1.new" ${5:+"$5"} 9>&- && mv -- "$1.new" "$1"; }; then
    fail "$name did not start: its disk $1 cannot be made (see above)."
  fi
}

# Prints where an image that was fetched lies: fetched_image SHA256 FORMAT
fetched_image() {
  local cache=${XDG_CACHE_HOME-}
  [[ $cache = /* ]] || cache=${HOME:-/nonexistent}/.cache
  say "$cache/kvmlab/images/$1.$2"
}

no_image() {
  [[ $1 = *://* ]] || fail "$name did not start: its image $1 is not there."
  fail "$name did not start: its image $1 is not fetched yet. Fetch it with: kvmlab image fetch $2 $name"
}

has_sum() {
  local sum
  need sha256sum
  say "Checking $1."
  sum=$(sha256sum -- "$1" 9>&-) || fail "$name did not start: its image $1 cannot be read (see above)."
  # A backslash stands before the sum of a file with an odd name.
  sum=${sum#\\}
  [[ ${sum%% *} = "$2" ]] ||
    fail "$name did not start: its image $1 is not the one that the lab names. SHA-256 is ${sum%% *}, not $2."
}

switch_for() {
  "$here/switch-$1.sh" start >/dev/null 9>&-
  case $? in
    0 | 3) ;;
    *) fail "$name did not start: its switch $1 does not run (see above)." ;;
  esac
}

# QEMU's own words come back; a start that hangs is ended after a minute.
launch() {
  local pid code printed
  put_log_aside
  printed=$(stat -c %s -- "$run/$name.console.log" 2>/dev/null) || printed=0
  timeout 60 "${qemu[@]}" >"$run/$name.log" 2>&1 </dev/null 9>&-
  code=$?
  if ((code != 0)); then
    pid=$(pid_of "$run/$name.pid") && kill -KILL "$pid"
    rm -f -- "$run/$name.pid"
    ((code == 124)) && say "$name did not start: QEMU said nothing for a minute and was ended." >&2
    ((code == 127)) && say "$name did not start: ${qemu[0]} is missing." >&2
    say "$name did not start. QEMU says: $(<"$run/$name.log")" >&2
    grep -q 'Address already in use' "$run/$name.log" && who_listens
    exit 1
  fi
  # Beside the log, which holds what was printed and nothing else: from which byte on it is of this start.
  pid=$(pid_of "$run/$name.pid")
  say "$printed $EPOCHSECONDS${pid:+ $pid}" >>"$run/$name.console.marks"
  [[ -n $pid ]] || fail "$name started and ended at once: $(<"$run/$name.log")"
  say "$name runs: process $pid, $(accelerated), serial console localhost:$((10000 + id)), monitor localhost:$((20000 + id))."
}

# A console log over CONSOLE_LOG_MB (10) is put aside before a start; three of these are kept. By renaming, so that who
# reads it can read on.
put_log_aside() {
  local size number kind most=${CONSOLE_LOG_MB:-10}
  [[ $most =~ ^[0-9]{1,9}$ ]] || fail "$name did not start: CONSOLE_LOG_MB is '$most'. It is a number of megabytes."
  size=$(stat -c %s -- "$run/$name.console.log" 2>/dev/null) || return 0
  ((size > 10#$most * 1000000)) || return 0
  for kind in log marks; do
    rm -f -- "$run/$name.console.$kind.3"
    for number in 2 1; do
      [[ -e $run/$name.console.$kind.$number ]] && mv -f -- "$run/$name.console.$kind.$number" "$run/$name.console.$kind.$((number + 1))"
    done
    [[ -e $run/$name.console.$kind ]] && mv -f -- "$run/$name.console.$kind" "$run/$name.console.$kind.1"
  done
  return 0
}

who_listens() {
  local entry line
  for entry in /proc/[0-9]*; do
    line=$(tr '\0' ' ' 2>/dev/null <"$entry/cmdline") || continue
    [[ $line =~ (port=|:)($((10000 + id))|$((20000 + id))|$((30000 + id)))[,\ ] ]] &&
      say "Process ${entry#/proc/} may hold the port: ${line:0:160} …" >&2
  done
}

vm_running() {
  lock "$name"
  pid=$(pid_of "$run/$name.pid") && return
  vm_clear
  say "$name does not run."
  exit 3
}

# The power button first; a guest that ignores it is ended after STOP_SECONDS.
vm_stop() {
  local pid
  vm_running
  if ! power_off "$pid" "${STOP_SECONDS:-30}"; then
    say "$name did not power off in ${STOP_SECONDS:-30} seconds: ending QEMU."
    kill -TERM "$pid"
    gone "$pid" 10 || kill -KILL "$pid"
    gone "$pid" 10 || fail "$name: process $pid cannot be ended."
  fi
  vm_clear
  say "$name is stopped."
}

# A guest that is still booting does not see the button, so it is pressed again and again: power_off PID SECONDS
power_off() {
  local left end=$((SECONDS + $2))
  # A paused one would never see it.
  monitor "$run/$name.qmp" cont >/dev/null
  while left=$((end - SECONDS)) && ((left > 0)); do
    monitor "$run/$name.qmp" system_powerdown >/dev/null
    gone "$1" "$((left < 4 ? left : 4))" && return
  done
  return 1
}

vm_kill() {
  local pid
  vm_running
  kill -KILL "$pid"
  gone "$pid" 10 || fail "$name: process $pid cannot be ended."
  vm_clear
  say "$name was ended at once (process $pid)."
}

vm_clear() {
  local file pid
  for file in "$run/wire-$name+"*.pid; do pid=$(pid_of "$file") && end_wire "$pid" TERM; done
  rm -f -- "$run/$name.pid" "$run/$name.qmp" "$run/$name.watch.qmp"
  # With their folders, which QEMU leaves when it is killed.
  rm -rf -- "$run/wire-$name+"*
}

vm_status() {
  local pid base
  pid=$(pid_of "$run/$name.pid") || { say "$name stopped"; exit 3; }
  say "$name running, process $pid, serial console localhost:$((10000 + id)), monitor localhost:$((20000 + id))"
  for base in "$run/wire-$name+"*/; do
    base=${base%/}
    pid_of "$base.pid" >/dev/null || say "NIC ${base##*+} is not plugged in: its wirefilter has ended. Plug it in again with: $name.sh plug"
  done
}

# After a switch was started again QEMU does not notice and stays unplugged: pull the plug and put it in again.
# The guest keeps its NIC. Only what is not plugged in is touched.
vm_plug() {
  local at cards
  exec 9>>"$run/$name.lock"
  flock -n 9 || exit 3
  pid_of "$run/$name.pid" >/dev/null || exit 3
  wires_up
  cards=$(monitor "$run/$name.qmp" 'qom-list /machine/peripheral') || return 0
  for ((at = 0; at < ${#nics[@]}; at += 3)); do
    # A NIC that came into the lab since the VM was started is not in it yet.
    [[ $cards = *"card${nics[at + 2]} "* && ! -d $run/wire-$name+${nics[at + 2]} ]] || continue
    [[ $(port_state "${nics[@]:at:2}") = free ]] && plug_nic "${nics[@]:at:3}"
  done
  return 0
}

# First comes an empty hub port that swallows what the guest sends meanwhile: QEMU would keep it, and the NIC would never
# send again. The port of the switch stands in the address, as that is what QEMU tells of a plug.
plug_nic() {
  put_plug "$3" "$run/switch-$1[$2]" || { say "$name: NIC $3 could not be plugged into $1 again." >&2; return 1; }
  say "$name: NIC $3 is plugged into port $2 of $1 again."
}

# put_plug NUMBER ADDRESS
put_plug() {
  local command
  for command in "netdev_add hubport,id=open$1,hubid=$1" "netdev_del plug$1" "netdev_del vde$1" \
    "netdev_add vde,id=vde$1,sock=${2//,/,,}" \
    "netdev_add hubport,id=plug$1,hubid=$1,netdev=vde$1"; do
    monitor "$run/$name.qmp" "$command" >/dev/null || return 1
  done
}

# --- verbs of a switch ---
# switch VERB NAME PORTS [--line CONFIGURATION]… [--option VDE_SWITCH_OPTION]…
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
      *) fail "common.sh switch: unknown word $1" ;;
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
    printf '%s\n' 'hash/setminper 0' "${lines[@]}" >"$socket.rc"
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
  [[ -d $socket ]] && rm -rf -- "$socket"
  return 0
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
  if [[ $EUID = 0 && -n ${SUDO_UID-} && $SUDO_UID != 0 ]]; then
    chown -- "$SUDO_UID" "$socket.rc" "$run/switch-$name.lock"
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
  ((${#uplink[@]} == 0)) || uplink_status
}

uplink_status() {
  local pid rule
  pid=$(pid_of "$socket.uplink.pid") || { say "its uplink does not run; start brings it back"; return; }
  say "its uplink runs, process $pid"
  for rule in "${forwards[@]}"; do say "its uplink forwards ${rule/-/ to }"; done
}

# --- verbs of a wire ---
# wire VERB NAME SWITCH PORT SWITCH PORT [ORDER…]

wire() {
  local verb=$1 name=$2 ends=("$3" "$5") ports=("$4" "$6") places=("${@:3:4}") faults=("${@:7}") base=$run/wire-$2
  local left="$run/switch-$3[$4]" right="$run/switch-$5[$6]"
  case $verb in
    start | stop | status | kill | plug | filter | command) "wire_$verb" ;;
    *) say "Use: wire-$name.sh [start|stop|status|kill|command|plug] [VAR=value …]" >&2; exit 2 ;;
  esac
}

plug_words() { words=(vde_plug -d -p "$base.pid" -D "wire-$name" "$left" "$right"); }

wire_command() {
  local words
  plug_words
  ((${#faults[@]} == 0)) || chain_words "$base" "$left" "$right"
  printf '%q ' "${words[@]}"
  printf '\n'
}

wire_start() {
  need vde_plug unixcmd flock timeout
  claim
  lock "wire-$name"
  local end
  for end in "${ends[@]}"; do
    "$here/switch-$end.sh" start >/dev/null 9>&-
    [[ $? = [03] ]] || fail "Wire $name did not start: its switch $end does not run (see above)."
  done
  wire_up
}

# Comes up when both its switches run; otherwise it waits for the other one, which will call this too. What was wrong
# with it is wrong again.
wire_plug() {
  local end
  exec 9>>"$run/wire-$name.lock"
  flock -n 9 || exit 3
  for end in "${ends[@]}"; do pid_of "$run/switch-$end.pid" >/dev/null || exit 3; done
  wire_up keep
}

wire_up() {
  local pid try at words
  if pid=$(pid_of "$base.pid"); then
    plugged "$pid" && { say "Wire $name is plugged in already: process $pid."; exit 3; }
    end_wire "$pid" TERM
  fi
  rm -f -- "$base.pid"
  for at in 0 1; do port_free "Wire $name" "${ends[at]}" "${ports[at]}"; done
  [[ ${1-} = keep ]] || rm -f -- "$base.rc"
  if [[ -e $base.rc || ${#faults[@]} -gt 0 ]]; then
    wire_chain
    return
  fi
  plug_words
  timeout 20 "${words[@]}" </dev/null >/dev/null 2>&1 9>&-
  for ((try = 0; try < 60; try++)); do
    pid=$(pid_of "$base.pid") && plugged "$pid" && { say "Wire $name is plugged in: process $pid."; return; }
    sleep 0.05
  done
  [[ -n ${pid-} ]] && kill -TERM "$pid"
  fail "Wire $name could not be plugged in. Look at the ports ${ports[*]} of ${ends[*]}."
}

wire_chain() {
  local pid
  [[ -e $base.rc ]] || write_orders "$base" "Wire $name" "${faults[@]}"
  pid=$(chain_up "$base" "$left" "$right" "${places[@]}") ||
    fail "Wire $name could not be plugged in. Look at the ports ${ports[*]} of ${ends[*]}."
  say "Wire $name is plugged in with a wirefilter: process $pid."
}

# Puts a wirefilter into a wire that has none. Packets get lost for a moment.
wire_filter() {
  local pid
  lock "wire-$name"
  pid=$(pid_of "$base.pid") || fail "Wire $name is not plugged in."
  is_filter "$pid" && plugged "$pid" && { say "Wire $name has a wirefilter already: process $pid."; exit 3; }
  end_wire "$pid" TERM
  wire_chain
}

# wirefilter has plugs of its own, which have its name.
plugged() {
  local at
  is_filter "$1" && { hangs_on "wire-$name" "${places[@]}"; return; }
  for at in 0 1; do [[ $(port_state "${ends[at]}" "${ports[at]}") = *" pid=$1" ]] || return 1; done
}

wire_down() {
  local pid code=0
  lock "wire-$name"
  if pid=$(pid_of "$base.pid"); then end_wire "$pid" "$1"; else code=3; fi
  rm -f -- "$base.pid" "$base.rc" "$base.mgmt" "$base.blink"
  if ((code == 0)); then say "Wire $name is pulled."; else say "Wire $name is not plugged in."; fi
  exit "$code"
}

wire_stop() { wire_down TERM; }
wire_kill() { wire_down KILL; }

wire_status() {
  local pid
  pid=$(pid_of "$base.pid") || { say "wire $name stopped"; exit 3; }
  say "wire $name running, process $pid$(is_filter "$pid" && say ', with a wirefilter')"
}

# --- entry ---

# common-outside.sh takes what stands above.
[[ ${BASH_SOURCE[0]} = "$0" ]] || return 0

verb=${1-}
(($#)) && shift
case $verb in
  folder | accel | tiny_guest) "$verb" "$@" ;;
  vm | switch | wire)
    run=$1 accel=$2
    shift 2
    [[ $1 =~ ^(start|command)$ ]] || { foreign "$2" && exit 3; }
    "$verb" "$@"
    ;;
  *) say "common.sh is called by the other scripts of this folder; run one of those." >&2; exit 2 ;;
esac
