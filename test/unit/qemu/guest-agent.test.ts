import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AgentAnswers, agentQuestion } from '../../../extension/qemu/guest-agent.ts';

const answered = (...pieces: readonly string[]): boolean => {
  const answers = new AgentAnswers(77);
  return pieces.map(piece => answers.push(piece)).includes(true);
};
const synced = '\u00ff{"return": 77}\n';

test('an agent is asked for a sign of its own, then whether it is there', () => {
  const [sync, ping, end] = agentQuestion(77).split('\n');

  expect(JSON.parse(sync ?? '')).toEqual({ execute: 'guest-sync-delimited', arguments: { id: 77 } });
  expect([JSON.parse(ping ?? ''), end]).toEqual([{ execute: 'guest-ping' }, '']);
});

test('it has answered when both came, in this order, and nothing else counts', () => {
  expect(answered(`{"return": {}}\n${synced}`)).toBe(false);
  expect(answered('\u00ff{"return": 76}\n{"return": {}}\n')).toBe(false);
  expect(answered(`${synced}{"error": {"class": "CommandNotFound", "desc": "no"}}\n`)).toBe(false);
  expect(answered(`junk {\n[1]\nnull\n${synced}not json\n`)).toBe(false);
  expect(answered(`{"return": 5}\n${synced}{"return": {}}\n`)).toBe(true);
});

test('however its answer is cut', () => {
  const text = `junk\n${synced}{"return": {}}\n`;
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 8 }), cuts => {
      const places = [0, ...cuts.sort((a, b) => a - b), text.length];
      expect(answered(...places.map((at, index) => text.slice(at, places[index + 1] ?? at)))).toBe(true);
    }),
  );
});
