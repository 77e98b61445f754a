import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const schema = fileURLToPath(new URL('junit.xsd', import.meta.url));

/** What libxml2 says of a report: that it validates, or what is wrong with it. */
export function validateJunit(report: string): string {
  const { stderr, error } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', schema, '-'], {
    input: report,
    encoding: 'utf8',
  });
  if (error) throw error;
  return stderr.trim().replaceAll(path.dirname(schema), '');
}
