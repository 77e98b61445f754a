import { xmlAttributes, xmlText } from '../../diagram/export/xml.ts';
import { checkWords } from '../../lab/expectations/lab-check.ts';
import type { CheckResult } from './check-result.ts';

export interface JunitSuite {
  /** The lab's. */
  readonly name: string;
  readonly results: readonly CheckResult[];
  /** When the first check began, in milliseconds since 1970. */
  readonly beganAt: number;
}

/**
 * The report that CI servers read, in what the schemas of Ant, Jenkins and others have in common: no attributes at the top,
 * transcripts of failures in the failures, those of all in one `system-out`. What could not be checked is an `error`.
 */
export function junitReport({ name, results, beganAt }: JunitSuite): string {
  const count = (outcome: CheckResult['outcome']): number => results.filter(one => one.outcome === outcome).length;
  const suite = xmlAttributes({
    ...{ id: 0, name, package: 'kvmlab', hostname: 'localhost', tests: results.length },
    ...{ failures: count('failed'), errors: count('could-not') },
    time: seconds(results.reduce((sum, { ms }) => sum + ms, 0)),
    timestamp: new Date(beganAt).toISOString().slice(0, 19),
  });
  const output = results.map(result => `# ${result.check.name}: ${checkWords(result.check)}\n${result.transcript}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite${suite}>`,
    '    <properties/>',
    ...results.flatMap(result => testCase(name, result)),
    `    <system-out>${content(output.join('\n'))}</system-out>`,
    '    <system-err/>',
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(lab: string, { check, outcome, message, transcript, ms }: CheckResult): readonly string[] {
  const attributes = xmlAttributes({ classname: `kvmlab.${lab}`, name: check.name, time: seconds(ms) });
  if (outcome === 'passed') return [`    <testcase${attributes}/>`];
  const element = outcome === 'failed' ? 'failure' : 'error';
  const about = xmlAttributes({ message, type: outcome });
  const text = content(`${checkWords(check)}\n${message}\n\n${transcript}`);
  return [`    <testcase${attributes}>`, `      <${element}${about}>${text}</${element}>`, '    </testcase>'];
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** Line ends stand in content as they are, so that people can read it. */
const content = (text: string): string => text.replaceAll('\r', '').split('\n').map(xmlText).join('\n');
