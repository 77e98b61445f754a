import { describe, expect, test } from 'vitest';
import type { HmpCommand } from '../../../extension/qemu/hmp-help.ts';
import { withLine } from '../../../extension/runtime/console/monitor-history.ts';
import { monitorItems } from '../../../extension/runtime/console/monitor-list.ts';

const command = (name: string, args: string, aliases: readonly string[] = []): HmpCommand => {
  return { name, args, aliases, summary: `about ${name}` };
};
const commands = [command('cont', '', ['c']), command('eject', '[-f] device'), command('info block', '[-n] [device]')];

describe('the list for the monitor', () => {
  test('has all commands with their arguments and help', () => {
    expect(monitorItems('', [], commands)).toEqual([
      { label: 'cont', description: '', detail: 'about cont (also c)', line: 'cont', isWhole: true },
      { label: 'eject', description: '[-f] device', detail: 'about eject', line: 'eject ', isWhole: false },
      {
        label: 'info block',
        description: '[-n] [device]',
        detail: 'about info block',
        line: 'info block',
        isWhole: true,
      },
    ]);
  });

  test('has what was run before at its top', () => {
    expect(
      monitorItems('', ['info status', 'stop'], commands)
        .slice(0, 2)
        .map(one => one.line),
    ).toEqual(['info status', 'stop']);
  });

  test('offers the typed line first, with the arguments that its command takes', () => {
    const [first] = monitorItems(' eject cdrom ', ['eject cdrom'], commands);

    expect(first).toEqual({
      label: 'eject cdrom',
      description: 'run this line · eject [-f] device',
      line: 'eject cdrom',
      isWhole: true,
    });
    expect(monitorItems('eject cdrom', ['eject cdrom'], commands)).toHaveLength(4);
    expect(monitorItems('c', [], commands)[0]?.description).toBe('run this line');
    expect(monitorItems('info block -n', [], commands)[0]?.description).toContain('info block [-n] [device]');
  });
});

describe('the history of a monitor', () => {
  test('has each line once, the latest first, and an end', () => {
    expect(withLine(['a', 'b'], ' b ')).toEqual(['b', 'a']);
    expect(withLine(['a'], '  ')).toEqual(['a']);
    expect(
      withLine(
        Array.from({ length: 64 }, (_, at) => `l${at}`),
        'new',
      ),
    ).toHaveLength(64);
  });

  test('keeps no password', () => {
    expect(withLine(['a'], 'set_password vnc abc')).toEqual(['a']);
    expect(withLine(['a'], 'object_add secret,id=s,data=abc')).toEqual(['a']);
  });
});
