#!/usr/bin/env bash
# Wire one-two-2 of the lab spanning-tree: one vde_plug process between two switches.
# Use: wire-one-two-2.sh [start|stop|status|kill|command|plug] [VAR=value …]
# Made by KVM Lab from spanning-tree.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 186140991218eb
set -u

# --- settings: yours to change ---
SWITCH1='one'
PORT1=29
SWITCH2='two'
PORT2=29
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
exec "$here/common-wire.sh" "$run" "$verb" one-two-2 "$SWITCH1" "$PORT1" "$SWITCH2" "$PORT2"

# --- as generated, for "kvmlab renew" to compare with: 0fa2c769579b70 ---
#| SWITCH1='one'
#| PORT1=29
#| SWITCH2='two'
#| PORT2=29
#= P8oqFA2Wd1Dg7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUdnwyHpxBOGpDN4nN2P__JEL2C
