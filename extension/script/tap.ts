import type { Tap } from '../lab/model.ts';
import type { Setting } from './settings.ts';

/** What the script of a switch with a tap lets the user change of it. */
export function tapSettings(tap: Tap | undefined): readonly Setting[] {
  if (!tap) return [];
  return [
    { name: 'TAP', value: tap.interface, comment: 'the host joins in; making it needs root' },
    { name: 'TAP_ADDRESS', value: tap.address ?? '' },
    { name: 'TAP_GROUP', value: tap.group ?? '' },
    { name: 'TAP_NAT', value: tap.nat ? 'yes' : 'no', comment: 'whether VMs get out through the host' },
    { name: 'TAP_PROXY', value: tap.proxy ?? '', comment: 'web proxy that VMs find at TAP_ADDRESS' },
    { name: 'TAP_DNS', value: tap.dns ?? '', comment: 'name server that VMs find at TAP_ADDRESS' },
    { name: 'TAP_BRIDGE', value: tap.bridge ?? '', comment: 'bridge of the host that the tap is in' },
    { name: 'TAP_LAN', value: tap.lan ?? '', comment: 'interface of the host that bridge-up puts into it' },
    { name: 'TAP_CONFIRM', value: '60', comment: 'seconds until bridge-up is undone unless confirmed' },
  ];
}

/** How the script hands them on, in the order that common.sh takes. */
export const tapNeeds =
  'needs+=(--tap "$TAP" "$TAP_ADDRESS" "$TAP_GROUP" "$TAP_NAT" "$TAP_PROXY" "$TAP_DNS" "$TAP_BRIDGE" "$TAP_LAN" "$TAP_CONFIRM")';

/** The verbs that such a script has besides those of every switch. */
export const tapVerbs =
  'host-up|host-down|host-status|host-hints|nat-on|nat-off|proxy-on|proxy-off|dns-on|dns-off|bridge-check|bridge-up|bridge-confirm|bridge-down';
