import { describe, expect, test } from 'vitest';
import { emptyCluster, labChanges, readDevices, withLab } from '../../../extension/cluster/configuration.ts';
import { labResources } from '../../../extension/cluster/lab-resources.ts';
import { element, writeXml } from '../../../extension/cluster/xml.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import type { Lab } from '../../../extension/lab/model.ts';
import { planHa, type HaPlan, type HaRequest } from '../../../extension/runtime/cluster/ha-plan.ts';

const device = element('primitive', { id: 'power', class: 'stonith', type: 'external/ipmi' });
const labOf = (text: string): Lab => readLab(text).lab!;

const hosts = (more = ''): string =>
  ['left', 'right']
    .map(name => `  ${name}: { run: /run/kvmlab, scripts: /srv/kl, shared: [/srv/kl]${more} }\n`)
    .join('');
const text = `name: dmz
locks: /srv/kl/locks
hosts:
${hosts()}vms:
  fw: { id: 1, host: left, disks: [/srv/kl/fw.qcow2] }
  web: { id: 2, host: right, after: fw }
`;

const plan = (lab: string, more: Partial<HaRequest> = {}): HaPlan =>
  planHa({
    ...{ lab: labOf(lab), folder: '/home/me/labs', home: '/home/me', cluster: undefined },
    ...{ devices: [device], user: undefined, isUnsafe: false, ...more },
  });

describe('a lab in a cluster', () => {
  test('has nothing against it when its hosts see the same files and can be fenced', async () => {
    const { refusals, remarks, part } = plan(text);

    expect([refusals, remarks]).toEqual([[], []]);
    await expect(writeXml(part)).toMatchFileSnapshot('transcripts/exported.xml');
  });

  test.each([
    ['no VM has a host', text.replaceAll(/, host: \w+/g, ''), 'No VM of the lab has a host'],
    ['there is one host', text.replace(/ {2}right: .*\n/, '').replace('host: right', 'host: left'), 'With one host'],
    ['its run-time root goes away', text.replaceAll('/run/kvmlab', '/run/user/1000/kvmlab'), 'outside of /run/user'],
    ['hosts have other paths', text.replace('run: /run/kvmlab', 'run: /run/other'), 'different "run:"'],
    ['nobody knows whose home', text.replaceAll('scripts: /srv/kl', 'scripts: kl'), '--user NAME'],
    ['a disk is elsewhere', text.replace('[/srv/kl/fw.qcow2]', '[/var/fw.qcow2]'), 'right does not see /var/fw.qcow2'],
    [
      'a disk is relative',
      text.replace('[/srv/kl/fw.qcow2]', '[fw.qcow2]'),
      'left does not see /home/me/labs/fw.qcow2',
    ],
  ])('is refused when %s', (_why, lab, words) => {
    expect(plan(lab).refusals.join('\n')).toContain(words);
  });

  test('is never exported without fencing, unless somebody insists; then fencing is still demanded', () => {
    const off = withLab(emptyCluster(['left', 'right']), 'other', { resources: [], constraints: [] });
    const disabled = { ...off, children: off.children.map(turnOff) };

    expect(plan(text, { devices: [] }).refusals.join()).toContain('There is no fencing device');
    expect(plan(text, { cluster: disabled }).refusals.join()).toContain('stonith-enabled=false');
    const insisted = plan(text, { devices: [], isUnsafe: true });
    expect(insisted.refusals).toEqual([]);
    expect(insisted.remarks.join()).toContain('Pacemaker will start nothing');
    expect(writeXml(insisted.part)).toContain('name="stonith-enabled" value="true"');
  });

  test('demands fencing only of a cluster that does not have it on already', () => {
    const on = withLab(emptyCluster(['left', 'right']), 'other', { resources: [device], constraints: [] });
    const unsaid = { ...on, children: on.children.map(withoutSettings) };

    expect(writeXml(plan(text, { cluster: on }).part)).not.toContain('stonith-enabled');
    for (const cluster of [unsaid, undefined])
      expect(writeXml(plan(text, { cluster }).part)).toContain('name="stonith-enabled" value="true"');
  });

  test('says what stays out, and that only fencing is left without locks', () => {
    const { remarks } = plan(`${text.replace(/locks: .*\n/, '')}  log: { id: 3 }\n`);

    expect(remarks.join('\n')).toContain('no "locks:"');
    expect(remarks.join('\n')).toContain('VM log has no host and stays out');
  });
});

const withoutSettings = (child: ReturnType<typeof element>): ReturnType<typeof element> => ({
  ...child,
  children: child.children.filter(({ name }) => name !== 'crm_config').map(withoutSettings),
});

const turnOff = (child: ReturnType<typeof element>): ReturnType<typeof element> => ({
  ...child,
  attributes: Object.fromEntries(
    Object.entries(child.attributes).map(([key, value]) => [key, value === 'true' ? 'false' : value]),
  ),
  children: child.children.map(turnOff),
});

describe('the configuration of a cluster', () => {
  const cluster = withLab(emptyCluster(['left', 'right']), 'other', labResources(labOf(text.replace('dmz', 'other'))));
  const withBoth = withLab(cluster, 'dmz', labResources(labOf(text)));

  test('changes only where the lab is in it', () => {
    expect(labChanges(cluster, withBoth, 'dmz').map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      'added kvmlab.dmz.fw',
      'added kvmlab.dmz.web',
      'added kvmlab-on.dmz.fw',
      'added kvmlab-only.dmz.fw',
      'added kvmlab-on.dmz.web',
      'added kvmlab-only.dmz.web',
      'added kvmlab-after.dmz.web.1',
    ]);
    expect(labChanges(cluster, withBoth, 'other')).toEqual([]);
    expect(withLab(withBoth, 'dmz', { resources: [], constraints: [] })).toEqual(cluster);
    expect(labChanges(withBoth, withLab(withBoth, 'dmz', labResources(labOf(text))), 'dmz')).toEqual([]);
  });

  test('tells what a changed lab changes, and what goes', () => {
    const changed = labOf(text.replace('web: { id: 2, host: right, after: fw }', 'web: { id: 2, host: left }'));
    const after = withLab(withBoth, 'dmz', labResources(changed));

    expect(labChanges(withBoth, after, 'dmz').map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      'changed kvmlab-on.dmz.web',
      'removed kvmlab-after.dmz.web.1',
    ]);
  });

  test('takes fencing devices from a file that holds nothing else', () => {
    expect(readDevices(device)).toEqual([device]);
    expect(readDevices(element('resources', {}, [device]))).toEqual([device]);
    expect(readDevices(element('resources', {}))).toBeUndefined();
    expect(readDevices(element('resources', {}, [device, element('primitive', { id: 'x' })]))).toBeUndefined();
  });
});
