#!/usr/bin/env bash
# Wire lan-inet of the lab bad-wires: one vde_plug process between two switches.
# Use: wire-lan-inet.sh [start|stop|status|kill|command|plug] [VAR=value …]
# Made by KVM Lab from bad-wires.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 0ec7185d5d4a96
set -u

# --- settings: yours to change ---
SWITCH1='lan'
PORT1=30
SWITCH2='inet'
PORT2=30
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
run=$("$here/common.sh" folder bad-wires) || exit 1
exec "$here/common-wire.sh" "$run" "$verb" lan-inet "$SWITCH1" "$PORT1" "$SWITCH2" "$PORT2"

# --- as generated, for "kvmlab renew" to compare with: 14fe87b0b91294 ---
#| SWITCH1='lan'
#| PORT1=30
#| SWITCH2='inet'
#| PORT2=30
#= P8om4Nf2qhOe7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUdnwyHpxBOGpDN4nNvk_pOgL2C
