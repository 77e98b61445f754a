import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LabThing } from '../../../extension/lab/edits/lab-edit.ts';
import { endOf, forbiddenTargets, targetsOf } from '../../../extension/lab/expectations/check-ends.ts';
import { checkSentences } from '../../../extension/lab/expectations/check-sentences.ts';
import { checkWords } from '../../../extension/lab/expectations/lab-check.ts';
import { isMistake, readSentence } from '../../../extension/lab/expectations/sentence.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { edited } from '../../support/edited-lab.ts';

const labText = (...checks: readonly string[]): string => `switches:
  lan: { network: 192.168.10.0/24, vlans: [10, 20], stp: true }
  dmz: { network: 10.1.0.0/24 }
vms:
  fw: { id: 31, guest: tiny, forward: true, nics: [{ switch: lan, address: 192.168.10.1/24 }, { switch: dmz, address: 10.1.0.1/24 }] }
  pc: { id: 32, guest: tiny, nics: [{ switch: lan, address: 192.168.10.20/24 }] }
  web: { id: 33, guest: tiny, nics: [{ switch: dmz, address: [10.1.0.80/24, 'fd00::80/64'] }] }
  seat: { id: 41, count: 2, guest: tiny, nics: [{ switch: lan, address: 192.168.10.41/24 }] }
groups: { office: { vms: [pc, 'seat-*'] } }
checks:
${checks.map(check => `  ${check}\n`).join('')}`;

function read(...checks: readonly string[]) {
  const text = labText(...checks);
  const { lab, problems } = readLab(text);
  if (!lab) throw new Error('no lab');
  const all = [...problems, ...checkSentences(lab, text)];
  return {
    lab,
    words: (lab.checks ?? []).map(checkWords),
    problems: all.map(({ code, span, message }) => ({ code, at: text.slice(span.start, span.end), message })),
  };
}

describe('checks of a lab file', () => {
  test('are sentences, or maps with a sentence or a command', () => {
    const { lab, words, problems } = read(
      'page: pc reaches web on tcp/80',
      'quoted: "office must not reach dmz"',
      'later: { check: seat-* reach web through fw, wait: 30s }',
      'routes: { on: fw, run: cat /proc/sys/net/ipv4/ip_forward, prints: /^1$/ }',
      'down: { on: fw, run: "false", status: 1 }',
    );

    expect(problems).toEqual([]);
    expect(words).toEqual([
      'pc reaches web on tcp/80',
      'office must not reach dmz',
      'seat-* reach web through fw',
      'on fw, "cat /proc/sys/net/ipv4/ip_forward" prints /^1$/',
      'on fw, "false" ends with 1',
    ]);
    expect(lab.checks?.map(({ name, waitMs }) => `${name} ${waitMs}`)).toEqual([
      'page 0',
      'quoted 0',
      'later 30000',
      'routes 0',
      'down 0',
    ]);
  });

  test('say what is wrong with them at its place', () => {
    const { problems } = read(
      'a: pc reeches web',
      'b: pc reaches weeb on tcp/80',
      'c: pc must not reach "dmz"',
      'd: "pc reaches web on tcp/99999"',
      'e: { on: pcc, run: uptime }',
      'f: { check: pc reaches web, run: uptime }',
      'g: { on: pc }',
      'h: office is the STP root',
      'i: VLAN 30 is isolated from VLAN 10',
      'j: pc reaches web on tcp/80 within 50ms',
      'k: dmz reaches web',
      'l: [pc]',
    );

    expect(problems.map(({ code, at }) => `${code}: ${at}`)).toEqual([
      'bad-value: uptime',
      'missing-key: g',
      'bad-value: [pc]',
      'bad-value: reeches',
      'unknown-vm: weeb',
      'unknown-vm: "dmz"',
      'bad-value: 99999',
      'unknown-vm: pcc',
      'unknown-switch: office',
      'vlan-range: VLAN 30',
      'bad-value: within 50ms',
      'unknown-vm: dmz',
    ]);
    expect(problems.map(({ message }) => message).join('\n')).toMatch(
      /Did you mean "reaches"\?[^]*Did you mean "web"\?/,
    );
  });
});

describe('a sentence', () => {
  const plain = (text: string): unknown => {
    const read = readSentence(text);
    return JSON.parse(JSON.stringify(read, (key, value: unknown) => (key === 'at' ? undefined : value)));
  };

  test('is read into what it says', () => {
    const word = (text: string) => ({ text });
    const [from, to] = [word('pc'), word('web')];

    expect(plain('pc reaches web')).toEqual({ kind: 'reach', from, to, isForbidden: false });
    expect(plain('pc must not reach web on udp/53')).toEqual({
      ...{ kind: 'reach', from, to, isForbidden: true },
      port: { protocol: 'udp', number: 53 },
    });
    expect(plain('pc reaches web on tcp/80 through fw')).toEqual({
      ...{ kind: 'reach', from, to, isForbidden: false },
      port: { protocol: 'tcp', number: 80 },
      through: word('fw'),
    });
    expect(plain('pc reaches web with at most 1.5% loss and within 2s')).toEqual({
      ...{ kind: 'ping', from, to },
      ...{ loss: 1.5, ms: 2000 },
    });
    expect(plain('pc gets at least 5Mbit from web')).toEqual({ kind: 'rate', from: to, to: from, bits: 5_000_000 });
    expect(plain('VLAN 10 is isolated from blue')).toEqual({
      ...{ kind: 'apart', one: word('VLAN 10'), other: word('blue') },
    });
    expect(plain('lan is the STP root of VLAN 10')).toEqual({ kind: 'root', switch: word('lan'), vlan: 10 });
  });

  test.each([
    ['', 'A check is a sentence.'],
    ['pc', 'A check is a sentence.'],
    ['pc reaches', 'missing at the end'],
    ['pc  reaches web', 'no verb'],
    ['pc reaches web on tcp', 'on tcp/80'],
    ['pc reaches web on tcp/80 on tcp/81', 'twice'],
    ['pc must not reach web through fw', 'no way'],
    ['pc gets at least much from web', 'at least 5Mbit'],
    ['red is isolated from blue on tcp/80', 'Remove "on tcp/80"'],
    ['lan is the STP root of 10', 'of VLAN 10'],
  ])('"%s" is refused', (text, words) => {
    const read = readSentence(text);

    expect(isMistake(read) && read.message).toContain(words);
  });

  test('whatever is typed is read or refused at a place inside of it', () => {
    const word = fc.constantFrom(
      'pc',
      'web',
      'reaches',
      'must',
      'not',
      'reach',
      'on',
      'tcp/80',
      'within',
      '5ms',
      'and',
      'VLAN',
      '',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map(words => words.join(' ')),
        ),
        text => {
          const read = readSentence(text);
          if (!isMistake(read)) return;
          expect(read.start).toBeGreaterThanOrEqual(0);
          expect(read.end).toBeGreaterThanOrEqual(read.start);
          expect(read.end).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });
});

describe('names in sentences', () => {
  const { lab } = read();
  const vm = (name: string) => lab.vms.find(one => one.name === name)!;
  const addresses = (from: string, to: string, of: typeof targetsOf): readonly string[] =>
    of(lab, vm(from), endOf(lab, to)!).map(({ address }) => address);

  test('stand for VMs, rows, groups, switches, addresses and VLANs', () => {
    const vms = (name: string): unknown => {
      const end = endOf(lab, name);
      return end?.kind === 'vms' ? end.vms.map(one => one.name) : end;
    };

    expect(vms('pc')).toEqual(['pc']);
    expect(vms('seat-*')).toEqual(['seat-1', 'seat-2']);
    expect(vms('office')).toEqual(['pc', 'seat-1', 'seat-2']);
    expect(vms('fw/2')).toEqual(['fw']);
    expect(vms('fw/3')).toBeUndefined();
    expect(vms('dmz')).toEqual({ kind: 'switch', name: 'dmz' });
    expect(vms('fd00::1')).toEqual({ kind: 'address', address: 'fd00::1' });
    expect(vms('VLAN 10')).toEqual({ kind: 'vlan', vlan: 10 });
    expect(vms('nobody')).toBeUndefined();
  });

  test('one address of a VM has to be reached, the nearest; none of them may be', () => {
    expect(addresses('pc', 'fw', targetsOf)).toEqual(['192.168.10.1']);
    expect(addresses('web', 'fw', targetsOf)).toEqual(['10.1.0.1']);
    expect(addresses('pc', 'fw/2', targetsOf)).toEqual(['10.1.0.1']);
    expect(addresses('pc', 'web', targetsOf)).toEqual(['10.1.0.80']);
    expect(addresses('pc', 'web', forbiddenTargets)).toEqual(['10.1.0.80', 'fd00::80']);
    expect(addresses('pc', 'office', targetsOf)).toEqual(['192.168.10.41', '192.168.10.42']);
  });

  test('of a switch a router beside who asks does not count: it answers with all its addresses', () => {
    expect(addresses('pc', 'dmz', forbiddenTargets)).toEqual(['10.1.0.80', 'fd00::80']);
    expect(addresses('web', 'lan', targetsOf)).toEqual(['192.168.10.20', '192.168.10.41', '192.168.10.42']);
  });
});

describe('an edit of the lab', () => {
  const text = labText(
    'page: pc reaches web on tcp/80 through fw',
    '"far": "web must not reach office"',
    'nic: { check: web reaches fw/2 with at most 1% loss, wait: 5s }',
    'seats: seat-* reach lan',
    'routes: { on: fw, run: uptime }',
  );
  const checksOf = (after: string): readonly string[] => {
    const { lab, problems } = readLab(after);
    if (!lab) throw new Error('no lab');
    expect([...problems, ...checkSentences(lab, after)]).toEqual([]);
    return (lab.checks ?? []).map(checkWords);
  };
  const [page, far, nic, seats, routes] = checksOf(text);

  test('takes new names along into sentences', () => {
    const renamed = (thing: 'vm' | 'switch' | 'group', from: string, to: string): readonly string[] =>
      checksOf(edited(text, { kind: 'rename', thing, from, to }));

    expect(renamed('vm', 'fw', 'router')).toEqual([
      'pc reaches web on tcp/80 through router',
      far,
      'web reaches router/2 with at most 1% loss',
      seats,
      'on router, "uptime" ends with 0',
    ]);
    expect(renamed('vm', 'seat', 'desk')).toEqual([page, far, nic, 'desk-* reach lan', routes]);
    expect(renamed('switch', 'lan', 'home')).toEqual([page, far, nic, 'seat-* reach home', routes]);
    expect(renamed('group', 'office', 'people')).toEqual([page, 'web must not reach people', nic, seats, routes]);
  });

  test('takes the checks along that speak of what goes', () => {
    const without = (...things: LabThing[]): readonly string[] => checksOf(edited(text, { kind: 'remove', things }));

    expect(without({ kind: 'vm', name: 'fw' })).toEqual([far, seats]);
    expect(without({ kind: 'group', name: 'office' })).toEqual([page, nic, seats, routes]);
    expect(without({ kind: 'vm', name: 'web' })).toEqual([seats, routes]);
  });
});
