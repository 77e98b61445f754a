import { describe, expect, test } from 'vitest';
import type { LabThing } from '../../../extension/lab/edits/lab-edit.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { edited } from '../../support/edited-lab.ts';
import { deedWords, stepTimes } from '../../../extension/runtime/views/scenario-words.ts';

const labText = (
  ...steps: readonly string[]
): string => `switches: { lan: {}, dmz: {}, host: { tap: { interface: k0 } } }
vms: { web: { id: 7, nics: [{ switch: lan }] } }
wires: [{ between: [lan, dmz] }, { between: [dmz, "udp://192.168.1.5:5001->other:5002"] }]
presets: { shaky: { loss: 2% } }
scenarios:
  storm:
${steps.map(step => `    - ${step}\n`).join('')}`;

function read(...steps: readonly string[]) {
  const text = labText(...steps);
  const { lab, problems } = readLab(text);
  return {
    told: lab?.scenarios?.[0]?.steps.map(step => `${stepTimes(step)} ${deedWords(step.deed)}`),
    problems: problems.map(({ code, span, message }) => ({ code, at: text.slice(span.start, span.end), message })),
  };
}

describe('scenarios in a lab file', () => {
  test('are steps with their times', () => {
    const steps = [
      '{ at: 30s, for: 1m, wire: lan-dmz, loss: 5%, there: { delay: 20ms } }',
      '{ at: 2m, for: 10s, wire: web/1, preset: shaky, loss: 0, reorder: true }',
      '{ at: 3m, for: 500ms, random: 20s, flap: lan-dmz, every: 250ms }',
      '{ for: 1.5m, pause: web }',
      '{ at: 10m, for: 1s, kill: lan }',
    ];

    expect(read(...steps)).toEqual({
      problems: [],
      told: [
        'at 30s for 1m wire lan-dmz: there.delay=20ms, loss=5%',
        'at 2m for 10s wire web/1: 2 % loss, loss=0, reorder=yes',
        'at 3m to 200s for 500ms wire lan-dmz flaps every 250ms',
        'at 0s for 90s VM web paused',
        'at 10m for 1s switch lan killed',
      ],
    });
  });

  test.each([
    ['{ for: 1s, pause: wev }', 'unknown-vm', 'wev', 'Did you mean "web"?'],
    ['{ for: 1s, kill: lam }', 'unknown-switch', 'lam', 'Did you mean "lan"?'],
    ['{ for: 1s, flap: dmz-lan }', 'unknown-wire', 'dmz-lan', 'There is no wire "dmz-lan"'],
    ['{ for: 1s, wire: web/2, loss: 1% }', 'unknown-wire', 'web/2', 'Did you mean "web/1"?'],
    ['{ for: 1s, kill: host }', 'bad-value', 'host', 'only root can start it again'],
    ['{ for: 1s, wire: lan-dmz }', 'missing-key', 'lan-dmz', 'Say what is wrong'],
    ['{ for: 1s, wire: lan-dmz, preset: shakey }', 'bad-value', 'shakey', 'Did you mean "shaky"?'],
    ['{ at: 30, for: 1s, pause: web }', 'bad-value', '30', 'takes a time with its unit'],
    ['{ for: 9999m, pause: web }', 'bad-value', '9999m', 'at most 1440m'],
    ['{ for: 1s, flap: lan-dmz, every: 50ms }', 'bad-value', '50ms', 'from 100ms on'],
    ['{ for: 1s, pause: web, kill: lan }', 'bad-value', 'lan', 'pause and kill are two steps'],
    ['{ for: 1s, pause: web, loss: 1% }', 'bad-value', '1%', '"loss" says nothing about pause'],
    ['{ pause: web }', 'missing-key', '{ pause: web }', 'for how long'],
  ])('that cannot be run are told with their place: %s', (step, code, at, words) => {
    expect(read(step).problems).toEqual([{ code, at, message: expect.stringContaining(words) as string }]);
  });

  test.each([
    ['{ for: 10s, wire: lan-dmz, loss: 1% }', '{ at: 9s, for: 1s, flap: lan-dmz }'],
    ['{ at: 9s, for: 1s, pause: web }', '{ for: 5s, random: 5s, pause: web }'],
    ['{ for: 10s, kill: lan }', '{ at: 1s, for: 1s, wire: web/1, loss: 1% }'],
    ['{ for: 10s, kill: lan }', '{ at: 1s, for: 1s, kill: dmz }'],
  ])('change one thing at a time: %s and %s', (one, other) => {
    expect(read(one, other).problems).toMatchObject([{ code: 'scenario-overlap' }]);
  });

  test('may follow each other without a pause', () => {
    const steps = ['{ for: 10s, kill: lan }', '{ at: 10s, for: 1s, kill: lan }', '{ for: 30s, pause: web }'];

    expect(read(...steps).problems).toEqual([]);
  });
});

describe('an edit of the lab', () => {
  const text = labText(
    '{ for: 1s, wire: lan-dmz, loss: 5% }',
    '{ for: 1s, flap: web/1 }',
    '{ for: 1s, pause: web }',
    '{ at: 1m, for: 1s, kill: lan }',
    '{ at: 2m, for: 1s, kill: dmz }',
  );
  const stepsOf = (after: string): readonly string[] => {
    expect(readLab(after).problems).toEqual([]);
    return [...after.matchAll(/^ {4}- .*?(?:wire|flap|pause|kill): ([^ ,]+)/gm)].map(([, name = '']) => name);
  };

  test('takes a new name of a VM or switch along into the steps', () => {
    const vm = edited(text, { kind: 'rename', thing: 'vm', from: 'web', to: 'www' });
    expect(stepsOf(vm)).toEqual(['lan-dmz', 'www/1', 'www', 'lan', 'dmz']);
    const first = edited(text, { kind: 'rename', thing: 'switch', from: 'lan', to: 'home' });
    expect(stepsOf(first)).toEqual(['home-dmz', 'web/1', 'web', 'home', 'dmz']);
    const second = edited(text, { kind: 'rename', thing: 'switch', from: 'dmz', to: 'out' });
    expect(stepsOf(second)).toEqual(['lan-out', 'web/1', 'web', 'lan', 'out']);
  });

  test('takes the steps along that name what goes', () => {
    const without = (...things: LabThing[]) => stepsOf(edited(text, { kind: 'remove', things }));
    expect(without({ kind: 'vm', name: 'web' })).toEqual(['lan-dmz', 'lan', 'dmz']);
    expect(without({ kind: 'nic', vm: 'web', nic: 1 })).toEqual(['lan-dmz', 'web', 'lan', 'dmz']);
    expect(without({ kind: 'wire', name: 'lan-dmz' })).toEqual(['web/1', 'web', 'lan', 'dmz']);
    expect(without({ kind: 'switch', name: 'lan' })).toEqual(['web', 'dmz']);
  });

  test('keeps with their NICs the steps that name them, when one before them goes', () => {
    const nics = '[{ switch: lan }, { switch: dmz }, { switch: lan }]';
    const three = `switches: { lan: {}, dmz: {} }
vms: { web: { id: 1, nics: ${nics} }, db: { id: 2, nics: ${nics} } }
scenarios:
  storm:
${['web/1', 'web/2', 'web/3', 'db/3'].map(wire => `    - { for: 1s, flap: ${wire} }\n`).join('')}`;

    const nic = (number: number): LabThing => ({ kind: 'nic', vm: 'web', nic: number });
    expect(stepsOf(edited(three, { kind: 'remove', things: [nic(2)] }))).toEqual(['web/1', 'web/2', 'db/3']);
    expect(stepsOf(edited(three, { kind: 'remove', things: [nic(1), nic(2)] }))).toEqual(['web/1', 'db/3']);
    expect(stepsOf(edited(three, { kind: 'remove', things: [{ kind: 'switch', name: 'dmz' }] }))).toEqual([
      ...['web/1', 'web/2', 'db/2'],
    ]);
  });
});
