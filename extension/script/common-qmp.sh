#!/usr/bin/env bash
# Talking with QEMU (QMP). Scripts of VMs take this in.
# Made by KVM Lab; it is the same for every lab.
# kvmlab: generated 0
# shellcheck source-path=SCRIPTDIR source=common-lock.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/common-lock.sh"

# --- a connection for each command ---

# One command through QMP; prints the line of its answer, also if QEMU refuses: qmp SOCKET COMMAND [ARGUMENTS]
qmp() {
  unixcmd -s "$1" -f <(cat <<'DIALOGUE'
TIMEOUT 5000
1 IN '"oob"]}}' 100
2 SEND '{"execute":"qmp_capabilities"}\n'
3 IN '{"return": {}}' 100
4 THROW
5 SEND '{"id":"kvmlab","execute":$*}\n'
6 IN '"id": "kvmlab"' 100
7 IN '\n' 100
8 COPY
9 EXIT 0
100 EXIT 1
DIALOGUE
  ) "\"$2\"${3:+,\"arguments\":$3}" 2>/dev/null 9>&- | tr -d '\0\r\n'
  return "${PIPESTATUS[0]}"
}

# Whether QEMU has done it; else why not, in refused. Its answer is in heard: order SOCKET COMMAND [ARGUMENTS]
refused='' heard=
order() {
  refused="QEMU does not answer on $1"
  heard=$(qmp "$@") && is_done
}

is_done() {
  refused=
  [[ $heard != *'"error": {'* ]] || refused=$(json_word "$heard" desc)
  [[ -z $refused ]]
}

# Prints the text or number of the first member of this name: json_word LINE NAME
json_word() {
  local text="\"$2\": \"(([^\"\\\\]|\\\\.)*)\"" number="\"$2\": ([0-9]+)"
  if [[ $1 =~ $text ]]; then say "${BASH_REMATCH[1]}"
  elif [[ $1 =~ $number ]]; then say "${BASH_REMATCH[1]}"; fi
}

# A text as JSON: json_text TEXT
json_text() {
  local text=${1//\\/\\\\}
  say "\"${text//\"/\\\"}\""
}

vm_state() { json_word "$(qmp "$1" query-status)" status; }

# --- a connection that is held, as each new one costs time in which a guest stands still ---

# By the names that their holder gives them. QEMU talks with one at a time on a socket: it is held for moments only.
declare -A hears=() tells=() terminals=() halves=()

# True if QEMU is ready for commands: hold NAME SOCKET
hold() {
  local fifo=$run/$1.talk hear tell
  refused="QEMU does not answer on $2"
  rm -f -- "$fifo"
  mkfifo -m 600 -- "$fifo" || return 1
  exec {tell}> >(exec unixterm "$2" >"$fifo" 2>/dev/null 9>&-) || return 1
  terminals[$1]=$! tells[$1]=$tell halves[$1]=''
  exec {hear}<"$fifo"
  hears[$1]=$hear
  rm -f -- "$fifo"
  hear "$1" 5 && tell "$1" qmp_capabilities && return
  let_go "$1"
  return 1
}

is_held() { [[ -n ${terminals[$1]-} ]]; }

let_go() {
  local hear tell
  is_held "$1" || return 0
  hear=${hears[$1]} tell=${tells[$1]}
  { kill "${terminals[$1]}"; wait "${terminals[$1]}"; } 2>/dev/null
  exec {hear}<&- {tell}>&-
  unset -v "hears[$1]" "tells[$1]" "terminals[$1]" "halves[$1]"
}

# Sets heard to the next line that QEMU says: hear NAME SECONDS. 1: none came in that time. 2: QEMU has hung up.
hear() {
  local piece code
  IFS= read -r -t "$2" -u "${hears[$1]}" piece
  code=$?
  heard=${halves[$1]}${piece%$'\r'}
  halves[$1]=
  ((code == 0)) && return
  halves[$1]=$heard
  ((code > 128)) && return 1
  return 2
}

# As order, but over a connection that is held; the answer is in heard: tell NAME COMMAND [ARGUMENTS]
tell() {
  refused="QEMU does not answer"
  { printf '{"id":"kvmlab","execute":"%s"%s}\n' "$2" "${3:+,\"arguments\":$3}" >&"${tells[$1]}"; } 2>/dev/null || return 1
  while hear "$1" 5; do
    [[ $heard = *'"id": "kvmlab"'* ]] && { is_done; return; }
    event "$1"
  done
  return 1
}

# What was heard is no answer: whoever wants to know of events says this anew: event NAME
event() { :; }
