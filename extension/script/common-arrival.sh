#!/usr/bin/env bash
# The side of a migration to which a VM comes, and what both sides write down. Scripts of VMs take this in.
# Made by KVM Lab; it is the same for every lab.
# kvmlab: generated 0
# shellcheck source-path=SCRIPTDIR source=common-qmp.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common-qmp.sh"

# The one who sends decides, in its journal NAME.migrating: up to the step "handing" the VM belongs here, whatever fails;
# from "handed" on it belongs there, and never goes on here. There it waits (an arrival) until it is told to go on, has
# none of its images open for writing before, and never goes on by itself. So it never runs twice. If the lab has locks,
# the lock passes over between the two steps, and who has it decides. Whoever finds a journal whose engine has ended
# goes on from there.

# Whoever takes this in says all: the VM, its ID, what is to be done, and the command line of QEMU.
migrant=VM id=0 verb=start nics=() qemu=()
# The journal, and settings for the script at the other side.
declare -A journal=()
settings=()

# --- the journal ---

# True if there is one: journal_read
journal_read() { journal_of "$run/$migrant.migrating"; }

journal_of() {
  local line
  journal=([role]='' [step]='') settings=()
  [[ -r $1 ]] || return 1
  while IFS= read -r line; do
    case $line in
      setting=*) settings+=("${line#*=}") ;;
      *=*) journal[${line%%=*}]=${line#*=} ;;
    esac
  done <"$1"
  [[ -n ${journal[token]-} ]]
}

# Writes it whole: journal_write STEP
journal_write() {
  local key
  journal[step]=$1
  {
    for key in "${!journal[@]}"; do printf '%s=%s\n' "$key" "${journal[$key]}"; done
    ((${#settings[@]} == 0)) || printf 'setting=%s\n' "${settings[@]}"
  } 2>/dev/null >"$run/$migrant.migrating.new" && mv -f -- "$run/$migrant.migrating.new" "$run/$migrant.migrating"
}

journal_end() { rm -f -- "$run/$migrant.migrating" "$run/$migrant.migrating.new"; }

# --- disks ---

mark_of() { say "${1%/*}/.${1##*/}.$2.migrating"; }

# Sets disks: the files of the command line that the VM writes.
written_disks() {
  local at word
  disks=()
  for ((at = 1; at < ${#qemu[@]}; at++)); do
    word=${qemu[at]}
    [[ ${qemu[at - 1]} = -drive && $word =~ ^file=(.*),if=virtio,id=disk[0-9]+,format= ]] || continue
    word=${BASH_REMATCH[1]}
    disks+=("${word//,,/,}")
  done
}

# --- the side that waits ---

# Starts QEMU so that it waits for its state, and prints the port of its console and the run-time folder:
# arrival_listen TOKEN HOST SCRIPTS RUN_ROOT, all of the one that sends
arrival_listen() {
  local disk pid token=$1
  (($# == 4)) || migration_usage
  claim
  lock "$migrant"
  migration_settle >&2
  pid_of "$run/$migrant.pid" >/dev/null && { say "$migrant runs there already." >&2; exit 3; }
  written_disks
  for disk in "${disks[@]}"; do
    [[ -e $(mark_of "$disk" "$token") ]] || fail "$migrant cannot come here: its disk $disk is not the one that it writes now."
  done
  journal=([role]=arrival [token]=$token [host]=$2 [scripts]=$3 [root]=$4) settings=()
  journal_write listening || fail "$migrant cannot come here: $run cannot be written to."
  rm -f -- "$run/$migrant.state.sock"
  qemu+=(-incoming defer -S)
  verb=incoming
  vm_start >/dev/null
  if ! { order "$run/$migrant.qmp" migrate-set-capabilities '{"capabilities":[{"capability":"late-block-activate","state":true}]}' &&
    order "$run/$migrant.qmp" migrate-incoming "{\"uri\":$(json_text "unix:$run/$migrant.state.sock")}"; }; then
    fail "$migrant cannot come here: $refused."
  fi
  pid=$(pid_of "$run/$migrant.pid")
  [[ -z $lock_at ]] || lock_offer "$pid"
  say "arrival $((10000 + id)) $run"
}

# What speaks against a VM coming here, a line for each check: "ok WHAT: WORDS" or "no WHAT: WORDS". arrival_check TOKEN
arrival_check() {
  local at pid disk port state missing='' taken='' left
  pid=$(pid_of "$run/$migrant.pid")
  checked "${pid:-ok}" 'not there yet' "process ${pid:-?} of $migrant runs or waits there"
  written_disks
  for disk in "${disks[@]}"; do [[ -e $(mark_of "$disk" "$1") ]] || missing+=" $disk"; done
  checked "${missing:-ok}" disks "not the file that it writes now:$missing"
  say "ok QEMU: $(qemu_here)"
  for ((at = 0; at < ${#nics[@]}; at += 3)); do
    if [[ -S $run/switch-${nics[at]}.mgmt ]]; then state=$(port_state "${nics[@]:at:2}")
    elif [[ -x $here/switch-${nics[at]}.sh ]]; then state=free
    else state='no such switch'; fi
    [[ $state = free ]] || taken+=" port ${nics[at + 1]} of ${nics[at]}: ${state:-silent};"
  done
  checked "${taken:-ok}" switches "${taken# }"
  taken=
  for port in $((10000 + id)) $((20000 + id)); do listens "$port" && taken+=" $port"; done
  checked "${taken:-ok}" consoles "ports in use:$taken; give it another ID there: kvmlab migrate --id, or ID=NUMBER"
  left=$(awk '/^MemAvailable:/ {print int($2 / 1024)}' /proc/meminfo)
  if ((left > $(memory_wanted))); then checked ok memory; else checked no memory "$(memory_wanted) MB wanted, $left MB free"; fi
  [[ -z $lock_at ]] || checked "$([[ -d ${lock_at%/*/*} ]] && say ok)" locks "${lock_at%/*/*} is not there"
}

# checked ok|ANYTHING WHAT [WORDS_IF_NOT]
checked() {
  if [[ $1 = ok ]]; then say "ok $2"; else say "no $2: ${3-}"; fi
}

# Megabytes of the command line; a number without a unit is in them.
memory_wanted() {
  local at
  for ((at = 1; at < ${#qemu[@]}; at++)); do
    [[ ${qemu[at - 1]} = -m && ${qemu[at]} =~ ^([0-9]+)([GgMm]?)$ ]] || continue
    if [[ ${BASH_REMATCH[2]} = [Gg] ]]; then say $((BASH_REMATCH[1] * 1024)); else say "${BASH_REMATCH[1]}"; fi
    return
  done
  say 0
}

qemu_here() { "${qemu[0]}" --version 2>&1 | head -n 1; }

# Whether somebody on this host listens on a port; connecting would take a console from somebody.
listens() {
  local hex
  printf -v hex '%04X' "$1"
  grep -qE "^ *[0-9]+: [0-9A-F]+:$hex [0-9A-F]+:0000 0A " /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

# It goes on; the one that sent it has decided that, and stands still for good: arrival_resume TOKEN
arrival_resume() {
  local pid
  lock "$migrant"
  pid=$(pid_of "$run/$migrant.pid") || { journal_end; say "$migrant does not run here."; exit 3; }
  if journal_read && [[ ${journal[token]} = "$1" ]]; then arrival_go_on "$pid" || exit 1; fi
  say "$migrant runs here: process $pid."
}

# arrival_go_on PID
arrival_go_on() {
  if ! lock_is_mine "$1"; then
    say "$migrant waits here, but its lock is not here. Look at it with: $migrant.sh lock" >&2
    return 1
  fi
  case $(vm_state "$run/$migrant.qmp") in
    running) ;;
    paused)
      order "$run/$migrant.qmp" cont || { say "$migrant does not go on here: $refused." >&2; return 1; }
      order "$run/$migrant.qmp" announce-self '{"initial":50,"max":550,"rounds":5,"step":100}'
      ;;
    *) say "$migrant waits here for its state, and has not got all of it." >&2; return 1 ;;
  esac
  rm -f -- "$run/$migrant.state.sock" "$run/$migrant.moved"
  journal_end
}

# It is not wanted any more; what has gone on is left alone: arrival_end TOKEN
arrival_end() {
  local pid
  lock "$migrant"
  if ! journal_read || [[ ${journal[role]-} != arrival || ${journal[token]} != "$1" ]]; then
    say "$migrant does not wait here."
    exit 3
  fi
  pid=$(pid_of "$run/$migrant.pid")
  if [[ -n $pid && -n $lock_at ]] && lock_is_mine "$pid"; then fail "$migrant has its lock here, and is not ended."; fi
  arrival_away "$pid"
  say "$migrant, which waited here, is ended."
}

# arrival_away PID
arrival_away() {
  [[ -z $1 ]] || end_qemu "$1" KILL
  rm -f -- "$run/$migrant.state.sock"
  vm_clear
  journal_end
}

# What a start has to know before it waits for anything: migration_aside
migration_aside() {
  if journal_read; then
    if [[ ${journal[role]} = arrival ]]; then arrival_ask_sender
    elif ! flock -n "$run/$migrant.lock" true; then
      say "$migrant is being migrated to $(where_to). To call that off: $migrant.sh migrate --cancel"
      exit 3
    fi
  fi
}

# The one that sends decides; on this host it can be asked.
arrival_ask_sender() {
  [[ ${journal[host]} = "$(uname -n)" && -x ${journal[scripts]}/$migrant.sh ]] || return 0
  KVMLAB_RUN_ROOT=${journal[root]} "${journal[scripts]}/$migrant.sh" status >/dev/null 2>&1 9>&-
}

# arrival_settle PID
arrival_settle() {
  [[ -n $1 ]] || { journal_end; return 0; }
  if [[ -n $lock_at ]] && lock_is_mine "$1"; then
    arrival_go_on "$1" || exit 1
    return
  fi
  case $verb in
    stop | kill)
      arrival_away "$1"
      say "$migrant, which waited here for its state, is ended."
      exit
      ;;
  esac
  arrival_said "$1"
  exit 3
}

arrival_said() { say "$migrant waits here (process $1) for its state from ${journal[host]} (${journal[root]}) and does not run. To end it: $migrant.sh kill"; }

