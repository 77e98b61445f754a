#!/usr/bin/env bash
# Wire lan@right of the lab spread: from a switch to the same switch on right, by ssh.
# Use: wire-lan@right.sh [start|stop|status|kill|command|plug] [VAR=value …]
# Made by KVM Lab from hosts.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 0034f286926a17
set -u

# --- settings: yours to change ---
SWITCH1='lan'
PORT1=30
HOST='right'                    # as ssh takes it; your key has to be let in there
SSH_PORT=
PLACE='/run/kvmlab-right/spread/switch-lan[30]' # LAB/SWITCH or the path of a switch there
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
  start) "$here/common.sh" belongs_to '' "$run/"wire-lan@right.pid 'Wire lan@right' || exit ;;
  plug) [[ $("$here/common.sh" host_name) = '' ]] || exit 3 ;;
esac
exec "$here/common-outside.sh" "$run" "$verb" lan@right "$SWITCH1" "$PORT1" join "$HOST" "$SSH_PORT" "$PLACE" "${SSH_OPTIONS[@]}"

# --- as generated, for "kvmlab renew" to compare with: 1ae26efe2818ed ---
#| SWITCH1='lan'
#| PORT1=30
#| HOST='right'                    # as ssh takes it; your key has to be let in there
#| SSH_PORT=
#| PLACE='/run/kvmlab-right/spread/switch-lan[30]' # LAB/SWITCH or the path of a switch there
#| SSH_OPTIONS=()                  # more options for ssh
#= P8o-Fijl-Fek7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd3MAHpxBOGpDN4nNz5xXjcrAfWETRVW7OsL2C
