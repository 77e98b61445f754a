import { pluggedWords } from '../../lab/plugs.ts';
import { isOutsideAddress } from '../../vde/outside-wire.ts';
import type { PlugAddress } from '../../vde/plug-address.ts';
import { presentOwners, type PortOwner } from '../switches/port-owner.ts';
import type { PortPicture } from '../switches/port-picture.ts';
import { joined } from './tree-node.ts';
import { vlansOf } from '../switches/vlan-words.ts';

/** `fw NIC 2`, `wire lan-dmz to dmz port 31`, `unknown process 812 (vde_plug, uid 1001)`. */
export function ownerWords(owner: PortOwner): string {
  switch (owner.kind) {
    case 'vm':
      return `${owner.name} ${owner.nic === undefined ? 'NIC ?' : `${owner.isGuess ? 'probably ' : ''}NIC ${owner.nic}`}`;
    case 'tap':
      return `host interface ${owner.interface}`;
    case 'uplink':
      return 'uplink (DHCP, NAT)';
    case 'slirp':
      return owner.pid === undefined ? 'slirpvde' : `slirpvde, process ${owner.pid}`;
    case 'wire':
      return `wire ${owner.name} to ${otherEnd(owner.other)}`;
    case 'gone':
      return `plug left behind by ${owner.description.replace(/ user=.*$/, '')} (process ${owner.pid} has ended)`;
    case 'stranger':
      return strangerWords(owner);
  }
}

function strangerWords({ pid, program, uid, description }: Extract<PortOwner, { kind: 'stranger' }>): string {
  const who = pid === undefined ? 'somebody unknown' : `unknown process ${pid}`;
  const known = [program, uid === undefined ? undefined : `uid ${uid}`].filter(word => word !== undefined);
  return `${who} (${known.length > 0 ? known.join(', ') : description})`;
}

/** A switch's folder of sockets is named after it: `switch-dmz`. */
const otherEnd = ({ socket, port }: PlugAddress): string => {
  if (isOutsideAddress({ socket, port })) return socket;
  const name = (socket.split('/').findLast(part => part !== '') ?? socket).replace(/^switch-/, '');
  return port === undefined ? name : `${name} port ${port}`;
};

/** A port in one line: who, VLANs, traffic, and how it differs from the lab file. */
export function portWords(port: PortPicture): string {
  const { untagged, tagged, drift, planned, owners } = port;
  const present = presentOwners(owners);
  return joined(
    present.length > 0
      ? present.map(ownerWords).join(' and ')
      : planned
        ? `${pluggedWords(planned.who)} · not plugged in`
        : 'nobody',
    ...owners.filter(owner => owner.kind === 'gone').map(ownerWords),
    untagged === 0 && tagged.length === 0 ? undefined : vlansOf(port),
    roleWords(port),
    stateOf(port),
    trafficWords(port),
    drift.length > 0 ? `differs from the lab file: ${drift.map(one => one.words).join('; ')}` : undefined,
  );
}

const roleNames: Readonly<Record<string, string>> = {
  Root: 'root port',
  Designated: 'designated',
  'Alternate/Backup': 'alternate',
  Edge: 'edge port',
};

/** What the port is in the spanning tree; by VLAN where it differs. */
export function roleWords({ roles, isActive }: PortPicture): string | undefined {
  const known = [...roles].flatMap(([vlan, role]) => (roleNames[role] ? [[vlan, roleNames[role]] as const] : []));
  const names = new Set(known.map(([, name]) => name));
  if (!isActive || names.size === 0) return undefined;
  if (names.size === 1) return [...names][0];
  return known.map(([vlan, name]) => `${name}${vlan === 0 ? '' : ` in VLAN ${vlan}`}`).join(', ');
}

/** Said only where it is unusual. */
function stateOf({ states, isActive }: PortPicture): string | undefined {
  const odd = [...states].filter(([, state]) => state !== 'Forwarding');
  if (!isActive || odd.length === 0) return undefined;
  return odd.map(([vlan, state]) => `${state.toLowerCase()}${vlan === 0 ? '' : ` in VLAN ${vlan}`}`).join(', ');
}

function trafficWords({ rate }: PortPicture): string | undefined {
  if (!rate || rate.received.bytes + rate.sent.bytes === 0) return undefined;
  return `${byteWords(rate.received.bytes)}/s in · ${byteWords(rate.sent.bytes)}/s out`;
}

/** `999 B`, `12 kB`, `3.4 MB`. */
export function byteWords(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [value, at] = [bytes, 0];
  while (value >= 999.5 && at < units.length - 1) [value, at] = [value / 1000, at + 1];
  const digits = at > 1 && value < 9.95 ? value.toFixed(1) : String(Math.round(value));
  return `${digits} ${units[at] ?? ''}`;
}
