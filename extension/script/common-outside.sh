#!/usr/bin/env bash
# What wires share that leave the lab: to a switch of another host by ssh, or to what vde_plug reaches by itself.
# Their scripts call it. Exit codes: 0 done, 1 failed, 2 wrong use, 3 already so or refused by a lock.
# Made by KVM Lab; it is the same for every lab.
# kvmlab: generated 0
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

# common-outside.sh RUN VERB NAME SWITCH PORT URL
# common-outside.sh RUN VERB NAME SWITCH PORT ssh|join HOST SSH_PORT PLACE [SSH_OPTION…]
# join: to the same switch of another host of the lab, which may come up later.
outside() {
  # By its path the process is known that keeps an ssh.
  [[ $1 != --pidfile ]] || shift 2
  run=$1 verb=$2 name=$3 end=$4 port=$5 to=("${@:6}") patient=
  base=$run/wire-$name plug="$run/switch-${end}[$port]"
  [[ $verb =~ ^(start|command|keep)$ ]] || { foreign "$name" && exit 3; }
  [[ ${to[0]} != join ]] || { to[0]=ssh; patient=yes; }
  if [[ ${to[0]} = ssh ]]; then
    ssh_words "${to[@]:1}"
    plug_file=$base.plug.pid
    words=("$here/common-outside.sh" --pidfile "$base.pid" "$run" keep "${@:3}")
  else
    plug_file=$base.pid
    words=(vde_plug -p "$base.pid" -D "wire-$name" -- "$plug" "${to[0]}")
  fi
  case $verb in
    start | stop | status | kill | plug | command | keep) "outside_$verb" ;;
    *) say "Use: wire-$name.sh [start|stop|status|kill|command|plug] [VAR=value …]" >&2; exit 2 ;;
  esac
}

# What is started, and by it again and again: ssh with the far end of the wire.
outside_command() {
  [[ ${to[0]} != ssh ]] || keeper_words
  printf '%q ' "${words[@]}"
  printf '\n'
}

keeper_words() { words=(vde_plug -p "$plug_file" -D "wire-$name" -- "$plug" "=" "${ssh[@]}" "$(far_end plug)"); }

outside_start() {
  local pid said
  need vde_plug unixcmd flock setsid
  claim
  lock "wire-$name"
  "$here/switch-$end.sh" start >/dev/null 9>&-
  [[ $? = [03] ]] || fail "Wire $name did not start: its switch $end does not run (see above)."
  if pid=$(plugged_in); then
    say "Wire $name is plugged in already: process $pid."
    exit 3
  fi
  if [[ ${to[0]} = ssh ]]; then
    need ssh
    said=$(far_end_answers 9>&-) || { [[ $? = 4 && -n $patient ]] || fail "Wire $name did not start: $said"; }
  fi
  outside_up
}

# Called by the switch when it was started. Who keeps an ssh sees it by himself, but perhaps late.
outside_plug() {
  exec 9>>"$base.lock"
  flock -n 9 || exit 3
  pid_of "$run/switch-$end.pid" >/dev/null || exit 3
  plugged_in >/dev/null && exit 3
  outside_up
}

# Prints the process of the wire if it is plugged in, by ssh at both ends.
plugged_in() {
  local pid
  pid=$(pid_of "$plug_file") && [[ $(port_state "$end" "$port") = *" pid=$pid" ]] || return 1
  [[ ${to[0]} != ssh ]] || grep -qs "^$arrived" "$base.log" || return 1
  pid_of "$base.pid"
}

outside_up() {
  local pid try said='' tries=400 may_come_later=''
  # Whoever starts a switch or a lab is not kept waiting for another host.
  if [[ ${to[0]} = ssh && ($verb = plug || -n $patient) ]]; then may_come_later=yes tries=100; fi
  end_outside TERM
  port_free "Wire $name" "$end" "$port"
  # The name by which the process is found that keeps an ssh.
  [[ ${to[0]} != ssh ]] || words=(bash -c 'exec -a kvmlab-wire bash "$@"' - "${words[@]}")
  setsid "${words[@]}" </dev/null >"$base.log" 2>&1 9>&- &
  for ((try = 0; try < tries; try++)); do
    pid=$(plugged_in) && { say "Wire $name is plugged in: process $pid."; return; }
    said=$(last_words)
    [[ -z $may_come_later || -z $said ]] || pid_of "$plug_file" >/dev/null || break
    [[ -d /proc/$! ]] || break
    sleep 0.05
  done
  if [[ -n $may_come_later && -d /proc/$! ]]; then
    say "Wire $name: $host cannot be reached now and is tried again: ${said:-it has not answered yet}"
    return
  fi
  end_outside TERM
  fail "Wire $name could not be plugged in. It says: ${said:-nothing}"
}

# Who keeps an ssh goes first, or else he would plug it in again.
end_outside() {
  local pid file
  for file in "$base.pid" "$base.plug.pid"; do
    pid=$(pid_of "$file") || continue
    kill -"$1" "$pid"
    gone "$pid" 5 || kill -KILL "$pid"
    gone "$pid" 5 || fail "Wire $name: process $pid cannot be ended."
  done
  rm -f -- "$base.pid" "$base.plug.pid" "$base.log"
}

outside_down() {
  lock "wire-$name"
  if pid_of "$base.pid" >/dev/null || pid_of "$base.plug.pid" >/dev/null; then
    end_outside "$1"
    say "Wire $name is pulled."
  else
    end_outside "$1"
    say "Wire $name is not plugged in."
    exit 3
  fi
}

outside_stop() { outside_down TERM; }
outside_kill() { outside_down KILL; }

outside_status() {
  local pid
  pid=$(pid_of "$base.pid") || { say "wire $name stopped"; exit 3; }
  if plugged_in >/dev/null; then say "wire $name running, process $pid"
  else say "wire $name reconnecting, process $pid: $(last_words)"; fi
}

# What was said last; the other host may say anything, so no control characters.
last_words() { tail -n 3 -- "$base.log" 2>/dev/null | tr -cs '[:print:]' ' '; }

# --- ssh ---

# What the far end says last before it plugs in.
arrived='plugged in there'

# ssh_words HOST PORT PLACE [OPTION…]: never asks anybody, opens nothing else, and notices within 15 s when the way is gone.
ssh_words() {
  host=$1 place=$3
  [[ $host =~ ^[A-Za-z0-9_][A-Za-z0-9_.@-]*$ ]] || fail "HOST is '$host'. It takes me@other."
  [[ $place =~ ^(~/)?[A-Za-z0-9_@%+=:,./-]+(\[[0-9]+\])?$ ]] || fail "PLACE is '$place'. It takes LAB/SWITCH or the path of a switch."
  ssh=(ssh -a -x -T -e none -o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=5 -o ServerAliveCountMax=3
    -o ControlMaster=no -o ControlPath=none -o ClearAllForwardings=yes -o PermitLocalCommand=no
    ${2:+-p "$2"} "${@:4}" -- "$host")
}

# What the other host is to do, as one word for whatever shell is there: far_end check|plug. A switch that was killed
# leaves its sockets behind; only those of a live one are in /proc/net/unix.
far_end() {
  local at=${place%%\[*} number='' roots do='exit 0' root
  [[ $place != *\[* ]] || number=[${place##*\[}
  if [[ $at = /* ]]; then roots="\"$at\""
  elif [[ $at = \~/* ]]; then roots="\"\$HOME/${at#\~/}\""
  else
    for root in "\${KVMLAB_RUN_ROOT:-/nonexistent}" "\${XDG_RUNTIME_DIR:-/nonexistent}/kvmlab" "/run/user/\$(id -u)/kvmlab" "/tmp/kvmlab-\$(id -u)"; do
      roots+=" \"$root/${at%/*}/switch-${at##*/}\""
    done
  fi
  [[ $1 = check ]] || do="{ echo $arrived >&2; exec vde_plug -D wire-$name \"\$at$number\"; }"
  printf '%s' "exec sh -c 'command -v vde_plug >/dev/null || { echo no vde_plug there >&2; exit 3; }; for at in $roots; do test -d \"\$at\" && grep -qsF \"\$(readlink -f \"\$at\")/ctl\" /proc/net/unix && $do; done; echo no switch $at there >&2; exit 4'"
}

# Whether the wire can be plugged in there; prints why not. Code 4: the switch there does not run.
far_end_answers() {
  local said code
  said=$("${ssh[@]}" "$(far_end check)" 2>&1 </dev/null)
  code=$?
  said=$(tail -n 1 <<<"$said" | tr -cs '[:print:]' ' ')
  case $code in
    0) return ;;
    3) say "$host has no vde_plug. Install it there: sudo apt-get install vdeplug" ;;
    4) say "on $host no switch $place runs that is yours. Start it there first." ;;
    *)
      say "ssh to $host says: ${said:-nothing}"
      case $said in
        *'Permission denied'*) say "Let your key in there: ssh-copy-id $host" ;;
        *'Host key verification'*) say "Log in by hand once, to see the key of that host: ssh $host" ;;
      esac
      ;;
  esac
  return "$code"
}

# Keeps the wire plugged in while its switch lives: after a break it connects again, at once and then more and more rarely.
outside_keep() {
  local child='' delay=1 began
  printf '%s\n' "$$" >"$base.pid"
  trap 'kill -TERM $child 2>/dev/null; rm -f -- "$base.pid" "$base.log"; exit 0' TERM INT HUP
  keeper_words
  while pid_of "$run/switch-$end.pid" >/dev/null; do
    began=$SECONDS
    "${words[@]}" </dev/null >"$base.log" 2>&1 &
    child=$!
    wait "$child"
    ((SECONDS - began < 60)) || delay=1
    sleep "$delay" &
    child=$!
    wait "$child"
    delay=$((delay < 30 ? delay * 2 : 30))
  done
  rm -f -- "$base.pid" "$base.plug.pid" "$base.log"
}

outside "$@"
