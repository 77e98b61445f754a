import { expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';

const installOf = (text: string) => {
  const { lab, problems } = readLab(`vms:\n  fw:\n    id: 31\n    install: ${text}\n`);
  return { install: lab?.vms[0]?.install, problems: problems.map(({ code, message }) => `${code}: ${message}`) };
};

test('install: is a script, or a script with values and what is booted meanwhile', () => {
  expect(installOf('fw.install.yaml')).toEqual({ install: { script: 'fw.install.yaml', vars: [] }, problems: [] });
  expect(installOf('{ script: a.yaml, vars: { disk: vda, pin: 007 }, kernel: k, initrd: i, append: quiet }')).toEqual({
    install: {
      script: 'a.yaml',
      vars: [
        ['disk', 'vda'],
        ['pin', '007'],
      ],
      ...{ kernel: 'k', initrd: 'i', append: 'quiet' },
    },
    problems: [],
  });
});

test.each([
  ['{ kernel: k }', 'missing-key', 'which script'],
  ['[a]', 'bad-value', 'takes keys'],
  ['{ script: a, vars: { x: [1] } }', 'bad-value', 'x takes a text'],
  ['{ scrip: a }', 'unknown-key', 'script'],
])('%s is told of', (text, code, words) => {
  expect(installOf(text).problems.find(one => one.startsWith(code))).toContain(words);
});

test('a template has it for all that extend it', () => {
  const text = 'templates: { debian: { install: d.install.yaml } }\nvms: { a: { id: 1, extends: debian } }\n';

  expect(readLab(text).lab?.vms[0]?.install?.script).toBe('d.install.yaml');
});
