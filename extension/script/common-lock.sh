#!/usr/bin/env bash
# Locks of VMs on storage that all hosts see, so that a VM runs on one host at most. Scripts of VMs take this in.
# Made by KVM Lab; it is the same for every lab.
# kvmlab: generated 0
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

# A lock is a folder, LOCKS/LAB/VM. In it "lock" stays for ever; its other name, "state.TOKEN", says what holds now, and
# "record.TOKEN" tells it in words. Every change renames the state that was read to one of a new token: of all who have
# read the same state exactly one gets through, as a name is renamed once, and no token comes again. See ARCHITECTURE.md.

# Whoever takes this in says both: the folder of the VM's lock (empty: this lab has no locks), and the VM.
lock_at='' lock_vm=VM
# What was read last; of the record: state host machine boot pidns pid ticks place since run.
lock_token='' lock_line='' lock_words=()
# Who we are, in the words of a record from host to pidns, and where the run-time folder really is.
lock_here='' lock_place=''

# lock_verb VERB OPTION…: VM.sh lock [show|tell|offer|mine|break --fenced HOST]
lock_verb() {
  local pid
  case $1:$#:${2-} in
    lock:1: | lock-show:1:) lock_show ;;
    lock-tell:1:) lock_tell ;;
    lock-break:3:--fenced) lock_break "$3" ;;
    lock-offer:1: | lock-mine:1:)
      pid=$(pid_of "$run/$lock_vm.pid") || fail "$lock_vm does not run."
      if [[ $1 = lock-offer ]]; then lock_offer "$pid"; else lock_is_mine "$pid" || exit 3; fi
      ;;
    *) say "Use: VM.sh lock [show|tell|offer|mine|break --fenced HOST]" >&2; exit 2 ;;
  esac
}

# --- what start, stop and migrate call ---

# Takes the lock for this start, or says who has it and ends with 3: lock_take
lock_take() {
  local try why=
  [[ -n $lock_at ]] || return 0
  lock_ready "did not start"
  for ((try = 0; try < 20; try++)); do
    lock_read
    case $? in
      2) lock_unreadable ;;
      0) lock_is_free || lock_is_stale || { lock_refuse "did not start"; exit 3; } ;;
    esac
    lock_step starting "$$" && return
    # The answer may have been lost, not the lock.
    lock_read && lock_is_ours && [[ ${lock_words[0]}${lock_words[5]} = "starting$$" ]] && return
  done
  fail "$lock_vm did not start: its lock in $lock_at cannot be written. Look at the storage, and at who may write there."
}

# The same for a VM that waits for its state from elsewhere: then whoever sends it may have the lock.
lock_take_if_free() {
  [[ -n $lock_at ]] || return 0
  lock_ready "did not start"
  lock_read
  case $? in
    0) lock_is_free || lock_is_stale || return 0 ;;
    2) return 0 ;;
  esac
  lock_step starting "$$"
  return 0
}

# QEMU holds this file open from its first moment on, and so do its children before they are QEMU: the kernel lets go of
# it when the last of them is gone. So a start that was killed half way leaves nothing that could come later, unseen.
lock_leash() {
  [[ -n $lock_at ]] || return 0
  { exec 6>>"$run/$lock_vm.leash" && flock -w 20 6; } && return
  fail "$lock_vm did not start: another start of it is at work ($run/$lock_vm.leash is held)."
}

# From now on QEMU itself holds the lock: lock_running PID
lock_running() {
  [[ -n $lock_at ]] || return 0
  lock_me
  if ! lock_read || ! lock_is_ours; then return 1; fi
  [[ ${lock_words[0]}${lock_words[5]} = "running$1" ]] || lock_step running "$1"
}

# The same for one that runs already: its start may have been killed half way, or the lab has got its locks since.
lock_adopt() {
  local why=
  [[ -n $lock_at ]] || return 0
  lock_ready "runs, but without its lock"
  lock_running "$1" && return
  lock_read
  case $? in
    2) lock_unreadable ;;
    0) lock_is_free || lock_is_stale || { lock_refuse "runs here without its lock"; return; } ;;
  esac
  lock_step running "$1" || lock_refuse "runs here without its lock"
}

# What this host would hold the lock as, for lock_hand_over at the other: lock_offer PID
lock_offer() {
  lock_me
  lock_record running "$1"
}

# Gives the lock of a VM that runs here to another host, in one step: lock_hand_over RECORD…
# 0: it is theirs. 1: it is ours as before. 2: that cannot be seen now; neither may go on until it can.
lock_hand_over() {
  local pid
  [[ -n $lock_at ]] || return 0
  lock_me
  if ! lock_parses "$*" || [[ ${lock_words[0]} != running ]]; then
    say "'$*' is no record of a lock." >&2
    return 1
  fi
  lock_read || return 2
  [[ $lock_line = "$*" ]] && return 0
  lock_is_ours || { lock_refuse "was not handed over"; return 1; }
  pid=${lock_words[5]}
  lock_change "$*" && return 0
  lock_read || return 2
  [[ $lock_line = "$*" ]] && return 0
  # A cache may show what was. What proves that it is ours is that we can change it.
  lock_is_ours && lock_step running "$pid" && return 1
  return 2
}

# Whether a VM that runs or waits here holds its lock; without locks each does: lock_is_mine PID
lock_is_mine() {
  [[ -n $lock_at ]] || return 0
  lock_me
  lock_read && lock_is_ours && [[ ${lock_words[0]}${lock_words[5]} = "running$1" ]]
}

# After QEMU is gone. What others hold is left alone, and so is a lock of ours whose end nobody can prove.
lock_release() {
  [[ -n $lock_at && -d ${lock_at%/*/*} ]] || return 0
  lock_me 2>/dev/null || return 0
  exec 6>&-
  if ! lock_read || ! lock_is_ours; then return 0; fi
  if [[ ${lock_words[0]}${lock_words[5]} = "starting$$" ]]; then lock_leash_is_free 5; else lock_is_stale; fi || return 0
  lock_change "$(lock_record free "$$")" || say "$lock_vm: its lock in $lock_at could not be released. The next start here does it." >&2
}

lock_show() {
  local why=
  [[ -n $lock_at ]] || { say "$lock_vm has no lock: the lab names no folder for them (locks:)."; exit 3; }
  lock_me
  lock_read
  case $? in
    1) say "$lock_vm is not locked."; exit 3 ;;
    2) lock_unreadable ;;
  esac
  lock_is_free && { say "$lock_vm is not locked."; exit 3; }
  say "$lock_vm is locked by $(lock_holder)."
  if lock_is_stale; then say "That has ended, which this host can prove: the next start here takes the lock over."
  elif ! lock_is_ours; then say "$why"; fi
}

# In words for programs: "none", "free", or what can be said of the holder (ours, stale, held) and the record.
lock_tell() {
  local what=held why=
  [[ -n $lock_at ]] || { say none; return; }
  lock_me
  lock_read
  case $? in
    1) say free; return ;;
    2) lock_unreadable ;;
  esac
  if lock_is_free; then what=free
  elif lock_is_stale; then what=stale
  elif lock_is_ours; then what=ours; fi
  say "$what $lock_line"
}

# Frees the lock of a host that is dead for sure, which whoever fenced it says: lock_break HOST
lock_break() {
  local why=
  [[ -n $lock_at ]] || fail "$lock_vm has no lock: the lab names no folder for them (locks:)."
  lock_ready "keeps its lock"
  lock_read
  case $? in
    1) say "$lock_vm is not locked."; exit 3 ;;
    2) lock_unreadable ;;
  esac
  lock_is_free && { say "$lock_vm is not locked."; exit 3; }
  if [[ $1 != "${lock_words[1]}" && $1 != "${lock_words[2]}" ]]; then
    say "$lock_vm is locked by $(lock_holder), not by $1. Nothing was changed." >&2
    exit 3
  fi
  if lock_is_judged_here && ! lock_is_stale; then
    say "$lock_vm is locked by $(lock_holder), and that process lives on this very host. Nothing was changed. Stop it first." >&2
    exit 3
  fi
  lock_change "$(lock_record free "$$")" || fail "$lock_vm: its lock in $lock_at has changed in the meantime. Look at it with: $lock_vm.sh lock"
  say "$lock_vm is not locked any more."
}

# --- what is there ---

# Whether the storage is there at all: an empty mount point would lock nothing. The folder is never made.
lock_ready() {
  local folder=${lock_at%/*/*}
  [[ -d $folder ]] || fail "$lock_vm $1: the folder of locks $folder is not there. Is the storage mounted? If it is new, make it once with: mkdir $folder"
  lock_me || fail "$lock_vm $1: this host does not say which one it is. Locks need /etc/machine-id (systemd-machine-id-setup makes it)."
  mkdir -p -- "$lock_at" 2>/dev/null || fail "$lock_vm $1: the folder of its lock $lock_at cannot be made."
}

# A host's name is not what it is known by, as two may have the same; its machine ID and this boot are. Two copies of a
# machine have one machine ID, so the name must agree too before a boot proves anything. The place is that of the run-time
# folder: containers of one host share all the rest, but neither that nor the namespace of processes.
lock_me() {
  local host machine='' boot='' pidns
  # Known already: a guest may stand still meanwhile.
  [[ -z $lock_place ]] || return 0
  host=$(uname -n)
  host=${host//[^A-Za-z0-9_.-]/_}
  read -r machine 2>/dev/null </etc/machine-id || read -r machine 2>/dev/null </var/lib/dbus/machine-id
  read -r boot 2>/dev/null </proc/sys/kernel/random/boot_id
  pidns=$(readlink /proc/self/ns/pid)
  : >>"$run/$lock_vm.leash"
  [[ $machine =~ ^[0-9a-f]{32}$ && $boot =~ ^[0-9a-f-]{36}$ && -n $host ]] || return 1
  lock_here="host=$host machine=$machine boot=$boot pidns=${pidns//[^0-9]/}"
  lock_place=$(stat -c %d:%i -- "$run/$lock_vm.leash")
}

# The words of a record: lock_record STATE PID
lock_record() {
  say "state=$1 $lock_here pid=$2 ticks=$(lock_ticks "$2") place=$lock_place since=$EPOCHSECONDS run=${run//[[:cntrl:]]/?}"
}

# What came over the storage may be anything: what does not look like a record is none.
lock_parses() {
  lock_words=()
  [[ $1 =~ ^state=(free|starting|running)\ host=([A-Za-z0-9_.-]+)\ machine=([0-9a-f]{32})\ boot=([0-9a-f-]{36})\ pidns=([0-9]+)\ pid=([0-9]{1,10})\ ticks=([1-9][0-9]*)\ place=([0-9]+:[0-9]+)\ since=([0-9]{1,12})\ run=(/[^[:cntrl:]]*)$ ]] || return 1
  lock_words=("${BASH_REMATCH[@]:1}")
}

# Reads what holds now. 0: it is read. 1: nobody ever took this lock. 2: it cannot be read.
lock_read() {
  local try file
  for ((try = 0; try < 100; try++)); do
    lock_token='' lock_line='' lock_words=()
    if [[ ! -e $lock_at/lock ]]; then
      [[ -d ${lock_at%/*/*} ]] && return 1
      return 2
    fi
    for file in "$lock_at"/state.*; do
      # The others lost the race for the very first lock.
      [[ $file -ef $lock_at/lock ]] && lock_token=${file##*/state.}
    done
    # Both are gone if somebody changes it at this moment.
    [[ -n $lock_token && -f $lock_at/record.$lock_token ]] && read -r lock_line 2>/dev/null <"$lock_at/record.$lock_token" &&
      lock_parses "$lock_line" && return 0
    sleep 0.02
  done
  return 2
}

lock_is_free() { [[ ${lock_words[0]} = free ]]; }

# Whether we, this run-time folder of this host, hold it.
lock_is_ours() {
  [[ ${lock_words[0]} != free ]] && lock_is_judged_here && [[ ${lock_words[7]} = "$lock_place" && ${lock_words[9]} = "$run" ]]
}

# Whether its process can be looked at from here.
lock_is_judged_here() {
  [[ "host=${lock_words[1]} machine=${lock_words[2]} boot=${lock_words[3]} pidns=${lock_words[4]}" = "$lock_here" ]]
}

# Whether it is proven that the holder runs no more; else why not, in why. A clock never proves anything.
lock_is_stale() {
  local pid=${lock_words[5]}
  if [[ "host=${lock_words[1]} machine=${lock_words[2]}" != "${lock_here% boot=*}" ]]; then
    why="Only that host can prove that it has ended. If it is dead for sure (off, fenced): $lock_vm.sh lock break --fenced ${lock_words[1]}"
    return 1
  fi
  # The host was started again since.
  [[ $lock_here = *" boot=${lock_words[3]} "* ]] || return 0
  if ! lock_is_judged_here; then
    why="It is in another container of this host (namespace of processes ${lock_words[4]}), which cannot be looked into from here. If that is gone for sure: $lock_vm.sh lock break --fenced ${lock_words[1]}"
    return 1
  fi
  why="Process $pid lives on this host."
  lock_has_ended "$pid" "${lock_words[6]}" || return 1
  [[ ${lock_words[0]} = running ]] && return 0
  why="The start was ended half way, and QEMU may be on its way yet. Try again in a moment, or stop it there."
  [[ $(stat -c %d:%i -- "${lock_words[9]}/$lock_vm.leash" 2>/dev/null) = "${lock_words[7]}" ]] && lock_leash_is_free 0 "${lock_words[9]}"
}

# Pids are used again, so the moment of its start counts too: lock_has_ended PID TICKS
lock_has_ended() {
  local ticks
  ticks=$(lock_ticks "$1")
  if ((ticks > 0)); then
    [[ $ticks != "$2" ]] || ! lives "$1"
  else
    # A process of somebody else may be invisible in /proc (hidepid), but the kernel does not deny it.
    [[ $(LC_ALL=C; kill -0 "$1" 2>&1) = *'No such process'* ]]
  fi
}

# When a process was started, in ticks since boot; 0: that cannot be seen.
lock_ticks() {
  local line fields
  read -r line 2>/dev/null <"/proc/$1/stat" || { say 0; return; }
  # Its name stands in brackets and may hold anything.
  read -ra fields <<<"${line##*) }"
  say "${fields[19]:-0}"
}

# lock_leash_is_free SECONDS [RUN]
lock_leash_is_free() { flock -w "$1" -s "${2:-$run}/$lock_vm.leash" true; }

# --- the one step ---

lock_step() { lock_change "$(lock_record "$@")"; }

# From the state that was read to the one of this record; true for exactly one of all who read that state: lock_change RECORD
lock_change() {
  local old=$lock_token new file
  # Not parsed is not written: a process that is gone has no ticks.
  lock_parses "$1" || return 1
  read -r new </proc/sys/kernel/random/uuid
  file=$lock_at/state.$new
  # Nobody reads it before the state has its token. On the storage before that, as a host may die at any moment.
  printf '%s\n' "$1" 2>/dev/null >"$lock_at/record.$new" && sync -- "$lock_at/record.$new" || return 1
  if [[ -n $old ]]; then
    mv -fT -- "$lock_at/state.$old" "$file" 2>/dev/null
  else
    : >"$file" && ln -T -- "$file" "$lock_at/lock" 2>/dev/null
  fi || {
    # Over NFS the answer may be lost, and the same asked again fails though it was done. So it counts what is there. The
    # files of who loses stay, as a cache may show who has won that it has not.
    lock_read
    [[ $lock_token = "$new" ]] || return 1
  }
  [[ -z $old ]] || rm -f -- "$lock_at/record.$old"
  lock_token=$new lock_line=$1
}

# --- for people ---

lock_unreadable() {
  fail "$lock_vm: its lock in $lock_at cannot be read. Look at the storage. Only if $lock_vm runs nowhere for sure, remove that folder."
}

# Whose it is, if not ours: ", locked by HOST". Nothing else is said, also if it cannot be read.
lock_elsewhere() {
  local why=
  [[ -n $lock_at ]] && lock_me && lock_read && ! lock_is_free && ! lock_is_ours && ! lock_is_stale && say ", locked by ${lock_words[1]}"
}

# Who holds it.
lock_holder() {
  local since
  TZ=UTC printf -v since '%(%F %T)T' "${lock_words[8]}"
  say "${lock_words[1]} (${lock_words[0]}, process ${lock_words[5]}, since $since UTC, run-time folder ${lock_words[9]})"
}

# lock_refuse WHAT_DID_NOT_HAPPEN
lock_refuse() {
  local why=
  lock_is_stale
  say "$lock_vm $1: it is locked by $(lock_holder). $why" >&2
}
