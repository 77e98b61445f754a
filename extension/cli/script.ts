import { exitCodes, type Command } from './command.ts';
import { openSoundLab, takeLabFile } from './lab-file.ts';
import { UsageError } from './arguments.ts';

export const scriptCommand: Command = {
  name: 'script',
  operands: '[FILE]',
  summary: 'Write the scripts of a lab and print their paths',
  details: ['The same lab file gives the same bytes. What was changed by hand is not overwritten.'],
  options: [{ name: 'out', value: 'DIR', summary: "Write them to this folder, not to the lab's own beside the file" }],
  maxOperands: 1,
  async run({ operands, options }, ports) {
    const { file, others } = await takeLabFile(operands, ports);
    if (others[0] !== undefined) throw new UsageError(`${others[0]} is no lab file.`);
    const { path } = await openSoundLab(file, ports);
    const out = options.get('out');
    const written = await ports.writeScripts(path, out === undefined ? undefined : ports.folder.resolve(out));
    for (const script of written) ports.out(`${script}\n`);
    return exitCodes.done;
  },
};
