import { describe, expect, test } from 'vitest';
import { UserError } from '../../../extension/base/user-error.ts';
import { readCheckList } from '../../../extension/runtime/migration/check-list.ts';
import { readMoved } from '../../../extension/runtime/migration/migration-result.ts';
import { migrationWords } from '../../../extension/runtime/migration/migration-words.ts';
import { lab } from '../../support/lab-builder.ts';

const span = { start: 0, end: 0 };
const left = { name: 'left', ssh: 'me@left', run: '/run/labs', scripts: 'kvmlab', shared: [], nameSpan: span, span };
const order = { vm: 'fw', id: undefined, downtimeMs: undefined, bandwidthMib: undefined } as const;

describe('what the script is told', () => {
  test('a host of the lab gives its ssh, its scripts and its run-time folders', () => {
    const words = migrationWords(lab({ name: 'dmz', hosts: [left] }), {
      ...order,
      target: { kind: 'host', name: 'left' },
      downtimeMs: 50,
      bandwidthMib: 8,
    });
    expect(words.join(' ')).toBe(
      'migrate --ssh me@left --scripts kvmlab/dmz --run-root /run/labs --downtime 50 --bandwidth 8',
    );
  });

  test('another root of run-time folders takes another ID', () => {
    const words = migrationWords(lab({ name: 'dmz' }), { ...order, target: { kind: 'root', root: '/r' }, id: 41 });
    expect(words).toEqual(['migrate', '--run-root', '/r', 'ID=41']);
  });

  test('back on this host it has the folders that it had, over ssh also the scripts', () => {
    const home = { runRoot: '/run/u', scripts: '/labs/dmz', ssh: undefined };
    const words = (ssh?: string): string =>
      migrationWords(lab({ name: 'dmz' }), { ...order, target: { kind: 'here' }, id: 31 }, { ...home, ssh }).join(' ');

    expect(words()).toBe('migrate --run-root /run/u ID=31');
    expect(words('me@x')).toBe('migrate --ssh me@x --scripts /labs/dmz --run-root /run/u ID=31');
  });

  test('a host that the lab has not is refused with those that it has', () => {
    const refused = () =>
      migrationWords(lab({ name: 'dmz', hosts: [left] }), { ...order, target: { kind: 'host', name: 'lfet' } });
    expect(refused).toThrow(UserError);
    expect(refused).toThrow('It has: left.');
  });
});

test('the check list is read, and other lines are not', () => {
  expect(readCheckList('ok memory\nno disks: not the file: /x/fw.img\nwords: ok\nok two words\n')).toEqual([
    { what: 'memory', isGood: true, why: '' },
    { what: 'disks', isGood: false, why: 'not the file: /x/fw.img' },
    { what: 'two words', isGood: true, why: '' },
  ]);
});

test('what ssh said tells why nobody answers', () => {
  expect(
    readCheckList('ok can be migrated\nssh: connect to host x port 22: refused\nno me@x answers: see above\n'),
  ).toEqual([
    { what: 'can be migrated', isGood: true, why: '' },
    { what: 'me@x answers', isGood: false, why: 'ssh: connect to host x port 22: refused' },
  ]);
});

describe('where a VM has moved', () => {
  const text = 'root=/r\nssh=\nrun=/r/dmz\nconsole=10041\ndowntime-ms=17\ntotal-ms=590\nbytes=80\nsetting=ID=41\n';

  test('is read whole', () => {
    const result = { to: '/r', run: '/r/dmz', consolePort: 10_041, downtimeMs: 17, totalMs: 590, bytes: 80 };
    expect(readMoved(text)).toEqual(result);
    expect(readMoved(text.replace('ssh=', 'ssh=me@left'))).toEqual({ ...result, to: 'me@left (/r)' });
  });

  test('of a file that is not whole nothing is said', () => {
    expect(readMoved('')).toBeUndefined();
    expect(readMoved(text.replace('10041', 'x'))).toBeUndefined();
  });
});
