import { defaultFormat } from '../../lab/images.ts';
import type { Plain } from '../../lab/reading/plain-data.ts';
import type { CommandOption } from '../../qemu/command-line.ts';
import { optionText, readOptionList, readOptionPairs } from '../../qemu/option-list.ts';
import type { VmDraft } from './draft.ts';

/** How paths of the command line are written in the lab. */
export interface ImportPaths {
  /** For a key of the lab file. */
  inLab(path: string): string;
  /** For an argument, which QEMU gets as it is. */
  absolute(path: string): string;
}

type List = ReadonlyMap<string, string>;

/** Disks, CD drives, kernels: whatever is a file. */
export class DriveImport {
  private readonly draft: VmDraft;
  private readonly paths: ImportPaths;
  /** `-device virtio-blk-pci,drive=X`, by X. */
  private readonly virtioDevices = new Map<string, CommandOption>();

  constructor(draft: VmDraft, paths: ImportPaths, options: readonly CommandOption[]) {
    this.draft = draft;
    this.paths = paths;
    const drives = options.flatMap(({ name, value = '' }) => (name === 'drive' ? [readOptionList(value, 'file')] : []));
    for (const option of options) {
      const device = option.name === 'device' ? readOptionList(option.value ?? '', 'driver') : undefined;
      const drive = device?.get('drive');
      const isPlain = [...(device ?? [])].every(([key]) => /^(driver|drive|id)$/.test(key));
      const isOurs = drives.some(one => one.get('id') === drive && one.get('if') === 'none' && isPlainDisk(one));
      if (drive !== undefined && isPlain && isOurs && /^virtio-blk(-pci)?$/.test(device?.get('driver') ?? ''))
        this.virtioDevices.set(drive, option);
    }
  }

  take(option: CommandOption): boolean {
    const { name, value = '' } = option;
    if (name === 'drive') return this.drive(option, value);
    if (name === 'cdrom') return this.cdrom(option, new Map([['file', value]]));
    if (name === '' || /^(hd[a-d]|fd[ab]|mtdblock|sd|pflash|bios)$/.test(name)) return this.imageOption(option, value);
    if (name === 'kernel' || name === 'initrd') {
      this.draft.set(name, this.paths.inLab(value), option);
      return true;
    }
    return [...this.virtioDevices.values()].includes(option);
  }

  private drive(option: CommandOption, text: string): boolean {
    const drive = readOptionList(text, 'file');
    if (drive.get('media') === 'cdrom') return this.cdrom(option, drive);
    const bus = drive.get('if') ?? 'ide';
    const isVirtio = bus === 'virtio' || (bus === 'none' && this.virtioDevices.has(drive.get('id') ?? ''));
    if (isVirtio && isPlainDisk(drive)) return this.disk(option, drive);
    const pairs = readOptionPairs(text, 'file').map(
      ([key, one]) => [key, key === 'file' && !hasProtocol(one) ? this.paths.absolute(one) : one] as const,
    );
    this.draft.addExtra(['-drive', optionText(pairs)], bus === 'ide' ? ideRemark : undefined);
    return true;
  }

  private disk(option: CommandOption, drive: List): boolean {
    const file = this.paths.inLab(drive.get('file') ?? '');
    const format = drive.get('format') ?? defaultFormat(file);
    const disk: Plain = format === defaultFormat(file) ? file : { file, format };
    this.draft.disks.push(disk);
    const guessed = drive.has('format') ? '' : ` (${format} by its name, as the command line names no format)`;
    this.draft.note('key', option.words, `disks: ${file}${guessed}`);
    return true;
  }

  private cdrom(option: CommandOption, drive: List): boolean {
    const file = drive.get('file');
    const isOurs = [...drive].every(
      ([key, one]) => /^(file|media|id|format|readonly|index)$/.test(key) || (key === 'if' && one === 'ide'),
    );
    if (file === undefined && isOurs)
      this.draft.note('lost', option.words, 'a CD drive without a CD; "cdrom:" with an image makes one');
    else if (file !== undefined && isOurs && !this.draft.keys.has('cdrom'))
      this.draft.set('cdrom', this.paths.inLab(file), option);
    else this.draft.addExtra(option.words);
    return true;
  }

  /** A guest may not find its root on another bus, so these stay what they are. */
  private imageOption({ name, words }: CommandOption, file: string): boolean {
    const isDisk = name === '' || name.startsWith('hd');
    const path = this.paths.absolute(file);
    this.draft.addExtra(name === '' ? ['-hda', path] : [words[0] ?? '', path], isDisk ? ideRemark : undefined);
    return true;
  }
}

const ideRemark = 'stays on IDE; under "disks:" the guest would find it on virtio, as /dev/vda';

/** A disk of which we have a key for everything. */
function isPlainDisk(drive: List): boolean {
  return [...drive].every(([key, value]) => {
    if (key === 'format') return value === 'raw' || value === 'qcow2';
    if (key === 'media') return value === 'disk';
    return key === 'file' ? value !== '' && !hasProtocol(value) : /^(if|id|index)$/.test(key);
  });
}

/** `nbd://…`, `json:…`: QEMU gets it from elsewhere. */
const hasProtocol = (file: string): boolean => /^[a-z][\w+.-]*:/i.test(file);
