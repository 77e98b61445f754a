#!/usr/bin/env bash
# Wire lan-dmz of the lab bad-wires: wirefilter between two plugs of two switches.
# Use: wire-lan-dmz.sh [start|stop|status|kill|command|plug] [VAR=value …]
# Made by KVM Lab from bad-wires.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 13399083d129bd
set -u

# --- settings: yours to change ---
SWITCH1='lan'
PORT1=31
SWITCH2='dmz'
PORT2=31
DELAY=20                        # ms; 20+5N: jitter of 5 ms, normal; LR20 RL5: there, back
LOSS='LR1 RL0'                  # %
BURST=0                         # packets that get lost in a row
DUPLICATE=0                     # %
BANDWIDTH='LR0 RL125000+12500U' # bytes a second
SPEED=0                         # bytes a second
BUFFER=0                        # bytes
NOISE=0                         # damaged bits a megabyte
MTU=0                           # bytes of a frame with its header, and two more
REORDER='no'                    # whether packets overtake each other
STATES=()                       # more orders for wirefilter(1)
# --- end of settings ---

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1
verb=start
for word in "$@"; do
  case $word in
    RUN_ROOT=*) export KVMLAB_RUN_ROOT=${word#*=} ;;
    SWITCH1=* | PORT1=* | SWITCH2=* | PORT2=* | DELAY=* | LOSS=* | BURST=* | DUPLICATE=* | BANDWIDTH=* | SPEED=* | BUFFER=* | NOISE=* | MTU=* | REORDER=*) declare "$word" ;;
    *=* | -*) printf '%s\n' "${0##*/}: no setting for $word" >&2; exit 2 ;;
    *) verb=$word ;;
  esac
done
# Orders for wirefilter(1).
faults=("delay $DELAY" "loss $LOSS" "lostburst $BURST" "dup $DUPLICATE" "bandwidth $BANDWIDTH" "speed $SPEED" "chanbufsize $BUFFER" "noise $NOISE" "mtu $MTU" "reorder $REORDER" "${STATES[@]}")
run=$("$here/common.sh" folder bad-wires) || exit 1
exec "$here/common-wire.sh" "$run" "$verb" lan-dmz "$SWITCH1" "$PORT1" "$SWITCH2" "$PORT2" "${faults[@]}"

# --- as generated, for "kvmlab renew" to compare with: 07475a5e17a2f4 ---
#| SWITCH1='lan'
#| PORT1=31
#| SWITCH2='dmz'
#| PORT2=31
#| DELAY=20                        # ms; 20+5N: jitter of 5 ms, normal; LR20 RL5: there, back
#| LOSS='LR1 RL0'                  # %
#| BURST=0                         # packets that get lost in a row
#| DUPLICATE=0                     # %
#| BANDWIDTH='LR0 RL125000+12500U' # bytes a second
#| SPEED=0                         # bytes a second
#| BUFFER=0                        # bytes
#| NOISE=0                         # damaged bits a megabyte
#| MTU=0                           # bytes of a frame with its header, and two more
#| REORDER='no'                    # whether packets overtake each other
#| STATES=()                       # more orders for wirefilter(1)
#= P8o0JJCzHhOe7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd-oDHpxBOGpDN4nNcnZEsFvk__dLL2C
