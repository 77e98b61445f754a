#!/usr/bin/env bash
# The way of a VM from one QEMU to another, and for how long it stands still. Scripts of VMs take this in.
# Made by KVM Lab; it is the same for every lab.
# kvmlab: generated 0
# shellcheck source-path=SCRIPTDIR source=common-arrival.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common-arrival.sh"

# Sockets where QEMU at the other side is reached, for the state and for QMP.
far_state='' far_qmp=''
# Set by a signal: it is to be called off.
cancelled=
# Whether the guest has to stand still while it is sent: no, for a moment (brief) or all the time (whole).
still=
# How far QEMU is, in its words; in microseconds, since when the guest stands still (empty: it runs), and for how long it
# did before.
sending='' still_since='' stood=0

# Over when the destination has got all and says so; this side stands still then: migrate_send
migrate_send() {
  migrate_stillness
  if ! { migrate_hold && migrate_capabilities && journal_write sending && migrate_begin; }; then
    say "$migrant: QEMU does not begin: $refused." >&2
    return 1
  fi
  while :; do
    case $sending in
      completed) [[ -n $still_since ]] || migrate_since; break ;;
      failed)
        order_here query-migrate
        say "$migrant: QEMU could not send it: $(json_word "$heard" error-desc)." >&2
        return 1
        ;;
      cancelled) say "$migrant: it was called off." >&2; return 1 ;;
      # It waits for this word since it stands still, so that nobody has let it go on in between.
      pre-switchover) sending=; order_here migrate-continue '{"state":"pre-switchover"}' ;;
    esac
    called_off && return 1
    migrate_look || return 1
  done
  ! called_off
}

# Nobody listened when the guest was stopped, so QEMU has to say how long ago that was.
migrate_since() {
  local now=${EPOCHREALTIME//[^0-9]/}
  order_here query-migrate && [[ $heard =~ \"downtime\":\ ([0-9]+) ]] && still_since=$((now - 1000 * BASH_REMATCH[1]))
}

called_off() { [[ -n $cancelled || -e $run/$migrant.cancel ]] && say "$migrant: it was called off." >&2; }

# Waits a moment, and sets sending to what QEMU says then of the migration.
migrate_look() {
  if is_held here; then
    hear here 0.02 && { event here; return; }
  else
    sleep 0.05
  fi
  if order_here query-migrate; then
    sending=$(json_word "$heard" status)
    if migrate_is_near "$heard"; then is_held here || migrate_hold; else migrate_let_go; fi
    return 0
  fi
  migrate_let_go
  # It may be too busy to answer, or gone.
  pid_of "$run/$migrant.pid" >/dev/null || { say "$migrant: QEMU has ended here." >&2; return 1; }
}

# Whether all might be sent within half a second, as QEMU tells it or cannot tell yet: migrate_is_near ANSWER
migrate_is_near() {
  local left
  [[ $1 =~ \"remaining\":\ ([0-9]+) ]] && left=${BASH_REMATCH[1]} && [[ $1 =~ \"mbps\":\ ([1-9][0-9]*) ]] || return 0
  ((left < BASH_REMATCH[1] * 62500))
}

migrate_hold() { hold here "$run/$migrant.qmp" && hold there "$far_qmp"; }

migrate_let_go() { let_go here; let_go there; }

# order_here COMMAND [ARGUMENTS]
order_here() {
  if is_held here; then tell here "$@"; else order "$run/$migrant.qmp" "$@"; fi
}

order_there() {
  if is_held there; then tell there "$@"; else [[ -n $far_qmp ]] && order "$far_qmp" "$@"; fi
}

# What QEMU tells of itself while its connection is held: how far it is, and since when the guest stands still. It says
# when, as this may be heard later; but the clock of another host may be another one: event here|there
event() {
  local at
  [[ $heard =~ \"event\":\ \"(STOP|RESUME|MIGRATION)\" ]] || return 0
  case ${BASH_REMATCH[1]} in
    MIGRATION) [[ $1 = here && $heard =~ \"status\":\ \"([a-z-]+)\" ]] && sending=${BASH_REMATCH[1]}; return 0 ;;
    STOP) event_time && still_since=$at ;;
    RESUME)
      if [[ $1 = there ]]; then at=${EPOCHREALTIME//[^0-9]/}; else event_time; fi
      [[ -z $still_since ]] || ((stood += at - still_since))
      still_since=
      ;;
  esac
  return 0
}

# Sets at, in microseconds.
event_time() {
  [[ $heard =~ \"seconds\":\ ([0-9]+),\ \"microseconds\":\ ([0-9]+) ]] && at=$((BASH_REMATCH[1] * 1000000 + 10#${BASH_REMATCH[2]}))
}

migrate_capabilities() {
  local list='' name names=(return-path pause-before-switchover events) downtime=${journal[downtime]} bandwidth=${journal[bandwidth]} most=128
  # Holding up an emulated processor would hide nothing of what it writes.
  if [[ -z $still ]]; then names+=(auto-converge); else most=4096; fi
  [[ $still != brief ]] || downtime=0
  ((bandwidth > 0)) || bandwidth=$most
  for name in "${names[@]}"; do list+=",{\"capability\":\"$name\",\"state\":true}"; done
  order_here migrate-set-capabilities "{\"capabilities\":[${list#,}]}" &&
    order_here migrate-set-parameters "{\"max-bandwidth\":$((bandwidth << 20)),\"downtime-limit\":$downtime}"
}

# The emulation of QEMU before 9.0 loses track of what a guest writes from the second look at its memory on ("physmem: Fix
# migration dirty bitmap coherency with TCG memory access"), and the guest would crash there, now and then. Up to QEMU 7 a
# downtime of 0 leaves two looks: one at the beginning, and when all is sent one more, after which it stands still anyway. So
# it need stand still only for the first one. QEMU 8 looks once more in between, so there it stands still all the time.
migrate_stillness() {
  still=
  [[ ${journal[accel]} = tcg* && $(qmp "$run/$migrant.qmp" query-version) =~ \"major\":\ ([0-8])[,}] ]] || return 0
  if ((BASH_REMATCH[1] == 8)); then still=whole; else still=brief; fi
}

migrate_begin() {
  local end=$((SECONDS + 5))
  [[ -z $still ]] || order_here stop || return 1
  order_here migrate "{\"uri\":$(json_text "unix:$far_state")}" || return 1
  [[ $still = brief ]] || return 0
  until [[ $sending =~ ^(active|pre-switchover|failed)$ ]]; do
    refused='it does not say that it does'
    hear here 1 && event here
    (($? < 2 && SECONDS < end)) || return 1
  done
  # Refused if all is sent already: then it stands still for that.
  order_here cont || return 0
}

# What there is to tell of it, now that it goes on there: migrate_figures MICROSECONDS
migrate_figures() {
  order_here query-migrate || return 0
  journal[total-ms]=$(json_word "$heard" total-time) journal[bytes]=$(json_word "$heard" transferred)
  journal[downtime-ms]=$(json_word "$heard" downtime)
  [[ -z $still_since ]] || ((stood += $1 - still_since))
  ((stood == 0)) || journal[downtime-ms]=$((stood / 1000))
}
