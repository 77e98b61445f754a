#!/usr/bin/env bash
# Wire dmz-inet of the lab bad-wires: wirefilter between two plugs of two switches.
# Use: wire-dmz-inet.sh [start|stop|status|kill|command|plug] [VAR=value …]
# Made by KVM Lab from bad-wires.lab.yaml. Change the settings as you like; the code below them is written again.
# kvmlab: generated 19ab27b2150c69
set -u

# --- settings: yours to change ---
SWITCH1='dmz'
PORT1=30
SWITCH2='inet'
PORT2=31
DELAY=0                         # ms; 20+5N: jitter of 5 ms, normal; LR20 RL5: there, back
LOSS=0                          # %
BURST=0                         # packets that get lost in a row
DUPLICATE=0                     # %
BANDWIDTH=0                     # bytes a second
SPEED=0                         # bytes a second
BUFFER=0                        # bytes
NOISE=0                         # damaged bits a megabyte
MTU=0                           # bytes of a frame with its header, and two more
REORDER='yes'                   # whether packets overtake each other
STATES=('markov-numnodes 2' 'loss 100[1]' 'markov-time 100' 'markov-name 0,good' 'markov-name 1,down' 'setedge 0,1,1' 'setedge 1,0,25') # more orders for wirefilter(1)
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
exec "$here/common-wire.sh" "$run" "$verb" dmz-inet "$SWITCH1" "$PORT1" "$SWITCH2" "$PORT2" "${faults[@]}"

# --- as generated, for "kvmlab renew" to compare with: 00ad89a59c42e8 ---
#| SWITCH1='dmz'
#| PORT1=30
#| SWITCH2='inet'
#| PORT2=31
#| DELAY=0                         # ms; 20+5N: jitter of 5 ms, normal; LR20 RL5: there, back
#| LOSS=0                          # %
#| BURST=0                         # packets that get lost in a row
#| DUPLICATE=0                     # %
#| BANDWIDTH=0                     # bytes a second
#| SPEED=0                         # bytes a second
#| BUFFER=0                        # bytes
#| NOISE=0                         # damaged bits a megabyte
#| MTU=0                           # bytes of a frame with its header, and two more
#| REORDER='yes'                   # whether packets overtake each other
#| STATES=('markov-numnodes 2' 'loss 100[1]' 'markov-time 100' 'markov-name 0,good' 'markov-name 1,down' 'setedge 0,1,1' 'setedge 1,0,25') # more orders for wirefilter(1)
#= P8o-aLz6fhOe7VASuDL2CbuuQkrL2C34hrHBCj2Ov7hUd-oDHpxBOGpDN4nNcnZEsFvk_iAyL2C
