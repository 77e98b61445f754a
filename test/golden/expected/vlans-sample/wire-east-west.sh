#!/usr/bin/env bash
# Wire east-west of the lab vlans: one vde_plug process between two switches (VLAN 10, 20 tagged).
# Use: wire-east-west.sh [start|stop|status|kill|command|plug] [VAR=value …]
# Made by KVM Lab from vlans.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 1074d4b560a5b5
set -u

# --- settings: yours to change ---
SWITCH1='east'
PORT1=31
SWITCH2='west'
PORT2=31
# --- end of settings ---

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
verb=start
for word in "$@"; do
  case $word in
    RUN_ROOT=*) export KVMLAB_RUN_ROOT=${word#*=} ;;
    SWITCH1=* | PORT1=* | SWITCH2=* | PORT2=*) declare "$word" ;;
    *=* | -*) printf '%s\n' "${0##*/}: no setting for $word" >&2; exit 2 ;;
    *) verb=$word ;;
  esac
done
run=$("$here/common.sh" folder vlans) || exit 1
exec "$here/common-wire.sh" "$run" "$verb" east-west "$SWITCH1" "$PORT1" "$SWITCH2" "$PORT2"

# --- as generated, for "kvmlab renew" to compare with: 1c850d75f1119e ---
#| SWITCH1='east'
#| PORT1=31
#| SWITCH2='west'
#| PORT2=31
#= P8obzKQm6lk57VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUdnwyHpxBOGpDN4nNdlODiiL2C
