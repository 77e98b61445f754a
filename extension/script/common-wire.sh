#!/usr/bin/env bash
# What the scripts of wires between switches share. They call it.
# Exit codes: 0 done, 1 failed, 2 wrong use, 3 already so or refused by a lock.
# Made by KVM Lab; it is the same for every lab.
# kvmlab: generated 0
# shellcheck source-path=SCRIPTDIR source=common.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common.sh"

# common-wire.sh RUN VERB NAME SWITCH PORT SWITCH PORT [ORDER…]

wire() {
  local verb=$1 name=$2 ends=("$3" "$5") ports=("$4" "$6") places=("${@:3:4}") faults=("${@:7}") base=$run/wire-$2
  local left="$run/switch-$3[$4]" right="$run/switch-$5[$6]"
  case $verb in
    start | stop | status | kill | plug | filter | plain | command) "wire_$verb" ;;
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
    pid=$(pid_of "$base.pid") && bound "${places[@]}" && plugged "$pid" &&
      { say "Wire $name is plugged in: process $pid."; return; }
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

# Puts a wirefilter into a wire that has none. Packets get lost for a moment. If it fails, the wire is as it was.
wire_filter() {
  local pid was=plain
  lock "wire-$name"
  pid=$(pid_of "$base.pid") || fail "Wire $name is not plugged in."
  if is_filter "$pid"; then
    plugged "$pid" && { say "Wire $name has a wirefilter already: process $pid."; exit 3; }
    was=filtered
  fi
  end_wire "$pid" TERM
  (wire_chain) && return
  [[ $was = plain ]] && unfiltered >&2
  exit 1
}

# Plugs the wire in without a wirefilter.
unfiltered() {
  local at faults=()
  rm -f -- "$base.rc" "$base.mgmt" "$base.blink"
  for at in 0 1; do comes_free "${ends[at]}" "${ports[at]}" || exit 1; done
  wire_up
}

# Takes it out again, with all that was wrong with the wire.
wire_plain() {
  local pid
  lock "wire-$name"
  pid=$(pid_of "$base.pid") || fail "Wire $name is not plugged in."
  is_filter "$pid" || { say "Wire $name has no wirefilter."; exit 3; }
  end_wire "$pid" TERM
  unfiltered
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

run=$1
shift
[[ $1 =~ ^(start|command)$ ]] || { foreign "$2" && exit 3; }
wire "$@"
