import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readKvmscript } from '../../../extension/lab/kvmscript-defaults.ts';

const values = (text: string) => readKvmscript(text).layer.values;
const problems = (text: string): readonly string[] =>
  readKvmscript(text).problems.map(({ line, message }) => `${line}: ${message}`);

describe('~/.kvmscript', () => {
  test('gives defaults, each with its line, without being run', () => {
    const text = [
      '# mine',
      'RAM=512',
      'export CPUS=2',
      'ACCEL="tcg" # slow',
      '',
      "  MAC_PREFIX='02:00:5E'",
      "NIC_MODEL=$'e1000'; VNC=yes",
    ];

    expect(readKvmscript(text.join('\n'))).toEqual({
      layer: {
        values: { memory: '512M', cpus: 2, accel: 'tcg', macPrefix: '02:00:5e', model: 'e1000', vnc: true },
        sources: {
          memory: { kind: 'kvmscript', line: 2 },
          cpus: { kind: 'kvmscript', line: 3 },
          accel: { kind: 'kvmscript', line: 4 },
          macPrefix: { kind: 'kvmscript', line: 6 },
          model: { kind: 'kvmscript', line: 7 },
          vnc: { kind: 'kvmscript', line: 7 },
        },
      },
      problems: [],
    });
    expect(values(text.join('\r\n'))).toEqual(values(text.join('\n')));
  });

  test.each([
    ['the last assignment counts', 'RAM=1G\nRAM=2G', { memory: '2G' }],
    ['several on a line', 'RAM=1G CPUS=2 ; VNC=no', { memory: '1G', cpus: 2, vnc: false }],
    ['continued lines', 'RAM=\\\n1G\nexport \\\n  CPUS=2', { memory: '1G', cpus: 2 }],
    ['declarations', 'declare -x RAM=1G\nreadonly CPUS=2\nexport RAM', { memory: '1G', cpus: 2 }],
    [
      'lists and dynamic values of other programs',
      'PATH=$HOME/bin:$PATH\nA=(1 "2 3"\n  4)\nB=$(x)\nRAM=1G',
      { memory: '1G' },
    ],
    ['no line end at the end', 'RAM=1G', { memory: '1G' }],
    ['nothing', '', {}],
  ])('%s', (_, text, expected) => {
    expect(values(text)).toEqual(expected);
    expect(problems(text)).toEqual([]);
  });

  test.each([
    ['RAM=$(free -m)', /^2: RAM is set with the output of a command\. .*read, never run.*RAM=512M/],
    ['RAM=`x`', /^2: RAM is set with the output of a command/],
    ['RAM="$HOME"', /^2: RAM is set with the variable \$HOME/],
    ['RAM=${MEM:-1G}', /^2: RAM is set with the variable \$\{MEM:-1G\}/],
    ['CPUS=$((1 + 1))', /^2: CPUS is set with a calculation/],
    ['RAM=lots', /^2: RAM takes a whole number with M or G.*Here it is "lots"/],
    ['CPUS=0', /^2: CPUS takes a whole number from 1/],
    ['VNC=maybe', /^2: VNC takes true or false/],
    ['RAM=(1G 2G)', /^2: RAM takes one value, not a list/],
    ['RAM+=G', /^2: RAM takes a whole value/],
    ['RAM =1G', /^2: "RAM =1G" is a command/],
    ['source other', /^2: "source other" is a command/],
    ['. other', /^2: "\. other" is a command/],
    ['RAM=1G rm -rf /', /^2: "rm -rf \/" is a command/],
    ['RAM=1G#2', /^2: RAM takes/],
    ["RAM='1G", /^2: A quote or bracket that begins here has no end/],
    ['if x; then\nRAM=1G\nfi', /^3: RAM depends on a condition/],
    ['test -e x && RAM=1G', /^2: RAM depends on/],
    ['f() {\nRAM=1G\n}', /^3: RAM depends on/],
    ['(RAM=1G)', /^2: RAM depends on/],
    ['echo | RAM=1G', /^2: RAM depends on/],
    ['cat <<END\nRAM=1G\nEND', /^2: "cat" is a command/],
  ])('%s is reported with its line, and gives no default', (text, message) => {
    const reading = readKvmscript(`\n${text}\n`);

    expect(reading.layer).toEqual({ values: {}, sources: {} });
    expect(problems(`\n${text}\n`).join('\n')).toMatch(new RegExp(message.source, 'm'));
  });

  test('what is not understood on one line does not cost the others', () => {
    expect(values('RAM=1G; rm -rf /\nsource x\nCPUS=3')).toEqual({ memory: '1G', cpus: 3 });
  });

  test('takes any text', () => {
    const piece = fc.constantFrom(...'RAM=1G|$(|`|"|\'|\\|<<E|\n|\r|if|{|}|(|)|;|&&|#|=|A=(|x'.split('|'), '|', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
        const { layer, problems: found } = readKvmscript(pieces.join(''));

        expect(Object.keys(layer.values)).toEqual(Object.keys(layer.sources));
        expect(found.every(({ line, message }) => line >= 1 && message.length > 10)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
