#!/usr/bin/env bash
# Wire dmz-udp of the lab outside: from a switch to what vde_plug reaches.
# Use: wire-dmz-udp.sh [start|stop|status|kill|command|plug] [VAR=value …]
# Made by KVM Lab from outside.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 1440735f30cee9
set -u

# --- settings: yours to change ---
SWITCH1='dmz'
PORT1=31
TO='udp://127.0.0.1:5001->other:5002' # as vde_plug(1) takes it
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
exec "$here/common-outside.sh" "$run" "$verb" dmz-udp "$SWITCH1" "$PORT1" "$TO"

# --- as generated, for "kvmlab renew" to compare with: 1d82922187376d ---
#| SWITCH1='dmz'
#| PORT1=31
#| TO='udp://127.0.0.1:5001->other:5002' # as vde_plug(1) takes it
#= P8oL77FAy_TJ7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUdvuwHpxBOGpDN4nNDJLW1bL2C
