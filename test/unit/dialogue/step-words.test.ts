import { expect, test } from 'vitest';
import { stepWords } from '../../../extension/dialogue/player/step-words.ts';
import { readInstallScript } from '../../../extension/dialogue/reading/read-install-script.ts';

test.each([
  ["{ name: in, expect: 'login: ', send: '${user} $${HOME}' }", 'in: wait for "login: ", send "${user} $${HOME}"'],
  ['{ type: a }', 'type "a"'],
  ['{ keys: [up, enter] }', 'press up, enter'],
  ["{ first-of: [{ expect: '/a$/' }, { expect: b }] }", 'wait for the first of /a$/, "b"'],
  ['{ repeat: 3, while: x, steps: [{ keys: a }] }', 'repeat while "x", at most 3 times'],
  ['{ repeat: 3, until: x, first-of: [{ expect: a }] }', 'repeat until "x", at most 3 times'],
  ['{ wait: 500ms }', 'wait 500 ms'],
  ['{ silence: 3m }', 'wait for 3 min of silence'],
  ['{ set: { a: 1, b: 2 } }', 'set a, b'],
  ['{ cd: eject }', 'take the CD out'],
  ['{ cd: ./eject }', 'put ./eject into the CD drive'],
  ['{ vm: reset }', 'reset the VM'],
  ['{ vm: off }', 'wait until the VM is off'],
])('%s: %s', (step, words) => {
  const { script, problems } = readInstallScript(`vars: { user: x }\nsteps:\n  - ${step}\n`);

  expect(problems).toEqual([]);
  expect(script?.steps.map(stepWords)).toEqual([words]);
});
