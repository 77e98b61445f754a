#!/usr/bin/env bash
# Moving VMs that run, to another host or to another run-time folder of this one. Scripts of VMs take this in.
# Made by KVM Lab; it is the same for every lab.
# kvmlab: generated 0
# shellcheck source-path=SCRIPTDIR source=common-transfer.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common-transfer.sh"

# Only to look whether it would work.
checks=

# migration_verb VERB OPTION…
migration_verb() {
  case $1 in
    migrate) migrate "${@:2}" ;;
    arrival-check | arrival-listen | arrival-resume | arrival-end)
      [[ ${2-} = --token && ${3-} =~ ^[0-9.]+$ ]] || migration_usage
      "arrival_${1#arrival-}" "${@:3}"
      ;;
    *) migration_usage ;;
  esac
}

migration_usage() {
  say "Use: $migrant.sh migrate (--run-root DIR | --ssh DESTINATION [--run-root DIR]) [--scripts DIR] [--downtime MS] [--bandwidth MIB] [--check] [VAR=value …]" >&2
  say "     $migrant.sh migrate --cancel" >&2
  exit 2
}

# --- the other side ---

# Runs a verb of the VM's script there: there VERB [OPTION…]
there() {
  local words=(env "KVMLAB_ACCEL=${journal[accel]}")
  [[ -z ${journal[root]} ]] || words+=("KVMLAB_RUN_ROOT=${journal[root]}")
  words+=("${journal[scripts]}/$migrant.sh" "$1" "${settings[@]}" --token "${journal[token]}" "${@:2}")
  if [[ -z ${journal[ssh]} ]]; then
    "${words[@]}" </dev/null 9>&-
  else
    ssh -o BatchMode=yes -o ConnectTimeout=15 -o ControlPath=none -- "${journal[ssh]}" "$(shell_words "${words[@]}")" </dev/null 9>&-
  fi
}

# Words for a POSIX shell.
shell_words() {
  local word
  for word in "$@"; do printf "'%s' " "${word//\'/\'\\\'\'}"; done
}

where_to() {
  if [[ -n ${journal[ssh]} ]]; then say "${journal[ssh]}${journal[root]:+ (${journal[root]})}"
  else say "${journal[root]}"; fi
}

# Brings two sockets of the other side here, through ssh: nothing listens on a network. It sets far_state and
# far_qmp: connect_sockets
forwarder=
connect_sockets() {
  local try
  far_state=${journal[run]}/$migrant.state.sock far_qmp=${journal[run]}/$migrant.qmp
  [[ -n ${journal[ssh]} ]] || return 0
  far_state=$run/$migrant.far.state far_qmp=$run/$migrant.far.qmp
  rm -f -- "$far_state" "$far_qmp"
  ssh -N -o BatchMode=yes -o ConnectTimeout=15 -o ControlPath=none -o ExitOnForwardFailure=yes -o ServerAliveInterval=5 \
    -L "$far_state:${journal[run]}/$migrant.state.sock" -L "$far_qmp:${journal[run]}/$migrant.qmp" -- "${journal[ssh]}" </dev/null >&2 9>&- &
  forwarder=$!
  for ((try = 0; try < 400; try++)); do
    [[ -S $far_state && -S $far_qmp ]] && return
    [[ -d /proc/$forwarder ]] || break
    sleep 0.05
  done
  say "$migrant: the connection to ${journal[ssh]} could not be made." >&2
  return 1
}

disconnect_sockets() {
  [[ -z $forwarder ]] || { kill "$forwarder"; wait "$forwarder"; } 2>/dev/null
  forwarder=
  rm -f -- "$run/$migrant.far.state" "$run/$migrant.far.qmp"
}

# --- the side that sends ---

migrate() {
  local pid
  [[ $* = --cancel ]] && { migrate_cancel; exit; }
  need unixcmd unixterm flock
  lock "$migrant"
  migration_settle
  rm -f -- "$run/$migrant.cancel"
  pid=$(pid_of "$run/$migrant.pid") || fail "$migrant does not run here."
  migrate_options "$@"
  if [[ -n $checks ]]; then
    migrate_check "$pid"
    exit
  fi
  migrate_may "$pid"
  trap 'cancelled=yes' INT TERM HUP
  journal_write preparing || fail "$migrant was not migrated: $run cannot be written to."
  if ! { migrate_prepare && ! called_off && migrate_send; }; then
    migrate_back "$pid"
    exit "${refusal:-1}"
  fi
  migrate_hand_over "$pid" || exit 1
  migrate_report
}

migrate_options() {
  checks=
  local downtime=100 bandwidth=0 most='^[1-9][0-9]{0,5}$'
  journal=([role]=sender [token]="$$.${EPOCHREALTIME//[^0-9]/.}.$RANDOM" [ssh]='' [root]='' [scripts]='' [lock]='') settings=()
  while (($#)); do
    case $1 in
      --ssh | --run-root | --scripts) [[ -n ${2-} && $2 != *[[:cntrl:]]* ]] || migration_usage ;;&
      --ssh) journal[ssh]=$2; shift 2 ;;
      --run-root) journal[root]=$2; shift 2 ;;
      --scripts) journal[scripts]=${2%/}; shift 2 ;;
      --downtime) downtime=${2-}; shift 2 || migration_usage ;;
      --bandwidth) bandwidth=${2-}; shift 2 || migration_usage ;;
      --check) checks=yes; shift ;;
      [A-Z]*=*) [[ $1 != *[[:cntrl:]]* ]] || migration_usage; settings+=("$1"); shift ;;
      *) migration_usage ;;
    esac
  done
  [[ $downtime =~ $most && ($bandwidth = 0 || $bandwidth =~ $most) ]] || migration_usage
  journal[downtime]=$downtime journal[bandwidth]=$bandwidth
  if [[ -n ${journal[ssh]} ]]; then
    [[ ${journal[ssh]} != -* && ${journal[ssh]} != *[[:space:]]* ]] || migration_usage
    need ssh
    [[ -n ${journal[scripts]} ]] || journal[scripts]=kvmlab/${run##*/}
  else
    [[ ${journal[root]} = /* ]] || migration_usage
    [[ -n ${journal[scripts]} ]] || journal[scripts]=$here
    [[ ! ${journal[root]}/${run##*/} -ef $run ]] || fail "$migrant runs in ${journal[root]} already."
  fi
}

# What QEMU would refuse half way, or what would be lost: migrate_may PID
migrate_may() {
  local why
  why=$(migrate_refusal)
  [[ -z $why ]] || fail "$migrant cannot be migrated: $why."
  migrate_accel "$1"
}

# Prints why this VM cannot be migrated now; nothing: it can.
migrate_refusal() {
  local state blocked
  state=$(vm_state "$run/$migrant.qmp")
  [[ $state = running ]] || { say "it is ${state:-silent}, and a VM is migrated while it runs"; return; }
  blocked=$(qmp "$run/$migrant.qmp" query-migrate)
  if [[ $blocked =~ \"blocked-reasons\":\ \[\"(([^\"\\]|\\.)+)\" ]]; then say "${BASH_REMATCH[1]}"
  elif [[ $(qmp "$run/$migrant.qmp" query-named-block-nodes '{"flat":true}') =~ \"node-name\":\ \"(stick[^\"]*)\" ]]; then
    say "${BASH_REMATCH[1]} is plugged in: pull it out first"
  fi
}

# How it runs here is how it has to run there, whatever the settings say: migrate_accel PID
migrate_accel() {
  local words=() at
  mapfile -d '' -t words <"/proc/$1/cmdline"
  journal[accel]=tcg
  for ((at = 1; at < ${#words[@]}; at++)); do
    [[ ${words[at - 1]} = -accel ]] && journal[accel]=${words[at]}
  done
  return 0
}

# All that can be known before, a line for each check; nothing is done. Exit code 1: something speaks against it.
migrate_check() {
  local why said ours
  why=$(migrate_refusal)
  checked "${why:-ok}" 'can be migrated' "$why"
  migrate_accel "$1"
  marks_make
  said=$(there arrival-check) || why=unreachable
  marks_remove
  checked "${said:+ok}" "$(where_to) answers" 'see above'
  ours=$(qemu_here)
  said=${said/"ok QEMU: $ours"/ok QEMU}
  said=${said/ok QEMU: /no QEMU: another one there: }
  say "$said"
  [[ -z $why && $'\n'$said != *$'\n'no\ * ]]
}

# The destination begins to listen, and is the same machine.
refusal=
migrate_prepare() {
  local said code
  marks_make
  said=$(there arrival-listen "$(uname -n)" "$here" "${run%/*}")
  code=$?
  marks_remove
  ((code != 3)) || refusal=3
  ((code == 0)) || return 1
  if [[ ! ${said##*$'\n'} =~ ^arrival\ ([0-9]+)\ (/[^[:cntrl:]]+)$ ]]; then
    say "$migrant: what was said at $(where_to) is not understood: $said" >&2
    return 1
  fi
  journal[console]=${BASH_REMATCH[1]} journal[run]=${BASH_REMATCH[2]}
  said=${said%$'\n'*}
  journal[lock]=${said##*$'\n'}
  [[ -z $lock_at ]] || lock_me
  journal_write prepared && connect_sockets && same_machine
}

# A file beside each disk that the VM writes: who sees it there sees the same storage, whatever the path is.
marks_make() {
  local disk
  written_disks
  for disk in "${disks[@]}"; do : 2>/dev/null >"$(mark_of "$disk" "${journal[token]}")"; done
}

marks_remove() {
  local disk
  written_disks
  for disk in "${disks[@]}"; do rm -f -- "$(mark_of "$disk" "${journal[token]}")"; done
}

# Whether QEMU there makes the very same machine of the same words; else says what differs.
same_machine() {
  local model=max
  # With KVM the processor is that of the host.
  [[ ${journal[accel]} = kvm ]] && model=host
  same_answer 'its version' query-version &&
    same_answer 'the machine type' qom-get '{"path":"/machine","property":"type"}' &&
    same_answer 'the processor' query-cpu-model-expansion "{\"type\":\"full\",\"model\":{\"name\":\"$model\"}}"
}

# same_answer WHAT COMMAND [ARGUMENTS]
same_answer() {
  local ours theirs
  ours=$(qmp "$run/$migrant.qmp" "${@:2}")
  theirs=$(qmp "$far_qmp" "${@:2}")
  [[ -n $ours && $ours = "$theirs" ]] && return
  say "$migrant: QEMU at $(where_to) differs in $1: ${theirs:0:300} there, ${ours:0:300} here." >&2
  return 1
}

# --- calling it off ---

migrate_cancel() {
  exec 9>>"$run/$migrant.lock"
  if flock -n 9; then
    journal_read && [[ ${journal[role]} = sender ]] && { migration_settle; exit; }
  elif journal_read && [[ ${journal[role]} = sender ]]; then
    : >"$run/$migrant.cancel" || fail "$migrant: the migration cannot be called off: $run cannot be written to."
    say "$migrant: the migration is being called off; $migrant goes on here if it has not been handed over yet."
    exit
  fi
  say "$migrant is not being migrated."
  exit 3
}

# The step that decides, and what follows from it. From here on nothing is called off: migrate_hand_over PID
migrate_hand_over() {
  trap '' INT TERM HUP
  journal_write handing || { migrate_back "$1"; return 1; }
  lock_hand_over "${journal[lock]}"
  case $? in
    0) ;;
    1) migrate_back "$1"; return 1 ;;
    *)
      say "$migrant: whether its lock is handed over cannot be seen now, so it stands still here and there. When the storage answers again: $migrant.sh status" >&2
      return 1
      ;;
  esac
  journal_write handed
  migrate_finish "$1"
}

# Lets it go on there and ends it here: migrate_finish PID
migrate_finish() {
  local try now code=1
  if order_there cont; then
    now=${EPOCHREALTIME//[^0-9]/}
    order_there announce-self '{"initial":50,"max":550,"rounds":5,"step":100}'
    migrate_figures "$now"
  fi
  migrate_let_go
  # This side never goes on, so its network must not answer either.
  [[ -z $1 ]] || end_qemu "$1" TERM
  for ((try = 0; try < 5; try++)); do
    there arrival-resume >/dev/null
    code=$?
    ((code == 0 || code == 3)) && break
    sleep 1
  done
  disconnect_sockets
  case $code in
    0)
      vm_clear
      journal_write moved && mv -f -- "$run/$migrant.migrating" "$run/$migrant.moved"
      journal_end
      ;;
    3)
      vm_clear
      journal_end
      say "$migrant was handed over to $(where_to), but ended there before it went on. It runs nowhere now." >&2
      return 1
      ;;
    *)
      say "$migrant was handed over to $(where_to), which does not answer, and must not go on here. Look there; then: $migrant.sh status" >&2
      return 1
      ;;
  esac
}

# It goes on here; the one that waits there is ended, if it can be reached. It would wait for ever: migrate_back PID
migrate_back() {
  local status end=$((SECONDS + 20))
  trap '' INT TERM HUP
  migrate_let_go
  if [[ -n $1 && -d /proc/$1 ]]; then
    order "$run/$migrant.qmp" migrate_cancel
    while ((SECONDS < end)); do
      status=$(json_word "$(qmp "$run/$migrant.qmp" query-migrate)" status)
      [[ $status =~ ^(|cancelled|failed|completed|none)$ ]] && break
      sleep 0.05
    done
    [[ ! $(vm_state "$run/$migrant.qmp") =~ ^(postmigrate|paused)$ ]] || order "$run/$migrant.qmp" cont ||
      say "$migrant does not go on: $refused." >&2
  fi
  disconnect_sockets
  there arrival-end >/dev/null 2>&1
  case $? in
    0 | 3) ;;
    *) say "$migrant: what waits for it at $(where_to) could not be ended. It does no harm; when that host answers again: $migrant.sh kill there." >&2 ;;
  esac
  journal_end
  if [[ $(vm_state "$run/$migrant.qmp") = running ]]; then say "$migrant was not migrated. It runs here: process $1." >&2
  else say "$migrant was not migrated, and does not run here any more." >&2; fi
}

migrate_report() {
  say "$migrant runs at $(where_to) now: serial console port ${journal[console]}. It stood still for ${journal[downtime-ms]} ms; ${journal[bytes]} bytes in ${journal[total-ms]} ms."
}

# --- a migration whose engine has ended ---

# Goes on from what a journal says, if there is one; the lock of the VM's script is held: migration_settle
migration_settle() {
  local pid decided=1
  journal_read || { moved_settle; return; }
  pid=$(pid_of "$run/$migrant.pid")
  if [[ ${journal[role]} = arrival ]]; then arrival_settle "$pid"; return; fi
  case ${journal[step]} in
    handed) decided=0 ;;
    handing) [[ -z $lock_at ]] || { lock_hand_over "${journal[lock]}"; decided=$?; } ;;
  esac
  case $decided in
    0)
      say "$migrant: finishing a migration to $(where_to) that was broken off." >&2
      migrate_finish "$pid"
      case $?:$verb in
        0:start) say "$migrant runs at $(where_to) now."; exit 3 ;;
        1:start | 1:migrate) exit 1 ;;
      esac
      ;;
    1)
      say "$migrant: taking back a migration to $(where_to) that was broken off." >&2
      migrate_back "$pid"
      ;;
    *) fail "$migrant: it cannot be seen now whether its lock was handed over to $(where_to). Try again when the storage answers." ;;
  esac
}

# Without locks only the other side knows whether it still runs there.
moved_settle() {
  [[ -z $lock_at && $verb = start && -e $run/$migrant.moved ]] || return 0
  journal_of "$run/$migrant.moved"
  there status >/dev/null 2>&1 || { rm -f -- "$run/$migrant.moved"; return 0; }
  say "$migrant has moved and runs at $(where_to). Stop it there first."
  exit 3
}

# What status says of it, before what it says anyway: migration_look
migration_look() {
  journal_read || return 0
  [[ ${journal[role]} != arrival ]] || arrival_ask_sender
  exec 9>>"$run/$migrant.lock"
  if flock -n 9; then migration_settle
  elif [[ ${journal[role]} = arrival ]]; then say "$migrant arrives from ${journal[host]} (${journal[root]})."; exit 3
  else say "$migrant is being migrated to $(where_to): ${journal[step]}."; fi
  unlock
}
