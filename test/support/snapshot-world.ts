import { disposable } from '../../extension/base/disposable.ts';
import { ImageInUse } from '../../extension/images/image-errors.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import type { QmpQuery } from '../../extension/qemu/qmp.ts';
import type { Clock } from '../../extension/runtime/host.ts';
import type { PointedLab, SnapshotParts } from '../../extension/runtime/snapshots/snapshot-parts.ts';
import { FakeFiles } from './fake-files.ts';

const disk = '/lab/web.qcow2';
const pointsFolder = '/lab/dmz/snapshots';
const text = 'name: dmz\nswitches: {}\nvms: { web: { id: 1, disks: [web.qcow2] } }\n';
const pid = 42;

/** A second passes whenever somebody looks at it, and nobody has to wait. */
function hastyClock(): Clock {
  let time = 1_700_000_000_000;
  return {
    now: () => (time += 1000),
    after: (_ms, call) => {
      queueMicrotask(call);
      return disposable(() => undefined);
    },
  };
}

/** A lab with one VM that runs and writes into a disk, in memory. Who works on its snapshots can be killed at any step. */
export class SnapshotWorld {
  readonly of: PointedLab = { path: '/lab/dmz.lab.yaml', lab: readLab(text).lab! };
  readonly labFiles = [{ name: 'dmz.lab.yaml', text }];
  /** Names of the states that the disk keeps. */
  readonly tags = new Set<string>();
  private readonly files = new FakeFiles({ [disk]: '' });
  private readonly made = new Set<string>();
  private status = 'running';
  private transfer = 'none';

  get isRunning(): boolean {
    return this.status === 'running';
  }

  /** Names of the folders of points, half ones too. */
  get folders(): readonly string[] {
    return [...this.made].map(folder => folder.slice(pointsFolder.length + 1)).sort();
  }

  /** Names of the folders that have a file of this name. */
  having(file: string): readonly string[] {
    return this.folders.filter(name => this.files.held.has(`${pointsFolder}/${name}/${file}`));
  }

  /** Somebody who does so many things to this world, and then nothing any more. `steps` counts down. */
  worker(life: { steps: number }): SnapshotParts {
    const mortal = <Words extends readonly unknown[], T>(act: (...words: Words) => T) => {
      return (...words: Words): Promise<T> => {
        life.steps -= 1;
        return life.steps < 0 ? Promise.reject(new Error('killed')) : Promise.resolve().then(() => act(...words));
      };
    };
    const { files, made, tags } = this;
    const inside = (path: string): readonly string[] =>
      [...files.held.keys()].filter(one => one.startsWith(`${path}/`));
    return {
      store: {
        stateOf: () => ({ kind: 'running', pid }),
        host: { switches: [] },
      },
      look: mortal(() => undefined),
      qmp: { ask: mortal((_socket: string, query: QmpQuery<unknown>) => query.read(this.answer(query))) },
      processes: { find: () => [{ pid, args: ['qemu'], startTicks: 1, uid: 0 }] },
      files: {
        read: mortal((path: string) => files.held.get(path)),
        write: mortal((path: string, content: string) => void files.held.set(path, content)),
        exists: mortal((path: string) => files.held.has(path)),
      },
      images: {
        snapshots: mortal(() => [...tags].map(name => ({ name, seconds: 0 }))),
        snapshot: mortal((verb: string, path: string, tag: string) => {
          // While the VM has it open, nobody else gets in.
          if (this.status !== 'postmigrate') throw new ImageInUse(path);
          if (verb === 'create') tags.add(tag);
          else tags.delete(tag);
        }),
      },
      imageFiles: {
        look: mortal((path: string) => (files.held.has(path) ? { bytes: 1, allocatedBytes: 1, head: [] } : undefined)),
        remove: mortal((path: string) => files.held.delete(path)),
      },
      places: { home: '/home/u', cache: '/cache' },
      streams: {
        receive: (_socket: string, file: string) => ({
          ready: Promise.resolve(),
          written: mortal(() => {
            files.held.set(file, 'memory');
            return { bytes: 6, sha256: 'ab' };
          })(),
          dispose: () => undefined,
        }),
      },
      folders: {
        folders: mortal((path: string) => (path === pointsFolder ? this.folders : [])),
        makeEmpty: mortal((path: string) => void made.add(path)),
        rename: mortal((from: string, to: string) => {
          made.delete(from);
          made.add(to);
          for (const one of inside(from)) {
            files.held.set(to + one.slice(from.length), files.held.get(one) ?? '');
            files.held.delete(one);
          }
        }),
        removeTree: mortal((path: string) => {
          made.delete(path);
          for (const one of inside(path)) files.held.delete(one);
        }),
        dropUnfinished: mortal(() => undefined),
        real: mortal((path: string) => path),
      },
      runDir: () => '/run/dmz',
      clock: hastyClock(),
      onProgress: () => undefined,
      signal: undefined,
    } as unknown as SnapshotParts;
  }

  /** As QEMU answers. */
  private answer({ execute, args }: QmpQuery<unknown>): unknown {
    switch (execute) {
      case 'stop':
        this.status = 'paused';
        return {};
      case 'cont':
        this.status = 'running';
        return {};
      case 'migrate':
        [this.status, this.transfer] = ['postmigrate', 'completed'];
        return {};
      case 'query-status':
        return { status: this.status };
      case 'query-migrate':
        return { status: this.transfer };
      case 'query-version':
        return { qemu: { major: 7, minor: 2, micro: 22 } };
      case 'query-block':
        return [{ device: 'disk1', inserted: { ro: false, drv: 'qcow2', image: { filename: disk } } }];
      case 'blockdev-snapshot-delete-internal-sync':
        this.tags.delete(String(args?.['name']));
        return {};
      default:
        return {};
    }
  }
}
