import * as vscode from 'vscode';
import type { CancelSignal } from '../../base/cancel.ts';
import type { NamedImage } from '../../runtime/images/image-actions.ts';
import type { ImageEntry } from '../../runtime/images/image-list.ts';
import type { UsedImage } from '../../runtime/images/lab-images.ts';
import { vmsOf } from '../../runtime/views/thing-list.ts';
import type { TargetArguments } from '../commands.ts';
import { runVerb } from '../machines/run-commands.ts';
import { thingsOrPick } from '../pick.ts';
import { withProgress } from '../progress.ts';
import type { Services } from '../services.ts';
import { rowOf } from '../targets.ts';

/** The image of the row that was clicked, or one that the user picks. */
async function imageOf(services: Services, args: TargetArguments, title: string): Promise<NamedImage | undefined> {
  const clicked = rowOf(args)?.image;
  if (clicked) return clicked;
  const isFree = ({ state, role, users }: ImageEntry): boolean =>
    state === 'there' && role !== 'image' && !users.some(({ isRunning }) => isRunning);
  return pickImage(await entries(services), isFree, title);
}

async function entries({ images, store }: Services): Promise<readonly ImageEntry[]> {
  const { listImages } = await import('../../runtime/images/image-room.ts');
  const { files, places } = await images.ports();
  const labs = store.labs.flatMap(({ path, lab, vms }) =>
    lab ? [{ path, lab, isRunning: (vm: string) => vms.get(vm)?.kind === 'running' }] : [],
  );
  return listImages(labs, places, files);
}

async function pickImage(
  all: readonly ImageEntry[],
  isWanted: (entry: ImageEntry) => boolean,
  title: string,
): Promise<NamedImage | undefined> {
  const items = all.filter(isWanted).map(({ label, path, format }) => ({ label, detail: path, path, format }));
  if (items.length === 0) void vscode.window.showInformationMessage('There is no such image that nobody uses now.');
  else return vscode.window.showQuickPick(items, { title, matchOnDetail: true });
  return undefined;
}

interface Work {
  readonly onProgress: (percent: number) => void;
  readonly signal: CancelSignal;
}

/** Runs one action with progress, and has the tree drawn again whatever came of it. */
async function work<T>({ images }: Services, title: string, act: (work: Work) => Promise<T>): Promise<T> {
  try {
    return await withProgress(title, (report, signal: CancelSignal) => {
      let before = 0;
      const onProgress = (percent: number): void => {
        report({ increment: percent - before, message: `${Math.round(percent)} %` });
        before = percent;
      };
      return act({ onProgress, signal });
    });
  } finally {
    images.changed();
  }
}

const tell = (message: string): void => void vscode.window.showInformationMessage(message);

/** Images with a URL that the things named, or all labs, start from. */
export async function fetchImages(services: Services, args: TargetArguments): Promise<void> {
  const clicked = rowOf(args)?.image?.path;
  const wanted = (await missingImages(services)).filter(({ path }) => clicked === undefined || path === clicked);
  if (wanted.length === 0) tell('All images of the labs here have been fetched.');
  for (const image of wanted) await fetchOne(services, image);
}

/** Gets what the VMs start from, then starts them; nothing starts if a download fails or is called off. */
export async function fetchAndStart(services: Services, args: TargetArguments): Promise<void> {
  const list = () => vmsOf(services.store.labs);
  const things = await thingsOrPick(services, args, { title: 'Start which VMs?', list, canPickMany: true });
  if (things.length === 0) return;
  const isMeant = (lab: string, vm: string): boolean =>
    things.some(thing => thing.kind === 'vm' && thing.lab === lab && thing.name === vm);
  for (const image of await missingImages(services, isMeant)) await fetchOne(services, image);
  await runVerb(services, 'start', [things[0], things]);
}

/** Those of the labs that are not in the cache. */
async function missingImages(
  { images, store }: Services,
  isMeant: (lab: string, vm: string) => boolean = () => true,
): Promise<readonly UsedImage[]> {
  const { usedImages } = await import('../../runtime/images/image-room.ts');
  const { files, places } = await images.ports();
  const all = store.labs.flatMap(({ path, lab }) =>
    lab ? usedImages(path, lab, places).filter(one => one.url !== undefined && isMeant(path, one.vm)) : [],
  );
  const unique = [...new Map(all.map(one => [one.path, one])).values()];
  const there = await Promise.all(unique.map(one => files.look(one.path)));
  return unique.filter((_, at) => !there[at]);
}

async function fetchOne(services: Services, image: UsedImage): Promise<void> {
  const { actions } = await services.images.ports();
  const done = await work(services, `Fetching image ${image.text}`, ({ onProgress, signal }) =>
    actions.fetch(image, {
      signal,
      onProgress: (bytes, total) => {
        if (total !== undefined && total > 0) onProgress((100 * bytes) / total);
      },
    }),
  );
  tell(done);
}

export async function createImage(services: Services): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  const target = await vscode.window.showSaveDialog({
    title: 'New Image',
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder.uri, 'disk.qcow2') }),
    filters: { Images: ['qcow2', 'img', 'raw'] },
  });
  if (!target) return;
  const size = await vscode.window.showInputBox({
    title: 'Size of the Disk',
    value: '10G',
    validateInput: text =>
      /^[1-9]\d{0,8}[KMGT]$/i.test(text) ? undefined : 'A whole number with M, G or T, such as 10G.',
  });
  if (size === undefined) return;
  const { defaultFormat } = await import('../../lab/images.ts');
  const { actions } = await services.images.ports();
  const { fsPath: path } = target;
  await work(services, 'Making the image', () =>
    actions.create({ path, format: defaultFormat(path) }, size.toUpperCase()),
  );
  tell(`${path} is made. A VM gets it with "disks:" in its lab file.`);
}

/** Inside the image: its name, scripts and what lies under it stay as they are. */
export async function snapshotImage(services: Services, args: TargetArguments): Promise<void> {
  const image = await imageOf(services, args, 'Snapshot of Which Image?');
  if (!image) return;
  const { actions } = await services.images.ports();
  const held = await actions.snapshots(image.path);
  const make = { label: '$(add) New Snapshot…', name: undefined };
  const items = [
    make,
    ...held.map(({ name }) => ({ label: `$(history) ${name}`, description: 'go back or delete', name })),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: image.path });
  if (!picked) return;
  if (picked.name !== undefined) return changeSnapshot(services, image.path, picked.name);
  const name = await vscode.window.showInputBox({
    title: 'Name of the Snapshot',
    value: `snapshot-${held.length + 1}`,
  });
  if (name === undefined || name === '') return;
  await work(services, 'Taking a snapshot', () => actions.snapshot('create', image.path, name));
  tell(`Snapshot ${name} of ${image.path} is made.`);
}

async function changeSnapshot(services: Services, path: string, name: string): Promise<void> {
  const [back, forget] = ['Go Back', 'Delete Snapshot'];
  const detail = 'Going back loses what was written since. Deleting keeps the disk as it is now.';
  const chosen = await vscode.window.showWarningMessage(`Snapshot ${name}`, { modal: true, detail }, back, forget);
  if (chosen === undefined) return;
  const { actions } = await services.images.ports();
  await work(services, chosen, () => actions.snapshot(chosen === back ? 'restore' : 'delete', path, name));
  tell(chosen === back ? `${path} is as it was at ${name}.` : `Snapshot ${name} is deleted.`);
}

export async function rebaseImage(services: Services, args: TargetArguments): Promise<void> {
  const image = await imageOf(services, args, 'Rebase Which Image?');
  if (!image) return;
  const all = await entries(services);
  const alone = {
    label: '$(ungroup-by-ref-type) Over None',
    detail: 'All that lies under it is taken into it.',
    base: undefined,
  };
  const others = all
    .filter(({ state, path }) => state === 'there' && path !== image.path)
    .map(({ label, path, format }) => ({ label, detail: path, base: { path, format } }));
  const picked = await vscode.window.showQuickPick([alone, ...others], {
    title: 'Over Which Image? The guest sees the same.',
  });
  if (!picked) return;
  const { actions } = await services.images.ports();
  await work(services, 'Rebasing the image', options => actions.rebase(image.path, picked.base, options));
  tell(picked.base ? `${image.path} lies over ${picked.base.path} now.` : `${image.path} stands alone now.`);
}

export async function compactImage(services: Services, args: TargetArguments): Promise<void> {
  const image = await imageOf(services, args, 'Compact Which Image?');
  if (!image) return;
  const { actions } = await services.images.ports();
  const { sizeWords } = await import('../../runtime/images/image-room.ts');
  const { before, after } = await work(services, 'Compacting the image', options => actions.compact(image, options));
  tell(`${image.path} took ${sizeWords(before)} and takes ${sizeWords(after)} now.`);
}
