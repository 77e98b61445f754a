import { beforeEach, describe, expect, test } from 'vitest';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const file = `switches: { lan: , dmz: }
presets: { field: { delay: 9ms } }
wires: [{ between: [lan, dmz], loss: 1% }]
vms: { a: { id: 1, nics: [{ switch: lan, wire: field }] } }
`;
let terminal: FakeTerminal;
const text = (): unknown => terminal.files.held.get('/work/x.lab.yaml');

beforeEach(() => {
  terminal = new FakeTerminal({ '/work/x.lab.yaml': file });
});

describe('kvmlab wire', () => {
  test('lists the wires of a lab', async () => {
    expect(await terminal.run('wire')).toBe(0);

    expect(terminal.out.split('\n')).toEqual([
      'WIRE       FROM  TO   WHAT IS WRONG',
      'lan – dmz  lan   dmz  stopped',
      'a NIC 1    a     lan  stopped',
      '',
    ]);
    expect(await terminal.run('wire', 'lan', 'dmz', '--json')).toBe(0);
    expect(terminal.json()).toEqual({ wires: [{ wire: 'lan – dmz', ends: ['lan', 'dmz'], running: false }] });
  });

  test('writes changes of a wire that does not run into the file only', async () => {
    expect(await terminal.run('wire', 'dmz', 'lan', 'delay=20ms', 'back.loss=0', '--write')).toBe(0);

    expect(text()).toBe(file.replace('loss: 1%', 'loss: 1%, delay: 20ms, back: { loss: 0 }'));
    expect(await terminal.run('wire', 'a', '1', 'preset=field', 'loss=2%', '--write')).toBe(0);
    expect(text()).toContain('wire: { preset: field, loss: 2% }');
    expect(await terminal.run('wire', 'a', '1', 'reset', '--write')).toBe(0);
    expect(text()).toContain('nics: [{ switch: lan, wire: { preset: field, delay: 0 } }]');
    expect(terminal.err).toContain('Written into /work/x.lab.yaml');
  });

  test('changes nothing that does not run, and says what to do', async () => {
    expect(await terminal.run('wire', 'lan', 'dmz', 'delay=20ms')).toBe(1);

    expect(terminal.err).toContain(
      'Wire lan-dmz is not plugged in, so there is nothing to change now. Start it first.',
    );
    expect(text()).toBe(file);
  });

  test.each([
    [['lan', 'dmz', 'delay=20'], 2, 'delay=20: delay takes an amount such as 20ms'],
    [['lan', 'dmz', 'there.loss=abc'], 2, 'there.loss=abc: loss takes an amount'],
    [['lan', 'dmz', 'dely=20ms'], 2, '"dely" is nothing that can be wrong'],
    [['lan', 'dmz', 'preset=nope'], 2, 'There are field, dsl,'],
    [['lan', 'dmz', 'reorder=maybe'], 2, 'say yes or no'],
    [['delay=20ms'], 2, 'Which wire?'],
    [['lan', 'dmz', 'x', 'reset'], 2, '"x" is one too many'],
    [['lan', 'x', 'reset'], 1, 'has no wire between lan and x'],
    [['a', '2', 'reset'], 1, 'VM a has no NIC 2; it has 1'],
    [['b', '1', 'reset'], 1, 'has no VM b. Its VMs: a.'],
  ])('%j ends with %i', async (words, code, message) => {
    expect(await terminal.run('wire', ...words)).toBe(code);

    expect(terminal.err).toContain(message);
    expect(text()).toBe(file);
  });
});
