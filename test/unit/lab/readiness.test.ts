import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSoundPattern, matches, readPattern } from '../../../extension/lab/console-pattern.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { readyOf } from '../../../extension/lab/ready.ts';
import { startOrder } from '../../../extension/lab/start-order.ts';
import { edited } from '../../support/edited-lab.ts';

function read(...vms: readonly string[]) {
  const text = `switches: { lan: {} }\nvms:\n${vms.map(vm => `  ${vm}\n`).join('')}`;
  const { lab, problems } = readLab(text);
  return {
    vms: lab?.vms ?? [],
    problems: problems.map(({ code, span, message }) => ({ code, at: text.slice(span.start, span.end), message })),
  };
}

const signs = (ready: string, nic = '{ switch: lan, address: 10.0.0.1/24 }') => {
  const { vms, problems } = read(`web: { id: 1, nics: [${nic}], ready: ${ready} }`);
  return { ready: vms[0]?.ready, problems };
};

describe('ready:', () => {
  test.each([
    ['"login:"', [{ kind: 'prompt', pattern: { kind: 'text', text: 'login:' } }]],
    ['/login. $/', [{ kind: 'prompt', pattern: { kind: 'expression', text: 'login. $' } }]],
    ['tcp/22', [{ kind: 'port', port: 22 }]],
    ['agent', [{ kind: 'agent' }]],
    [
      '{ command: systemctl is-system-running, answer: running }',
      [{ kind: 'command', command: 'systemctl is-system-running', answer: { kind: 'text', text: 'running' } }],
    ],
    [
      '{ agent: true, port: tcp/80, prompt: up }',
      [{ kind: 'prompt', pattern: { kind: 'text', text: 'up' } }, { kind: 'agent' }, { kind: 'port', port: 80 }],
    ],
  ])('%s', (text, expected) => {
    expect(signs(text)).toEqual({ ready: { signs: expected, withinMs: 180_000 }, problems: [] });
  });

  test('a tiny guest says by itself when it is ready, and may be given less time for it', () => {
    const { vms } = read(
      'a: { id: 1, guest: tiny }',
      'b: { id: 2, guest: tiny, ready: { within: 20s } }',
      'c: { id: 3 }',
    );

    const sign = (name: string) => [{ kind: 'prompt', pattern: { kind: 'text', text: `READY ${name}` } }];
    expect(vms.map(readyOf)).toEqual([
      { signs: sign('a'), withinMs: 180_000 },
      { signs: sign('b'), withinMs: 20_000 },
      undefined,
    ]);
  });

  test.each([
    ['udp/53', 'bad-value', 'udp/53', 'takes a TCP port'],
    ['tcp/70000', 'bad-value', 'tcp/70000', 'takes a TCP port'],
    ['/(a+)+$/', 'bad-value', '/(a+)+$/', 'none of a group'],
    ['"/[/"', 'bad-value', '"/[/"', 'a regular expression'],
    ['{ within: 90s }', 'missing-key', '{ within: 90s }', 'Say what shows that web is ready'],
    ['{ agent: false }', 'missing-key', '{ agent: false }', 'Say what shows that web is ready'],
    ['{ prompt: up, answer: ok }', 'missing-key', 'ok', 'Add "command:"'],
    ['{ prompt: up, within: 90 }', 'bad-value', '90', 'takes a time with its unit'],
    ['[tcp/22]', 'bad-value', '[tcp/22]', 'ready takes keys with values'],
    ['{ prompt: up, color: red }', 'unknown-key', 'color', 'is no key here'],
  ])('%s is refused at its place', (text, code, at, words) => {
    expect(signs(text).problems).toEqual([{ code, at, message: expect.stringContaining(words) as string }]);
  });

  test('a port cannot be asked where nobody knows the address', () => {
    expect(signs('tcp/22', '{ switch: lan, address: dhcp }').problems).toEqual([
      { code: 'bad-value', at: 'tcp/22', message: expect.stringContaining('give a NIC an IPv4 address') as string },
    ]);
  });
});

describe('a pattern', () => {
  test('is looked for in each line, and not where it would take for ever', () => {
    expect(matches(readPattern('/^login: $/'), 'Debian\nlogin: ')).toBe(true);
    expect(matches(readPattern('/^login: $/'), 'last login: \n')).toBe(false);
    expect(matches(readPattern('login:'), 'last login: \n')).toBe(true);
    const slow = ['(a|a)*b', '(a+)+b', 'a*a*a*a*b', '(a{1,9}){2,9}'];
    expect(slow.filter(text => isSoundPattern({ kind: 'expression', text }))).toEqual([]);
    expect(isSoundPattern({ kind: 'expression', text: '\\(\\w+\\)* [+*]{2}$' })).toBe(true);
  });
});

describe('after:', () => {
  test('names VMs, and all of a row', () => {
    const { vms, problems } = read(
      'fw: { id: 1 }',
      'web: { id: 2, count: 2, after: fw }',
      'pc: { id: 9, after: [web-*, fw] }',
    );

    expect(problems).toEqual([]);
    expect(vms.map(({ name, after }) => [name, after])).toEqual([
      ['fw', undefined],
      ['web-1', ['fw']],
      ['web-2', ['fw']],
      ['pc', ['web-1', 'web-2', 'fw']],
    ]);
  });

  test.each([
    ['an unknown VM', ['fw: { id: 1 }', 'web: { id: 2, after: fv }'], 'unknown-vm', 'fv', 'Did you mean "fw"?'],
    ['itself', ['fw: { id: 1, after: fw }'], 'start-cycle', 'fw', 'cannot come after itself'],
  ])('%s is an error', (_what, vms, code, at, words) => {
    expect(read(...vms).problems).toEqual([{ code, at, message: expect.stringContaining(words) as string }]);
  });

  test('VMs that wait for each other are told, each at its place', () => {
    const { problems } = read(
      'a: { id: 1, after: c }',
      'b: { id: 2, after: [a] }',
      'c: { id: 3, after: b }',
      'd: { id: 4, after: a }',
    );

    expect(problems.map(({ code, at }) => [code, at])).toEqual([
      ['start-cycle', 'c'],
      ['start-cycle', '[a]'],
      ['start-cycle', 'b'],
    ]);
    expect(problems[0]?.message).toBe(
      'VM a comes after c comes after b comes after a: none of them could ever start. Remove one of these.',
    );
  });

  test('in the start order every VM of a sound lab stands behind those that it comes after', () => {
    const graph = fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { maxLength: 20 });
    fc.assert(
      fc.property(graph, fc.infiniteStream(fc.nat()), (edges, shuffle) => {
        const sorted = edges.map((to, index) => ({
          name: `v${index}`,
          after: to.filter(other => other < index).map(other => `v${other}`),
        }));
        const mixed = sorted.map(vm => ({ vm, key: shuffle.next().value as number })).sort((a, b) => a.key - b.key);

        const order = startOrder(mixed.map(({ vm }) => vm));

        expect(new Set(order)).toEqual(new Set(sorted));
        order.forEach(({ after }, at) => {
          for (const name of after) expect(order.findIndex(vm => vm.name === name)).toBeLessThan(at);
        });
      }),
    );
  });

  test('VMs in a ring are in it all the same', () => {
    const ring = [{ name: 'a', after: ['b'] }, { name: 'b', after: ['a'] }, { name: 'c' }];

    expect(startOrder(ring).map(({ name }) => name)).toContain('a');
    expect(startOrder(ring)).toHaveLength(3);
  });

  test('follows a rename, and forgets who is removed', () => {
    const text = `vms:
  fw: { id: 1 }
  web: { id: 2, after: [fw, db] } # behind both
  db: { id: 3, after: fw }
  pc: { id: 4, count: 2 }
  log: { id: 8, after: pc-* }
`;

    expect(edited(text, { kind: 'rename', thing: 'vm', from: 'fw', to: 'wall' })).toBe(text.replaceAll('fw', 'wall'));
    expect(edited(text, { kind: 'remove', things: [{ kind: 'vm', name: 'fw' }] })).toBe(`vms:
  web: { id: 2, after: [db] } # behind both
  db: { id: 3 }
  pc: { id: 4, count: 2 }
  log: { id: 8, after: pc-* }
`);
    expect(edited(text, { kind: 'rename', thing: 'vm', from: 'pc', to: 'client' })).toBe(
      text.replaceAll('pc', 'client').replace('client-*', '"client-*"'),
    );
  });
});
