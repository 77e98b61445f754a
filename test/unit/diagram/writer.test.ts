import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Diagram } from '../../../extension/diagram/diagram.ts';
import { labDiagram } from '../../../extension/diagram/from-lab.ts';
import { writeDialects, type WriteDialect } from '../../../extension/diagram/language/dialects.ts';
import { plantumlRefusals } from '../../../extension/diagram/language/plantuml-lines.ts';
import { readDiag } from '../../../extension/diagram/language/reader.ts';
import { writeDiag } from '../../../extension/diagram/language/write-diag.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { plainDiag, randomDiag } from '../../support/diag-generator.ts';
import { randomLab } from '../../support/lab-generator.ts';
import { readSample, samples } from '../../support/samples.ts';

/** A diagram without where and how its things stood in the file. */
const withoutSpans = (diagram: Diagram): unknown =>
  JSON.parse(JSON.stringify(diagram, (key, value: unknown) => (/^(span|nwdiagLabel)$/.test(key) ? undefined : value)));

const isAccepted = (text: string): boolean => readDiag(text).problems.every(problem => problem.severity === 'warning');

/** Lines at which PlantUML would stop, in a text of any dialect. */
function refusedByPlantuml(text: string, dialect: WriteDialect): readonly string[] {
  const wrapped = dialect === 'plantuml' ? text : `@startuml\n${text}@enduml\n`;
  return plantumlRefusals(wrapped).map(({ span }) => wrapped.slice(span.start, span.end));
}

describe('round trip', () => {
  test.each(writeDialects)('text → diagram → %s text → the same diagram, unless a loss is reported', dialect => {
    let kept = 0;
    fc.assert(
      fc.property(fc.oneof(randomDiag, plainDiag), text => {
        const { diagram } = readDiag(text);
        const written = writeDiag(diagram, dialect);
        const again = readDiag(written.text);
        const errors = again.problems.filter(problem => problem.severity === 'error');
        expect(diagram.links.length === 0 ? [] : errors, written.text).toEqual([]);
        if (written.losses.length > 0) return;
        kept += 1;
        expect(withoutSpans(again.diagram), `${text}\n${written.text}`).toEqual(withoutSpans(diagram));
      }),
      { numRuns: 400 },
    );
    expect(kept).toBeGreaterThan(50);
  });

  // The first time a group may get another order, for nwdiag's sake.
  test.each(writeDialects)('what was written twice is written the same again (%s)', dialect => {
    fc.assert(
      fc.property(randomDiag, text => {
        const again = (one: string): string => writeDiag(readDiag(one).diagram, dialect).text;
        const twice = again(again(text));
        expect(again(twice)).toBe(twice);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what both programs take', () => {
  test.each(['portable', 'plantuml'] as const)('every line of %s text is one that PlantUML knows', dialect => {
    fc.assert(
      fc.property(randomDiag, text => {
        const { diagram } = readDiag(text);
        expect(refusedByPlantuml(writeDiag(diagram, dialect).text, dialect)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test('labs of all kinds become text that reads without problems', () => {
    fc.assert(
      fc.property(randomLab, ({ text }) => {
        const { lab } = readLab(text);
        const diagram = lab && labDiagram(lab);
        if (!diagram || diagram.links.length === 0) return;
        for (const dialect of writeDialects) {
          const written = writeDiag(diagram, dialect).text;
          expect(isAccepted(written), written).toBe(true);
          if (dialect !== 'nwdiag') expect(refusedByPlantuml(written, dialect)).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  });

  test.each(samples)('sample $name keeps its VMs, networks and addresses', sample => {
    const { lab } = readSample(sample);
    const diagram = labDiagram(lab ?? expect.fail('no lab'));
    const { diagram: again } = readDiag(writeDiag(diagram, 'portable').text);

    // PlantUML takes no dashes in names.
    const vms = diagram.nodes.filter(node => node.kind === 'vm').map(node => node.id.replaceAll('-', '_'));
    expect(again.nodes.map(node => node.id)).toEqual(expect.arrayContaining(vms));
    expect(again.networks.map(({ id, addresses }) => [id, addresses])).toEqual(
      diagram.networks.map(({ id, addresses }) => [id, addresses]),
    );
  });
});

const written = (text: string, dialect: WriteDialect): string => writeDiag(readDiag(text).diagram, dialect).text;
const lossesOf = (text: string, dialect: WriteDialect): readonly string[] =>
  writeDiag(readDiag(text).diagram, dialect).losses;

describe('dialects', () => {
  const caption = '{ network lan { label = "Office"; web [label = "Web\\nserver"]; } }';

  test('portable text has both words for a caption, as each program passes over the other', () => {
    expect(written(caption, 'portable')).toBe(
      'nwdiag {\n  network lan {\n    web [label = "Web\\nserver", description = "Web\\nserver"];\n  }\n}\n',
    );
    expect(lossesOf(caption, 'portable')).toEqual(['Not written: the label of a network (Office).']);
  });

  test('nwdiag and PlantUML each get the word that they know', () => {
    expect(written(caption, 'nwdiag')).toContain('label = "Office";');
    expect(written(caption, 'plantuml')).toMatch(/^@startuml\n[^]*description = "Office";[^]*@enduml\n$/);
    expect(lossesOf(caption, 'nwdiag')).toEqual([]);
  });

  test('PlantUML has no place for the address of a peer that a network has declared', () => {
    const text = 'nwdiag { network { group { b; } } a -- b [address = 10.0.0.1]; }';
    expect(lossesOf(text, 'plantuml')).toEqual(['Not written: the address of a peer (b).']);
  });

  test('names that a program cannot have become others, and the caption says the real one', () => {
    const text = '{ network n { "web 1"; "web-1"; 10.0.0.1; } }';

    expect(written(text, 'portable')).toContain('web_1 [label = "web 1", description = "web 1"];\n    web_1_2 [');
    expect(written(text, 'portable')).toContain('_10_0_0_1 [label = "10.0.0.1"');
  });

  test('nwdiag would crash on a label if the first node of the group is on several networks', () => {
    const text = '{ group g { label = "G"; a; b; } network n { a; b; } network m { a; } }';
    expect(written(text, 'nwdiag')).toContain('label = "G";\n    b;\n    a;');
    expect(lossesOf(text, 'nwdiag')).toEqual(['Not written: the order in a group, as nwdiag crashes (G).']);
  });

  test('a title, sizes and routes are told where they cannot be written', () => {
    const text = '{ node_width = 200; network n { a; b; } route { a -> b } }';

    expect(lossesOf(text, 'portable')).toEqual([
      'Not written: "node_width = 200", as PlantUML stops at such settings.',
      'Not written: routes, which only a fork of nwdiag draws.',
    ]);
    expect(lossesOf('@startuml\nnwdiag {\n title Our net\n network n {\n a;\n }\n}\n@enduml', 'nwdiag')).toEqual([
      'Not written: the title.',
    ]);
  });

  test('quotes cannot end a string and nothing begins a line that PlantUML would run', () => {
    const text = '{ network n { x [label = "a\\" ]; }\\n!include /etc/passwd", address = "/\' c"]; } }';
    const portable = written(text, 'portable');

    expect(refusedByPlantuml(portable, 'portable')).toEqual([]);
    expect(portable).not.toMatch(/^\s*!/m);
    expect(portable).not.toContain("/'");
  });
});
