import type { CancelSignal } from '../../base/cancel.ts';
import { DisposableStore } from '../../base/disposable.ts';
import { contains, formatIp, networkOf, parseCidr, type Cidr } from '../../lab/networks/cidr.ts';
import type { Lab, Vm } from '../../lab/model.ts';
import {
  arpAnswer,
  arpQuestion,
  readKnockAnswer,
  rstFrame,
  synFrame,
  type KnockAnswer,
  type Party,
} from '../../packets/tcp-knock.ts';
import type { Clock } from '../host.ts';
import type { RunningSwitch } from '../state.ts';
import { timePassed } from '../time-passed.ts';
import type { FramePort } from '../wire-ports.ts';
import { makeProbe, type ProbeParts } from '../wires/wire-probes.ts';
import type { SignWatch } from './sign.ts';

/** Where a VM is asked for a port: an IPv4 address of one of its NICs. */
export interface PortPlace {
  readonly switch: string;
  /** 0: none. */
  readonly vlan: number;
  readonly address: Cidr;
  /** Addresses in its network that somebody of the lab has. */
  readonly taken: ReadonlySet<number>;
}

/** The first of them; undefined: none of its NICs has one. */
export function portPlace(vm: Vm, lab: Lab): PortPlace | undefined {
  for (const nic of vm.nics) {
    const untagged = nic.addresses.map(address => ({ address, vlan: nic.vlan ?? 0 }));
    const tagged = nic.tagged.flatMap(({ vlan, addresses }) => addresses.map(address => ({ address, vlan })));
    for (const { address: text, vlan } of [...untagged, ...tagged]) {
      const address = parseCidr(text);
      if (address?.family === 4) return { switch: nic.switch, vlan, address, taken: takenIn(lab, address) };
    }
  }
  return undefined;
}

function takenIn({ vms, switches }: Lab, address: Cidr): ReadonlySet<number> {
  const texts = [
    ...vms.flatMap(vm => vm.nics.flatMap(nic => [...nic.addresses, ...nic.tagged.flatMap(one => one.addresses)])),
    ...vms.flatMap(({ gateway }) => (gateway === undefined ? [] : [`${gateway}/32`])),
    ...switches.flatMap(({ tap }) => tap?.address ?? []),
  ];
  const all = texts.flatMap(text => parseCidr(text) ?? []);
  return new Set(all.filter(one => contains(networkOf(address), one)).map(one => Number(one.value)));
}

export interface PortSource extends ProbeParts {
  /** Undefined: no address of the VM is known. */
  readonly place: PortPlace | undefined;
  /** Undefined: the switch does not run. */
  readonly runningSwitch: () => RunningSwitch | undefined;
}

const patienceMs = 1500;
/** Frames get lost while switches learn; each is sent again so often. */
const tries = 3;

/** Whether a VM takes connections to a TCP port: asked by a probe on its switch, which needs neither root nor the guest's help. */
export class PortSign implements SignWatch {
  readonly restMs = 2000;
  private readonly port: number;
  private readonly source: PortSource;

  constructor(port: number, source: PortSource) {
    this.port = port;
    this.source = source;
  }

  async look(signal: CancelSignal | undefined): Promise<string | undefined> {
    const { place, runningSwitch } = this.source;
    if (!place) return `Port tcp/${this.port} cannot be asked for: its lab gives it no IPv4 address.`;
    const on = runningSwitch();
    if (!on) return `Port tcp/${this.port} cannot be asked for: switch ${place.switch} does not run.`;
    const from = freeAddress(place);
    if (from === undefined)
      return `Port tcp/${this.port} cannot be asked for: the network of ${formatIp(place.address)} has no free address.`;
    try {
      const probe = await makeProbe(on, { vlan: place.vlan, signal }, this.source);
      try {
        return await new Knock(probe.port, { ...this.source, place, from, port: this.port }).run(signal);
      } finally {
        await probe.remove();
      }
    } catch (error) {
      return `Port tcp/${this.port} cannot be asked for: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

/** From the top of the network, where nobody's addresses begin. */
function freeAddress({ address, taken }: PortPlace): number | undefined {
  const first = Number(networkOf(address).value);
  const last = first + 2 ** (32 - address.prefix) - 1;
  for (let one = last - 1; one > first; one -= 1) if (!taken.has(one)) return one;
  return undefined;
}

interface KnockOrder extends Pick<PortSource, 'clock' | 'random'> {
  readonly place: PortPlace;
  /** The address from which it is asked. */
  readonly from: number;
  readonly port: number;
}

/** One question, at one port of a switch. */
class Knock {
  private readonly own: Party;
  private readonly target: number;
  private readonly ends: { readonly fromPort: number; readonly toPort: number };
  private readonly sequence: number;
  private readonly clock: Clock;
  private readonly probe: FramePort;
  private readonly address: Cidr;
  private owner: Uint8Array | undefined;
  private answer: 'open' | 'refused' | undefined;
  private wake: () => void = () => undefined;

  constructor(probe: FramePort, { clock, random, place, from, port }: KnockOrder) {
    const bits = random() >>> 0;
    this.probe = probe;
    this.clock = clock;
    this.address = place.address;
    this.target = Number(place.address.value);
    // Locally administered, of one card.
    const mac = Uint8Array.from([0x02, 0x4b, bits >>> 24, bits >>> 16, bits >>> 8, bits]);
    this.own = { mac, address: from };
    this.ends = { fromPort: 49152 + (bits & 0x3fff), toPort: port };
    this.sequence = random() >>> 0;
  }

  /** Undefined: the port is open. */
  async run(signal: CancelSignal | undefined): Promise<string | undefined> {
    const owned = new DisposableStore();
    owned.add(this.probe.onFrame(frame => this.hear(readKnockAnswer(frame, this.ends))));
    try {
      const at = formatIp(this.address);
      const isThere = () => this.owner !== undefined;
      if (!(await this.ask(() => arpQuestion(this.own, this.target), isThere, signal)))
        return `Port tcp/${this.ends.toPort} is not open: nobody answers for ${at}.`;
      await this.ask(
        () => synFrame(this.connection()),
        () => this.answer !== undefined,
        signal,
      );
      if (this.answer === 'open') this.probe.send(rstFrame(this.connection()));
      if (this.answer === 'open') return undefined;
      const what = this.answer === 'refused' ? 'refuses connections' : 'does not answer';
      return `Port tcp/${this.ends.toPort} is not open: ${at} ${what}.`;
    } finally {
      owned.dispose();
    }
  }

  private connection() {
    const to = { mac: this.owner ?? this.own.mac, address: this.target };
    return { from: this.own, to, sequence: this.sequence, ...this.ends };
  }

  private async ask(
    frame: () => Uint8Array,
    isOver: () => boolean,
    signal: CancelSignal | undefined,
  ): Promise<boolean> {
    for (let left = tries; left > 0 && !isOver() && !signal?.aborted; left -= 1) {
      const heard = new Promise<void>(resolve => (this.wake = resolve));
      this.probe.send(frame());
      await Promise.race([heard, timePassed(this.clock, patienceMs / tries, signal)]);
    }
    return isOver();
  }

  private hear(answer: KnockAnswer | undefined): void {
    if (!answer) return;
    if (answer.kind === 'question') {
      if (answer.address === this.own.address) this.probe.send(arpAnswer(this.own, answer.from));
      return;
    }
    if (answer.kind === 'owner') {
      if (answer.address !== this.target) return;
      this.owner = answer.mac;
    } else {
      if (answer.from !== this.target || answer.acknowledged !== (this.sequence + 1) >>> 0) return;
      this.answer = answer.kind;
    }
    this.wake();
  }
}
