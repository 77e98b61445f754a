import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import { nicWire, vmScript, wireScript } from '../../lab/layout.ts';
import { perfectWire, type WireFaults } from '../../lab/wire-faults.ts';
import { wirefilterOrders } from '../../vde/wirefilter.ts';
import type { Files, ManagementDialer, ScriptRunner } from '../host.ts';
import { belongsTo, scriptFolder, type SameFolder } from '../lab-identity.ts';
import type { RunningWire } from '../state.ts';
import type { LabStore } from '../store.ts';
import { askWire } from './wire-reader.ts';
import type { LiveWireFaults, WireTarget } from './wire-picture.ts';

export interface WireControlParts {
  readonly store: LabStore;
  /** Looks at what runs, now. */
  readonly look: () => Promise<void>;
  readonly management: ManagementDialer;
  readonly files: Pick<Files, 'write'>;
  readonly scripts: ScriptRunner;
  /** Writes the scripts of a lab; a UserError says why not. */
  readonly generate: (labPath: string) => Promise<unknown>;
  readonly isSameFolder: SameFolder;
}

/** Asks the wires of labs what is wrong with them, and changes it while they are in use. */
export class WireControl {
  private readonly parts: WireControlParts;

  constructor(parts: WireControlParts) {
    this.parts = parts;
  }

  /** Never rejects for a wire that does not answer: that is told. Goes by what was last seen running. */
  async read(target: WireTarget, signal?: CancelSignal): Promise<LiveWireFaults> {
    if (!this.isUp(target)) return { kind: 'stopped' };
    const { management } = this.filterOf(target) ?? {};
    if (management === undefined) return { kind: 'told', faults: perfectWire, state: undefined };
    try {
      return { kind: 'told', ...(await askWire(this.parts.management, management, signal)) };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { kind: 'silent', reason: `${wordsOf(target)} does not say what is wrong with it. ${error.message}` };
    }
  }

  /**
   * Changes what is different and nothing else; gives what the wire has then. Where there is no wirefilter, one is put in,
   * for which packets get lost for a moment. It is so until the wire is stopped, also when a switch is started again.
   */
  async change(target: WireTarget, to: (now: WireFaults) => WireFaults, signal?: CancelSignal): Promise<WireFaults> {
    await this.parts.look();
    const socket = await this.filteredSocket(target, signal);
    const { management, files } = this.parts;
    const { faults: now } = await askWire(management, socket, signal);
    const wanted = to(now);
    const orders = wirefilterOrders(now, wanted);
    if (orders.length > 0) await management.ask(socket, orders, signal);
    const lines = wirefilterOrders(perfectWire, wanted).map(line => `${line}\n`);
    await files.write(socket.replace(/\.mgmt$/, '.rc'), lines.join(''));
    return (await askWire(management, socket, signal)).faults;
  }

  /** Plugs a NIC into its switch through a wirefilter, with the faults that it had or that its script says. */
  async plug(target: WireTarget, signal?: CancelSignal): Promise<'done' | 'already'> {
    return this.run(target, 'filter', signal);
  }

  /** Ends the wirefilter of a NIC until `plug`: at its switch nothing is plugged in then, and its guest sees nothing of it. */
  async pull(target: WireTarget, signal?: CancelSignal): Promise<'done' | 'already'> {
    return this.run(target, 'pull', signal);
  }

  /** Whether there is a wirefilter in it, by what was last seen running. */
  isFiltered(target: WireTarget): boolean {
    return this.filterOf(target) !== undefined;
  }

  /** Takes the wirefilter out again, for which packets get lost for a moment. */
  async makePlain(target: WireTarget, signal?: CancelSignal): Promise<'done' | 'already'> {
    return this.run(target, 'plain', signal);
  }

  private async filteredSocket(target: WireTarget, signal: CancelSignal | undefined): Promise<string> {
    const words = wordsOf(target);
    if (!this.isUp(target)) {
      const what = target.nic === 0 ? 'is not plugged in' : 'has no VM that runs';
      throw new UserError(`${words} ${what}, so there is nothing to change now. Start it first.`);
    }
    const known = this.filterOf(target)?.management;
    if (known !== undefined) return known;
    await this.run(target, 'filter', signal);
    const socket = this.filterOf(target)?.management;
    if (socket === undefined)
      throw new UserError(`${words} has got a wirefilter that ended at once. Look at its switches.`);
    return socket;
  }

  private async run(
    target: WireTarget,
    verb: 'filter' | 'pull' | 'plain',
    signal: CancelSignal | undefined,
  ): Promise<'done' | 'already'> {
    const { scripts, generate, look } = this.parts;
    const folder = this.scriptsOf(target);
    await generate(target.lab);
    const [script, word] =
      target.nic === 0 ? [wireScript(target.name), verb] : [vmScript(target.name), `${verb}-${target.nic}`];
    const { code, output } = await scripts.run(`${folder}/${script}`, [word], signal);
    await look();
    if (code !== 0 && code !== 3) throw new UserError(`${wordsOf(target)} could not be changed. ${output.trim()}`);
    return code === 3 ? 'already' : 'done';
  }

  private isUp({ lab: path, name, nic }: WireTarget): boolean {
    const kind = nic === 0 ? 'wire' : 'vm';
    return this.parts.store.stateOf({ lab: path, kind, name }).kind === 'running';
  }

  private filterOf({ lab: path, name, nic }: WireTarget): RunningWire | undefined {
    const { store, isSameFolder } = this.parts;
    const wire = nic === 0 ? name : nicWire(name, nic);
    const lab = store.lab(path)?.lab;
    const found = store.host.wires.find(one => one.name === wire && belongsTo(one, path, lab, isSameFolder));
    return found?.management === undefined ? undefined : found;
  }

  private scriptsOf({ lab: path }: WireTarget): string {
    const lab = this.parts.store.lab(path)?.lab;
    if (!lab) throw new UserError(`${path} cannot be read as a lab, so its wires are not known.`);
    return scriptFolder(path, lab);
  }
}

/** `Wire lan-dmz`, `The wire of web NIC 1`. */
const wordsOf = ({ name, nic }: WireTarget): string => (nic === 0 ? `Wire ${name}` : `The wire of ${name} NIC ${nic}`);
