import { UserError } from '../base/user-error.ts';
import { StickElsewhere, StickMounted } from '../runtime/sticks/stick-slots.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, type Command, type ExitCode } from './command.ts';
import { checkStick, listSticksHere, packStick, unpackStick } from './stick-work.ts';
import { addStick, removeStick } from './stick-plug.ts';

const actions = {
  add: addStick,
  remove: removeStick,
  list: listSticksHere,
  pack: packStick,
  unpack: unpackStick,
  check: checkStick,
} as const;

export const kvmstickCommand: Command = {
  name: 'kvmstick',
  operands: 'add|remove|list|pack|unpack|check …',
  summary: 'Virtual USB sticks: make them, plug them into running VMs, read them',
  details: [
    'kvmstick add [FILE] STICK VM        plug it into a VM that runs',
    'kvmstick remove [FILE] STICK [VM]   pull it out, and tell whether it was unmounted before',
    'kvmstick list [FILE…]               sticks beside the labs, and those in running VMs',
    'kvmstick pack [FILE] STICK [FOLDER] make a stick with what is in the folder, or an empty one',
    'kvmstick unpack [FILE] STICK FOLDER read all of it into a new folder',
    'kvmstick check [FILE] STICK         look for faults in its file system',
    '',
    'STICK is a name, for sticks/NAME.img beside the lab file FILE (or in this folder), or the path',
    'of an image. Sticks that are made have one partition with FAT32, which every system reads. Any',
    'image can be plugged in.',
    'The tiny guest knows USB if it was made with: kvmlab guest --usb guest',
    'Exit code 3: it was so already, the guest has it mounted, or another VM has it.',
  ],
  options: [
    jsonOption,
    { name: 'size', value: 'SIZE', summary: 'Size of the stick, such as 512M or 8G (pack)' },
    { name: 'label', value: 'NAME', summary: 'What guests call it: 11 letters and digits (pack)' },
    { name: 'replace', summary: 'Make it anew; what was on it is lost (pack)' },
    { name: 'force', summary: 'Pull it out though the guest has it mounted (remove)' },
  ],
  maxOperands: 100,
  async run({ operands: [name, ...operands], options }, ports): Promise<ExitCode> {
    const known = Object.entries(actions).find(([one]) => one === name);
    if (!known) throw new UsageError(`kvmstick does one of: ${Object.keys(actions).join(', ')}.`);
    try {
      return await known[1]({ operands, options }, ports);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      if (!(error instanceof StickElsewhere || error instanceof StickMounted)) throw error;
      ports.err(`kvmlab: ${error.message}\n`);
      return exitCodes.already;
    }
  },
};
