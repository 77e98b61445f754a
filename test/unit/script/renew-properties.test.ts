import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lab, Vm } from '../../../extension/lab/model.ts';
import { renewScript, type Decide } from '../../../extension/script/renew/renew-script.ts';
import { assignmentsOf, readSettingsBlock } from '../../../extension/script/renew/settings-block.ts';
import { renderLab } from '../../../extension/script/render-lab.ts';
import { lab as aLab, networkSwitch as aSwitch, nic as aNic, vm as aVm } from '../../support/lab-builder.ts';
import { cutScript, editScript, handEdit } from '../../support/script-edits.ts';

const word = fc.string({ unit: 'binary', maxLength: 8 }).map(text => text.replaceAll('\0', '').toWellFormed());
const line = word.map(text => text.replaceAll(/[\n\r]/g, ' '));

const someVm: fc.Arbitrary<Vm> = fc
  .record({
    memory: fc.constantFrom('256M', '512M', '1G'),
    cpus: fc.integer({ min: 1, max: 3 }),
    append: fc.option(line, { nil: undefined }),
    cdrom: fc.option(fc.constantFrom('a.iso', '~/b c.iso'), { nil: undefined }),
    disks: fc.array(fc.record({ file: line, format: fc.constant('qcow2' as const), size: fc.constant(undefined) }), {
      maxLength: 2,
    }),
    extra: fc.array(word, { maxLength: 2 }),
    nics: fc.array(
      fc.record({ port: fc.integer({ min: 1, max: 3 }), addresses: fc.constantFrom([], ['10.0.0.1/24']) }),
      { maxLength: 3 },
    ),
  })
  .map(parts => aVm('fw', 31, { ...parts, nics: parts.nics.map((one, at) => aNic(at + 1, 'lan', one)) }));

const labOf = (vm: Vm): Lab => aLab({ name: 'dmz', switches: [aSwitch('lan')], vms: [vm] });
const scriptOf = (vm: Vm): string =>
  renderLab(labOf(vm), { source: 'dmz.lab.yaml', base: '..' }).find(({ name }) => name === 'fw.sh')?.text ?? '';

/** What the settings say, by the name of the variable. */
function valuesOf(script: string): ReadonlyMap<string, string> {
  const start = script.length - cutScript(script).slice(1).join('').length;
  const block = readSettingsBlock(script, start, '# --- end of settings ---');
  if (!block) throw new Error('the settings have no end');
  return new Map(
    [...assignmentsOf(block)].map(([name, { value, valueText }]) => [name, JSON.stringify(value ?? { valueText })]),
  );
}

const decisions: readonly Decide[] = [() => 'mine', () => 'lab', ({ suggestion }) => suggestion];

test('hand edits of settings survive any change of the lab file or are told as clashes, and renewing twice changes nothing', () => {
  fc.assert(
    fc.property(
      someVm,
      someVm,
      fc.array(handEdit, { maxLength: 8 }),
      fc.constantFrom(...decisions),
      (before, after, edits, decide) => {
        const [then, lab] = [scriptOf(before), scriptOf(after)];
        const mine = editScript(then, edits);

        const renewed = renewScript(mine.text, lab, decide);

        const [was, own, wanted] = [valuesOf(then), valuesOf(mine.text), valuesOf(lab)];
        const now = valuesOf(renewed.text);
        const clashing = new Set(renewed.clashes.flatMap(clash => (clash.kind === 'setting' ? [clash.name] : [])));
        for (const name of new Set([...was.keys(), ...own.keys(), ...wanted.keys()])) {
          const [a, b, c] = [was.get(name), own.get(name), wanted.get(name)];
          const isClash = b !== a && c !== a && b !== c;
          expect(clashing.has(name), `clash of ${name}`).toBe(isClash);
          if (!isClash) expect(now.get(name), name).toBe(b === a ? c : b);
        }
        expect(subsequence(cutScript(renewed.text)[1], mine.inserted)).toEqual(mine.inserted.toSorted());
        expect(outside(renewed.text)).toEqual(outside(lab));
        expect(renewScript(renewed.text, lab, decide)).toMatchObject({ kind: 'same', clashes: [] });
      },
    ),
    { numRuns: 120 },
  );
});

const outside = (script: string): readonly string[] => [cutScript(script)[0], cutScript(script)[2]];

/** Those of the lines that stand in the block as they are. */
const subsequence = (block: string, lines: readonly string[]): readonly string[] =>
  lines.filter(one => `\n${block}`.includes(`\n${one}\n`)).toSorted();

test('a script that nobody edited becomes what the lab file says, byte for byte', () => {
  fc.assert(
    fc.property(someVm, someVm, (before, after) => {
      const renewed = renewScript(scriptOf(before), scriptOf(after));

      expect(renewed.text).toBe(scriptOf(after));
      expect(renewed.clashes).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('whatever is done to a script outside its settings, nothing of it is lost unasked', () => {
  const [then, lab] = [scriptOf(aVm('fw', 31)), scriptOf(aVm('fw', 31, { nics: [aNic(1, 'lan')] }))];
  const [head, block, tail] = cutScript(then);
  fc.assert(
    fc.property(fc.nat(), fc.string(), fc.boolean(), (place, text, isInHead) => {
      fc.pre(text.trim() !== '' || text.includes('\n'));
      const cut = place % (isInHead ? head.length : tail.indexOf('# --- as generated'));
      const at = isInHead ? cut : head.length + block.length + cut;
      const edited = then.slice(0, at) + text + then.slice(at);

      const renewed = renewScript(edited, lab, () => 'mine');

      const isTold = renewed.kind === 'foreign' || renewed.clashes.some(({ kind }) => kind === 'code');
      expect(isTold).toBe(true);
      if (renewed.kind !== 'foreign') expect(renewScript(edited, lab, () => 'lab').text).toBe(lab);
    }),
    { numRuns: 120 },
  );
});
