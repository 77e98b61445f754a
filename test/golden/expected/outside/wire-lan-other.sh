#!/usr/bin/env bash
# Wire lan-other of the lab outside: from a switch to a switch of another host, by ssh.
# Use: wire-lan-other.sh [start|stop|status|kill|command|plug] [VAR=value …]
# Made by KVM Lab from outside.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 1dcbb1926d230c
set -u

# --- settings: yours to change ---
SWITCH1='lan'
PORT1=31
HOST='me@other.example.org'     # as ssh takes it; your key has to be let in there
SSH_PORT=2222
PLACE='dmz/lan'                 # LAB/SWITCH or the path of a switch there
SSH_OPTIONS=()                  # more options for ssh
# --- end of settings ---

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
verb=start
for word in "$@"; do
  case $word in
    RUN_ROOT=*) export KVMLAB_RUN_ROOT=${word#*=} ;;
    SWITCH1=* | PORT1=* | HOST=* | SSH_PORT=* | PLACE=*) declare "$word" ;;
    *=* | -*) printf '%s\n' "${0##*/}: no setting for $word" >&2; exit 2 ;;
    *) verb=$word ;;
  esac
done
run=$("$here/common.sh" folder outside) || exit 1
exec "$here/common-outside.sh" "$run" "$verb" lan-other "$SWITCH1" "$PORT1" ssh "$HOST" "$SSH_PORT" "$PLACE" "${SSH_OPTIONS[@]}"

# --- as generated, for "kvmlab renew" to compare with: 0a7cf80ca33179 ---
#| SWITCH1='lan'
#| PORT1=31
#| HOST='me@other.example.org'     # as ssh takes it; your key has to be let in there
#| SSH_PORT=2222
#| PLACE='dmz/lan'                 # LAB/SWITCH or the path of a switch there
#| SSH_OPTIONS=()                  # more options for ssh
#= P8ovBd_pw_TJ7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd3MAHpxBOGpDN4nNDJLrGsL2C
