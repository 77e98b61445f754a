import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import { nicWire } from '../../lab/layout.ts';
import type { Lab, LabReading } from '../../lab/model.ts';
import type { WireFaults } from '../../lab/wire-faults.ts';
import { applySteps, type ApplyOptions, type ApplyReport } from './change-apply.ts';
import type { ChangePlan } from './change-plan.ts';
import type * as room from './change-room.ts';
import type { ChangeStep } from './change-step.ts';
import type { VmPlaces } from './change-vms.ts';
import type { Clock, ProcessFiles, ProcessTable } from '../host.ts';
import type { ImageNewsParts } from './image-news.ts';
import type { LabControl } from '../lab-control.ts';
import type { OfLab } from '../lab-identity.ts';
import { readLiveLab, type LiveLabParts } from './live-lab-reader.ts';
import { folderOf } from '../paths.ts';
import { scriptFolder } from '../lab-identity.ts';
import type { HostSnapshot } from '../state.ts';
import type { LabStore } from '../store.ts';
import type { WireTarget } from '../wires/wire-picture.ts';
import type { NicFilter } from './cables.ts';
import type { WireControl } from '../wires/wire-control.ts';

/** What is loaded with the first plan. */
type ChangeRoom = typeof room;

export interface LabChangesParts extends LiveLabParts {
  readonly clock: Clock;
  readonly store: LabStore;
  readonly control: LabControl;
  /** Reads a lab file with all checks. */
  readonly readLab: (path: string) => Promise<LabReading>;
  /** Looks at what runs, now. */
  readonly look: () => Promise<void>;
  /** The run-time folder of a lab, by its name. */
  readonly runDir: (lab: string) => string;
  readonly home: string;
  /** Where the tiny guest lies if it is not beside the lab file. */
  readonly guestFolder: string;
  /** What compares; it is loaded when it is needed. */
  readonly room: () => Promise<ChangeRoom>;
  readonly processes: ProcessTable & ProcessFiles;
  /** What asks and changes wires; it is loaded when it is needed. */
  readonly wires: () => Promise<WireControl>;
  readonly images: () => Promise<ImageNewsParts['images']>;
}

/** Compares lab files with what runs of them, and makes what runs as the files say. */
export class LabChanges {
  private readonly parts: LabChangesParts;

  constructor(parts: LabChangesParts) {
    this.parts = parts;
  }

  /** Asks all that runs of the lab. Rejects with a UserError if the file has errors. */
  async plan(path: string, signal?: CancelSignal): Promise<ChangePlan> {
    const lab = await this.readSound(path);
    await this.parts.look();
    const run = this.parts.runDir(lab.name);
    const running = this.running(path);
    const scripts = scriptsOf(running) ?? scriptFolder(path, lab);
    const room = await this.parts.room();
    const { files, processes } = this.parts;
    const hand = await room.readHandEdits(files, path, lab, scripts);
    const asked = await readLiveLab(room.labByHand(lab, hand), running, { run, scripts }, this.parts, signal);
    const live = { ...asked, faults: await this.faultsOf(path, lab) };
    const news = { files, processes, images: await this.parts.images() };
    const images = await room.readImageNews({ path, lab }, live.vms, hand, news);
    return room.planChanges({ path, lab, live, places: await this.places(run, folderOf(scripts)), hand, images });
  }

  /**
   * Makes some steps of a plan, after the scripts were written. What has been done in the meantime is left out; if
   * something else than what the user saw would be done, nothing is, and a UserError says so.
   */
  async apply(path: string, chosen: readonly ChangeStep[], options: ApplyOptions = {}): Promise<ApplyReport> {
    const { lab, steps } = await this.plan(path, options.signal);
    const now = chosen.flatMap(step => steps.find(one => one.id === step.id) ?? []);
    const other = now.find(step => !chosen.some(one => one.words === step.words));
    if (other) throw planIsOld(path, lab);
    if (now.length === 0) return { done: [], failed: undefined, left: [] };
    await this.parts.control.generate(path);
    const { control, qmp, management, clock } = this.parts;
    const wires = await this.parts.wires();
    const switches = () => this.running(path).switches;
    const parts = { control, qmp, management, clock, wires, run: this.parts.runDir(lab.name), switches };
    const report = await applySteps(now, parts, options);
    await this.parts.look();
    return report;
  }

  /** What holds the plug of a NIC that goes through a wirefilter. */
  filterOf(target: WireTarget): NicFilter {
    const { wires } = this.parts;
    return { pull: async () => (await wires()).pull(target), plug: async () => (await wires()).plug(target) };
  }

  private async readSound(path: string): Promise<Lab> {
    const { lab, problems } = await this.parts.readLab(path);
    const first = problems.find(({ severity }) => severity === 'error');
    if (lab && !first) return lab;
    throw new UserError(`${path} has errors: ${first?.message ?? 'it is not a lab.'} So there is no plan.`, [
      { title: 'Show Problems', command: 'workbench.actions.view.problems' },
    ]);
  }

  private running(path: string): HostSnapshot {
    const { store } = this.parts;
    const { vms, switches, wires } = store.host;
    const isOurs = (one: OfLab): boolean => store.labOf(one)?.path === path;
    // A VM that was migrated away hangs on other switches than those that are compared.
    const here = vms.filter(vm => isOurs(vm) && vm.folder === undefined);
    return { vms: here, switches: switches.filter(isOurs), wires: wires.filter(isOurs) };
  }

  /** Those that do not run or do not answer have none. */
  private async faultsOf(path: string, lab: Lab): Promise<ReadonlyMap<string, WireFaults>> {
    const wires = await this.parts.wires();
    const found = new Map<string, WireFaults>();
    const look = async (key: string, name: string, nic: number): Promise<void> => {
      const told = await wires.read({ lab: path, name, nic });
      if (told.kind === 'told') found.set(key, told.faults);
    };
    await Promise.all([
      ...lab.wires.map(({ name }) => look(name, name, 0)),
      ...lab.vms.flatMap(vm => vm.nics.map(({ number }) => look(nicWire(vm.name, number), vm.name, number))),
    ]);
    return found;
  }

  private async places(run: string, labFolder: string): Promise<VmPlaces> {
    const { files, home, guestFolder } = this.parts;
    const own = `${labFolder}/guest`;
    const isBeside = await files.exists(`${own}/vmlinuz`);
    return { run, labFolder, home, guestFolder: isBeside ? own : guestFolder };
  }
}

/** Where the scripts lie that started it: without links, as QEMU has its paths. */
const scriptsOf = ({ vms, switches, wires }: HostSnapshot): string | undefined =>
  [...vms, ...switches, ...wires].find(one => one.scripts !== undefined)?.scripts;

const planIsOld = (path: string, lab: Lab): UserError =>
  new UserError(`The plan for ${lab.name} is not what it was when you saw it. Nothing was done; look at it again.`, [
    { title: 'Show Plan', command: 'kvmlab.showPlan', args: [{ lab: path, kind: 'lab', name: lab.name }] },
  ]);
