import { listImages, sizeWords, virtualSize, type ImageEntry } from '../runtime/images/image-list.ts';
import { readChain, type ChainLink } from '../runtime/images/image-chain.ts';
import type { Arguments } from './arguments.ts';
import { exitCodes, printJson, type CliPorts, type ExitCode } from './command.ts';
import { imageOperand } from './image-operands.ts';
import { openLab, openLabsHere } from './lab-file.ts';
import { printable, renderTable } from './text-table.ts';

/** Images of the labs named, or of all in the current folder. */
export async function listImagesHere({ operands, options }: Arguments, ports: CliPorts): Promise<ExitCode> {
  const unread = operands.length === 0 ? await openLabsHere(ports) : [];
  for (const file of operands) await openLab(file, ports);
  for (const file of unread) ports.err(`${file} is no lab file that can be read; its images are not listed.\n`);
  await ports.watcher.poll();
  const labs = ports.store.labs.flatMap(({ path, lab, vms }) =>
    lab ? [{ path, lab, isRunning: (vm: string) => vms.get(vm)?.kind === 'running' }] : [],
  );
  const entries = await listImages(labs, ports.images.places, ports.images.files);
  if (options.has('json')) printJson(entries.map(plainEntry), ports);
  else ports.out(renderTable(['IMAGE', 'FORMAT', 'SIZE', 'TAKES', 'OVER', 'USED BY', 'STATE'], entries.map(rowOf)));
  return exitCodes.done;
}

export async function chainOfImage(args: Arguments, ports: CliPorts): Promise<ExitCode> {
  const { path, format } = imageOperand(args, 1, ports);
  const { links, problem } = await readChain(path, format, ports.images.files);
  if (args.options.has('json')) printJson({ links: links.map(plainLink), problem }, ports);
  else {
    const rows = links.map(link => [link.path, link.format, sizeOfLink(link), sizeWords(link.allocatedBytes)]);
    ports.out(renderTable(['IMAGE', 'FORMAT', 'SIZE', 'TAKES'], rows));
  }
  if (problem === undefined) return exitCodes.done;
  ports.err(`kvmlab: ${printable(problem)}\n`);
  return exitCodes.failed;
}

const rowOf = (entry: ImageEntry) => {
  const [own, under] = entry.chain.links;
  return [
    entry.label,
    entry.format,
    own && sizeWords(virtualSize(entry)),
    own && sizeWords(own.allocatedBytes),
    under?.path,
    entry.users.map(({ vm, isRunning }) => (isRunning ? `${vm} (running)` : vm)).join(', '),
    entry.state === 'there' ? '' : entry.state === 'broken' ? entry.chain.problem : entry.state,
  ];
};

const sizeOfLink = ({ facts }: ChainLink): string => sizeWords(facts.kind === 'broken' ? undefined : facts.virtualSize);

const plainLink = ({ path, format, allocatedBytes, facts }: ChainLink) => ({
  ...{ path, format, allocatedBytes },
  virtualSize: facts.kind === 'broken' ? undefined : facts.virtualSize,
  snapshots: facts.kind === 'qcow2' ? facts.snapshots : 0,
});

const plainEntry = (entry: ImageEntry) => ({
  ...{ path: entry.path, label: entry.label, format: entry.format, role: entry.role, state: entry.state },
  ...{ url: entry.url, sha256: entry.sha256, problem: entry.chain.problem, users: entry.users },
  chain: entry.chain.links.map(plainLink),
});
