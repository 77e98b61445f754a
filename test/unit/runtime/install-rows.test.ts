import { describe, expect, test } from 'vitest';
import type { Step } from '../../../extension/dialogue/install-script.ts';
import { readInstallScript } from '../../../extension/dialogue/reading/read-install-script.ts';
import { allSteps } from '../../../extension/dialogue/step-list.ts';
import type { RunState } from '../../../extension/runtime/installs/script-run.ts';
import { installRows, stuckWords } from '../../../extension/runtime/views/install-rows.ts';
import type { TreeNode } from '../../../extension/runtime/views/tree-node.ts';

const { script } = readInstallScript(
  [
    'description: Logs in',
    'vars: { password: { secret: true } }',
    'steps:',
    '  - { name: log in, expect: "login:", send: root }',
    '  - repeat: 3',
    '    until: "# "',
    '    steps: [{ expect: "assword:", send: "${password}" }]',
    '  - send: id',
  ].join('\n'),
);
if (!script) throw new Error('The script cannot be read.');
const steps = allSteps(script.steps);

const stepAt = (number: number): Step => {
  const found = steps.find(step => step.number === number);
  if (!found) throw new Error(`There is no step ${number}.`);
  return found;
};

function row(state: RunState, begun: readonly number[]): TreeNode {
  const target = { lab: '/w/a.lab.yaml', vm: 'fw', kind: 'serial', port: 10_031 } as const;
  const [found] = installRows([
    { id: '1', target, file: '/w/login.install.yaml', script: script!, state, begun: new Set(begun) },
  ]);
  return found!;
}

const shape = (node: TreeNode): readonly unknown[] => [
  ...[node.label, node.description, node.icon.name],
  ...(node.children.length > 0 ? [node.children.map(shape)] : []),
];

describe('the row of an install', () => {
  test('shows which steps are done, which one waits, and those around it', () => {
    const found = row({ kind: 'playing', step: stepAt(3), expected: ['assword:'] }, [1, 2, 3]);

    expect(shape(found)).toEqual([
      'fw',
      'step 3 of 4 · login.install.yaml',
      'loading~spin',
      [
        ['log in: wait for "login:", send "root"', 'done', 'pass'],
        [
          'repeat until "# ", at most 3 times',
          '',
          'loading~spin',
          [['wait for "assword:", send "${password}"', 'waiting', 'loading~spin']],
        ],
        ['send "id"', '', 'circle-outline'],
      ],
    ]);
    expect(found.contextValue).toBe('install.playing');
    expect(found.children[0]).toMatchObject({
      install: { id: '1', step: { number: 1, file: '/w/login.install.yaml', line: 4 } },
      contextValue: 'install.step',
    });
    expect(found.children[0]?.tooltip).toBe('login.install.yaml, line 4');
  });

  test('says where it is stuck and what came last', () => {
    const reason = { kind: 'late', expected: ['login:'], limitMs: 60_000 } as const;
    const stuck = { step: stepAt(1), reason, lastLines: ['Booting', 'panic'] };
    const found = row({ kind: 'stuck', stuck }, [1]);

    expect(found).toMatchObject({
      description: 'stuck · step 1 of 4 · login.install.yaml',
      contextValue: 'install.paused',
    });
    expect(found.tooltip).toContain('Booting\npanic');
    expect(found.children[0]).toMatchObject({ description: 'did not come', icon: { name: 'error' } });
  });

  test('tells in a sentence what was expected and what came', () => {
    const reason = { kind: 'late', expected: ['login:', '/[#$]/'], limitMs: 60_000 } as const;
    const words = (lastLines: readonly string[]): string =>
      stuckWords('/w/login.install.yaml', { step: stepAt(1), reason, lastLines });

    expect(words(['a', 'b', '', 'Kernel', 'panic'])).toBe(
      'step 1 (login.install.yaml, line 4): "login:" or /[#$]/ did not come within 60 s. Printed last: b ⏎ Kernel ⏎ panic',
    );
    expect(words([''])).toContain('Nothing was printed.');
    const refused = { kind: 'refused', message: 'fw has no CD drive.' } as const;
    expect(stuckWords('/w/a.yaml', { step: stepAt(4), reason: refused, lastLines: [] })).toBe(
      'step 4 (a.yaml, line 8): fw has no CD drive.',
    );
  });

  test('is paused, done or ended in words, and steps of what is over begin nothing', () => {
    expect(row({ kind: 'paused', step: stepAt(2) }, [1, 2]).description).toBe(
      'paused · step 2 of 4 · login.install.yaml',
    );
    expect(row({ kind: 'finished' }, [1, 2, 3, 4])).toMatchObject({
      description: 'done · login.install.yaml',
      contextValue: 'install.over',
      children: [{ contextValue: 'install.passed' }, { description: 'done' }, { description: 'done' }],
    });
    expect(row({ kind: 'cancelled' }, [1]).description).toBe('stopped · login.install.yaml');
    expect(row({ kind: 'unconnected', reason: 'nobody answers' }, [])).toMatchObject({
      description: 'no console: nobody answers · login.install.yaml',
      contextValue: 'install.over',
    });
  });
});
