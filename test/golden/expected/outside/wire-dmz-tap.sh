#!/usr/bin/env bash
# Wire dmz-tap of the lab outside: from a switch to what vde_plug reaches.
# Use: wire-dmz-tap.sh [start|stop|status|kill|command|plug] [VAR=value …]
# Made by KVM Lab from outside.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 1edba9af2ef985
set -u

# --- settings: yours to change ---
SWITCH1='dmz'
PORT1=29
TO='tap://tap5'                 # as vde_plug(1) takes it
# --- end of settings ---

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
verb=start
for word in "$@"; do
  case $word in
    RUN_ROOT=*) export KVMLAB_RUN_ROOT=${word#*=} ;;
    SWITCH1=* | PORT1=* | TO=*) declare "$word" ;;
    *=* | -*) printf '%s\n' "${0##*/}: no setting for $word" >&2; exit 2 ;;
    *) verb=$word ;;
  esac
done
run=$("$here/common.sh" folder outside) || exit 1
exec "$here/common-outside.sh" "$run" "$verb" dmz-tap "$SWITCH1" "$PORT1" "$TO"

# --- as generated, for "kvmlab renew" to compare with: 04bfd672718fa4 ---
#| SWITCH1='dmz'
#| PORT1=29
#| TO='tap://tap5'                 # as vde_plug(1) takes it
#= P8oR3cp3r_TJ7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUdvuwHpxBOGpDN4nNDJL3sZL2C
