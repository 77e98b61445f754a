import { describe, expect, test } from 'vitest';
import type { LabReading } from '../../../extension/lab/model.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';

const shells = (reading: LabReading) => reading.lab?.vms.map(({ shell }) => shell);

describe('how commands are run in a guest', () => {
  test('is said at a VM, in its template, or for all by the defaults; tiny guests need none', () => {
    const reading = readLab(
      [
        'defaults: { shell: { user: admin, secret: lab_password } }',
        'templates: { router: { shell: { prompt: [">", "# "], command: "do {}", failure: "% " } } }',
        'vms:',
        '  a: { id: 1 }',
        '  b: { id: 2, shell: { user: root } }',
        '  c: { id: 3, extends: router }',
        '  d: { id: 4, guest: tiny }',
      ].join('\n'),
    );

    expect(reading.problems).toEqual([]);
    expect(shells(reading)).toEqual([
      { user: 'admin', secret: 'lab_password' },
      { user: 'root' },
      { prompt: ['>', '# '], command: 'do {}', failure: ['% '] },
      undefined,
    ]);
  });

  test.each([
    ['{ secret: "a b" }', '"a b"', 'secret takes the name of a secret'],
    ['{ command: "do", prompt: ">" }', '"do"', 'command takes one line with {}'],
    ['{ command: "{}" }', '"{}"', 'Say with "prompt:" what shows that such a guest waits.'],
    ['{ status: echo }', 'echo', 'A Unix shell tells by itself. Where there is none, add "command:".'],
    ['{ pasword: x }', 'pasword', '"pasword" is no key here.'],
    ['linux', 'linux', 'shell takes keys with values'],
  ])('%s is a mistake with its place', (value, place, words) => {
    const text = `vms:\n  a: { id: 1, shell: ${value} }\n`;

    const { problems } = readLab(text);

    expect(problems.map(({ span, message }) => [text.slice(span.start, span.end), message])).toEqual([
      [place, expect.stringContaining(words)],
    ]);
  });
});
