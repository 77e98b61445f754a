import { UserError } from '../base/user-error.ts';
import { BeingFetched, ImageInUse } from '../images/image-errors.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, type Command, type ExitCode } from './command.ts';
import { chainOfImage, listImagesHere } from './image-list.ts';
import { compactImage, createImage, fetchImages, rebaseImage, snapshotImage } from './image-work.ts';

const actions = {
  fetch: fetchImages,
  list: listImagesHere,
  chain: chainOfImage,
  create: createImage,
  snapshot: snapshotImage,
  rebase: rebaseImage,
  compact: compactImage,
} as const;

export const imageCommand: Command = {
  name: 'image',
  operands: 'fetch|list|chain|create|snapshot|rebase|compact …',
  summary: 'Disk images: fetch, list and change them',
  details: [
    'image fetch [FILE] [VM…]         get the images that have a URL, and check those that have a sum',
    'image list [FILE…]               images of labs: size, what lies under them, who uses them',
    'image chain IMAGE                an image and all that lie under it',
    'image create IMAGE [SIZE]        a new image of this size, or with --base one over another image',
    'image snapshot IMAGE [NAME]      keep its state under a name; without NAME list them',
    'image rebase IMAGE --base OTHER  put an overlay over another image (--flatten: over none)',
    'image compact IMAGE              write it anew without what is not used',
    '',
    'Formats follow from names (.img, .raw: raw; else qcow2) and are never guessed from the content.',
    'After a rebase the guest sees the same as before.',
    'Snapshots are kept inside the image: its name, its scripts and what lies under it stay as they are.',
    'Exit code 3: a VM or another command works on the image.',
  ],
  options: [
    jsonOption,
    { name: 'base', value: 'IMAGE', summary: 'The image to lie over (create, rebase)' },
    { name: 'flatten', summary: 'Take all that lies under it into the image (rebase)' },
    { name: 'restore', summary: 'Go back to the snapshot; what came after it is lost' },
    { name: 'delete', summary: 'Forget the snapshot' },
    { name: 'format', value: 'FORMAT', summary: 'Format of IMAGE: qcow2 or raw' },
    { name: 'base-format', value: 'FORMAT', summary: 'Format of the base' },
  ],
  maxOperands: 100,
  async run({ operands: [name, ...operands], options }, ports): Promise<ExitCode> {
    const known = Object.entries(actions).find(([one]) => one === name);
    if (!known) throw new UsageError(`image does one of: ${Object.keys(actions).join(', ')}.`);
    try {
      return await known[1]({ operands, options }, ports);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!(error instanceof ImageInUse || error instanceof BeingFetched)) throw error;
      ports.err(`kvmlab: ${error.message}\n`);
      return exitCodes.already;
    }
  },
};
