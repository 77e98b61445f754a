#!/usr/bin/env bash
# Wire left-right of the lab vlans: one vde_plug process between two switches (VLAN 10, 20 tagged).
# Use: wire-left-right.sh [start|stop|status|kill|command|plug] [VAR=value …]
# Made by KVM Lab from vlans.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 00f160c7795aed
set -u

# --- settings: yours to change ---
SWITCH1='left'
PORT1=31
SWITCH2='right'
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
exec "$here/common-wire.sh" "$run" "$verb" left-right "$SWITCH1" "$PORT1" "$SWITCH2" "$PORT2"

# --- as generated, for "kvmlab renew" to compare with: 0f9febff595eb5 ---
#| SWITCH1='left'
#| PORT1=31
#| SWITCH2='right'
#| PORT2=31
#= P8oZgUcrQlk57VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUdnwyHpxBOGpDN4nNdlOeBML2C
