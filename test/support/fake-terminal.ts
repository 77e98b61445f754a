import path from 'node:path';
import { CancelSource } from '../../extension/base/cancel.ts';
import type { CliPorts, GuestOrder } from '../../extension/cli/command.ts';
import { runCli } from '../../extension/cli/main.ts';
import { LocalStickFiles } from '../../extension/host/stick-files.ts';
import { TarPointArchives } from '../../extension/host/point-archives.ts';
import { LocalPointFolders } from '../../extension/host/point-folders.ts';
import { SocketStateStreams } from '../../extension/host/state-streams.ts';
import type { LabControl, Outcome, RunOptions, Verb } from '../../extension/runtime/lab-control.ts';
import { parseCidr } from '../../extension/lab/networks/cidr.ts';
import { seededRandom } from '../../extension/lab/networks/random.ts';
import type { ScriptResult } from '../../extension/runtime/host.ts';
import type { ThingRef } from '../../extension/runtime/state.ts';
import { GuestShells } from '../../extension/runtime/guests/guest-shells.ts';
import { Readiness } from '../../extension/runtime/readiness/readiness.ts';
import { ImageActions } from '../../extension/runtime/images/image-actions.ts';
import { isSamePath } from '../../extension/runtime/lab-identity.ts';
import { StickActions } from '../../extension/runtime/sticks/stick-actions.ts';
import { StickMaker } from '../../extension/runtime/sticks/stick-maker.ts';
import { LabStore } from '../../extension/runtime/store.ts';
import { WireControl } from '../../extension/runtime/wires/wire-control.ts';
import { HostWatcher } from '../../extension/runtime/watcher.ts';
import { FakeCaptures } from './fake-captures.ts';
import { FakeCluster } from './fake-cluster.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeConsoles } from './fake-consoles.ts';
import { FakeFolders } from './fake-folders.ts';
import { FakeFiles } from './fake-files.ts';
import { FakeHostLook } from './fake-host-look.ts';
import { FakeImages } from './fake-images.ts';
import { FakeInstalls } from './fake-installs.ts';
import { FakeLogs } from './fake-logs.ts';
import { FakeManagement } from './fake-management.ts';
import { FakeProcesses } from './fake-processes.ts';
import { FakeQmp } from './fake-qmp.ts';
import { FakeRemoteHosts } from './fake-remote-hosts.ts';

const noPlug = (address: string): never => {
  throw new Error(`Nobody answers at ${address}`);
};

/** Writes down what was ordered, and answers as told. */
class FakeControl implements LabControl {
  readonly orders: { readonly verb: Verb; readonly things: readonly ThingRef[] }[] = [];
  /** What becomes of each thing; `done` if not said. */
  readonly results: Record<string, Partial<Outcome>> = {};

  run(verb: Verb, things: readonly ThingRef[], options?: RunOptions): Promise<readonly Outcome[]> {
    this.orders.push({ verb, things });
    const total = things.length;
    const outcomes = things.map(thing => ({ thing, kind: 'done' as const, message: '', ...this.results[thing.name] }));
    outcomes.forEach((outcome, index) => {
      options?.onProgress?.({ thing: outcome.thing, outcome: undefined, finished: index, total });
      options?.onProgress?.({ thing: outcome.thing, outcome, finished: index + 1, total });
    });
    return Promise.resolve(outcomes);
  }

  generate(labPath: string): Promise<readonly string[]> {
    return Promise.resolve([`${labPath} scripts`]);
  }
}

/** The terminal command in the folder /work, with fakes for the machine. */
export class FakeTerminal {
  readonly files: FakeFiles;
  readonly processes = new FakeProcesses();
  readonly control = new FakeControl();
  readonly management = new FakeManagement();
  readonly qmp = new FakeQmp();
  readonly clock = new FakeClock();
  readonly consoles = new FakeConsoles(this.clock, text => (this.out += text));
  readonly captures = new FakeCaptures();
  readonly cluster = new FakeCluster();
  readonly remote = new FakeRemoteHosts();
  readonly images = new FakeImages();
  readonly installs = new FakeInstalls();
  readonly hostLook = new FakeHostLook();
  readonly store = new LabStore();
  readonly cancel = new CancelSource();
  readonly guests: { readonly dir: string | undefined; readonly force: boolean; readonly usb: boolean }[] = [];
  /** What this host has routes to. */
  readonly routes: string[] = [];
  /** What scripts of VMs answer, by their words: `fw.sh lock tell`. */
  readonly scripts = new Map<string, ScriptResult>();
  readonly written: { readonly lab: string; readonly out: string | undefined }[] = [];
  out = '';
  err = '';

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.files = new FakeFiles(files);
  }

  /** Runs one command line; gives its exit code. */
  run(...words: readonly string[]): Promise<number> {
    this.out = '';
    this.err = '';
    return runCli(words, this.ports());
  }

  json(): unknown {
    return JSON.parse(this.out);
  }

  private ports(): CliPorts {
    const { files, store, processes, control, management, clock } = this;
    const inFolder = (): readonly string[] =>
      [...files.held.keys()].flatMap(file => (/^\/work\/[^/]+$/.test(file) ? file.slice('/work/'.length) : []));
    const watcher = new HostWatcher({
      processes,
      store,
      clock,
      runRoots: ['/run/u/kvmlab'],
      folders: new FakeFolders(),
    });
    return {
      out: text => (this.out += text),
      err: text => (this.err += text),
      version: () => '1.2.3',
      files,
      scripts: {
        run: (script, words) => {
          const asked = [path.posix.basename(script), ...words].join(' ');
          return Promise.resolve(this.scripts.get(asked) ?? { code: 127, output: `no answer to ${asked}` });
        },
      },
      folder: {
        list: () => Promise.resolve(inFolder()),
        resolve: file => path.posix.resolve('/work', file),
      },
      labCheck: { kvmscript: '/home/u/.kvmscript', guestFolder: '/home/u/guest', runRoot: '/run/u/kvmlab' },
      store,
      watcher,
      control,
      writeScripts: (lab, out) => {
        this.written.push({ lab, out });
        return Promise.resolve([`${out ?? '/work/dmz'}/fw.sh`]);
      },
      management,
      qmp: this.qmp,
      processes,
      clock,
      consoles: this.consoles,
      ...this.inGuests(watcher),
      ...{ remote: this.remote, user: 'me' },
      captures: this.captures,
      rasterizer: { png: (svg, scale) => Promise.resolve(Buffer.from(`${scale} × ${svg}`, 'latin1')) },
      hostNetworks: { list: () => Promise.resolve(this.routes.flatMap(text => parseCidr(text) ?? [])) },
      hostLook: this.hostLook,
      random: seededRandom(1),
      plugFrames: noPlug,
      wires: new WireControl({
        ...{ store, management, files, isSameFolder: isSamePath },
        look: () => watcher.poll(),
        generate: () => Promise.resolve(),
        scripts: { run: script => Promise.resolve({ code: 1, output: `${script} is not there.` }) },
      }),
      snapshots: {
        streams: new SocketStateStreams(),
        folders: new LocalPointFolders(),
        archives: new TarPointArchives(),
        lock: () => Promise.resolve({ release: () => Promise.resolve() }),
        scripts: { run: script => Promise.resolve({ code: 1, output: `${script} is not there.` }) },
      },
      images: {
        actions: new ImageActions({ images: this.images, files, tool: this.images, downloads: this.images }),
        files: this.images,
        places: { home: '/home/u', cache: '/home/u/.cache/kvmlab/images' },
      },
      cluster: this.cluster,
      sticks: this.withSticks(watcher),
      installs: this.installs,
      buildGuest: (dir, order) => this.buildGuest(dir, order),
      signal: this.cancel.signal,
    };
  }

  /** The files are real ones. */
  private withSticks(watcher: HostWatcher): CliPorts['sticks'] {
    const { store, qmp, clock } = this;
    const files = new LocalStickFiles();
    const runDir = (lab: string): string => `/run/u/kvmlab/${lab}`;
    const actions = new StickActions({ ...{ store, files, qmp, clock, runDir }, look: () => watcher.poll() });
    return { actions, files, maker: new StickMaker(files, this.images, seededRandom(1)) };
  }

  private inGuests(watcher: HostWatcher): Pick<CliPorts, 'shells' | 'readiness'> {
    const { files, store, management, clock } = this;
    const runDir = (lab: string): string => `/run/u/kvmlab/${lab}`;
    const shells = new GuestShells({
      ...{ store, clock, runDir },
      session: console => this.consoles.session({ ...console, id: undefined, pid: undefined }),
      lock: () => Promise.resolve({ release: () => Promise.resolve() }),
      secret: () => Promise.resolve(undefined),
    });
    const readiness = new Readiness({
      ...{ store, files, management, clock, runDir, random: seededRandom(1), plug: noPlug, logs: new FakeLogs() },
      look: () => watcher.poll(),
      sockets: this.captures.sockets,
      run: (guest, command, signal) => shells.run(guest, command, { signal }),
    });
    return { shells, readiness };
  }

  private buildGuest(dir: string | undefined, { log, force, usb }: GuestOrder) {
    log('Making the guest');
    this.guests.push({ dir, force, usb });
    return Promise.resolve({ kernel: `${dir ?? '/home/u/guest'}/vmlinuz`, initrd: `${dir ?? '/home/u/guest'}/initrd` });
  }
}
