#!/usr/bin/env bash
# Wire one-two of the lab spanning-tree: one vde_plug process between two switches.
# Use: wire-one-two.sh [start|stop|status|kill|command|plug] [VAR=value …]
# Made by KVM Lab from spanning-tree.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 1034ea9c6e2a42
set -u

# --- settings: yours to change ---
SWITCH1='one'
PORT1=31
SWITCH2='two'
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
run=$("$here/common.sh" folder spanning-tree) || exit 1
exec "$here/common-wire.sh" "$run" "$verb" one-two "$SWITCH1" "$PORT1" "$SWITCH2" "$PORT2"

# --- as generated, for "kvmlab renew" to compare with: 0be37b6ac64e49 ---
#| SWITCH1='one'
#| PORT1=31
#| SWITCH2='two'
#| PORT2=31
#= P8okhvpDT1Dg7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUdnwyHpxBOGpDN4nN2P_7mML2C
