#!/usr/bin/env bash
# What the scripts of VMs share. They call it.
# Exit codes: 0 done, 1 failed, 2 wrong use, 3 already so or refused by a lock.
# Made by KVM Lab; it is the same for every lab.
# kvmlab: generated 0
# shellcheck source-path=SCRIPTDIR source=common-migrate.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common-migrate.sh"

# common-vm.sh RUN ACCEL VERB NAME ID [--overlay FILE IMAGE SHA256 FORMAT SIZE LAB_FILE] [--seed FILE LAB_FILE]
#   [--image FILE SIZE FORMAT]… [--nic SWITCH PORT NUMBER]… [--fault NUMBER ORDER]…
#   [--locks FOLDER] [--within SECONDS] [--ready text|expression|agent|port|command WHAT]… [--given COUNT OPTION…] -- QEMU …

vm() {
  local verb=$1 name=$2 id=$3 overlay=() seed=() images=() nics=() faults=() signs=() within=180 given=() qemu=()
  shift 3
  lock_vm=$name migrant=$name
  while (($#)); do
    case $1 in
      --overlay) overlay=("${@:2:6}"); shift 7 ;;
      --seed) seed=("$2" "$3"); shift 3 ;;
      --image) images+=("$2" "$3" "$4"); shift 4 ;;
      --nic) nics+=("$2" "$3" "$4"); shift 4 ;;
      --fault) faults+=("$2" "$3"); shift 3 ;;
      --within) within=$2; shift 2 ;;
      --ready) signs+=("$2" "$3"); shift 3 ;;
      --locks) lock_at=$2/${run##*/}/$name; shift 2 ;;
      # What stood behind the verb: options for it.
      --given) given=("${@:3:$2}"); shift $((2 + $2)) ;;
      --) shift; qemu=("$@"); break ;;
      *) fail "common-vm.sh: unknown word $1" ;;
    esac
  done
  case $verb in
    start | stop | status | kill | ready | plug) "vm_$verb" ;;
    # Starts that wait for the state of a VM, which comes over QMP (migrate-incoming). One that a host sends brings its
    # lock along; one that was kept needs the lock now.
    incoming | restore) qemu+=(-incoming defer -S); vm_start ;;
    migrate | arrival-*) migration_verb "$verb" "${given[@]}" ;;
    lock | lock-*) lock_verb "$verb" "${given[@]}" ;;
    filter-[1-9]*) vm_filter "${verb#filter-}" ;;
    pull-[1-9]*) vm_pull "${verb#pull-}" ;;
    plain-[1-9]*) vm_plain "${verb#plain-}" ;;
    *) say "Use: $name.sh [start|stop|status|kill|ready|command|plug|lock|migrate] [VAR=value …]" >&2; exit 2 ;;
  esac
}

vm_start() {
  local pid at
  need "${qemu[0]}" flock timeout
  claim
  if [[ $verb = start ]]; then
    migration_aside
    lock "$name"
    migration_settle
  else
    lock "$name"
  fi
  if pid=$(pid_of "$run/$name.pid"); then
    lock_adopt "$pid"
    wires_up
    true_id "$pid"
    say "$name runs already: process $pid, serial console localhost:$((10000 + id))."
    exit 3
  fi
  vm_clear
  if [[ $verb = incoming ]]; then lock_take_if_free; else lock_take; fi
  trap lock_release EXIT
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

# Ends the wirefilter of a NIC, so that its port is free. The guest sees nothing of it; filter-N brings it back as it was.
vm_pull() {
  local pid base=$run/wire-$name+$1
  lock "$name"
  [[ -d $base ]] || fail "$name: NIC $1 goes through no wirefilter."
  pid=$(pid_of "$base.pid") || { say "$name: NIC $1 is not plugged in."; exit 3; }
  end_wire "$pid" TERM
  rm -f -- "$base.pid" "$base.mgmt"
  say "$name: NIC $1 is pulled out of its switch."
}

# Takes the wirefilter of a NIC out again, with all that was wrong with its wire. The guest keeps its NIC.
vm_plain() {
  local at pid base=$run/wire-$name+$1
  lock "$name"
  pid_of "$run/$name.pid" >/dev/null || fail "$name does not run."
  [[ -d $base ]] || { say "$name: NIC $1 goes through no wirefilter."; exit 3; }
  for ((at = 0; at < ${#nics[@]}; at += 3)); do
    [[ ${nics[at + 2]} = "$1" ]] || continue
    pid=$(pid_of "$base.pid") && end_wire "$pid" TERM
    comes_free "${nics[@]:at:2}" || exit 1
    put_plug "$1" "$run/switch-${nics[at]}[${nics[at + 1]}]" || fail "$name: NIC $1 could not be plugged into ${nics[at]} again."
    rm -rf -- "$base" "$base".*
    say "$name: NIC $1 is plugged into port ${nics[at + 1]} of ${nics[at]}."
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
  lock_leash
  timeout 60 "${qemu[@]}" >"$run/$name.log" 2>&1 </dev/null 9>&-
  code=$?
  # QEMU alone is on the leash now, not what is started behind it.
  exec 6>&-
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
  if ! lock_running "$pid" && [[ $verb != incoming ]]; then
    end_qemu "$pid" KILL
    fail "$name did not start: its lock was taken away meanwhile, so QEMU was ended. Look at it with: $name.sh lock"
  fi
  trap - EXIT
  say "$name runs: process $pid, $(accelerated), serial console localhost:$((10000 + id)), monitor localhost:$((20000 + id))."
}

accelerated() {
  if [[ $accel = kvm ]]; then say 'with KVM'
  elif [[ ! -e /dev/kvm ]]; then say 'software emulation (this host has no /dev/kvm)'
  elif [[ ! -r /dev/kvm || ! -w /dev/kvm ]]; then say "software emulation (you may not open /dev/kvm: sudo adduser ${USER:-NAME} kvm, then log in again)"
  else say 'software emulation'; fi
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
  migration_settle
  pid=$(pid_of "$run/$name.pid") && return
  vm_clear
  say "$name does not run."
  exit 3
}

# The power button first; a guest that ignores it is ended after STOP_SECONDS.
vm_stop() {
  local pid
  vm_running
  # One without its lock waits for a state, or was migrated away: it must not go on for a moment, not even to its end.
  if ! lock_is_mine "$pid"; then end_qemu "$pid" TERM
  elif ! power_off "$pid" "${STOP_SECONDS:-30}"; then
    say "$name did not power off in ${STOP_SECONDS:-30} seconds: ending QEMU."
    end_qemu "$pid" TERM
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

# end_qemu PID SIGNAL
end_qemu() {
  kill -"$2" "$1"
  gone "$1" 10 || kill -KILL "$1"
  gone "$1" 10 || fail "$name: process $1 cannot be ended."
}

vm_kill() {
  local pid
  vm_running
  end_qemu "$pid" KILL
  vm_clear
  say "$name was ended at once (process $pid)."
}

vm_clear() {
  local file pid
  for file in "$run/wire-$name+"*.pid; do pid=$(pid_of "$file") && end_wire "$pid" TERM; done
  rm -f -- "$run/$name.pid" "$run/$name.qmp" "$run/$name.watch.qmp" "$run/$name.ready" "$run/$name.agent"
  # With their folders, which QEMU leaves when it is killed.
  rm -rf -- "$run/wire-$name+"*
  lock_release
}

# Sets id to the one that it was started with, whatever the settings say now: true_id PID
true_id() {
  local words
  words=$(tr '\0' '\n' 2>/dev/null <"/proc/$1/cmdline")
  [[ $words =~ id=serial,host=127\.0\.0\.1,port=1([0-9]{4}), ]] && id=$((10#${BASH_REMATCH[1]}))
  return 0
}

vm_status() {
  local pid base
  migration_look
  pid=$(pid_of "$run/$name.pid") || { say "$name stopped$(lock_elsewhere)"; exit 3; }
  true_id "$pid"
  say "$name running, process $pid, serial console localhost:$((10000 + id)), monitor localhost:$((20000 + id))"
  for base in "$run/wire-$name+"*/; do
    base=${base%/}
    pid_of "$base.pid" >/dev/null || say "NIC ${base##*+} is not plugged in: its wirefilter has ended. Plug it in again with: $name.sh plug"
  done
}

# Waits until it is ready, as far as a script can see that.
vm_ready() {
  local pid end missing waited=
  # A start that is at work is waited for.
  lock "$name"
  unlock
  pid=$(pid_of "$run/$name.pid") || fail "$name does not run."
  ((${#signs[@]})) || { say "$name runs. Nothing says when it is ready."; return; }
  for ((end = SECONDS + within; ; )); do
    missing=$(vm_missing "$pid")
    [[ -n $missing ]] || break
    [[ -d /proc/$pid ]] || fail "$name has ended before it was ready."
    ((SECONDS < end)) || fail "$name was not ready within $within seconds: $missing"
    waited=yes
    sleep 0.5
  done
  vm_is_ready "$pid"
  say "$name is ready."
}

# Prints what is missing for that; nothing: it is ready.
vm_missing() {
  local at recorded
  [[ -r $run/$name.ready ]] && read -r recorded _ <"$run/$name.ready" && [[ $recorded = "$1" ]] && return
  for ((at = 0; at < ${#signs[@]}; at += 2)); do
    case ${signs[at]} in
      text) printed_by "$1" | grep -qaF -e "${signs[at + 1]}" && continue ;;
      expression) printed_by "$1" | LC_ALL=C.UTF-8 grep -qaP -e "${signs[at + 1]}" && continue ;;
      agent) agent_answers && continue ;;
      *) continue ;;
    esac
    case ${signs[at]} in
      agent) say 'its guest agent does not answer.' ;;
      *) say "its serial console has not printed '${signs[at + 1]}'. It printed last: $(printed_by "$1" | tail -n 1 | cut -c -200)" ;;
    esac
    return
  done
}

# What the serial console has printed since this process was started, without the sequences that move the cursor.
printed_by() {
  local start
  start=$(awk -v pid="$1" '$3 == pid {start = $1} END {print start}' "$run/$name.console.marks" 2>/dev/null)
  [[ -n $start ]] || return
  tail -c +"$((start + 1))" -- "$run/$name.console.log" 2>/dev/null | LC_ALL=C sed $'s/\e\\[[0-9;?]*[ -/]*[@-~]//g' 2>/dev/null |
    tr -d '\000-\010\013-\037\177' 2>/dev/null
}

agent_answers() {
  unixcmd -s "$run/$name.agent" -f <(cat <<'DIALOGUE'
TIMEOUT 2000
1 SEND '{"execute":"guest-ping"}\n'
2 IN '"return"' 100
3 EXIT 0
100 EXIT 1
DIALOGUE
  ) ping >/dev/null 2>&1 9>&-
}

# Written down for whoever asks next, with the seconds that it took, if that was seen; but not what a script cannot see.
vm_is_ready() {
  local at started took=-
  for ((at = 0; at < ${#signs[@]}; at += 2)); do
    [[ ${signs[at]} =~ ^(port|command)$ ]] || continue
    say "Only kvmlab ready can see of $name: ${signs[at]} ${signs[at + 1]}"
    return
  done
  [[ ! -e $run/$name.ready ]] || return 0
  started=$(awk -v pid="$1" '$3 == pid {start = $2} END {print start}' "$run/$name.console.marks" 2>/dev/null)
  [[ -n $waited && -n $started ]] && took=$((EPOCHSECONDS - started))
  printf '%s\n' "$1 $took" >"$run/$name.ready.new" && mv -f -- "$run/$name.ready.new" "$run/$name.ready"
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

run=$1 accel=$2
shift 2
[[ $1 =~ ^(start|incoming|restore|command)$ ]] || { foreign "$2" && exit 3; }
vm "$@"
