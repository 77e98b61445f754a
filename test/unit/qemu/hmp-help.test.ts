import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandsOf, isMonitorError, parseHelp } from '../../../extension/qemu/hmp-help.ts';

const help = [
  'block_job_cancel [-f] device -- stop an active background block operation (use -f\r',
  '\t\t\t if you want to abort the operation immediately)\r',
  'cont|c  -- resume emulation\r',
  'drive_add [-n] [[<domain>:]<bus>:]<slot>\r',
  '[file=file][,if=type]\r',
  '[,readonly=on|off] -- add drive to PCI storage controller\r',
  'drive_mirror [-n] device -- initiates live storage\r',
  '\t\t\tmigration for a device.\r',
  '\t\t\t\r',
  'info [subcommand] -- show various information about the system state\r',
  'quit|q  -- quit the emulator\r',
  '\r',
].join('\n');

describe('the help of the monitor', () => {
  test('is read with names, arguments and summaries over several lines', () => {
    expect(parseHelp(help)).toEqual([
      {
        name: 'block_job_cancel',
        aliases: [],
        args: '[-f] device',
        summary: 'stop an active background block operation (use -f if you want to abort the operation immediately)',
      },
      { name: 'cont', aliases: ['c'], args: '', summary: 'resume emulation' },
      {
        name: 'drive_add',
        aliases: [],
        args: '[-n] [[<domain>:]<bus>:]<slot>[file=file][,if=type][,readonly=on|off]',
        summary: 'add drive to PCI storage controller',
      },
      {
        name: 'drive_mirror',
        aliases: [],
        args: '[-n] device',
        summary: 'initiates live storage migration for a device.',
      },
      {
        name: 'info',
        aliases: [],
        args: '[subcommand]',
        summary: 'show various information about the system state',
      },
      { name: 'quit', aliases: ['q'], args: '', summary: 'quit the emulator' },
    ]);
  });

  test('is joined with that of info, each command once and sorted', () => {
    const info =
      'info status  -- show the current VM status (running|paused)\r\ninfo block [-n] [device] -- show block devices\r\n';

    const commands = commandsOf(help, info);

    expect(commands.map(one => one.name).slice(-4)).toEqual(['info', 'info block', 'info status', 'quit']);
    expect(commands.find(one => one.name === 'info block')?.args).toBe('[-n] [device]');
  });

  test('is read without complaint, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom(' -- ', '\n', '\t', 'info ', '|'))), parts => {
        for (const { name, summary } of parseHelp(parts.join(''))) {
          expect(name).not.toBe('');
          expect(summary).toBe(summary.trim());
        }
      }),
    );
  });
});

describe('an answer of the monitor', () => {
  test.each([
    "Error: Device 'nodrive' not found\n",
    "unknown command: 'nosuch'\n",
    'sendkey: string expected\nTry "help sendkey" for more information\n',
    'invalid parameter: nokey\n',
    "Device 'x' not found\n",
  ])('%j says that the command failed', answer => {
    expect(isMonitorError(answer)).toBe(true);
  });

  test.each(['', 'VM status: running\n', '0x2\n', 'cdrom (#block1): Error counter: 0\n'])('%j does not', answer => {
    expect(isMonitorError(answer)).toBe(false);
  });
});
