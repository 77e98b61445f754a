import { UsageError } from './arguments.ts';
import { exitCodes, type Command } from './command.ts';

export const guestCommand: Command = {
  name: 'guest',
  operands: '[DIR]',
  summary: 'Make the tiny guest, for VMs with "guest: tiny"',
  details: [
    'It is made from Debian packages, without root.',
    'Without DIR it goes to where every lab of yours finds it. Prints the paths of its kernel and initrd.',
  ],
  options: [
    { name: 'usb', summary: 'With a kernel that knows USB sticks; its VMs need 128M (it goes to a DIR of its own)' },
    { name: 'force', summary: 'Make it again even if it is up to date' },
  ],
  maxOperands: 1,
  async run({ operands, options }, ports) {
    const dir = operands[0] === undefined ? undefined : ports.folder.resolve(operands[0]);
    const log = (line: string): void => ports.err(`${line}\n`);
    const usb = options.has('usb');
    if (usb && dir === undefined)
      throw new UsageError('Name a DIR for the guest with USB, such as "guest" beside the lab file.');
    const order = { log, signal: ports.signal, force: options.has('force'), usb };
    const { kernel, initrd } = await ports.buildGuest(dir, order);
    ports.out(`${kernel}\n${initrd}\n`);
    return exitCodes.done;
  },
};
