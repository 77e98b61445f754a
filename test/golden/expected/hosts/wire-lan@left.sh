#!/usr/bin/env bash
# Wire lan@left of the lab spread: from a switch to the same switch on right, by ssh.
# Use: wire-lan@left.sh [start|stop|status|kill|command|plug] [VAR=value …]
# Made by KVM Lab from hosts.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 1a8f33de2e1bd7
set -u

# --- settings: yours to change ---
SWITCH1='lan'
PORT1=31
HOST='right'                    # as ssh takes it; your key has to be let in there
SSH_PORT=
PLACE='/run/kvmlab-right/spread/switch-lan[31]' # LAB/SWITCH or the path of a switch there
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
run=$("$here/common.sh" folder spread) || exit 1
case $verb in
  start) "$here/common.sh" belongs_to left "$run/"wire-lan@left.pid 'Wire lan@left' 'ssh me@left.example kvmlab/spread/wire-lan@left.sh start' || exit ;;
  plug) [[ $("$here/common.sh" host_name) = left ]] || exit 3 ;;
esac
exec "$here/common-outside.sh" "$run" "$verb" lan@left "$SWITCH1" "$PORT1" join "$HOST" "$SSH_PORT" "$PLACE" "${SSH_OPTIONS[@]}"

# --- as generated, for "kvmlab renew" to compare with: 17e6094246c52c ---
#| SWITCH1='lan'
#| PORT1=31
#| HOST='right'                    # as ssh takes it; your key has to be let in there
#| SSH_PORT=
#| PLACE='/run/kvmlab-right/spread/switch-lan[31]' # LAB/SWITCH or the path of a switch there
#| SSH_OPTIONS=()                  # more options for ssh
#= P8oM6nqhbFek7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd3MAHpxBOGpDN4nNz5xXjc8zCuIIRVW_2bL2C
